from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Level, Window, WindowSum


@dataclass(frozen=True)
class WeekendsWorked(WindowSum):
    """Weekends with work on Saturday or Sunday, of any so many weeks after one another; a week starts on Monday."""

    weeks: int = 5
    most: int = 3
    level: Level = "warn"
    price: int = 20
    code: ClassVar[str] = "L8"
    looks_back: ClassVar[bool] = True

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        for last in range(calendar.days):
            ends = calendar.weekday(last) == 6 or (last == calendar.days - 1 and calendar.is_weekend(last))
            if ends:
                monday = last - calendar.weekday(last)
                yield Window(monday - 7 * (self.weeks - 1), last, most=self.most)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        if calendar.weekday(day) == 5:
            return int(today.works)
        return int(calendar.weekday(day) == 6 and today.works and not before.works)

    def explain(self, line: Line, window: Window, total: int) -> str:
        free = self.weeks - self.most
        return (
            f"{total} weekends worked in the {self.weeks} weeks to {line.calendar.name(window.last)}, "
            f"at most {self.most} ({free} off)"
        )


DEFAULTS = (
    WeekendsWorked(),
    WeekendsWorked(weeks=4, most=3, label="WeekendsInRow"),
)
CASES = (
    case(WeekendsWorked(weeks=1, most=0), "E N", days=4, first_weekday=4),
    case(WeekendsWorked(weeks=2, most=1, level="block"), "E", days=8, first_weekday=6, history=".......E"),
)
