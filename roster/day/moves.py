"""Changing the day: putting somebody on a post, moving them, noting how the day really went (staff-roster 9.3).

Every change asks the rule book first. What blocks is refused with its sentence, or permitted by somebody with the
right, for a reason that is kept (``roster.hours``): missing rest is then owed. Before a duty starts the plan changes
and the officer is told; afterwards the actual day is recorded, and other systems do not see it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Count

from foundation import audit, clock
from roster.absence.models import Sickness
from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type
from roster.day.belonging import closed, home_of, unit_of
from roster.day.judging import Verdict, days_of, judge, judge_days, seen
from roster.day.models import Deviation, Move
from roster.day.parts import cut, moved_parts
from roster.demand.models import Case, Post, Requirement
from roster.establishment.models import Establishment, Person, PlanningUnit
from roster.establishment.roles import reaches
from roster.hours.actions import permit, settle
from roster.rules.check import Finding
from roster.timeline import actions as timeline
from roster.timeline.clock import DAY, seconds_of
from roster.timeline.days import EMPTY, Catalogue, Day, Piece
from roster.timeline.models import Duty, Level
from roster.timeline.refusals import Refused

OVER_RUN = 15
"""From so many minutes on somebody has to say whether an over-run is overtime or time off in lieu."""
USUAL = "Residential Duties"
"""What is done in a unit that asks for no activity by name."""
PROTECTED = {"Union Duties", "Union Facility Time", "ACCT Review", "Training - Internal", "Training - External"}
"""Activities that warn before somebody is moved away from them."""


class Broken(Refused):
    """Rules that block stand in the way; ``findings`` say which, and who could permit it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(" ".join(each.sentence + "." for each in findings))


class Protects(Refused):
    """The person would leave work that is protected: say so once more."""


@dataclass(frozen=True)
class Done:
    """What was changed, and the rules that only warn."""

    warnings: tuple[Finding, ...] = ()
    owed: bool = False


def require(by: Any, place: Establishment, person: Person, on: date) -> None:
    if not reaches(by, "day.edit", place):
        raise Refused("You do not run the day of this establishment now.")
    if person.user_id == by.pk:
        raise Refused("Nobody changes their own day: ask a colleague.")
    if unit_of(person, place, clock.today()) is None:
        raise Refused(f"{person.name} does not belong to this establishment.")
    if why := closed(person, on):
        raise Refused(f"{why} Its hours can be corrected with somebody's approval.")


def _refuse_to_come(on: date) -> None:
    if on > clock.today():
        raise Refused("This day is still to come: change the plan instead.")


@transaction.atomic
def put_on_post(
    place: Establishment,
    person: Person,
    on: date,
    shift: Day,
    *,
    by: Any,
    reason: str,
    unit: PlanningUnit | None = None,
    overtime: bool = False,
    permit_because: str = "",
    version: int | None = None,
    missing: Callable[[], int] | None = None,
) -> Done:
    """Let somebody work this shift on that day: as overtime, or in place of a day off. ``version``: of that level.

    ``missing``: how many people the gap wants that this is to fill; others may be filling it at this moment.
    """
    require(by, place, person, on)
    if missing is not None:
        _one_after_another(place)
        if missing() < 1:
            raise Refused("Somebody was put there meanwhile: nobody is missing any more.")
    if not reason.strip():
        raise Refused("Enter the reason")
    catalogue = Catalogue()
    level = Level.OVERTIME if overtime else Level.PLAN
    there = days_of(person, on, on).get(on, EMPTY)
    plan = seen(person, on, Level.PLAN).day
    if Sickness.objects.on(on).filter(person=person).exists():
        raise Refused(f"{person.name} is reported away, and no return is recorded.")
    if plan.status and not _rests(plan, catalogue):
        raise Refused(f"{person.name} is away on that day: {catalogue.activity(plan.status).name}.")
    verdict = judge(person, on, Day((*there.shifts, *shift.shifts)), catalogue)
    _refuse(verdict, permit_because)
    kept = seen(person, on, level).day.shifts
    home = unit or unit_of(person, place, on)
    if home is None:
        raise Refused(f"{person.name} does not belong to this establishment on that day.")
    _write(person, home, on, level, Day((*kept, *shift.shifts)), catalogue, by=by, reason=reason, version=version)
    return _permitted(verdict, permit_because, by)


@transaction.atomic
def replan(
    place: Establishment, person: Person, days: Mapping[date, tuple[Day, Day]], *, by: Any, reason: str,
    missing: Callable[[], int],
) -> Done:  # fmt: skip
    """Change several days of one person at once so that a gap is filled. ``days``: what was seen there, and what is to
    stand; where it has changed since, nothing is written.
    """
    for on in days:
        require(by, place, person, on)
    _one_after_another(place)
    if missing() < 1:
        raise Refused("Somebody was put there meanwhile: nobody is missing any more.")
    catalogue = Catalogue()
    now = days_of(person, min(days), max(days))
    if any(now.get(on, EMPTY) != before or seen(person, on, Level.ACTUAL).version for on, (before, _) in days.items()):
        raise Refused(f"The days of {person.name} have changed meanwhile. Look at who could come again.")
    verdict = judge_days(person, {on: after for on, (_, after) in days.items()}, catalogue)
    _refuse(verdict, "")
    for on, (_, after) in sorted(days.items()):
        _write(person, home_of(person, on, place), on, Level.PLAN, after, catalogue, by=by, reason=reason)
    return Done(verdict.findings)


@transaction.atomic
def move(
    place: Establishment,
    person: Person,
    on: date,
    start: int,
    end: int,
    *,
    by: Any,
    post: Post | None = None,
    case: Case | None = None,
    unit: PlanningUnit | None = None,
    reason: str = "",
    permit_because: str = "",
    leaves_protected: bool = False,
    version: int | None = None,
) -> Done:
    """Same person, same hours, other post, case or unit from ``start`` to ``end``, seconds of the shift's date."""
    require(by, place, person, on)
    post = whole_unit(unit) if unit else post
    target = post or case
    if target is None or target.establishment_id != place.pk:
        raise Refused("Select where to.")
    if isinstance(target, Case) and target.ended_at:
        raise Refused("This case has ended.")
    catalogue = Catalogue()
    level, day = _as_it_is(person, on)
    pieces = [moved_parts(p, catalogue, start, end, target.activity, post.pk if post else None) for p in day.shifts]
    moved = Day(tuple(piece for piece, _ in pieces))
    came_from = next((words for _, words in pieces if words), "")
    if moved == day or not came_from:
        raise Refused(f"{person.name} is not on duty at that time, or is there already.")
    if came_from in PROTECTED and not leaves_protected:
        raise Protects(f"{person.name} would leave protected work: {came_from}.")
    others = tuple(p for p in days_of(person, on, on).get(on, EMPTY).shifts if p not in day.shifts)
    verdict = judge(person, on, Day((*moved.shifts, *others)), catalogue)
    _refuse(verdict, permit_because)
    home = home_of(person, on, place)
    to = _level_for(person, on, level)
    words = reason or f"Moved to {target.name}"
    if to == level:
        _write(person, home, on, to, moved, catalogue, by=by, reason=words, version=version)
    else:
        _write(person, home, on, to, moved, catalogue, by=by, reason=words)
    row = Move.objects.create(
        person=person, establishment=place, day=on, start=start, end=end, came_from=came_from[:60], post=post,
        case=case, reason=reason[:300], by=by,
    )  # fmt: skip
    audit.record("MOVED", by=by, subject=row, reason=reason, after={"day": on.isoformat(), "to": target.name})
    return _permitted(verdict, permit_because, by)


@transaction.atomic
def deviate(
    place: Establishment, person: Person, on: date, kind: str, at: int | None = None, *, by: Any, decision: str = "",
    reason: str = "",
) -> Deviation:  # fmt: skip
    """How the day really went: came late, left early or stayed on until ``at``, or did not come.

    Who did not come can still come late.
    """
    require(by, place, person, on)
    catalogue = Catalogue()
    _, day = _as_it_is(person, on)
    _refuse_to_come(on)
    if not day.shifts:
        plan = seen(person, on, Level.PLAN).day
        day = EMPTY if plan.status else plan
    if not day.shifts:
        raise Refused(f"{person.name} has no shift on that day.")
    contents = [catalogue.content(piece) for piece in day.shifts]
    first, last = min(c.start or 0 for c in contents), max(c.end or 0 for c in contents)
    home = home_of(person, on, place)
    if kind == Deviation.Kind.ABSENT:
        wanted, minutes = Day((), Piece(activity=Activity.objects.get(name="None").pk)), (last - first) // 60
    else:
        wanted, minutes = cut(day, catalogue, kind, at, first, last)
    if kind == Deviation.Kind.OVER and minutes >= OVER_RUN and not decision:
        raise Refused("Say whether this is overtime, time off in lieu, or to be decided.")
    _write(person, home, on, Level.ACTUAL, wanted, catalogue, by=by, reason=reason or Deviation.Kind(kind).label)
    row: Deviation = Deviation.objects.create(
        person=person, establishment=place, day=on, kind=kind, minutes=minutes, decision=decision,
        reason=reason[:300], by=by,
    )  # fmt: skip
    audit.record("DEVIATION", by=by, subject=row, reason=reason, after={"kind": kind, "minutes": minutes})
    return row


@transaction.atomic
def decide(row: Deviation, decision: str, *, by: Any) -> Deviation:
    """What becomes of minutes that were left to be decided. The first decision counts."""
    require(by, row.establishment, row.person, row.day)
    now: Deviation = Deviation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if now.decision != Deviation.Decision.OPEN:
        raise Refused(f"This is decided already: {now.get_decision_display().lower()}.")
    if decision not in (Deviation.Decision.NONE, Deviation.Decision.TOIL, Deviation.Decision.OVERTIME):
        raise Refused("Select what the hours are.")
    now.decision = decision
    now.save(update_fields=["decision"])
    audit.record("DEVIATION_DECIDED", by=by, subject=now, before={"decision": "open"}, after={"decision": decision})
    return now


@transaction.atomic
def as_planned(place: Establishment, person: Person, on: date, *, by: Any, reason: str = "") -> None:
    """What was recorded of the actual day was wrong: the plan holds again, and no minutes are counted."""
    require(by, place, person, on)
    rows = Deviation.objects.filter(person=person, establishment=place, day=on)
    if not rows and not seen(person, on, Level.ACTUAL).version:
        raise Refused("Nothing was recorded: the day is as planned.")
    facts = {"day": on.isoformat(), "deviations": [[row.kind, row.minutes, row.decision] for row in rows]}
    audit.record("DAY_AS_PLANNED", by=by, subject=person, reason=reason, before=facts)
    rows.delete()
    words = reason or "As planned after all"
    timeline.remove(person, on, by=by, level=Level.ACTUAL, source="day", reason=words)


@transaction.atomic
def call_out(
    place: Establishment, person: Person, start: datetime, end: datetime, activity: Activity, *, by: Any, reason: str
) -> tuple[Deviation, Verdict]:
    """Somebody who was on call has come: actual hours, and what they do to the rest before the next shift."""
    if not reason.strip():
        raise Refused("Enter the reason")
    if not start < end or (end - start).total_seconds() > DAY:
        raise Refused("The end must be after the start, within a day")
    on = clock.london(start).date()
    require(by, place, person, on)
    _refuse_to_come(on)
    catalogue = Catalogue()
    _, day = _as_it_is(person, on)
    piece = Piece(items=((activity.pk, seconds_of(on, start), seconds_of(on, end), None),))
    wanted = Day((*day.shifts, piece))
    _refuse_twice(wanted, catalogue)
    verdict = judge(person, on, Day((*days_of(person, on, on).get(on, EMPTY).shifts, piece)), catalogue)
    home = home_of(person, on, place)
    _write(person, home, on, Level.ACTUAL, wanted, catalogue, by=by, reason=reason)
    row: Deviation = Deviation.objects.create(
        person=person, establishment=place, day=on, kind=Deviation.Kind.CALL_OUT,
        minutes=round((end - start).total_seconds() / 60), decision=Deviation.Decision.OPEN, reason=reason[:300], by=by,
    )  # fmt: skip
    audit.record("CALLED_OUT", by=by, subject=row, reason=reason, after={"minutes": row.minutes})
    return row, verdict


def whole_unit(unit: PlanningUnit) -> Post:
    """The place in a unit of whoever is sent there: its own work, at none of its posts. Made when first needed."""
    asked = Requirement.objects.filter(unit=unit, activity__isnull=False, alongside=False)
    usual = asked.values_list("activity").annotate(rows=Count("pk")).order_by("-rows", "activity").first()
    activity = Activity.objects.get(pk=usual[0]) if usual else Activity.objects.get(name=USUAL)
    post, _ = Post.objects.get_or_create(
        establishment=unit.establishment, code=Post.code_of_unit(unit.pk),
        defaults={"unit": unit, "name": unit.name[:60], "activity": activity},
    )  # fmt: skip
    return post


def _one_after_another(place: Establishment) -> None:
    """Until the end of the transaction nobody else fills a gap of this establishment."""
    Establishment.objects.select_for_update(no_key=True).get(pk=place.pk)


def _refuse(verdict: Verdict, permit_because: str) -> None:
    if verdict.blocking and not permit_because.strip():
        raise Broken(verdict.blocking)


def _permitted(verdict: Verdict, because: str, by: Any) -> Done:
    """Permit what blocks, each as its rule says who may; without the right everything is taken back."""
    for finding in verdict.blocking:
        permit(finding, reason=because, by=by)
    people = {each.person_id for each in verdict.blocking}
    if people:
        settle(people)
    return Done(tuple(each for each in verdict.findings if not each.blocks), bool(people))


def _refuse_twice(day: Day, catalogue: Catalogue) -> None:
    spans = sorted((c.start or 0, c.end or 0) for c in map(catalogue.content, day.shifts))
    if any(second[0] < first[1] for first, second in pairwise(spans)):
        raise Refused("A person can be in one place at a time: there is a shift at that time.")


def _rests(day: Day, catalogue: Catalogue) -> bool:
    return day.status is not None and day_type(catalogue.activity(day.status).name) in (DayType.REST_DAY, DayType.NONE)


def _as_it_is(person: Person, on: date) -> tuple[int, Day]:
    """The level that says how the day is, and its shifts. Overtime of the day is not moved."""
    actual = seen(person, on, Level.ACTUAL)
    if actual.version and actual.day:
        return Level.ACTUAL, Day(actual.day.shifts)
    plan = seen(person, on, Level.PLAN).day
    return Level.PLAN, EMPTY if plan.status else plan


def works(person: Person, on: date) -> bool:
    """Whether there is anything of that day to move, or to say how it really went."""
    return bool(_as_it_is(person, on)[1].shifts)


def _level_for(person: Person, on: date, level: int) -> int:
    """The plan as long as the duty has not begun, then the actual day."""
    if level == Level.ACTUAL:
        return level
    rows = Duty.objects.between(on, on).filter(person=person, level=Level.PLAN, span__isnull=False)
    started = any(row.span.lower <= clock.now() for row in rows)
    return Level.ACTUAL if started else Level.PLAN


def _write(
    person: Person, unit: PlanningUnit, on: date, level: int, day: Day, catalogue: Catalogue, *, by: Any, reason: str,
    version: int | None = None,
) -> None:  # fmt: skip
    duties, over = catalogue.contents(day)
    cell = timeline.Cell(person.pk, unit.pk, on, duties, over, level, "day", False, version)
    timeline.publish_day_set([cell], by=by, reason=reason)
