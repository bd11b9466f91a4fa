from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.problem import Shift
from optimiser.shapes import Level, Succession
from optimiser.words import clock


@dataclass(frozen=True)
class ForwardRotation(Succession):
    """From early to late to night rather than back: the next day's shift should not start earlier by much."""

    minutes: int = 60
    level: Level = "warn"
    price: int = 2
    code: ClassVar[str] = "L7"

    def forbidden(self, a: Shift, b: Shift) -> bool:
        return a.works and b.works and b.start < a.start - self.minutes

    def why(self, a: Shift, b: Shift) -> str:
        return (
            f"{b} starts at {clock(b.start)}, earlier than {a} the day before ({clock(a.start)}); "
            f"forward would be {clock(a.start)} or later"
        )


DEFAULTS = (ForwardRotation(),)
CASES = (case(ForwardRotation(), history="L"), case(ForwardRotation(level="block")))
