"""Solve a few people again while the others stand still: the same search as for everybody, small enough to end."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimiser.columns import Master, Pool
from optimiser.pricing import Column, Pricer
from optimiser.roster import Roster
from optimiser.rowtable import Longs
from optimiser.tree import Tree

NODES = 60
"""A group that has no answer after so many nodes was too large."""
UNKNOWN = -(1 << 60)


@dataclass(frozen=True)
class Outcome:
    """``columns`` that are cheaper than before, if any; ``closed``: it is proved that nothing cheaper is left."""

    columns: tuple[Column, ...]
    closed: bool
    effort: int


def resolve(
    pricer: Pricer, pool: Pool, roster: Roster, people: Sequence[int], prices: Longs | None, stop: Callable[[], bool]
) -> Outcome:
    """The group's best lines. ``prices``: the rows' prices to begin with."""
    fixed, before = roster.without(people), roster.cost_of(people)
    master = Master(pricer.table, pool, people, fixed, missing=float(before + 1))
    for person in people:
        number = pool.add(roster.columns[person])
        master.add(pool.seen[roster.columns[person].key] if number is None else number)
    best: list[Column] = []

    def found(columns: list[Column]) -> int:
        best[:] = columns
        better = roster.copy()
        better.take(columns)
        return better.cost_of(people)

    tree = Tree(
        pricer, pool, master, fixed, prices, UNKNOWN, before, found, lambda: tree.nodes > NODES or stop()
    )  # fmt: skip
    tree.run()
    return Outcome(tuple(best), not tree.open, master.effort)


def pick_group(pricer: Pricer, roster: Roster, size: int, rng: random.Random) -> list[int]:
    """People around a costly row: those in it and around it, else people with dear lines, else anybody."""
    table, everybody = pricer.table, list(range(len(roster.columns)))
    size = min(size, len(everybody))
    kind = rng.random()
    weights = [1.0] * len(everybody)
    if kind < 0.6:
        costs = table.costs(roster.counts)
        dear = [row for row in range(table.size) if costs[row] > 0]
        if dear:
            row = rng.choices(dear, [float(costs[r]) for r in dear])[0]
            day = table.rows[row].days[0]
            near = [r for r in range(table.size) if abs(table.rows[r].days[0] - day) <= 2 and costs[r] > 0] or [row]
            for person in everybody:
                weights[person] = 0.3 + sum(abs(roster.columns[person].adds.get(r, 0)) for r in near)
    elif kind < 0.85:
        weights = [1.0 + roster.columns[person].cost for person in everybody]
    keys = [(rng.random() ** (1 / weight), person) for person, weight in enumerate(weights)]
    return sorted(person for _, person in sorted(keys, reverse=True)[:size])
