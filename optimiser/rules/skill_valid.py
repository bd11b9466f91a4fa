from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell


@dataclass(frozen=True)
class SkillValid(Cell):
    """A shift that needs a skill is worked by people whose skill is valid that day.

    ``needs``: pairs of shift and skill; all the skills of a shift are needed.
    """

    needs: frozenset[tuple[str, str]] = frozenset()
    code: ClassVar[str] = "L16"

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        return len(self.lacking(person, day, shift))

    def lacking(self, person: Person, day: int, shift: Shift) -> list[str]:
        return sorted(skill for id, skill in self.needs if id == shift.id and not person.has_skill(skill, day))

    def explain(self, line: Line, day: int) -> str:
        reasons = []
        for skill in self.lacking(line.person, day, line[day]):
            last = line.person.skills.get(skill)
            reasons.append(f"{skill} expired on {line.calendar.name(last)}" if last is not None else f"no {skill}")
        return f"{line.calendar.name(day)}: {line[day]} needs a skill that is missing: {', '.join(reasons)}"


DEFAULTS = (SkillValid(),)
CASES = (
    case(SkillValid(needs=frozenset({("N", "OO"), ("N", "FIRE")})), "E N", days=4, skills={"OO": 1, "FIRE": None}),
    case(SkillValid(needs=frozenset({("E", "FA")}), level="warn", price=9), "E L", days=3),
)
