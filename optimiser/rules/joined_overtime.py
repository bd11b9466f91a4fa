from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line, gap
from optimiser.problem import Shift
from optimiser.shapes import Succession
from optimiser.words import hours as in_hours


@dataclass(frozen=True)
class JoinedOvertime(Succession):
    """Overtime joined to a shift: at most 13 hours together, which keeps eleven hours' rest.

    Two shifts are joined when less than ``apart`` minutes lie between them. (Overtime on the same day is part of that
    day's shift, whose length has a rule of its own.)
    """

    hours: int = 13
    apart: int = 60
    code: ClassVar[str] = "L13"

    def forbidden(self, a: Shift, b: Shift) -> bool:
        return a.works and b.works and gap(a, b) < self.apart and together(a, b) > self.hours * 60

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return together(line[day - 1], line[day]) / 60, self.hours

    def why(self, a: Shift, b: Shift) -> str:
        return f"{a} and {b} join to {in_hours(together(a, b))}, at most {self.hours} h"


def together(a: Shift, b: Shift) -> int:
    return a.length + b.length


DEFAULTS = (JoinedOvertime(),)
CASES = (
    case(JoinedOvertime(), [SHIFTS["N"], SHIFTS["E"], Shift("OT", 360, 480, 120)], days=4, history="N"),
    case(JoinedOvertime(level="warn", price=4), "E N", days=4),
)
