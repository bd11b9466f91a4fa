"""Solve a few people again while the others stand still: the same dive as for everybody, soon at its end."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.columns import Master, Pool
from optimiser.line_dives import LineDive
from optimiser.pricing import Column, Pricer
from optimiser.roster import Roster
from optimiser.rowtable import Longs

LIKELY = 60
"""A group begins with so many columns of each person."""


@dataclass(frozen=True)
class Outcome:
    """``columns`` that cost less than before, if any; ``hopeless``: the program sees nothing to gain in this group."""

    columns: tuple[Column, ...]
    hopeless: bool
    effort: int


def resolve(
    pricer: Pricer, pool: Pool, roster: Roster, people: Sequence[int], prices: Longs | None, stop: Callable[[], bool]
) -> Outcome:
    """The group's best lines, as far as a dive finds them. ``prices``: the rows' prices to begin with."""
    own, limit = _likely(pricer, pool, roster, people, prices), roster.cost_of(people)
    master = Master(pricer.table, own, people, roster.without(people), missing=float(limit + 1))
    for number in range(len(own.columns)):
        master.add(number)
    dive = LineDive(pricer, master, limit, prices, stop)
    columns = dive.run()
    for number in sorted(dive.used):
        pool.add(own.columns[number])
    return Outcome(tuple(columns or ()), dive.hopeless, master.effort)


def _likely(pricer: Pricer, pool: Pool, roster: Roster, people: Sequence[int], prices: Longs | None) -> Pool:
    """A pool for the group alone, so that what one group finds is no burden to the next."""
    table = pricer.table
    cells = table.cell_prices(np.zeros(table.size, dtype=np.int64) if prices is None else prices)
    cells = cells.reshape(-1, table.days, table.symbols)
    own = Pool(pool.people)
    for person in people:
        own.add(roster.columns[person])
        for number in pool.likely(person, cells[table.kind_of[person]], pricer.scale, LIKELY):
            own.add(pool.columns[number])
    return own


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
