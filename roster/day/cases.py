"""Cases outside the gate, and lists of who is on call (staff-roster 9.4, 9.5)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from foundation import audit, clock
from roster.activities.expansion import Item
from roster.activities.models import Activity
from roster.day.belonging import unit_of
from roster.day.models import CaseRecord, Move
from roster.day.sheet import Sheet
from roster.demand.models import Case, Post
from roster.establishment.models import Establishment, Person
from roster.establishment.roles import reaches
from roster.timeline import actions as timeline
from roster.timeline.clock import minutes
from roster.timeline.models import Duty, Level
from roster.timeline.refusals import Refused

LISTS = {"DG": "Duty governor", "NEGO": "Negotiator", "TORN": "Tornado", "WORKS": "Works", "DOGS": "Dog section"}
FROM, TO = 8 * 3600, 32 * 3600
"""On call is from 08:00 to 08:00 of the next day."""


class Stale(Refused):
    def __init__(self, stored: CaseRecord) -> None:
        self.stored = stored
        super().__init__("Somebody else has changed this record since you opened the page.")


@transaction.atomic
def keep_record(case: Case, *, version: int, by: Any, **fields: Any) -> CaseRecord:
    """What the case needs beside its times: place, references, numbers by the risk assessment."""
    list(Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk=case.pk).values_list("pk"))
    row = CaseRecord.objects.filter(case=case).first() or CaseRecord(case=case)
    if row.version != version:
        raise Stale(row)
    before = {name: getattr(row, name) for name in fields} if row.pk else {}
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    changed = sorted(name for name, value in fields.items() if before.get(name) != value)
    audit.record("CASE_RECORD_KEPT", by=by, subject=row, after={"changed": changed})
    return row


@dataclass(frozen=True)
class Stay:
    """Somebody's time on a case, one shift of it."""

    person: Person
    day: date
    start: int
    end: int

    @property
    def minutes(self) -> int:
        return minutes(self.day, self.start, self.end)


def stays(case: Case) -> list[Stay]:
    """Who was or will be on it, shift by shift, as their duties stand now: a move that was taken back is not there."""
    rows = Move.objects.filter(case=case).select_related("person")
    wanted = {(row.person_id, row.day): row.person for row in rows}
    if not wanted:
        return []
    days = [day for _, day in wanted]
    duties = Duty.objects.whole().between(min(days), max(days)).filter(
        person__in={person for person, _ in wanted}, covered_by=None, span__isnull=False
    )  # fmt: skip
    by_level: Mapping[tuple[int, date], dict[int, list[Duty]]] = defaultdict(lambda: defaultdict(list))
    for duty in duties:
        by_level[duty.person_id, duty.shift_date][duty.level].append(duty)
    found = []
    for key, person in wanted.items():
        levels = by_level[key]
        listed = levels[Level.ACTUAL] or levels[Level.PLAN]
        for item in (item for duty in [*listed, *levels[Level.OVERTIME]] for item in duty.items.all()):
            if item.activity_id == case.activity_id:
                found.append(Stay(person, key[1], item.start, item.end))
    return sorted(found, key=lambda one: (one.day, one.start, one.person.last_name))


def before_leave(case: Case, rows: list[Stay]) -> list[str]:
    """Nights of a bedwatch next to somebody's annual leave are discouraged (staff-roster 9.4)."""
    found = []
    for stay in rows:
        if case.kind != Case.Kind.BEDWATCH or stay.end <= 23 * 3600:
            continue
        around = Duty.objects.between(stay.day, stay.day + timedelta(days=2)).filter(
            person=stay.person, span=None, activity__kind=Activity.Kind.VACATION
        )
        if around.exists():
            found.append(f"{stay.person.name} has a night of this bedwatch on {stay.day:%-d %B}, next to annual leave.")
    return found


@transaction.atomic
def put_on_call(place: Establishment, person: Person, rota: str, first: date, days: int, *, by: Any) -> None:
    """Onto a list from 08:00 to 08:00, day by day."""
    if by is not None and not reaches(by, "day.edit", place):
        raise Refused("You do not run the day of this establishment now.")
    activity = Activity.objects.get(name="On Call")
    post, _ = Post.objects.get_or_create(
        establishment=place, code=rota, defaults={"name": f"{LISTS[rota]} on call", "activity": activity}
    )
    for number in range(days):
        on = first + timedelta(days=number)
        unit = unit_of(person, place, on)
        if unit is None:
            raise Refused(f"{person.name} does not belong to this establishment on {on:%-d %B}.")
        if Duty.objects.between(on, on).filter(person=person, level=Level.ON_CALL, post=post).exists():
            continue
        timeline.put(
            person, unit, on, items=[Item(activity, FROM, TO, post.pk)], post=post, level=Level.ON_CALL, by=by,
            source="day", reason=LISTS[rota], beside=True,
        )  # fmt: skip


@transaction.atomic
def take_off_call(place: Establishment, duty: Duty, *, by: Any) -> None:
    if not reaches(by, "day.edit", place):
        raise Refused("You do not run the day of this establishment now.")
    whole = Duty.objects.whole().select_related("person").get(pk=duty.pk)
    timeline.remove(whole.person, whole.shift_date, by=by, level=Level.ON_CALL, source="day", duty=whole,
                    reason="Taken off the list")  # fmt: skip


def open_cases(place: Establishment, sheet: Sheet) -> list[Case]:
    """Those of the sheet's day, and others that have not ended."""
    others = Case.objects.filter(establishment=place, ended_at=None, expected_end__gte=clock.now())
    return sorted({*sheet.cases.values(), *others}, key=lambda case: (case.starts_at, case.pk))
