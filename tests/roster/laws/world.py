"""One of everything that can belong to an establishment, for walking every address: in the laws of addresses and of
accessibility. **To add an object: make it in ``sample`` and say for which parameter of an address it stands**
("parameter", or "route.parameter" where the same word means several things).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from foundation import clock
from roster.absence import actions as absence
from roster.activities.expansion import Item
from roster.activities.models import Activity, Template, TemplateVersion
from roster.day.models import Correction, Deviation, SheetIssue
from roster.day.sheet import Sheet
from roster.day.tables import page
from roster.demand import actions as demand
from roster.demand.models import DayType, Post
from roster.diary.models import Acknowledgement, Notice
from roster.establishment.models import Establishment, PlanningUnit, Skill
from roster.hours.models import Adjustment
from roster.patterns import actions as patterns
from roster.patterns import demo
from roster.patterns.models import PatternVersion
from roster.planning import actions as planning
from roster.planning import runs
from roster.planning.models import PlanningPeriod, Publication
from roster.planning.to_problem import Options
from roster.rules import actions as rules
from roster.timeline import actions as timeline
from roster.timeline.days import Day, Piece
from roster.timeline.models import Change, Level
from tests.roster.conftest import make_person

Known = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Lindholme and another prison, and the sample of each."""

    prison: Establishment
    mine: Known
    theirs: Known


def build() -> World:
    """In a database that is seeded; the first prison is the one at which a law's people hold their roles."""
    made = []
    home = Establishment.objects.get(code="LHI")
    for place in (home, Establishment.objects.exclude(pk=home.pk)[0]):
        unit = PlanningUnit.objects.create(establishment=place, name=f"{place.name} Law", abbreviation="Law")
        made.append(sample(place, unit, make_person(unit)))
    return World(home, *made)


def template(code: str) -> Template:
    found: Template = Template.objects.get(code=code, establishment=None)
    return found


def sample(establishment: Establishment, unit: PlanningUnit, person: Any) -> Known:
    """Values of the parameters of every address, all of this establishment and about this person."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=4)
    return {
        "person_id": person.pk, "unit_id": unit.pk, "day": today,
        "function_id": establishment.functions.create(name="Dogs and drones").pk,
        "unit_open.unit_id": establishment.units.create(name="Closed", abbreviation="Closed", closed_on=today).pk,
        "place": establishment.code, "code": establishment.code, "form": "csv",
        "person_change.kind": "contract", "import.kind": "staff", "import_template.kind": "staff",
        "report.kind": "hours",
        "rule": "DailyRest", "name": "DailyRest", "half": "am", "whose": "own", "secret": "nobody-knows",
        "year": today.year, "number": today.month, "diary_day.day": today.day,
        **_record(unit, person, today), **_designs(establishment, person, monday),
        **_demand(establishment, unit, today), **_day(establishment, unit, person, today),
        **_plan(unit, person, monday), **_published(unit, person, today), **_registers(establishment, person, today),
    }  # fmt: skip


def _record(unit: PlanningUnit, person: Any, today: date) -> Known:
    skill = person.skills.create(skill=Skill.objects.get(code="FA"), valid=(today, today + timedelta(days=30)))
    leaver = make_person(unit, left_on=today + timedelta(days=30))
    return {"person_end.kind": "skill", "person_end.row_id": skill.pk, "staff_stay.person_id": leaver.pk}


def _designs(establishment: Establishment, person: Any, monday: date) -> Known:
    """An activity and a template of its own; a pattern whose draft can be changed, and somebody on it."""
    activity = Activity.objects.create(establishment=establishment, name=f"Law {establishment.code}", kind="presence")
    own = Template.objects.create(establishment=establishment, code="LAW", name="Law")
    version = patterns.create(establishment, "Law", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))
    in_force = patterns.create(establishment, "Law in force", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))
    PatternVersion.objects.filter(pk=in_force.pk).update(state="approved", valid=(monday, None))
    [assignment] = patterns.assign(version.pattern, {person: 0}, monday, monday, by=None)
    return {
        "activity_id": activity.pk, "template_id": own.pk, "pattern_id": version.pattern_id, "version_id": version.pk,
        "assignment_id": assignment.pk, "pattern_assign.pattern_id": in_force.pattern_id,
    }  # fmt: skip


def _demand(establishment: Establishment, unit: PlanningUnit, today: date) -> Known:
    numbers = {"target": 3, "minimum": 2, "reduced": 1, "essential": 1}
    row = demand.add_requirement(
        establishment, None, first=today, by=None, name="Law", day_types=DayType.values, start=27_000, end=75_600,
        **numbers,
    )  # fmt: skip
    case = demand.open_case(
        establishment, unit, by=None, kind="escort", name="Law", activity=Activity.objects.get(name="Escort"),
        starts_at=clock.now(), expected_end=clock.now() + timedelta(hours=5),
    )  # fmt: skip
    post = demand.add_post(
        establishment, code="LAW", name="Law at the gate", activity=Activity.objects.get(name="Gate"), unit=unit,
        skills=Skill.objects.filter(code="GATE"), by=None,
    )  # fmt: skip
    special = demand.mark_special(establishment, today, "Law", by=None)
    of_unit = demand.add_requirement(
        establishment, unit, first=today, by=None, name="Law", day_types=DayType.values, start=27_000, end=45_900,
        **numbers,
    )  # fmt: skip
    return {
        "requirement_id": row.pk, "key": row.pk, "case_id": case.pk, "post_id": post.pk, "special_id": special.pk,
        "plan_need.key": of_unit.pk,
    }  # fmt: skip


def _day(establishment: Establishment, unit: PlanningUnit, person: Any, today: date) -> Known:
    """An issue of the sheet; somebody on call, called out, sick in a month. The first gap begins 07:30."""
    issue = SheetIssue.objects.create(
        establishment=establishment,
        day=today,
        number=1,
        name="Law",
        content=page(Sheet(establishment, today), "post").to_json(),
    )
    call = Activity.objects.get(name="On Call")
    duty = timeline.put(
        person, unit, today, items=[Item(call, 28_800, 115_200)], level=Level.ON_CALL, by=None, reason="Law"
    )
    called = Deviation.objects.create(
        person=person, establishment=establishment, day=today, kind="call_out", minutes=60, decision="open"
    )
    corrected = Correction.objects.create(
        person=person, establishment=establishment, day=today - timedelta(days=30), corrects=Level.PLAN, before={},
        after=Day((), Piece(activity=Activity.objects.get(name="None").pk)).to_json(), reason="Law",
    )  # fmt: skip
    later = today + timedelta(days=30)
    spell = absence.report_sick(person, by=person.user, first=later, last=later)
    return {
        "day_issue.number": issue.number, "duty_id": duty.pk, "sickness_id": spell.pk,
        "deviation_id": called.pk, "start": 27_000, "correction_id": corrected.pk, "correction_ask.what": "hours",
        "day_export.form": "csv",
    }  # fmt: skip


def _plan(unit: PlanningUnit, person: Any, monday: date) -> Known:
    """Four weeks with a draft in which a late is followed by an early, a run of the optimiser, something published."""
    period = planning.open_period(unit, monday, by=None)
    draft = planning.working(period)
    day = {code: Day((Piece(TemplateVersion.objects.get(template=template(code)).pk),)) for code in "LE"}
    cells = {
        (person.pk, monday + timedelta(days=n)): planning.Wanted(day[code])
        for n, code in ((0, "L"), (1, "E"), (4, "L"), (5, "E"))
    }
    planning.edit(draft, cells, by=person.user, words="Law")
    run = runs.ask(draft, by=None, options=Options({"E": 1}))
    publication = Publication.objects.create(period=period, first=True, days=[])
    return {
        "period_id": period.pk, "draft_id": planning.copy(draft, by=None).pk, "run_id": run.pk,
        "publication_id": publication.pk,
        "plan_cell.day": monday + timedelta(days=1), "plan_permit.day": monday + timedelta(days=5),
        "plan_need.day": monday, "plan_publish_others.period_id": _held_up(unit, person, monday).pk,
    }  # fmt: skip


def _held_up(unit: PlanningUnit, person: Any, monday: date) -> PlanningPeriod:
    """Signed weeks in which a rule holds this person up, and nothing another."""
    first = monday + timedelta(days=planning.LENGTH)
    period = planning.open_period(unit, first, by=None)
    day = {code: Day((Piece(TemplateVersion.objects.get(template=template(code)).pk),)) for code in "LE"}
    cells = {
        (person.pk, first): planning.Wanted(day["L"]),
        (person.pk, first + timedelta(days=1)): planning.Wanted(day["E"]),
        (make_person(unit).pk, first): planning.Wanted(day["E"]),
    }
    planning.edit(planning.working(period), cells, by=person.user, words="Law")
    return planning.sign(planning.move_on(period, "approving", by=None, version=0), by=None, version=1)


def _published(unit: PlanningUnit, person: Any, today: date) -> Known:
    """Shifts in the diary; a change at short notice that asks the officer, and the notice of it."""
    for days, code in ((-1, "L"), (0, "E"), (2, "N"), (5, "RD")):
        timeline.put(person, unit, today + timedelta(days=days), template=template(code), by=None, reason="Law")
    change = Change.objects.filter(person=person, shift_date=today).latest("pk")
    asked, _ = Acknowledgement.objects.get_or_create(change=change, person=person)
    Notice.objects.create(
        person=person, action="ADD", level=Level.PLAN, first_day=today, last_day=today, change=change,
        after=change.after, modified_at=clock.now(),
    )  # fmt: skip
    Adjustment.objects.create(person=person, day=today, minutes=60, kind=Adjustment.Kind.OTHER, reason="Law")
    return {"pk": asked.pk}


def _registers(establishment: Establishment, person: Any, today: date) -> Known:
    opt_out = rules.sign_opt_out(person, signed_on=today, by=None)
    rules.record_assessment(person, done_on=today, by=None)
    post = Post.objects.create(establishment=establishment, name="Law", activity=Activity.objects.get(name="Gate"))
    rules.declare_hazard(post, start=today, reason="Law", by=None)
    return {"register_add.kind": "hazard", "register_end.kind": "opt-out", "register_end.row_id": opt_out.pk}
