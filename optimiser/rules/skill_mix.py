from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.problem import Problem
from optimiser.shapes import Level, Mix, Row


@dataclass(frozen=True)
class SkillMix(Mix):
    """Wherever a shift is asked for, at least so many of its people have a skill that is valid that day."""

    skill: str = ""
    least: int = 1
    shifts: frozenset[str] = frozenset()
    level: Level = "warn"
    price: int = 50
    code: ClassVar[str] = "L12"

    def rows(self, problem: Problem) -> Iterable[Row]:
        if not self.rate or not self.skill:
            return
        asked = {(demand.day, demand.shift) for demand in problem.demands if demand.shift}
        for day, shift in sorted(asked):
            if not self.shifts or shift in self.shifts:
                skilled = {person.id: 1 for person in problem.people if person.has_skill(self.skill, day)}
                name = f"{self.skill} on {shift}, {problem.calendar.name(day)}"
                yield Row(self.name, name, (day,), skilled, frozenset({(day, shift)}), under=((self.least, self.rate),))


DEFAULTS = ()
