from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell
from optimiser.words import clock, hours


@dataclass(frozen=True)
class Personal(Cell):
    """What one person may work: young or pregnant people, a phased return, agreed days and hours.

    Says nothing until a person's parameters do. ``first`` and ``last``: the days on which it holds; ``others``: what is
    agreed for other days, with the level of this one. Times are minutes from midnight; ``weekdays``: 0 is Monday.
    """

    nights: bool = True
    earliest: int | None = None
    latest: int | None = None
    longest: int | None = None
    weekdays: frozenset[int] = frozenset(range(7))
    without: frozenset[str] = frozenset()
    first: int | None = None
    last: int | None = None
    others: tuple["Personal", ...] = ()
    code: ClassVar[str] = "L15"

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        return len(list(self._against(calendar, day, shift))) if shift.works else 0

    def _against(self, calendar: Calendar, day: int, shift: Shift) -> Iterator[str]:
        for one in (self, *self.others):
            if (one.first is None or day >= one.first) and (one.last is None or day <= one.last):
                yield from one._broken(calendar, day, shift)

    def _broken(self, calendar: Calendar, day: int, shift: Shift) -> Iterator[str]:
        if not self.nights and shift.night:
            yield "no nights"
        if self.earliest is not None and shift.start < self.earliest:
            yield f"not before {clock(self.earliest)}"
        if self.latest is not None and shift.end > self.latest:
            yield f"not after {clock(self.latest)}"
        if self.longest is not None and shift.minutes > self.longest:
            yield f"at most {hours(self.longest)} a day"
        if calendar.weekday(day) not in self.weekdays:
            yield "not on this weekday"
        if shift.id in self.without:
            yield f"no {shift}"

    def explain(self, line: Line, day: int) -> str:
        agreed = ", ".join(self._against(line.calendar, day, line[day]))
        return f"{line.calendar.name(day)}: {line[day]} is against what is agreed with this person: {agreed}"


DEFAULTS = (Personal(),)
CASES = (
    case(Personal(nights=False, earliest=460, first=1), "E L N", days=3),
    case(Personal(nights=False, last=0, others=(Personal(earliest=460, first=2),)), "E L N", days=3),
    case(Personal(weekdays=frozenset({0, 1}), longest=600, latest=1260, level="warn", price=3), "L N", days=4),
)
