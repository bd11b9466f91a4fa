from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Level, Window, WindowSum, rolling


@dataclass(frozen=True)
class HoursInDays(WindowSum):
    """At most 60 hours' work in any 7 days, overtime included. Each begun hour too many is charged."""

    hours: int = 60
    days: int = 7
    level: Level = "warn"
    price: int = 10
    code: ClassVar[str] = "L2"
    per: ClassVar[int] = 60

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return rolling(self.days, person, calendar, most=self.hours * 60)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return today.minutes if today.works else 0

    def explain(self, line: Line, window: Window, total: int) -> str:
        return (
            f"{total / 60:g} hours in the {self.days} days to {line.calendar.name(window.last)}, at most {self.hours}"
        )


DEFAULTS = (HoursInDays(),)
CASES = (
    case(HoursInDays(hours=15, days=3, price=2), "E N", days=5, history="E."),
    case(HoursInDays(hours=24, days=4, level="block"), "L N", days=6, history="L"),
)
