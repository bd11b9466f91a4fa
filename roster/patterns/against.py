"""A pattern against the demand of a unit, before anybody follows it (staff-roster 6: coverage).

People spread evenly over the lines, so that a line is worked by so many of them on average in any week.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from foundation import clock
from roster.demand.calendar import bank_holidays, in_force
from roster.demand.coverage import clock_of, requirements
from roster.demand.models import Requirement
from roster.establishment.models import PlanningUnit
from roster.patterns.figures import DAY, Sheet
from roster.patterns.models import Assignment, Pattern


@dataclass(frozen=True)
class Cell:
    """A requirement on a weekday: the average number at work at its worst moment, against what is needed."""

    have: float
    minimum: int
    target: int

    @property
    def words(self) -> str:
        if self.have < self.minimum:
            return f"{self.minimum - self.have:.1f} short"
        if self.have < self.target:
            return f"{self.target - self.have:.1f} under target"
        return "Met"

    @property
    def colour(self) -> str:
        return "red" if self.have < self.minimum else "yellow" if self.have < self.target else "green"


@dataclass(frozen=True)
class Against:
    """``people``: how many follow the pattern in the unit; where nobody does yet, one on each line."""

    unit: PlanningUnit
    people: int
    rows: list[tuple[str, str, list[Cell | None]]]


def units(pattern: Pattern) -> list[PlanningUnit]:
    """Units of which something is asked, the pattern's own and those of its people first."""
    rows = pattern.establishment.units.filter(closed_on=None, requirements__isnull=False).distinct()
    followed = _people(pattern)
    return sorted(rows, key=lambda unit: (unit.pk != pattern.unit_id, -followed.get(unit.pk, 0), unit.name))


def against(pattern: Pattern, sheet: Sheet, unit: PlanningUnit) -> Against:
    people = _people(pattern).get(unit.pk, 0) or len(sheet.lines)
    share = people / len(sheet.lines)
    week = _ordinary_week()
    wanted = requirements(unit.establishment, unit, week[0], week[-1])
    asked = [{row.pk for row in in_force(wanted.values(), day, special=False)} for day in week]
    rows = []
    for row in sorted(wanted.values(), key=lambda each: (each.start, each.name)):
        cells = [_cell(sheet, row, weekday, share) if row.pk in asked[weekday] else None for weekday in range(7)]
        if any(cells) and not (row.post_id or row.skill_id):
            rows.append((row.name, f"{clock_of(row.start)} to {clock_of(row.end)}", cells))
    return Against(unit, people, rows)


def _cell(sheet: Sheet, row: Requirement, weekday: int, share: float) -> Cell:
    start, end = row.start // 60, row.end // 60
    turns = {
        time + k * DAY for cell in sheet.used.values() for one in cell.stretches for time in one for k in (-1, 0, 1)
    }
    moments = [start, *(turn for turn in turns if start < turn < end)]
    fewest = min(sheet.present((weekday + moment // DAY) % 7, moment % DAY) for moment in moments)
    return Cell(fewest * share, row.minimum, row.target)


def _people(pattern: Pattern) -> dict[Any, int]:
    """Unit to how many of its people follow the pattern today."""
    today = clock.today()
    rows = Assignment.objects.on(today).filter(
        pattern=pattern, person__memberships__priority=1, person__memberships__valid__contains=today
    )
    found: dict[Any, int] = {}
    for unit in rows.order_by().values_list("person__memberships__unit", flat=True):
        found[unit] = found.get(unit, 0) + 1
    return found


def _ordinary_week() -> list[date]:
    """The next week from Monday to Sunday without a bank holiday."""
    monday = clock.today() + timedelta(days=-clock.today().weekday() % 7)
    while True:
        week = [monday + timedelta(days=n) for n in range(7)]
        if not bank_holidays() & set(week):
            return week
        monday += timedelta(weeks=1)
