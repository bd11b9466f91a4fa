"""What a report is: one file in ``kinds``, whose class says its columns and counts them by grade and month (R-092).

The person's establishment and grade are those of the day that is counted, not of today. The last row of a report is
the sum of those above it, number by number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import ClassVar

from foundation import discover
from roster.establishment.models import Establishment, Grade, GradeHeld, Membership
from roster.timeline.days import span_of_days

NO_GRADE = "No grade recorded"
BATCH = 100


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @staticmethod
    def of(day: date) -> "Month":
        return Month(day.year, day.month)

    @staticmethod
    def parse(text: str) -> "Month":
        """``2026-11``. Raises ``ValueError``."""
        return Month.of(date.fromisoformat(f"{text}-01"))

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def words(self) -> str:
        return f"{self.first:%B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True)
class Scope:
    """Whose figures: people whose main unit is in the establishment, day by day, from one month to another."""

    establishment: Establishment
    start: Month
    end: Month

    @property
    def first(self) -> date:
        return self.start.first

    @property
    def last(self) -> date:
        return self.end.last

    @property
    def months(self) -> list[Month]:
        found = [self.start]
        while found[-1] < self.end:
            found.append(found[-1].after)
        return found

    @cached_property
    def people(self) -> list[int]:
        return sorted({person for person, _ in self.members})

    @property
    def batches(self) -> Iterator[list[int]]:
        """A hundred people at a time: months of a whole prison are too much to hold at once."""
        for first in range(0, len(self.people), BATCH):
            yield self.people[first : first + BATCH]

    @cached_property
    def members(self) -> set[tuple[int, date]]:
        rows = Membership.objects.during(self.first, self.last)
        rows = rows.filter(unit__establishment=self.establishment, priority=1)
        return {(row.person_id, day) for row in rows for day in self._days(row)}

    def _days(self, row: Membership) -> list[date]:
        return span_of_days(max(self.first, row.first_day or self.first), min(self.last, row.last_day or self.last))

    @cached_property
    def _grades(self) -> dict[int, list[GradeHeld]]:
        found: dict[int, list[GradeHeld]] = defaultdict(list)
        for row in GradeHeld.objects.during(self.first, self.last).filter(person__in=self.people):
            found[row.person_id].append(row)
        return found

    def key(self, person: int, day: date) -> tuple[Month, int] | None:
        """The month, and the number of the grade on that day (0: none); None: of another establishment then."""
        if (person, day) not in self.members:
            return None
        held = next((row.grade_id for row in self._grades[person] if row.holds_on(day)), 0)
        return Month.of(day), held


Key = tuple[Month, int]


class Table:
    """Numbers by month and grade, added up as they come."""

    def __init__(self, scope: Scope, width: int) -> None:
        self.scope, self.width = scope, width
        self.cells: dict[Key, list[float]] = {}

    def add(self, person: int, day: date, numbers: Mapping[int, float]) -> None:
        """``numbers``: what each column gets more."""
        key = self.scope.key(person, day)
        if key is None:
            return
        cell = self.cells.setdefault(key, [0] * self.width)
        for column, number in numbers.items():
            cell[column] += number


@dataclass(frozen=True)
class Row:
    month: str
    grade: str
    numbers: tuple[int, ...]


class Report:
    """``name``: in addresses. ``columns``: what is counted; ``minutes``: those of them that are minutes."""

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    minutes: ClassVar[frozenset[int]] = frozenset()

    def count(self, table: Table) -> None:
        """Add everything of ``table.scope`` to the table."""
        raise NotImplementedError

    def rows(self, scope: Scope) -> list[Row]:
        table = Table(scope, len(self.columns))
        self.count(table)
        grades = {grade.pk: (-grade.band, grade.title) for grade in Grade.objects.all()} | {0: (1, NO_GRADE)}
        listed = sorted(table.cells.items(), key=lambda pair: (pair[0][0], grades[pair[0][1]]))
        return [Row(month.words, grades[grade][1], tuple(map(round, numbers))) for (month, grade), numbers in listed]

    def total(self, rows: Iterable[Row]) -> tuple[int, ...]:
        """The sum of the rows as they are shown."""
        found = [0] * len(self.columns)
        for row in rows:
            found = [have + number for have, number in zip(found, row.numbers, strict=True)]
        return tuple(found)


@cache
def reports() -> dict[str, Report]:
    """Every report, by name."""
    kinds = discover.classes("roster.reports.kinds", Report)
    found: Iterator[Report] = (kind() for kind in kinds)
    return {one.name: one for one in sorted(found, key=lambda one: one.title)}
