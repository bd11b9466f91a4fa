"""Where a search begins: people's kernels, a roster given (also an illegal one), lines of earlier runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimiser.columns import Pool
from optimiser.lines import line_of
from optimiser.network import Network
from optimiser.pricing import Column, Pricer
from optimiser.problem import Assignment, Person, Problem
from optimiser.roster import Roster, any_line, best_answer
from optimiser.rowtable import RowTable
from optimiser.shapes import LineRule, Rule, check_line

BREACH = 10
"""A rule that nobody could keep costs this many times the dearest day, so that it is broken as little as can be."""


def network_for(
    problem: Problem, rules: Sequence[Rule], table: RowTable, ask: Callable[[], None] = lambda: None
) -> tuple[Network, set[int]]:
    """The kernels; people whom locks or the past leave no legal line get rules that may be broken at a price."""
    network = Network(problem, rules, table.dearest_day, ask)
    pricer = Pricer(network, table, 1)
    prices = np.zeros(table.size, dtype=np.int64)
    stuck = set()
    for number in range(len(problem.people)):
        ask()
        stuck |= {one.person for one in pricer.price(prices, [number]) if one.column is None}
    if not stuck:
        return network, stuck
    breach = BREACH * max(1, table.dearest_day)
    people = tuple(
        softened(person, rules, breach) if number in stuck else person for number, person in enumerate(problem.people)
    )
    return Network(replace(problem, people=people), rules, table.dearest_day, ask), stuck


def softened(person: Person, rules: Iterable[Rule], breach: int) -> Person:
    """The same person, whose rules may all be broken."""
    own = dict(person.parameters)
    for rule in rules:
        if isinstance(rule, LineRule):
            given = own.get(rule.name) or own.get(type(rule).__name__) or {}
            if given.get("level", rule.level) == "block":
                own[rule.name] = {**given, "level": "warn", "price": breach}
    return replace(person, parameters=own)


class Beginning:
    """Turns lines of shift ids into columns, repairing those that are not legal."""

    def __init__(self, problem: Problem, rules: Sequence[Rule], pricer: Pricer) -> None:
        self.problem, self.rules, self.pricer = problem, rules, pricer
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

    def roster(self, start: Assignment) -> Roster | None:
        """The roster given, each line legal. People whom it does not know are planned afresh."""
        columns: dict[int, Column] = {}
        for number, person in enumerate(self.problem.people):
            if person.id in start:
                shifts = start[person.id]
                column = self.column(number, shifts) or self.nearest(number, shifts)
                if column is not None:
                    columns[number] = column
        counts = self.pricer.table.constant.copy()
        for column in columns.values():
            for row, factor in column.adds.items():
                counts[row] += factor
        for number in range(len(self.problem.people)):
            if number not in columns:
                column = best_answer(self.pricer, number, counts) or any_line(self.pricer, number)
                if column is None:
                    return None
                columns[number] = column
                for row, factor in column.adds.items():
                    counts[row] += factor
        return Roster(self.pricer.table, [columns[number] for number in sorted(columns)])

    def recall(self, pool: Pool, columns: Mapping[str, Iterable[Sequence[str]]]) -> None:
        """Lines of earlier runs, as far as they are still legal."""
        numbers = {person.id: number for number, person in enumerate(self.problem.people)}
        for name, lines in columns.items():
            for shifts in lines:
                if name in numbers and (column := self.column(numbers[name], shifts)) is not None:
                    pool.add(column)
