from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell


@dataclass(frozen=True)
class Booked(Cell):
    """What stands there already stands: leave, sickness, training, a locked shift, a day off that was promised.

    Nobody works a shift that is not for them that day either (not a member of the unit, or not their kind of shift).
    """

    code: ClassVar[str] = "L16"

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        return int(bool(against(person, day, shift)))

    def explain(self, line: Line, day: int) -> str:
        return f"{line.calendar.name(day)}: {line[day]} is not possible, {against(line.person, day, line[day])}"


def against(person: Person, day: int, shift: Shift) -> str:
    """Why that shift cannot stand there; empty when it can."""
    if day in person.locked:
        stands = person.locked[day]
        return "" if shift.id == stands else f"{stands or 'a day off'} is booked"
    if day in person.days_off and shift.kind != "off":
        return "a day off was promised"
    allowed = person.allowed_on.get(day, person.allowed)
    if shift.kind == "work" and shift.works and allowed is not None and shift.id not in allowed:
        return "this person does not work that shift on that day"
    return ""


DEFAULTS = (Booked(),)
CASES = (
    case(Booked(), [SHIFTS["E"], SHIFTS["L"], SHIFTS["AL"]], days=4, locked={1: "AL"}, days_off=frozenset({2})),
    case(Booked(), "E L", days=3, allowed=frozenset({"E"}), allowed_on={1: frozenset({"L"})}),
)
