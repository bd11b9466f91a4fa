"""Answers a person can use about a roster: what it costs and why, who could fill a gap, what differs from another.

Needs neither solver nor kernel: any roster can be asked about, not only one that was solved here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from optimiser.lines import line_of
from optimiser.problem import Assignment, Part, Person, Problem, Result, Violation
from optimiser.shapes import ColumnRule, Row, Rule, check_line
from optimiser.words import counted

Key = TypeVar("Key")
SHORT = 7
"""What concerns more days than a week belongs to no single day."""


def rows_of(problem: Problem, rules: Iterable[Rule]) -> list[Row]:
    """Everything that is counted over people."""
    joining = (rule for rule in rules if isinstance(rule, ColumnRule) and rule.level != "off")
    return [row for rule in joining for row in rule.rows(problem)]


@dataclass(frozen=True)
class Account:
    """What a roster costs: every part of it, and what is not allowed at all."""

    parts: tuple[Part, ...]
    forbidden: tuple[Violation, ...]

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
    for row in rows_of(problem, rules):
        count = row.count(assignment)
        if cost := row.cost(count):
            parts.append(Part(row.rule, cost, "", row.days, count_in_words(row, count)))
    return Account(tuple(parts), tuple(forbidden))


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
    open_rows = [(row.cost(count), row, missing_in(row, count)) for row, count in _counts(problem, rules, assignment)]
    open_rows = sorted((one for one in open_rows if one[2]), key=lambda one: -one[0])
    found = []
    for number, (cost, row, missing) in enumerate(open_rows):
        explained = most is None or number < most
        reasons = why_nobody(problem, rules, assignment, row) if explained else {}
        found.append(Gap(row, missing, cost, reasons))
    return found


def _counts(problem: Problem, rules: Sequence[Rule], assignment: Assignment) -> Iterator[tuple[Row, int]]:
    return ((row, row.count(assignment)) for row in rows_of(problem, rules) if row.rule == "Cover")


def why_nobody(problem: Problem, rules: Sequence[Rule], assignment: Assignment, row: Row) -> dict[str, str]:
    """For each person the first thing in the way: a kind of reason, a colon, the sentence."""
    return {person.id: _in_the_way(problem, rules, person, assignment[person.id], row) for person in problem.people}


def _in_the_way(problem: Problem, rules: Sequence[Rule], person: Person, shifts: Sequence[str], row: Row) -> str:
    if row.people.get(person.id, 0) <= 0:
        return "Does not count: has not the skill, or is not of the group that is asked for"
    if any(shifts[day] == shift for day, shift in row.cells):
        return "There already: is counted"
    ways = [_one_way(problem, rules, person, shifts, day, shift) for day, shift in sorted(row.cells)]
    return min(ways, default=(9, "Nobody can: no shift covers it"))[1]


def _one_way(
    problem: Problem, rules: Sequence[Rule], person: Person, shifts: Sequence[str], day: int, shift: str
) -> tuple[int, str]:
    """How far away that shift is (0: free and legal), and the words."""
    standing = problem.by_id[shifts[day]]
    if day in person.locked and standing.kind != "off":
        return 3, f"Booked: {standing} stands on {problem.calendar.name(day)}"
    before, after = (line_of(problem, person, line) for line in (shifts, with_shift(shifts, day, shift)))
    was = {(one.rule, one.days) for one in check_line(before, rules) if one.blocks}
    found = check_line(after, rules)
    in_the_way = next((one for one in found if one.blocks and (one.rule, one.days) not in was), None)
    if in_the_way is not None:
        return 2, f"{in_the_way.rule}: {in_the_way.sentence}"
    if standing.works:
        return 1, f"At work: works {standing} on {problem.calendar.name(day)}"
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
            f"{counted(len(self.changes), 'day')} of {counted(people, 'person').replace('persons', 'people')} differ.",
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
