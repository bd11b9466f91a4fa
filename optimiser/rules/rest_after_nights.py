from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line, gap
from optimiser.problem import DAY, Shift
from optimiser.rules.consecutive_nights import nights_before
from optimiser.shapes import Level, Pattern, State
from optimiser.words import counted
from optimiser.words import hours as in_hours


@dataclass(frozen=True)
class RestAfterNights(Pattern):
    """46 hours and two days off after a set of nights: at least so many nights after one another.

    The state: how many nights the set has, how many days off followed, when its last night ended, in minutes before
    today's midnight.
    """

    hours: int = 46
    days_off: int = 2
    nights: int = 2
    level: Level = "warn"
    price: int = 10
    code: ClassVar[str] = "L5"

    def start(self) -> State:
        return None

    def step(self, state: Any, shift: Shift) -> tuple[State, int]:
        set_of, off, ago = state or (0, 0, 0)
        if not shift.works:
            rested = set_of < self.nights or (off + 1 >= self.days_off and ago >= self.hours * 60)
            return (None if rested else (set_of, min(off + 1, self.days_off), ago + shift.idle)), 0
        goes_on = shift.night and off == 0
        short = set_of >= self.nights and not goes_on
        amount = int(short and (off < self.days_off or ago + shift.rest_until < self.hours * 60))
        if not shift.night:
            return None, amount
        return (min(set_of * goes_on + 1, self.nights), 0, DAY - shift.rest_from), amount

    def days(self, line: Line, day: int) -> Iterable[int]:
        return range(self._last_night(line, day), day + 1)

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        last = self._last_night(line, day)
        between = sum(line[off].idle for off in range(last + 1, day))
        return (between + gap(line[last], line[day])) / 60, self.hours

    def explain(self, line: Line, day: int) -> str:
        last = self._last_night(line, day)
        rest, nights = self.measure(line, day)[0] * 60, len(nights_before(line, last + 1))
        return (
            f"{in_hours(rest)} and {counted(day - last - 1, 'day')} off between the {nights} nights to "
            f"{line.calendar.name(last)} and {line[day]} on {line.calendar.name(day)}, "
            f"{self.hours} h and {self.days_off} days off needed"
        )

    def _last_night(self, line: Line, day: int) -> int:
        last = day - 1
        while not line[last].works:
            last -= 1
        return last


DEFAULTS = (RestAfterNights(),)
CASES = (
    case(RestAfterNights(hours=49), [SHIFTS["N"], SHIFTS["23"]], days=5, history="NN", off_on={1: "23"}),
    case(RestAfterNights(), "E N", days=6, history="N"),
    case(RestAfterNights(level="block", days_off=1, hours=30, nights=1), "E L N", days=5),
)
