from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import gap
from optimiser.problem import Shift
from optimiser.shapes import Succession
from optimiser.words import clock


@dataclass(frozen=True)
class DoubleBooking(Succession):
    """Nobody is in two places: a shift does not start before yesterday's has ended."""

    code: ClassVar[str] = "L16"

    def forbidden(self, a: Shift, b: Shift) -> bool:
        return a.works and b.works and gap(a, b) < 0

    def why(self, a: Shift, b: Shift) -> str:
        return f"{b} starts at {clock(b.start)}, before {a} of the day before has ended at {clock(a.end)}"


DEFAULTS = (DoubleBooking(),)
CASES = (case(DoubleBooking(), [SHIFTS["N"], SHIFTS["E"], Shift("X", 400, 800, 400)], days=4, history="N"),)
