from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell, Level

NIGHT_WORKER = "night worker"


def is_night_worker(person: Person) -> bool:
    """Said so by a group of this name, or a third of the working days known were nights."""
    worked = [shift for shift in person.history if shift.works]
    return NIGHT_WORKER in person.groups or (bool(worked) and 3 * sum(shift.night for shift in worked) >= len(worked))


@dataclass(frozen=True)
class NightHealth(Cell):
    """A night worker's nights need a health assessment that is still valid (Working Time Regulations 1998, reg. 7).

    A night worker normally works three hours or more between 23:00 and 06:00; ``assessment`` is the skill that stands
    for the assessment, with its last day. Off until a rule book turns it on.
    """

    level: Level = "off"
    assessment: str = "night health"
    code: ClassVar[str] = "W6"

    def applies_to(self, person: Person) -> bool:
        return is_night_worker(person)

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        return int(shift.night and not person.has_skill(self.assessment, day))

    def explain(self, line: Line, day: int) -> str:
        last = line.person.skills.get(self.assessment)
        since = f"ended on {line.calendar.name(last)}" if last is not None else "is missing"
        return f"{line.calendar.name(day)}: {line[day]} is a night, and the night worker's health assessment {since}"


DEFAULTS = (NightHealth(),)
CASES = (
    case(NightHealth(level="block"), "E N", days=4, history="NNE", skills={"night health": 1}),
    case(NightHealth(level="warn", price=5), "L N", days=3, groups=frozenset({NIGHT_WORKER})),
)
