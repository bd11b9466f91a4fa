from dataclasses import dataclass

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Request, Shift
from optimiser.shapes import Cell, Level


@dataclass(frozen=True)
class Requests(Cell):
    """People get the shifts and days off that they have asked for.

    Each wish has its own price. A booking is never against a wish.
    """

    level: Level = "warn"

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        if shift.kind not in ("work", "off"):
            return 0
        wishes = (wish for wish in person.requests if wish.day == day)
        return sum(wish.price for wish in wishes if (wish.shift == shift.id) != wish.wanted)

    def explain(self, line: Line, day: int) -> str:
        asked = [wish for wish in line.person.requests if wish.day == day]
        words = ", ".join(f"{'' if wish.wanted else 'not '}{wish.shift or 'a day off'}" for wish in asked)
        return f"{line.calendar.name(day)}: asked for {words}, has {line[day]}"


DEFAULTS = (Requests(),)
CASES = (
    case(Requests(), "E L", days=3, requests=(Request(0, "E", 3), Request(1, "L", 2, wanted=False), Request(2, "", 4))),
    case(Requests(level="block"), "E L", days=3, requests=(Request(1, "L", 1),)),
)
