"""Answers a person can use about a roster: what it costs and why, who could fill a gap, what differs from another.

Needs neither solver nor kernel: any roster can be asked about, not only one that was solved here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from optimiser.lines import line_of
from optimiser.problem import Assignment, Part, Problem, Result, Shift, Violation
from optimiser.rules.cover import rows_of
from optimiser.shapes import Row, Rule, check_line
from optimiser.standing import Standing, Steps
from optimiser.words import counted

Key = TypeVar("Key")
SHORT = 7
"""What concerns more days than a week belongs to no single day."""


def counted_rows(problem: Problem, rules: Iterable[Rule], assignment: Assignment) -> list[tuple[Row, int]]:
    """Each row with how many stand in it; looked up by cell, since rows are many and people in a cell few."""
    there: dict[tuple[int, str], list[str]] = {}
    for person, line in assignment.items():
        for cell in enumerate(line):
            there.setdefault(cell, []).append(person)
    return [
        (row, row.constant + sum(row.people.get(person, 0) for cell in row.cells for person in there.get(cell, ())))
        for row in rows_of(problem, rules)
    ]


@dataclass(frozen=True)
class Account:
    """What a roster costs: every part of it, what is not allowed at all, and the count of every row."""

    parts: tuple[Part, ...]
    forbidden: tuple[Violation, ...]
    rows: tuple[tuple[Row, int], ...] = ()

    @property
    def cost(self) -> int:
        return sum(part.cost for part in self.parts)

    @cached_property
    def by_rule(self) -> dict[str, int]:
        return _sums((part.rule, part.cost) for part in self.parts)

    @cached_property
    def by_person(self) -> dict[str, int]:
        """What a gap costs is nobody's own."""
        return _sums((part.person, part.cost) for part in self.parts if part.person)

    @cached_property
    def by_day(self) -> dict[int | None, int]:
        """By the last day that a part is about; None: what concerns more than a week."""
        return _sums((_day(part), part.cost) for part in self.parts)


def _day(part: Part) -> int | None:
    return part.days[-1] if part.days and part.days[-1] - part.days[0] < SHORT else None


def _sums(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    found: Counter[Key] = Counter()
    for key, cost in pairs:
        found[key] += cost
    return dict(found.most_common())


def account(problem: Problem, rules: Sequence[Rule], assignment: Assignment) -> Account:
    parts, forbidden = [], []
    for person in problem.people:
        for found in check_line(line_of(problem, person, assignment[person.id]), rules):
            if found.blocks:
                forbidden.append(found)
            else:
                parts.append(Part(found.rule, found.price, person.id, found.days, found.sentence))
    rows = tuple(counted_rows(problem, rules, assignment))
    for row, count in rows:
        if cost := row.cost(count):
            parts.append(Part(row.rule, cost, "", row.days, count_in_words(row, count)))
    return Account(tuple(parts), tuple(forbidden), rows)


def count_in_words(row: Row, count: int) -> str:
    missing, surplus = missing_in(row, count), max((count - most for most, _ in row.over), default=0)
    if row.rule != "Cover":
        return row.name
    if missing:
        return f"{row.name}: {count} of {count + missing}"
    return f"{row.name}: {surplus} too many" if surplus > 0 else f"{row.name}: {count}"


def missing_in(row: Row, count: int) -> int:
    return max((people - count for people, _ in row.under if people > count), default=0)


# Gaps


@dataclass(frozen=True)
class Gap:
    """A row with people missing, what that costs, and why each person does not fill it: the first thing in the way."""

    row: Row
    missing: int
    cost: int
    reasons: Mapping[str, str]

    @property
    def summary(self) -> dict[str, int]:
        """How many people each kind of reason keeps away."""
        return dict(Counter(reason.partition(":")[0] for reason in self.reasons.values()).most_common())


def gaps(problem: Problem, rules: Sequence[Rule], assignment: Assignment, most: int | None = None) -> list[Gap]:
    """Unfilled posts, the dearest first. ``most``: reasons are looked for in so many of them."""
    counted = counted_rows(problem, rules, assignment)
    open_rows = [(row.cost(count), row, missing_in(row, count)) for row, count in counted if row.rule == "Cover"]
    open_rows = sorted((one for one in open_rows if one[2]), key=lambda one: -one[0])
    explained = open_rows[:most]
    standing = standing_of(problem, rules, assignment) if explained else {}
    reasons = [why_nobody(problem, standing, row) for _, row, _ in explained]
    reasons += [{}] * (len(open_rows) - len(explained))
    return [Gap(row, missing, cost, why) for (cost, row, missing), why in zip(open_rows, reasons, strict=True)]


def standing_of(problem: Problem, rules: Sequence[Rule], assignment: Assignment) -> dict[str, Standing]:
    """Everybody's line, ready to be asked about changes."""
    steps: Steps = {}
    lines = (line_of(problem, person, assignment[person.id]) for person in problem.people)
    return {line.person.id: Standing(line, rules, steps) for line in lines}


def why_nobody(problem: Problem, standing: Mapping[str, Standing], row: Row) -> dict[str, str]:
    """For each person the first thing in the way: a kind of reason, a colon, the sentence."""
    return {name: _in_the_way(problem, one, row) for name, one in standing.items()}


def _in_the_way(problem: Problem, standing: Standing, row: Row) -> str:
    if row.people.get(standing.line.person.id, 0) <= 0:
        return "Does not count: has not the skill, or is not of the group that is asked for"
    if any(standing.line[day].id == shift for day, shift in row.cells):
        return "There already: is counted"
    ways = [_one_way(standing, day, problem.by_id[shift]) for day, shift in sorted(row.cells)]
    return min(ways, default=(9, "Nobody can: no shift covers it"))[1]


def _one_way(standing: Standing, day: int, shift: Shift) -> tuple[int, str]:
    """How far away that shift is (0: free and legal), and the words."""
    person, calendar, stands = standing.line.person, standing.line.calendar, standing.line[day]
    if day in person.locked and stands.kind != "off":
        return 3, f"Booked: {stands} stands on {calendar.name(day)}"
    judged = standing.judge(day, shift)
    if not judged.allowed:
        return 2, f"{judged.rule}: {judged.sentence}"
    if stands.works:
        return 1, f"At work: works {stands} on {calendar.name(day)}"
    return 0, f"Free and legal: {shift} could be worked, but costs more than the gap or is owed elsewhere"


def with_shift(shifts: Sequence[str], day: int, shift: str) -> tuple[str, ...]:
    return (*shifts[:day], shift, *shifts[day + 1 :])


# What more could be had


def worth_of_one_more(result: Result, most: int = 10) -> list[tuple[str, float]]:
    """Where one more officer would save most, and how much: the prices of the cells at the end of the run."""
    return sorted(((name, price) for name, price in result.prices.items() if price > 0), key=lambda one: -one[1])[:most]


def still_to_gain(result: Result) -> str:
    """What any planner, human or not, could still make better."""
    gain = result.cost - result.bound
    if gain <= 0:
        return f"The cost is {result.cost}, and no roster whatever costs less."
    return (
        f"The cost is {result.cost}. No roster whatever costs less than {result.bound}: "
        f"whoever plans, at most {gain} ({gain / max(1, result.cost):.1%}) can still be gained."
    )


# Two rosters


@dataclass(frozen=True)
class Change:
    person: str
    day: int
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Two rosters of one problem: what they cost, by rule, and which cells differ."""

    before: Account
    after: Account
    changes: tuple[Change, ...]

    @property
    def by_rule(self) -> dict[str, tuple[int, int]]:
        """Rule to its cost before and after, where they differ, the greatest difference first."""
        names = dict.fromkeys([*self.before.by_rule, *self.after.by_rule])
        pairs = {name: (self.before.by_rule.get(name, 0), self.after.by_rule.get(name, 0)) for name in names}
        different = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        return dict(sorted(different.items(), key=lambda one: -abs(one[1][1] - one[1][0])))

    @property
    def sentences(self) -> list[str]:
        people = len({change.person for change in self.changes})
        said = [
            f"The first costs {self.before.cost}, the second {self.after.cost}.",
            f"{counted(len(self.changes), 'day')} of {counted(people, 'person')} differ.",
        ]
        for which, one in (("first", self.before), ("second", self.after)):
            if one.forbidden:
                said.append(f"The {which} breaks {counted(len(one.forbidden), 'rule')} that may not be broken.")
        return said + [f"{rule}: {before} and {after}." for rule, (before, after) in self.by_rule.items()]


def compare(problem: Problem, rules: Sequence[Rule], before: Assignment, after: Assignment) -> Comparison:
    changes = tuple(
        Change(person.id, day, before[person.id][day], after[person.id][day])
        for person in problem.people
        for day in problem.days
        if before[person.id][day] != after[person.id][day]
    )
    return Comparison(account(problem, rules, before), account(problem, rules, after), changes)
