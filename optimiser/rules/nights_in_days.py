from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Level, Window, WindowSum, rolling


@dataclass(frozen=True)
class NightsInDays(WindowSum):
    """At most eight nights in any 28 days."""

    most: int = 8
    days: int = 28
    level: Level = "warn"
    price: int = 10
    code: ClassVar[str] = "L9"

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return rolling(self.days, person, calendar, most=self.most)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return int(today.night)

    def explain(self, line: Line, window: Window, total: int) -> str:
        return f"{total} nights in the {self.days} days to {line.calendar.name(window.last)}, at most {self.most}"


DEFAULTS = (NightsInDays(),)
CASES = (
    case(NightsInDays(most=2, days=4), "E N", days=6, history="N.N"),
    case(NightsInDays(most=1, days=3, level="block"), "L N", days=5, history="N"),
)
