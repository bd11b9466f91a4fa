from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line, gap
from optimiser.problem import DAY, Shift
from optimiser.rules.break_in_shift import longest_break
from optimiser.shapes import Succession
from optimiser.words import clock
from optimiser.words import hours as in_hours


@dataclass(frozen=True)
class DailyRest(Succession):
    """Eleven hours' rest in each 24, between two shifts (Working Time Regulations 1998, regulation 10).

    Two shifts of one day stand as one entry, with the time between them as a break: it must leave such a rest too.
    """

    hours: int = 11
    code: ClassVar[str] = "W1"

    def forbidden(self, a: Shift, b: Shift) -> bool:
        return self.short(a, b) or self.restless(b)

    def short(self, a: Shift, b: Shift) -> bool:
        return a.works and b.works and gap(a, b) < self.hours * 60

    def restless(self, shift: Shift) -> bool:
        """From its start it leaves no such rest within 24 hours, nor has one in it."""
        return shift.works and most_rest(shift) < self.hours * 60

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        a, b = line[day - 1], line[day]
        return (gap(a, b) if self.short(a, b) else most_rest(b)) / 60, self.hours

    def why(self, a: Shift, b: Shift) -> str:
        if not self.short(a, b):
            return (
                f"{b} from {clock(b.start)} to {clock(b.end)} leaves {in_hours(most_rest(b))} of rest within 24 hours, "
                f"{self.hours} h needed"
            )
        earliest = a.rest_from + self.hours * 60 - b.turned[0]
        return (
            f"{in_hours(gap(a, b))} of rest between {a} until {clock(a.end)} and {b} from {clock(b.start)}, "
            f"{self.hours} h needed; work may start at {clock(earliest)}"
        )


def most_rest(shift: Shift) -> int:
    """The longest rest in the 24 hours from its start."""
    return max(DAY - shift.length, longest_break(shift), 0)


DEFAULTS = (DailyRest(),)
CASES = (
    case(DailyRest(), history="L"),
    case(DailyRest(level="warn", price=3), history="N"),
    case(DailyRest(), [SHIFTS["E"], Shift("E+N", 450, 1890, 960, breaks=((765, 1245),))], days=4),
)
