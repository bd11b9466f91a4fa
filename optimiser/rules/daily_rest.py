from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line, gap
from optimiser.problem import Shift
from optimiser.shapes import Succession
from optimiser.words import clock
from optimiser.words import hours as in_hours


@dataclass(frozen=True)
class DailyRest(Succession):
    """Eleven hours' rest between two shifts (Working Time Regulations 1998, regulation 10)."""

    hours: int = 11
    code: ClassVar[str] = "W1"

    def forbidden(self, a: Shift, b: Shift) -> bool:
        return a.works and b.works and gap(a, b) < self.hours * 60

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return gap(line[day - 1], line[day]) / 60, self.hours

    def why(self, a: Shift, b: Shift) -> str:
        earliest = a.rest_from + self.hours * 60 - b.turned[0]
        return (
            f"{in_hours(gap(a, b))} of rest between {a} until {clock(a.end)} and {b} from {clock(b.start)}, "
            f"{self.hours} h needed; work may start at {clock(earliest)}"
        )


DEFAULTS = (DailyRest(),)
CASES = (case(DailyRest(), history="L"), case(DailyRest(level="warn", price=3), history="N"))
