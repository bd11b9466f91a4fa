"""How long people work without a day off, and how long they rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Shift
from optimiser.shapes import Pattern
from optimiser.words import counted


def run_before(line: Line, day: int, works: bool) -> range:
    """The run of days worked (or not worked) that ends the day before."""
    first = day
    while first > line.all_days[0] and line[first - 1].works == works:
        first -= 1
    return range(first, day)


@dataclass(frozen=True)
class LongestWorkStretch(Pattern):
    """At most so many days of work without a day off. Nothing is known of the days before the past: they were off."""

    most: int = 7
    code: ClassVar[str] = "L3"
    rolling: ClassVar[bool] = True

    def start(self) -> int:
        return 0

    def step(self, state: int, shift: Shift) -> tuple[int, int]:
        if not shift.works:
            return 0, 0
        return min(state + 1, self.most), int(state == self.most)

    def days(self, line: Line, day: int) -> Iterable[int]:
        return range(run_before(line, day, works=True).start, day + 1)

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return len(list(self.days(line, day))), self.most

    def explain(self, line: Line, day: int) -> str:
        count, limit = self.measure(line, day)
        return f"{counted(int(count), 'working day')} after one another by {line.calendar.name(day)}, at most {limit}"


@dataclass(frozen=True)
class ShortestWorkStretch(Pattern):
    """At least so many days of work after one another. A stretch that began before all that is known is long enough."""

    least: int = 2
    code: ClassVar[str] = "L10"

    def start(self) -> int:
        return self.least

    def step(self, state: int, shift: Shift) -> tuple[int, int]:
        if shift.works:
            return min(state + 1, self.least), 0
        return 0, (self.least - state if state else 0)

    def days(self, line: Line, day: int) -> Iterable[int]:
        return run_before(line, day, works=True)

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return len(run_before(line, day, works=True)), self.least

    def explain(self, line: Line, day: int) -> str:
        count, limit = self.measure(line, day)
        return f"{counted(int(count), 'working day')} in a row before {line.calendar.name(day)}, at least {limit}"


@dataclass(frozen=True)
class ShortestRest(Pattern):
    """At least so many days off after one another. A rest that began before all that is known is long enough."""

    least: int = 2
    code: ClassVar[str] = "L10"

    def start(self) -> int:
        return self.least

    def step(self, state: int, shift: Shift) -> tuple[int, int]:
        if not shift.works:
            return min(state + 1, self.least), 0
        return 0, (self.least - state if state else 0)

    def days(self, line: Line, day: int) -> Iterable[int]:
        return run_before(line, day, works=False)

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return len(run_before(line, day, works=False)), self.least

    def explain(self, line: Line, day: int) -> str:
        count, limit = self.measure(line, day)
        return f"{counted(int(count), 'day')} off before {line.calendar.name(day)}, at least {limit}"


DEFAULTS = (
    LongestWorkStretch(most=7, level="warn", price=10, label="LongWorkStretch"),
    LongestWorkStretch(most=10),
    ShortestWorkStretch(least=2, level="warn", price=5, label="IsolatedWorkDay"),
    ShortestRest(least=2, level="warn", price=5, label="IsolatedDayOff"),
)
CASES = (
    case(LongestWorkStretch(most=3), "E L", history="EE"),
    case(LongestWorkStretch(most=2, level="warn", price=3), "E N", history="E"),
    case(ShortestWorkStretch(least=3), "E N", history=".E"),
    case(ShortestWorkStretch(least=2, level="warn"), "E N"),
    case(ShortestRest(least=2), "E L", history="E."),
    case(ShortestRest(least=3, level="warn", price=2), "E N"),
)
