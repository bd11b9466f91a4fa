"""A day that has something to show: people sick, in training, on a bedwatch; gaps with their cause, rest that is owed.

All of it comes after the demand was sized, so that what is short has a reason that can be read on the same page.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from foundation import clock
from roster.absence import actions as absence
from roster.absence.models import Sickness
from roster.activities.expansion import Item
from roster.activities.models import Activity, Template
from roster.day import cases, correcting
from roster.day.judging import judge
from roster.day.models import Move
from roster.demand import actions as demand
from roster.demand import demo as demand_demo
from roster.demand.models import Case
from roster.establishment.demo import officer, place
from roster.establishment.models import Establishment, Person, PlanningUnit
from roster.hours.actions import owe
from roster.patterns import demo as patterns_demo
from roster.planning import demo as planning_demo
from roster.rules.actions import add_exception
from roster.timeline import actions as timeline
from roster.timeline.clock import moment
from roster.timeline.content import stored
from roster.timeline.days import Day, Piece
from roster.timeline.models import Duty, Level

FROM, UNTIL = 12 * 3600 + 900, 38 * 3600
"""The bedwatch: from 12:15 to 14:00 of the next day. Lates take it until 21:00, then somebody is to be found."""


@transaction.atomic
def make() -> None:
    """Needs the plan: made first where it is not there yet. Again adds nothing to a day that has it."""
    for earlier in (patterns_demo, planning_demo, demand_demo):
        earlier.make()
    patterns_demo.ask_staff()
    here, today = place(), clock.today()
    _orderly_officer(here)
    if Case.objects.filter(establishment=here).exists() or Sickness.objects.exists():
        return
    _bedwatch(here, today)
    _sick(here, today)
    tomorrow = today + timedelta(days=1)
    for duty in _shifts(here, "Residential 2", tomorrow, "M")[:1]:
        training = Activity.objects.get(name="Training - Internal")
        timeline.cover(
            duty.person, tomorrow, training, by=None, source="leave", reason="Control and restraint refresher"
        )
    _rest_owed(here, today)
    _correction(here, today - timedelta(days=settings.WORKED_CORRECTION_DAYS + 2))
    for rota, grade in (("DG", "HOF"), ("NEGO", "CM")):
        who = Person.objects.filter(
            memberships__unit__establishment=here, memberships__valid__contains=today, grades__grade__code=grade
        ).first()
        if who:
            cases.put_on_call(here, who, rota, today, 2, by=None)


def _shifts(here: Establishment, unit: str, day: date, *templates: str) -> list[Duty]:
    """Who works one of these that day in a unit, but not the officer whose diary is shown."""
    rows = Duty.objects.between(day, day).filter(
        unit__establishment=here, unit__abbreviation=unit, level=Level.PLAN, span__isnull=False, covered_by=None,
        template_version__template__code__in=templates,
    )  # fmt: skip
    others = rows.exclude(person=officer()) if officer() else rows
    return list(others.select_related("person", "unit").order_by("person"))


def _bedwatch(here: Establishment, today: date) -> None:
    activity, wings = Activity.objects.get(name="Bedwatch"), ("Residential 1", "Residential 2")
    beside = Activity.objects.get(name="Break (Paid)")
    case = demand.open_case(
        here, None, by=None, kind=Case.Kind.BEDWATCH, name="Bedwatch 1", people=len(wings), activity=activity,
        starts_at=moment(today, FROM), expected_end=moment(today, UNTIL),
    )  # fmt: skip
    for duty in (each for wing in wings for each in _shifts(here, wing, today, "L")[:1]):
        content = stored(duty)
        items = [
            Item(beside if item.activity.kind == Activity.Kind.BREAK else activity, item.start, item.end)
            for item in content.items
        ]
        Move.objects.create(
            person=duty.person, establishment=here, day=today, start=items[0].start, end=items[-1].end, case=case,
            came_from=content.items[0].activity.name, reason="A prisoner was taken to hospital",
        )  # fmt: skip
        timeline.put(duty.person, duty.unit, today, items=items, by=None, source="day", reason="Moved to Bedwatch 1")


def _sick(here: Establishment, today: date) -> None:
    """One since last week, one who is back and was not talked to yet, one who called this morning: a post is short."""
    for duty in _shifts(here, "Operations", today, "M", "A")[:1]:
        since = today - timedelta(days=9)
        absence.report_sick(
            duty.person, by=None, first=since, review_on=today + timedelta(days=3), reason="back",
            reported_at=moment(since, 6 * 3600),
        )  # fmt: skip
    for duty in _shifts(here, "Residential 1", today, "RD", "M", "L")[-1:]:
        absence.report_sick(
            duty.person, by=None, first=today - timedelta(days=5), last=today - timedelta(days=3), reason="infection"
        )
    for duty in _shifts(here, "OSG", today, "L")[:1]:
        absence.report_sick(duty.person, by=None, reason="stomach")


def _rest_owed(here: Establishment, today: date) -> None:
    """A late today, an early start tomorrow: a governor has permitted that, half an hour of rest is owed."""
    start = Template.objects.get(code="M", establishment=None)
    tomorrow = today + timedelta(days=1)
    for duty in _shifts(here, "Residential 1", today, "L")[-1:]:
        version = start.versions.get(valid__contains=tomorrow)
        broken = judge(duty.person, tomorrow, Day((Piece(version.pk),))).blocking
        timeline.put(duty.person, duty.unit, tomorrow, template=version, by=None, reason="Escort to court")
        for finding in broken[:1]:
            permitted = add_exception(
                duty.person, finding.rule, first=tomorrow, last=tomorrow, reason="Escort to court", by=None
            )
            owe(permitted, finding, None)


def _correction(here: Establishment, day: date) -> None:
    """Overtime that nobody wrote down while the day was open: it waits for somebody to approve it."""
    for duty in _shifts(here, "Residential 2", day, "M")[:1]:
        end, escort = duty.end or 0, Activity.objects.get(name="Escort").pk
        extra = Day((Piece(items=((escort, end, end + 5400, None),)),))
        why = "Came back late from court, see the gate book"
        correcting.ask(here, duty.person, day, Level.OVERTIME, extra, by=None, reason=why)


def _orderly_officer(here: Any) -> None:
    """Each day has one, if a custodial manager is free for it: who signs in then runs the day."""
    today = clock.today()
    by_day = Duty.objects.between(today, today).filter(template_version__template__code="OO", covered_by=None)
    if by_day.filter(unit__establishment=here).exists():
        return
    managers = Person.objects.filter(
        memberships__unit__establishment=here, memberships__valid__contains=today, grades__grade__code="CM",
        grades__valid__contains=today,
    )  # fmt: skip
    busy = Duty.objects.between(today, today).filter(person__in=managers, span__isnull=False).values("person")
    free = managers.exclude(pk__in=busy).annotate(held=Count("roles"))
    who = free.order_by("held", "staff_number").first()
    if who:
        unit = PlanningUnit.objects.filter(memberships__person=who, establishment=here).order_by("pk")[0]
        template = Template.objects.get(code="OO", establishment=None)
        timeline.put(who, unit, today, template=template, by=None, reason="Demo")
