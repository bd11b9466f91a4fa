"""Solve a few people again while the others stand still: price their lines, cut by the bound, choose with CP-SAT."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimiser.columns import Generation, Master, Pool
from optimiser.pricing import Column, Pricer, whole
from optimiser.roster import Roster
from optimiser.rowtable import Longs, RowTable

ROUNDS = 200


@dataclass(frozen=True)
class Outcome:
    """``columns`` better than before, if any; ``closed``: it is proved that nothing better is there to find."""

    columns: tuple[Column, ...] = ()
    closed: bool = False
    effort: float = 0.0


def resolve(
    pricer: Pricer, pool: Pool, roster: Roster, people: Sequence[int], prices: Longs | None, seed: int, limit: float,
    stop: Callable[[], bool],
) -> Outcome:  # fmt: skip
    """The group's best lines. ``prices``: rows' prices to begin with; ``limit``: CP-SAT's deterministic time."""
    fixed = roster.without(people)
    before = roster.cost_of(people)
    master = Master(pricer.table, pool, people, fixed, missing=float(before + 1))
    for person in people:
        number = pool.add(roster.columns[person])
        master.add(pool.seen[roster.columns[person].key] if number is None else number)
    generation = Generation(pricer, pool, master, fixed, centre=prices)
    for _ in range(ROUNDS):
        more = generation.round()
        if whole(generation.bound, pricer.scale) >= before:
            return Outcome(closed=True, effort=master.effort)
        if not more or stop():
            break
    assert generation.prices is not None
    space = before - generation.bound / pricer.scale
    reduced = generation.prices
    numbers = [number for number in master.chosen if reduced.reduced(pool.columns[number]) < space]
    columns = [pool.columns[number] for number in numbers]
    chosen, effort, closed = choose(pricer.table, columns, people, fixed, before, roster, seed, limit)
    return Outcome(tuple(chosen), closed and False, master.effort + effort)


def choose(
    table: RowTable, columns: Sequence[Column], people: Sequence[int], fixed: Longs, before: int, roster: Roster,
    seed: int, limit: float,
) -> tuple[list[Column], float, bool]:  # fmt: skip
    """One column for each person, cheaper than ``before``; and whether CP-SAT came to an end."""
    model = cp_model.CpModel()
    use = [model.new_bool_var("") for _ in columns]
    mine: dict[int, list[cp_model.IntVar]] = {person: [] for person in people}
    touched: dict[int, list[tuple[cp_model.IntVar, int]]] = {}
    for variable, column in zip(use, columns, strict=True):
        mine[column.person].append(variable)
        for row, factor in column.adds.items():
            touched.setdefault(row, []).append((variable, factor))
        model.add_hint(variable, column.key == roster.columns[column.person].key)
    for variables in mine.values():
        model.add_exactly_one(variables)
    cost: list[cp_model.LinearExprT] = [column.cost * variable for variable, column in zip(use, columns, strict=True)]
    constant = int(table.costs(fixed).sum()) - int(sum(table.costs(fixed)[list(touched)]))
    for row, terms in touched.items():
        cost += row_cost(model, table, row, int(fixed[row]), terms)
    total = cp_model.LinearExpr.sum(cost) + constant
    model.add(total <= before - 1)
    model.minimize(total)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = limit
    status = solver.solve(model)
    spent = solver.response_proto.deterministic_time * 1000
    closed = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [], spent, closed
    return [column for variable, column in zip(use, columns, strict=True) if solver.value(variable)], spent, closed


def row_cost(
    model: cp_model.CpModel, table: RowTable, row: int, fixed: int, terms: list[tuple[cp_model.IntVar, int]]
) -> list[cp_model.LinearExprT]:
    """What is missing or too much in a row, each step as a variable that the minimum presses down."""
    count = cp_model.LinearExpr.weighted_sum([v for v, _ in terms], [f for _, f in terms]) + fixed
    low = fixed + sum(min(0, f) for _, f in terms)
    high = fixed + sum(max(0, f) for _, f in terms)
    parts: list[cp_model.LinearExprT] = []
    for need, price in table.rows[row].under:
        if need > low:
            missing = model.new_int_var(0, need - low, "")
            model.add(missing >= need - count)
            parts.append(price * missing)
    for most, price in table.rows[row].over:
        if high > most:
            surplus = model.new_int_var(0, high - most, "")
            model.add(surplus >= count - most)
            parts.append(price * surplus)
    return parts


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
