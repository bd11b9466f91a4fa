"""Sums over the days to plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Window, WindowSum, whole
from optimiser.words import counted, hours


@dataclass(frozen=True)
class TotalMinutes(WindowSum):
    """Contracted time over the days to plan, in minutes; leave counts with what it is credited."""

    least: int | None = None
    most: int | None = None

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return whole(calendar, self.least, self.most)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return today.minutes

    def explain(self, line: Line, window: Window, total: int) -> str:
        too_much = self.most is not None and total > self.most
        limit = f"at most {hours(self.most or 0)}" if too_much else f"at least {hours(self.least or 0)}"
        return f"{hours(total)} over the days to plan, {limit}"


@dataclass(frozen=True)
class MostOfShift(WindowSum):
    """At most so many of one shift over the days to plan."""

    shift: str = ""
    most: int | None = None

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return whole(calendar, most=self.most) if self.most is not None else []

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return int(today.id == self.shift)

    def explain(self, line: Line, window: Window, total: int) -> str:
        return f"{self.shift} {total} times, at most {self.most}"


@dataclass(frozen=True)
class MostWeekends(WindowSum):
    """At most so many weekends with work on Saturday or Sunday over the days to plan."""

    most: int | None = None

    looks_back: ClassVar[bool] = True

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return whole(calendar, most=self.most) if self.most is not None else []

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        if calendar.weekday(day) == 5:
            return int(today.works)
        return int(calendar.weekday(day) == 6 and today.works and not before.works)

    def explain(self, line: Line, window: Window, total: int) -> str:
        return f"{counted(total, 'weekend')} worked, at most {self.most}"


DEFAULTS = ()
CASES = (
    case(TotalMinutes(least=700, most=1400), "E N", days=5),
    case(TotalMinutes(least=1000, level="warn", price=2), "E N", days=5),
    case(MostOfShift(shift="N", most=1), "E N", days=5),
    case(MostOfShift(shift="N", most=0, level="warn", price=6), "E N", days=4),
    case(MostWeekends(most=0), "E", days=7, first_weekday=3, history="E"),
    case(MostWeekends(most=0, level="warn", price=4), "E", days=8, first_weekday=6, history="E"),
)
