from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell
from optimiser.words import hours


@dataclass(frozen=True)
class BreakInShift(Cell):
    """Twenty minutes' break in more than six hours of work (Working Time Regulations 1998, regulation 12).

    ``in_post``: shifts whose break is taken in post and so is not among their ``breaks``.
    """

    minutes: int = 20
    after: int = 360
    in_post: frozenset[str] = frozenset()
    code: ClassVar[str] = "W3"

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        if not shift.works or shift.length <= self.after or shift.id in self.in_post:
            return 0
        return int(longest_break(shift) < self.minutes)

    def explain(self, line: Line, day: int) -> str:
        shift = line[day]
        return (
            f"{line.calendar.name(day)}: {shift} lasts {hours(shift.length)} with "
            f"{longest_break(shift)} minutes' break, {self.minutes} needed after {hours(self.after)}"
        )


def longest_break(shift: Shift) -> int:
    return max((back - away for away, back in shift.breaks), default=0)


DEFAULTS = (BreakInShift(),)
CASES = (
    case(BreakInShift(in_post=frozenset({"N"})), [SHIFTS["E"], SHIFTS["N"], Shift("X", 480, 900, 420)], days=3),
    case(BreakInShift(level="warn", price=2), "E M N", days=3),
)
