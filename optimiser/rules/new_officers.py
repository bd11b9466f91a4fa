from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd
from typing import ClassVar

from optimiser.problem import Problem
from optimiser.shapes import Level, Mix, Row


@dataclass(frozen=True)
class NewOfficers(Mix):
    """At most half of a unit's people on one shift are in their first twelve months.

    ``group``: the group of new officers. ``unit``: the group that is counted together; everybody unless given.
    """

    percent: int = 50
    group: str = "new officer"
    unit: str = ""
    level: Level = "warn"
    price: int = 1
    code: ClassVar[str] = "L12"

    def rows(self, problem: Problem) -> Iterable[Row]:
        """New officers count up, the others down; at a half each by one, and what is above 0 is too many."""
        members = [person for person in problem.people if not self.unit or self.unit in person.groups]
        if not self.rate or not any(self.group in person.groups for person in members):
            return
        unit = gcd(100 - self.percent, self.percent)
        up, down = (100 - self.percent) // unit, -self.percent // unit
        weights = {person.id: up if self.group in person.groups else down for person in members}
        for day in problem.days:
            for shift in problem.shifts:
                if shift.kind == "work" and shift.works:
                    name = f"{self.name}, {problem.calendar.name(day)}, {shift}"
                    cells = frozenset({(day, shift.id)})
                    yield Row(self.name, name, (day,), weights, cells, over=((0, self.rate),))


DEFAULTS = (NewOfficers(),)
