"""Where a search begins: people's kernels, a roster given (also an illegal one), lines of earlier runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.answers import account
from optimiser.columns import Pool
from optimiser.lines import line_of
from optimiser.network import Network
from optimiser.pricing import Column, Pricer
from optimiser.problem import OFF, Assignment, Person, Problem, Result
from optimiser.roster import Roster, any_line, best_answer
from optimiser.rowtable import RowTable
from optimiser.shapes import LineRule, Rule, check_line
from optimiser.stop import Stop, TooSoon

BREACH = 10
"""A rule that nobody could keep costs this many times the dearest day, so that it is broken as little as can be."""


@dataclass(frozen=True)
class Ground:
    """The kernels, and of each person some line; ``stuck`` are those whose line breaks rules."""

    network: Network
    lines: Mapping[int, Column]
    stuck: frozenset[int]


def ground(problem: Problem, rules: Sequence[Rule], table: RowTable, ask: Callable[[], None] = lambda: None) -> Ground:
    """People whom locks or the past leave no legal line get rules that may be broken at a price.

    ``ask`` may end it by raising ``TooSoon``, which then is told the lines found.
    """
    lines: dict[int, Column] = {}
    try:
        network = Network(problem, rules, table.dearest_day, ask)
        _find_lines(network, table, lines, ask)
        stuck = frozenset(range(len(problem.people))) - lines.keys()
        if stuck:
            breach = BREACH * max(1, table.dearest_day)
            people = tuple(
                softened(person, rules, breach) if number in stuck else person
                for number, person in enumerate(problem.people)
            )
            network = Network(replace(problem, people=people), rules, table.dearest_day, ask)
            _find_lines(network, table, lines, ask)
        return Ground(network, lines, stuck)
    except TooSoon as soon:
        symbols = (OFF, *problem.shifts)
        soon.lines = {
            problem.people[number].id: [symbols[symbol].id for symbol in column.line]
            for number, column in lines.items()
        }
        raise


def _find_lines(network: Network, table: RowTable, lines: dict[int, Column], ask: Callable[[], None]) -> None:
    """A line, whatever others do, of each person who has none yet."""
    pricer = Pricer(network, table, 1)
    for number in range(len(network.kernels)):
        if number not in lines:
            ask()
            column = any_line(pricer, number)
            if column is not None:
                lines[number] = column


def softened(person: Person, rules: Iterable[Rule], breach: int) -> Person:
    """The same person, whose rules may all be broken."""
    own = dict(person.parameters)
    for rule in rules:
        if isinstance(rule, LineRule):
            given = own.get(rule.name) or own.get(type(rule).__name__) or {}
            if given.get("level", rule.level) == "block":
                own[rule.name] = {**given, "level": "warn", "price": breach}
    return replace(person, parameters=own)


def unfinished(
    problem: Problem, rules: Sequence[Rule], stop: Stop, found: Mapping[str, Sequence[str]], start: Assignment
) -> Result:
    """What there is when it had to end too soon. For whom nothing was planned stands what was given, or what is locked
    and days off: nobody has looked whether that keeps the rules."""
    assignment = {}
    for person in problem.people:
        given = found.get(person.id) or start.get(person.id)
        assignment[person.id] = tuple(given or (person.locked.get(day, problem.off(day).id) for day in problem.days))
    unplanned = tuple(person.id for person in problem.people if person.id not in found)
    cost = account(problem, rules, assignment).cost
    return Result(assignment, cost, 0, unplanned=unplanned, seconds=stop.elapsed, ended=stop.reason)


class Beginning:
    """Turns lines of shift ids into columns, repairing those that are not legal."""

    def __init__(
        self,
        problem: Problem,
        rules: Sequence[Rule],
        pricer: Pricer,
        simple: Mapping[int, Column],
        pressed: Callable[[], bool],
    ) -> None:
        """``simple``: a line of each person, for whom there is no other, or no time (``pressed``) to find one."""
        self.problem, self.rules, self.pricer, self.simple, self.pressed = problem, rules, pricer, simple, pressed
        self.repaired: list[str] = []

    def column(self, person: int, shifts: Sequence[str]) -> Column | None:
        """The column of exactly this line, or None where it is not legal."""
        network = self.pricer.network
        if len(shifts) != self.problem.calendar.days or any(shift not in network.number for shift in shifts):
            return None
        line = np.array([network.number[shift] for shift in shifts])
        mask = np.zeros_like(network.kernels[person].allowed)
        mask[np.arange(len(line)), line] = True
        zero = np.zeros(self.pricer.table.size, dtype=np.int64)
        return self.pricer.price(zero, [person], {person: mask})[0].column

    def nearest(self, person: int, shifts: Sequence[str]) -> Column | None:
        """The legal line that changes the fewest days."""
        table, network = self.pricer.table, self.pricer.network
        kept = np.zeros((table.days, table.symbols), dtype=np.int64)
        worth = table.dearest_day * self.pricer.scale
        for day, shift in enumerate(shifts[: table.days]):
            if shift in network.number:
                kept[day, network.number[shift]] = worth
        column = self.pricer.one(person, kept, None, self.pricer.spaces[0]).column
        if column is not None:
            self._say(person, shifts, column)
        return column

    def _say(self, person: int, shifts: Sequence[str], column: Column) -> None:
        """One sentence for the person: how much was changed, and the first reason."""
        mine = self.problem.people[person]
        new = [self.pricer.network.symbols[symbol].id for symbol in column.line]
        changed = sum(a != b for a, b in zip(shifts, new, strict=False)) + abs(len(shifts) - len(new))
        reasons = []
        if len(shifts) == len(new) and all(shift in self.problem.by_id for shift in shifts):
            reasons = [f.sentence for f in check_line(line_of(self.problem, mine, shifts), self.rules) if f.blocks]
        why = f" ({reasons[0]})" if reasons else ""
        self.repaired.append(f"{mine.id}: {changed} {'day' if changed == 1 else 'days'} changed to be legal{why}")

    def roster(self, start: Assignment) -> Roster:
        """The roster given, each line legal. People whom it does not know are planned afresh."""
        columns: dict[int, Column] = {}
        for number, person in enumerate(self.problem.people):
            if person.id in start:
                shifts = start[person.id]
                column = self.column(number, shifts) or (None if self.pressed() else self.nearest(number, shifts))
                if column is not None:
                    columns[number] = column
        counts = self.pricer.table.constant.copy()
        for column in columns.values():
            for row, factor in column.adds.items():
                counts[row] += factor
        for number in range(len(self.problem.people)):
            if number not in columns:
                answer = None if self.pressed() else best_answer(self.pricer, number, counts)
                columns[number] = answer or self.simple[number]
                for row, factor in columns[number].adds.items():
                    counts[row] += factor
        return Roster(self.pricer.table, [columns[number] for number in sorted(columns)])

    def recall(self, pool: Pool, columns: Mapping[str, Iterable[Sequence[str]]]) -> None:
        """Lines of earlier runs, as far as they are still legal."""
        numbers = {person.id: number for number, person in enumerate(self.problem.people)}
        for name, lines in columns.items():
            for shifts in lines:
                if name in numbers and (column := self.column(numbers[name], shifts)) is not None:
                    pool.add(column)
