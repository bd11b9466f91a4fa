"""A roster being worked on: one column a person, the counts of all rows, the cost."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from optimiser.pricing import Column, Pricer
from optimiser.rowtable import Longs, RowTable


class Roster:
    def __init__(self, table: RowTable, columns: Sequence[Column]) -> None:
        self.table = table
        self.columns = list(columns)
        self.counts: Longs = table.constant.copy()
        for column in columns:
            self._add(column, 1)
        self.cost = sum(column.cost for column in columns) + int(table.costs(self.counts).sum())

    def _add(self, column: Column, sign: int) -> None:
        for row, factor in column.adds.items():
            self.counts[row] += sign * factor

    def copy(self) -> "Roster":
        return Roster(self.table, self.columns)

    def without(self, people: Iterable[int]) -> Longs:
        """The counts of everybody else."""
        counts = self.counts.copy()
        for person in people:
            for row, factor in self.columns[person].adds.items():
                counts[row] -= factor
        return counts

    def cost_of(self, people: Iterable[int]) -> int:
        """What these people's lines and all rows cost: what a group can change."""
        return sum(self.columns[person].cost for person in people) + int(self.table.costs(self.counts).sum())

    def take(self, columns: Iterable[Column]) -> None:
        """Put these columns in the place of their people's."""
        for column in columns:
            self._add(self.columns[column.person], -1)
            self.columns[column.person] = column
            self._add(column, 1)
        self.cost = sum(one.cost for one in self.columns) + int(self.table.costs(self.counts).sum())


def best_answer(pricer: Pricer, person: int, others: Longs) -> Column | None:
    """The line that suits one person best while everybody else stands still."""
    kind = int(pricer.table.kind_of[person])
    earned = pricer.table.marginal(kind, others).reshape(pricer.table.days, -1) * pricer.scale
    pricer.work += pricer.network.kernels[person].compiled.work(pricer.table.days)
    return pricer.one(person, earned, None, pricer.spaces[0]).column


def any_line(pricer: Pricer, person: int) -> Column | None:
    """A legal line, whatever others do: prices of cells can lead the kernel astray where it leaves windows out."""
    return pricer.price(np.zeros(pricer.table.size, dtype=np.int64), [person])[0].column


def descend(
    pricer: Pricer, roster: Roster, rng: random.Random, stop: Callable[[], bool], found: Callable[[Column], object]
) -> None:
    """Give each person in turn the best line, until nobody's change saves anything or it is time to stop. Every line
    tried is told to ``found``."""
    order = list(range(len(roster.columns)))
    unchanged = 0
    rng.shuffle(order)
    while unchanged < len(order):
        for person in order:
            column = best_answer(pricer, person, roster.without([person]))
            before = roster.cost
            if column is not None:
                found(column)
            if column is not None and column.key != roster.columns[person].key:
                old = roster.columns[person]
                roster.take([column])
                if roster.cost < before:
                    unchanged = 0
                    if stop():
                        return
                    continue
                roster.take([old])
            unchanged += 1
            if unchanged >= len(order) or stop():
                return


def greedy(
    pricer: Pricer,
    rng: random.Random,
    keep: Mapping[int, Column],
    simple: Mapping[int, Column],
    pressed: Callable[[], bool] = lambda: False,
) -> Roster:
    """Fill the rows one person after another, in random order; ``keep`` are lines that stand already. Once ``pressed``
    for time, and for whom there is no answer, a ``simple`` line does."""
    table = pricer.table
    counts = table.constant.copy()
    columns = dict(keep)
    hurry = False
    for column in keep.values():
        for row, factor in column.adds.items():
            counts[row] += factor
    order = [person for person in range(len(pricer.network.kernels)) if person not in keep]
    rng.shuffle(order)
    for person in order:
        hurry = hurry or pressed()
        answer = (None if hurry else best_answer(pricer, person, counts)) or simple[person]
        columns[person] = answer
        for row, factor in answer.adds.items():
            counts[row] += factor
    return Roster(table, [columns[person] for person in sorted(columns)])
