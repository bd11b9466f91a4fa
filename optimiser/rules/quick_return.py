from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.problem import Shift
from optimiser.rules.daily_rest import DailyRest
from optimiser.shapes import Level


@dataclass(frozen=True)
class QuickReturn(DailyRest):
    """A late followed by an early leaves too little sleep even where the law is kept."""

    hours: int = 12
    level: Level = "warn"
    price: int = 10
    code: ClassVar[str] = "L6"

    def restless(self, shift: Shift) -> bool:
        """A long day is no return."""
        return False


DEFAULTS = (QuickReturn(),)
CASES = (case(QuickReturn(), history="L"), case(QuickReturn(level="block", hours=20), "E M L"))
