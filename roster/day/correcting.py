"""Putting right a day that is closed (staff-roster 8.2): one person asks, another approves, and only then it counts.

A day closes some days after it was worked, or when its weeks are finalised. What was published and what was recorded
stay as they are, as evidence; the correction stands on a level of its own (``timeline.models.CORRECTIONS``), and hours,
averages and pay are counted from it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from foundation import audit, clock
from foundation.access import can
from roster.day.belonging import closed, home_of
from roster.day.judging import judge, seen
from roster.day.models import Correction
from roster.establishment.models import Establishment, Person
from roster.establishment.roles import beyond_team, team_of
from roster.hours.balance import credited
from roster.timeline import actions as timeline
from roster.timeline.clock import span
from roster.timeline.days import NOTHING, Catalogue, Day, counted, with_overtime
from roster.timeline.models import CORRECTIONS, Level
from roster.timeline.refusals import Refused
from roster.timeline.writing import REACH

State = Correction.State


def may(user: Any, verb: str, place: Establishment, person: Person) -> bool:
    """Ask or approve: for everybody of the establishment; a line manager for the team. Nobody for themselves."""
    if person.user_id == user.pk:
        return False
    if beyond_team(user, verb).filter(pk=place.pk).exists():
        return True
    return can(user, verb) and team_of(user).filter(pk=person.pk).exists()


def waiting_for(user: Any) -> QuerySet[Correction]:
    """What this person may approve or not."""
    reach = Q(establishment__in=beyond_team(user, "correction.approve"))
    if can(user, "correction.approve"):
        reach |= Q(person__in=team_of(user))
    rows = Correction.objects.filter(reach, state=State.ASKED).exclude(asked_by=user).exclude(person__user=user)
    return rows.select_related("person", "establishment", "asked_by")


@dataclass(frozen=True)
class Effect:
    """Minutes that count before and after, and what the rule book says of the day afterwards."""

    before: int
    after: int
    sentences: tuple[str, ...] = ()


def effect(row: Correction, catalogue: Catalogue) -> Effect:
    now, after = Day.from_json(row.before), wanted(row)
    other = Level.OVERTIME if row.corrects == Level.PLAN else Level.PLAN
    beside = counts(row.person, row.day, other)
    plan, extra = (after, beside) if row.corrects == Level.PLAN else (beside, after)
    verdict = judge(row.person, row.day, with_overtime(plan, extra), catalogue)

    def minutes(day: Day) -> int:
        if row.corrects == Level.OVERTIME:
            return catalogue.net(day, row.day)
        return credited(row.person_id, row.day, day, catalogue)

    return Effect(minutes(now), minutes(after), tuple(each.sentence for each in verdict.findings))


def wanted(row: Correction) -> Day:
    """As the day is to count; without anything of its own, as it is published."""
    return seen(row.person, row.day, row.corrects).day if row.after is None else Day.from_json(row.after)


def counts(person: Person, on: date, level: int) -> Day:
    """The day as its hours count now."""
    return counted([person.pk], on, on, Level(level)).get((person.pk, on), NOTHING).day


@transaction.atomic
def ask(
    place: Establishment, person: Person, on: date, corrects: int, given: Day | None, *, by: Any, reason: str
) -> Correction:
    """Ask for the day to count as ``given``; None: as it was published."""
    _lock(person)
    if by is not None and not may(by, "correction.ask", place, person):  # None: the service itself, in a demo
        raise Refused("This is for the person's line manager or the detail office of their prison, never for oneself.")
    if not closed(person, on):
        raise Refused("This day is still open: put it right on the day itself.")
    if on < clock.today() - timedelta(days=settings.CORRECTABLE_DAYS):
        raise Refused(f"A day can be corrected for {settings.CORRECTABLE_DAYS} days.")
    if not reason.strip():
        raise Refused("Enter the reason")
    home_of(person, on, place)  # refuses who was not there
    before = counts(person, on, corrects)
    after = seen(person, on, corrects).day if given is None else given
    if after == before:
        raise Refused("This is how the day counts already.")
    _refuse_twice(person, on, corrects, after)
    waits = Correction.objects.filter(person=person, day=on, corrects=corrects, state=State.ASKED).first()
    if waits and (waits.asked_by, wanted(waits)) == (by, after):
        return waits  # sent twice
    if waits:
        raise Refused("A correction of this day waits for approval already.")
    row: Correction = Correction.objects.create(
        person=person, establishment=place, day=on, corrects=corrects, before=before.to_json(),
        after=None if given is None else given.to_json(), reason=reason.strip()[:300], asked_by=by,
    )  # fmt: skip
    audit.record("CORRECTION_ASKED", by=by, subject=row, reason=reason, after=_facts(row))
    return row


@transaction.atomic
def approve(row: Correction, *, by: Any) -> Correction:
    """From now on the day counts so. Never by who asked for it, nor by whose day it is."""
    now = _open(row)
    _require_other(now, by)
    if counts(now.person, now.day, now.corrects) != Day.from_json(now.before):
        raise Refused("What counts on this day has changed since this was asked for. Say no, and let it be asked anew.")
    _refuse_twice(now.person, now.day, now.corrects, wanted(now))
    level = CORRECTIONS[Level(now.corrects)]
    if now.after is None:
        timeline.remove(now.person, now.day, by=by, level=level, source="day", reason=now.reason)
    else:
        duties, over = Catalogue().contents(wanted(now))
        unit = home_of(now.person, now.day, now.establishment)
        cell = timeline.Cell(now.person_id, unit.pk, now.day, duties, over, level, "day")
        timeline.publish_day_set([cell], by=by, reason=now.reason)
    return _decided(now, State.APPROVED, by)


@transaction.atomic
def refuse(row: Correction, *, by: Any, note: str) -> Correction:
    """The day stays as it counts; who asked reads why."""
    now = _open(row)
    _require_other(now, by)
    if not note.strip():
        raise Refused("Say why it is not approved")
    now.note = note.strip()[:300]
    return _decided(now, State.REFUSED, by)


@transaction.atomic
def withdraw(row: Correction, *, by: Any) -> Correction:
    """Who asked for it no longer wants it."""
    now = _open(row)
    if now.asked_by_id != by.pk:
        raise Refused("Only who asked for a correction takes it back.")
    return _decided(now, State.WITHDRAWN, by)


def _decided(row: Correction, state: str, by: Any) -> Correction:
    row.state, row.decided_by, row.decided_at = state, by, clock.now()
    row.save()
    audit.record(f"CORRECTION_{state.upper()}", by=by, subject=row, reason=row.note, after=_facts(row))
    return row


def _facts(row: Correction) -> dict[str, Any]:
    return {"day": row.day.isoformat(), "corrects": row.corrects, "before": row.before, "after": row.after}


def _lock(person: Person) -> None:
    Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)


def _open(row: Correction) -> Correction:
    _lock(row.person)
    rows = Correction.objects.select_for_update(of=("self",)).select_related("person", "establishment")
    now: Correction = rows.get(pk=row.pk)
    if now.state != State.ASKED:
        raise Refused(f"This is decided already: {now.get_state_display().lower()}.")
    return now


def may_decide(row: Correction, user: Any) -> bool:
    """Never who asked for it, nor whose day it is."""
    return row.asked_by_id != user.pk and may(user, "correction.approve", row.establishment, row.person)


def _require_other(row: Correction, by: Any) -> None:
    if row.asked_by_id == by.pk:
        raise Refused("Somebody else decides on what you asked for.")
    if not may_decide(row, by):
        raise Refused("This is for the person's line manager, a hub manager or the governor to decide.")


def _refuse_twice(person: Person, on: date, corrects: int, after: Day) -> None:
    """Nobody was in two places at once, also not by a correction."""
    catalogue = Catalogue()
    spans = []
    for level in CORRECTIONS:
        days = {day: each.day for (_, day), each in counted([person.pk], on - REACH, on + REACH, level).items()}
        if level == corrects:
            days[on] = after
        shifts = [(day, piece) for day, each in days.items() if not each.status for piece in each.shifts]
        for day, piece in shifts:
            made = catalogue.content(piece)
            time = span(day, made.start or 0, made.end or 0)
            spans.append((time.lower, time.upper))
    if any(second[0] < first[1] for first, second in pairwise(sorted(spans))):
        raise Refused("A person can be in one place at a time: there is a shift, or overtime, at that time.")
