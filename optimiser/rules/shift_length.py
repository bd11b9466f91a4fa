from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell, Level
from optimiser.words import hours


@dataclass(frozen=True)
class ShiftLength(Cell):
    """The longest shift: in paid minutes, and from start to end. Each begun hour too many is charged."""

    net: int = 750
    gross: int = 780
    level: Level = "warn"
    price: int = 10
    code: ClassVar[str] = "L1"

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        if not shift.works:
            return 0
        over = max(shift.minutes - self.net, shift.length - self.gross)
        return -(-max(0, over) // 60)

    def explain(self, line: Line, day: int) -> str:
        shift = line[day]
        return (
            f"{line.calendar.name(day)}: {shift} is {hours(shift.minutes)} of work in "
            f"{hours(shift.length)}, at most {hours(self.net)} in {hours(self.gross)}"
        )


DEFAULTS = (ShiftLength(),)
CASES = (
    case(ShiftLength(net=500, gross=600), [SHIFTS["M"], SHIFTS["N"]], days=4),
    case(ShiftLength(level="block"), [SHIFTS["E"], Shift("LONG", 420, 1220, 720)], days=4),
)
