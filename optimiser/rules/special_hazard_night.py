from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line
from optimiser.problem import DAY, Shift
from optimiser.shapes import Succession
from optimiser.words import hours as in_hours


@dataclass(frozen=True)
class SpecialHazardNight(Succession):
    """At most eight hours' work in any 24 with a night of special hazard or heavy strain (regulation 6(7)).

    ``posts``: the shifts declared to be such nights. None are, until an establishment declares them.
    """

    posts: frozenset[str] = frozenset()
    hours: int = 8
    code: ClassVar[str] = "W8"

    def forbidden(self, a: Shift, b: Shift) -> bool:
        declared = a.id in self.posts or b.id in self.posts
        return declared and b.works and most_in_24_hours(a, b) > self.hours * 60

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return most_in_24_hours(line[day - 1], line[day]) / 60, self.hours

    def why(self, a: Shift, b: Shift) -> str:
        return (
            f"{in_hours(most_in_24_hours(a, b))} of work in 24 h with {b if b.id in self.posts else a}, "
            f"a night of special hazard: at most {self.hours} h"
        )


def most_in_24_hours(a: Shift, b: Shift) -> int:
    """Of two shifts on two days after one another, breaks taken off; one that is no work counts nothing."""
    worked = [(shift.start + k * DAY, shift.end + k * DAY, shift) for k, shift in ((0, a), (1, b)) if shift.works]
    starts = [start for start, _, _ in worked] + [end - DAY for _, end, _ in worked]
    return max((sum(inside(*one, start) for one in worked) for start in starts), default=0)


def inside(start: int, end: int, shift: Shift, first: int) -> int:
    """Minutes worked of a shift from ``start`` to ``end`` in the 24 hours from ``first``."""
    shown = max(0, min(end, first + DAY) - max(start, first))
    moved = start - shift.start
    pauses = ((away + moved, back + moved) for away, back in shift.breaks)
    return shown - sum(max(0, min(back, first + DAY) - max(away, first)) for away, back in pauses)


DEFAULTS = (SpecialHazardNight(),)
CASES = (
    case(SpecialHazardNight(posts=frozenset({"N"}), hours=9), [SHIFTS["E"], Shift("N", 1320, 1800, 480)], history="E"),
    case(SpecialHazardNight(posts=frozenset({"N"}), level="warn", price=7), "L N", days=4),
)
