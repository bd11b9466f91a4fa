"""One colleague's remaining days, written anew by the kernel around a shift that must be worked."""

from collections.abc import Iterator, Sequence

import numpy as np

from optimiser.lines import line_of
from optimiser.network import Network
from optimiser.pricing import Column, Pricer
from optimiser.problem import Assignment, Person, Problem
from optimiser.rowtable import Longs, RowTable
from optimiser.rules.cover import rows_of
from optimiser.shapes import Rule, check_line

BEFORE, AFTER = 4, 8
"""So many days before and after the gap may change; the others stay."""


class Replanner:
    """The standing roster, compiled once for the kernel."""

    def __init__(self, problem: Problem, rules: Sequence[Rule], assignment: Assignment, today: int) -> None:
        self.problem, self.rules, self.today = problem, tuple(rules), today
        self.own_cost: dict[int, int] = {}
        self.table = RowTable(problem, rows_of(problem, rules))
        self.network = Network(problem, rules, self.table.dearest_day)
        self.pricer = Pricer(self.network, self.table, workers=2)
        self.number = {person.id: number for number, person in enumerate(problem.people)}
        symbols = self.network.number
        self.lines = [np.array([symbols[one] for one in assignment[p.id]], dtype=np.int32) for p in problem.people]
        self.counts = self.table.counts(self.lines)

    def replans(
        self, people: Sequence[Person], shift: str, day: int, changed_day: int
    ) -> Iterator[tuple[str, tuple[str, ...], int]]:
        """For each person a line with that shift on that day, and how much dearer the whole roster becomes."""
        numbers = [self.number[person.id] for person in people]
        symbol = self.network.number[shift]
        if self.pricer.pool is None:
            shares = [self._share(numbers, 0, symbol, day, changed_day)]
        else:
            workers = range(self.pricer.workers)
            parts = [numbers[worker :: self.pricer.workers] for worker in workers]
            shares = list(self.pricer.pool.map(lambda k: self._share(parts[k], k, symbol, day, changed_day), workers))
        for column in (column for share in shares for column in share):
            line = tuple(self.network.symbols[one].id for one in column.line)
            yield self.problem.people[column.person].id, line, self._dearer(column)

    def _share(self, numbers: Sequence[int], worker: int, symbol: int, day: int, changed_day: int) -> list[Column]:
        found = (self._replan(number, worker, symbol, day, changed_day) for number in numbers)
        return [column for column in found if column is not None]

    def _replan(self, person: int, worker: int, symbol: int, day: int, changed_day: int) -> Column | None:
        standing, scale, table = self.lines[person], self.pricer.scale, self.table
        earned = table.marginal(int(table.kind_of[person]), self._others(person)) * scale
        earned = earned.reshape(table.days, table.symbols)
        days = np.arange(table.days)
        stays = earned[days, standing]
        earned = earned - changed_day * scale
        earned[days, standing] = stays
        may = np.ones((table.days, table.symbols), dtype=np.bool_)
        still = (days < max(self.today, day - BEFORE)) | (days > day + AFTER)
        may[still] = False
        may[days[still], standing[still]] = True
        may[day] = False
        may[day, symbol] = True
        masks, space = {person: may}, self.pricer.spaces[worker]
        quick = self.pricer.one(person, earned, masks, space, rounds=1).column
        return quick or self.pricer.one(person, earned, masks, space).column

    def _others(self, person: int) -> Longs:
        counts = self.counts.copy()
        for row, factor in self.table.incidence(person, self.lines[person]).items():
            counts[row] -= factor
        return counts

    def _dearer(self, column: Column) -> int:
        counts = self._others(column.person)
        for row, factor in column.adds.items():
            counts[row] += factor
        rows = int(self.table.costs(counts).sum() - self.table.costs(self.counts).sum())
        return rows + column.cost - self._own_cost(column.person)

    def _own_cost(self, person: int) -> int:
        if person not in self.own_cost:
            one = self.problem.people[person]
            line = line_of(self.problem, one, [self.network.symbols[symbol].id for symbol in self.lines[person]])
            self.own_cost[person] = sum(found.price for found in check_line(line, self.rules))
        return self.own_cost[person]

    def warm(self) -> None:
        """Everything that the first question would wait for."""
        for person in range(len(self.lines)):
            self._own_cost(person)
        self._replan(0, 0, int(self.lines[0][-1]), self.table.days - 1, 0)
