"""Who can cover this gap? First, at once, everybody who is free that day and stays legal; then re-plans of one
colleague's remaining days, by what they cost and how many days they change. Each with its sentence.

    desk = CoverDesk(problem, rules, assignment, today=5)
    desk.free("N", day=9)        milliseconds: plain Python
    desk.replans("N", day=9)     the kernel writes the best remaining month of each colleague
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from optimiser.answers import Change
from optimiser.lines import line_of
from optimiser.problem import Assignment, Person, Problem
from optimiser.rules.cover import rows_of
from optimiser.shapes import Row, Rule
from optimiser.standing import Standing, Steps
from optimiser.words import counted

if TYPE_CHECKING:
    from optimiser.replan import Replanner

CHANGED_DAY = 30
"""What a colleague's changed day costs in the order of re-plans, so that few days are changed."""
FINALISTS = 16
"""So many are re-planned exactly; more are ranked first by the change of that one day."""


@dataclass(frozen=True)
class Candidate:
    """One way to fill the gap. ``cost``: how much dearer the whole roster becomes (below 0: cheaper)."""

    person: str
    cost: int
    changes: tuple[Change, ...]
    sentence: str

    @property
    def changed_days(self) -> int:
        return len(self.changes)


class CoverDesk:
    """A roster that stands, prepared for the question. Days before ``today`` are not changed."""

    def __init__(self, problem: Problem, rules: Sequence[Rule], assignment: Assignment, today: int = 0) -> None:
        self.problem, self.rules, self.today = problem, tuple(rules), today
        self.assignment = dict(assignment)
        rows = rows_of(problem, rules)
        self.rows: dict[tuple[int, str], list[Row]] = {}
        for row in rows:
            for cell in row.cells:
                self.rows.setdefault(cell, []).append(row)
        self.counts = {id(row): row.count(assignment) for row in rows}
        self.steps: Steps = {}
        self._standing: dict[str, Standing] = {}

    def standing(self, person: str) -> Standing:
        """Prepared when it is asked for: of many who work that day nobody needs it."""
        if person not in self._standing:
            line = line_of(self.problem, self.problem.person[person], self.assignment[person])
            self._standing[person] = Standing(line, self.rules, self.steps)
        return self._standing[person]

    def prepare(self) -> None:
        """Everybody's line beforehand, where many questions will come: then each list takes the same few ms."""
        for person in self.problem.person:
            self.standing(person)

    def is_off(self, person: str, day: int) -> bool:
        return self.problem.by_id[self.assignment[person][day]].kind == "off"

    def change(self, person: str, line: Sequence[str]) -> None:
        """Somebody's line has changed (sickness, an award): the desk goes on from there."""
        for cell in enumerate(self.assignment[person]):
            self._count(person, cell, -1)
        self.assignment[person] = tuple(line)
        for cell in enumerate(line):
            self._count(person, cell, 1)
        self._standing.pop(person, None)
        self.__dict__.pop("replanner", None)

    def _count(self, person: str, cell: tuple[int, str], sign: int) -> None:
        for row in self.rows.get(cell, []):
            self.counts[id(row)] += sign * row.people.get(person, 0)

    # At once

    def free(self, shift: str, day: int, skills: Iterable[str] = (), most: int = 20) -> list[Candidate]:
        """Everybody who is free that day, counts there and stays legal, the cheapest first."""
        wanted, rows = self.problem.by_id[shift], self.rows.get((day, shift), [])
        found = []
        for person in self.problem.people:
            if not self.is_off(person.id, day) or not self.fits(person, shift, day, skills):
                continue
            judged = self.standing(person.id).judge(day, wanted, explain=False)
            if judged.allowed:
                found.append((judged.price + sum(self._saving(row, person.id) for row in rows), person.id))
        return [self._offer(cost, person, day, shift) for cost, person in sorted(found)[:most]]

    def fits(self, person: Person, shift: str, day: int, skills: Iterable[str] = ()) -> bool:
        """Whether the person may work that shift and counts in at least one of its posts."""
        allowed = person.allowed_on.get(day, person.allowed)
        if day in person.days_off or day in person.locked or (allowed is not None and shift not in allowed):
            return False
        rows = [row for row in self.rows.get((day, shift), []) if row.rule == "Cover"]
        counts = not rows or any(row.people.get(person.id, 0) > 0 for row in rows)
        return counts and all(person.has_skill(skill, day) for skill in skills)

    def _saving(self, row: Row, person: str) -> int:
        count = self.counts[id(row)]
        return row.cost(count + row.people.get(person, 0)) - row.cost(count)

    def _offer(self, cost: int, person: str, day: int, shift: str) -> Candidate:
        name = self.problem.calendar.name(day)
        costs = self.standing(person).judge(day, self.problem.by_id[shift]).costs
        against = f"; to bear in mind: {'; '.join(costs)}" if costs else "; nothing speaks against it"
        sentence = f"{person} is free on {name} and may work {shift}: {in_cost(cost)}{against}"
        return Candidate(person, cost, (Change(person, day, "", shift),), sentence)

    # With the kernel

    @cached_property
    def replanner(self) -> "Replanner":
        """Compiled once; takes seconds for a large prison, then answers in milliseconds."""
        from optimiser.replan import Replanner

        return Replanner(self.problem, self.rules, self.assignment, self.today)

    def replans(
        self, shift: str, day: int, skills: Iterable[str] = (), most: int = 10, changed_day: int = CHANGED_DAY
    ) -> list[Candidate]:
        """One colleague's remaining days written anew around the gap: by cost and changed days, the best first."""
        able = [person for person in self.problem.people if self.able(person, shift, day, skills)]
        if len(able) > FINALISTS:
            able = sorted(able, key=lambda person: self._promise(person.id, shift, day, changed_day))[:FINALISTS]
        found = []
        for person, line, cost in self.replanner.replans(able, shift, day, changed_day):
            changes = self._changes(person, line)
            found.append(Candidate(person, cost, changes, self._replan_words(person, cost, changes)))
        found.sort(key=lambda one: (one.cost + changed_day * one.changed_days, one.person))
        return found[:most]

    def _promise(self, person: str, shift: str, day: int, changed_day: int) -> tuple[int, str]:
        """About what the re-plan will cost: the change of that day alone, more where it cannot stand alone."""
        judged = self.standing(person).judge(day, self.problem.by_id[shift], explain=False)
        given_up = self.rows.get((day, self.assignment[person][day]), [])
        loss = sum(
            row.cost(self.counts[id(row)] - row.people.get(person, 0)) - row.cost(self.counts[id(row)])
            for row in given_up
        )
        return loss + (judged.price if judged.allowed else 2 * changed_day), person

    def able(self, person: Person, shift: str, day: int, skills: Iterable[str]) -> bool:
        return self.assignment[person.id][day] != shift and self.fits(person, shift, day, skills)

    def _changes(self, person: str, line: Sequence[str]) -> tuple[Change, ...]:
        standing = self.assignment[person]
        return tuple(Change(person, day, standing[day], one) for day, one in enumerate(line) if one != standing[day])

    def _replan_words(self, person: str, cost: int, changes: Sequence[Change]) -> str:
        by_id: Mapping[str, object] = self.problem.by_id
        name = self.problem.calendar.name
        days = ", ".join(f"{name(one.day)} {by_id[one.after]} instead of {by_id[one.before]}" for one in changes)
        return f"{person} with {counted(len(changes), 'changed day')}: {days}; {in_cost(cost)}"


def in_cost(cost: int) -> str:
    if cost == 0:
        return "the roster costs the same"
    return f"the roster costs {abs(cost)} {'more' if cost > 0 else 'less'}"
