from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line
from optimiser.problem import DAY, Shift
from optimiser.shapes import Pattern, State
from optimiser.words import hours as in_hours


@dataclass(frozen=True)
class WeeklyRest(Pattern):
    """A rest of 24 hours in each 7 days (Working Time Regulations 1998, regulation 11).

    The establishment may choose the alternative, two rests of 24 hours or one of 48 in each 14 days: ``period=14,
    rests=2``. A period is any so many dates, from midnight to midnight; a rest of 48 hours counts as two.

    The state: how long nobody worked up to midnight; for one rest, two rests, ... the latest midnight since which so
    many have been had, in days from today; and where the clock was turned lately, by how many minutes and how many days
    ago.
    """

    hours: int = 24
    period: int = 7
    rests: int = 1
    code: ClassVar[str] = "W2"
    rolling: ClassVar[bool] = True

    @property
    def unit(self) -> int:
        return self.hours * 60

    @property
    def longest(self) -> int:
        """A longer idle time makes no difference, even when work starts the evening before."""
        return self.rests * self.unit + DAY

    @property
    def reach(self) -> int:
        """So many days back a rest that still counts may begin."""
        return self.longest // DAY + 1

    def start(self) -> State:
        return self.longest, (-self.period,) * self.rests, (0, 0)

    def step(self, state: Any, shift: Shift) -> tuple[State, int]:
        idle, since, (turned, ago) = state
        if shift.works:
            since = self._rested(idle + shift.rest_until, shift.rest_until, since, turned, ago)
            idle = DAY - shift.rest_from
        else:
            idle = min(idle + shift.idle, self.longest)
        opens = 1 - self.period  # the period that ends tonight
        had = max(0, idle) // self.unit + sum(midnight >= opens for midnight in since)
        since = tuple(max(midnight - 1, -self.period) for midnight in since)
        if any(shift.turned):
            turned, ago = sum(shift.turned), 0
        turn = (turned, ago + 1) if turned and ago < self.reach else (0, 0)
        return (idle, since, turn), max(0, self.rests - had)

    def _rested(self, length: int, end: int, since: tuple[int, ...], turned: int, ago: int) -> tuple[int, ...]:
        """A rest is over: with ``k`` of its units, the rest of the number must lie before it."""
        units = min(max(0, length) // self.unit, self.rests)
        latest = [midnight_before(end, k * self.unit, turned, ago) for k in range(units + 1)]
        found = []
        for number in range(1, self.rests + 1):
            ways = [since[number - 1]]
            ways += [latest[k] if k >= number else min(latest[k], since[number - k - 1]) for k in range(1, units + 1)]
            found.append(max(ways))
        return tuple(found)

    def days(self, line: Line, day: int) -> Iterable[int]:
        return range(day - self.period + 1, day + 1)

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        return longest_rest(line, day - self.period + 1, day) / 60, self.hours

    def explain(self, line: Line, day: int) -> str:
        name, first = line.calendar.name, day - self.period + 1
        wanted = f"a rest of {self.hours} h" if self.rests == 1 else f"{self.rests} rests of {self.hours} h"
        longest = in_hours(longest_rest(line, first, day))
        return (
            f"The longest rest from {name(first)} to {name(day)} is {longest}, {wanted} needed in each "
            f"{self.period} days; such a rest must begin by 00:00 on {name(day)}"
        )


def longest_rest(line: Line, first: int, last: int) -> int:
    """Minutes of the longest time without work between two midnights."""
    free, longest, midnight = 0, 0, -2 * DAY
    for day in range(first - 2, last + 1):
        shift = line[day]
        if shift.works:
            longest = max(longest, midnight + shift.rest_until - free)
            free = max(free, midnight + shift.rest_from)
        midnight += shift.idle if day >= first and not shift.works else DAY
    return max(longest, midnight - free)


def midnight_before(end: int, minutes: int, turned: int, ago: int) -> int:
    """The latest midnight, in days from today, after which so many minutes passed until ``end``. ``turned``: that day,
    so many days ``ago``, lasted so many minutes longer.
    """
    day = (end - minutes) // DAY
    if not turned:
        return day
    passed = {one: end - one * DAY + (turned if one <= -ago else 0) for one in (day - 1, day, day + 1)}
    return max(one for one in passed if passed[one] >= minutes)


DEFAULTS = (WeeklyRest(),)
FREE = SHIFTS["E"], SHIFTS["23"], SHIFTS["25"]
EARLY_NIGHT = Shift("X", 30, 420, 390)
CASES = (
    case(WeeklyRest(period=4), "E N", days=6, history="EE"),
    case(WeeklyRest(period=4, rests=2), "E N", days=6, history="N"),
    case(WeeklyRest(period=3), [*FREE, EARLY_NIGHT], days=5, history="..", off_on={1: "23", 3: "25"}),
    case(WeeklyRest(period=4, rests=2), [*FREE, EARLY_NIGHT], days=5, off_on={1: "23"}),
    case(WeeklyRest(period=3, level="warn", price=4), "L N", days=6, history="LL"),
)
