"""A draft as it reads: what it says where it says something, what is published everywhere else."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import F, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from roster.establishment.models import Membership, Person
from roster.planning.models import Draft, DraftCell, PlanningPeriod
from roster.timeline.days import EMPTY, NOTHING, Day, Key, Published, published


@dataclass(frozen=True, slots=True)
class Said:
    """What a draft itself says about a day, as stored (``DraftCell``). ``by``: number of the user who wrote it."""

    pk: int
    content: str
    locked: bool
    source: str
    seen: int
    version: int
    by: int | None

    @property
    def day(self) -> Day:
        return _day(self.content)


@lru_cache(maxsize=2000)
def _day(content: str) -> Day:
    """The same few days stand in thousands of cells."""
    return Day.from_json(json.loads(content))


@dataclass(frozen=True, slots=True)
class Difference:
    """A day that two plans do not agree about. ``kept``: why it is nevertheless left as it is."""

    person_id: int
    shift_date: date
    before: Day
    after: Day
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day in a draft. ``stamp`` names the state that a planner has seen: published and draft version."""

    person_id: int
    shift_date: date
    day: Day = EMPTY
    published: Published = NOTHING
    row: Said | None = None

    @property
    def stamp(self) -> str:
        return f"{self.published.version}.{self.row.version if self.row else 0}"

    @property
    def locked(self) -> bool:
        return self.row.locked if self.row else self.published.locked

    @property
    def source(self) -> str:
        return self.row.source if self.row else self.published.source

    @property
    def differs(self) -> bool:
        """The draft says something else than what staff see."""
        return self.row is not None and self.day != self.published.day

    @property
    def change(self) -> Difference:
        """What would change for the staff."""
        return Difference(self.person_id, self.shift_date, self.published.day, self.day)

    @property
    def overtaken(self) -> bool:
        """What is published has changed since the draft was made over it."""
        return self.row is not None and self.row.seen != self.published.version


class Sheet:
    """Cells of a draft for some people, or for everybody of its unit, in three queries.

    ``days``: what stands on every day about which anything is said.
    """

    def __init__(self, draft: Draft, people: Collection[int] | None = None, days: tuple[date, date] | None = None):
        self.draft, self.period = draft, draft.period
        self.people = list(people if people is not None else members(self.period).values_list("pk", flat=True))
        self.first, self.last = days or (self.period.first, self.period.last)
        self.published = published(self.people, self.first, self.last)
        rows: Any = (
            DraftCell.objects.filter(draft=draft, person__in=self.people, shift_date__range=(self.first, self.last))
            .annotate(text=Cast("content", TextField()))
            .values_list("person", "shift_date", "pk", "text", "locked", "source", "seen", "version", "changed_by")
        )
        self.rows = {(person, day): Said(*said) for person, day, *said in rows}
        self.days: dict[Key, Day] = {key: now.day for key, now in self.published.items()}
        self.days |= {key: row.day for key, row in self.rows.items()}

    def cell(self, person: int, day: date) -> Cell:
        key = (person, day)
        return Cell(person, day, self.day(person, day), self.published.get(key, NOTHING), self.rows.get(key))

    def day(self, person: int, day: date) -> Day:
        return self.days.get((person, day), EMPTY)

    def line(self, person: int) -> dict[date, Day]:
        return {day: self.days.get((person, day), EMPTY) for day in self.period.days}

    def differing(self) -> list[Cell]:
        """Cells that staff do not see as they stand here, in order of date."""
        cells = (self.cell(*key) for key in self.rows)
        return sorted(
            (cell for cell in cells if cell.differs or (cell.row and cell.row.locked != cell.published.locked)),
            key=lambda cell: (cell.shift_date, cell.person_id),
        )


def differences(before: Sheet, after: Sheet) -> list[Difference]:
    """Where the second plan differs from the first, in order of date."""
    keys = sorted({*before.days, *after.days}, key=lambda key: (key[1], key[0]))
    return [
        Difference(*key, old, new)
        for key in keys
        if (old := before.days.get(key, EMPTY)) != (new := after.days.get(key, EMPTY))
    ]


COPIED = 1
"""The version of what a draft was made with; its own days have a higher one."""


def proposed(into: Sheet, tried: Sheet) -> list[Difference]:
    """What a what-if, or a proposal of the optimiser, would change: its own days. Where only the working draft has
    moved on since it was copied, that stays.
    """
    own = {key for key, row in tried.rows.items() if row.version > COPIED}
    return [each for each in differences(into, tried) if (each.person_id, each.shift_date) in own]


def members(period: PlanningPeriod) -> QuerySet[Person]:
    """Who is rostered in the unit on any day of the period, the highest band first."""
    inside = Membership.objects.during(period.first, period.last).filter(unit=period.unit)
    band = Max("grades__grade__band", filter=Q(grades__valid__contains=period.first))
    people = Person.objects.filter(pk__in=inside.values("person")).annotate(band=band)
    return people.order_by(F("band").desc(nulls_last=True), "last_name", "first_name", "pk")
