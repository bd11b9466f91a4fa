from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.rules.night_worker import NIGHT_WORKER, is_night_worker
from optimiser.shapes import Window, WindowSum, rolling


@dataclass(frozen=True)
class NightAverage(WindowSum):
    """A night worker's eight hours in each 24 over any 17 weeks (Working Time Regulations 1998, regulation 6).

    The average is A / (B - C): A is worked in the period, B its days, C its weekly rest days.
    """

    hours: int = 8
    weeks: int = 17
    code: ClassVar[str] = "W7"
    per: ClassVar[int] = 60

    def applies_to(self, person: Person) -> bool:
        return is_night_worker(person)

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return rolling(self.weeks * 7, person, calendar, most=self.hours * self.weeks * 6 * 60)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return today.minutes if today.works else 0

    def explain(self, line: Line, window: Window, total: int) -> str:
        average = total / 60 / (self.weeks * 6)
        return (
            f"{average:.2f} hours in each 24 on average over the {self.weeks} weeks to "
            f"{line.calendar.name(window.last)}, at most {self.hours} for a night worker"
        )


DEFAULTS = (NightAverage(),)
CASES = (
    case(NightAverage(hours=5, weeks=1), "E N", days=6, history="NN"),
    case(NightAverage(hours=4, weeks=1, level="warn"), "L N", days=5, groups=frozenset({NIGHT_WORKER})),
)
