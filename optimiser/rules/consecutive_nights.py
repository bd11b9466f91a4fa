from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Shift
from optimiser.shapes import Pattern


def nights_before(line: Line, day: int) -> range:
    """The run of nights that ends the day before."""
    first = day
    while first > line.all_days.start and line[first - 1].night:
        first -= 1
    return range(first, day)


@dataclass(frozen=True)
class ConsecutiveNights(Pattern):
    """At most so many nights after one another; two to four are advised."""

    most: int = 7
    code: ClassVar[str] = "L4"
    rolling: ClassVar[bool] = True

    def start(self) -> int:
        return 0

    def step(self, state: int, shift: Shift) -> tuple[int, int]:
        if not shift.night:
            return 0, 0
        return min(state + 1, self.most), int(state == self.most)

    def days(self, line: Line, day: int) -> Iterable[int]:
        return nights_before(line, day + 1)

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return len(nights_before(line, day + 1)), self.most

    def explain(self, line: Line, day: int) -> str:
        count, limit = self.measure(line, day)
        return f"{count:g} nights after one another by {line.calendar.name(day)}, at most {limit:g}"


DEFAULTS = (
    ConsecutiveNights(most=4, level="warn", price=10, label="LongNightSet"),
    ConsecutiveNights(),
)
CASES = (
    case(ConsecutiveNights(most=2), "E N", history="N"),
    case(ConsecutiveNights(most=1, level="warn", price=2), "L N"),
)
