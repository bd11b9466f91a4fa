"""How long people work without a day off, and how long they rest."""

from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.lines import Line
from optimiser.problem import Shift
from optimiser.shapes import Pattern


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
        return f"{count} working days after one another by {line.calendar.name(day)}, at most {limit}"


@dataclass(frozen=True)
class ShortestWorkStretch(Pattern):
    """At least so many days of work after one another. A stretch that began before all that is known is long enough."""

    least: int = 2

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
        return f"{count} working days before {line.calendar.name(day)}, at least {limit}"


@dataclass(frozen=True)
class ShortestRest(Pattern):
    """At least so many days off after one another. A rest that began before all that is known is long enough."""

    least: int = 2

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
        return f"{count} days off before {line.calendar.name(day)}, at least {limit}"
