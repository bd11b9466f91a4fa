"""One line by CP-SAT: for questions at which the kernel leaves out a rule that may not be broken, and breaks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from ortools.sat.python import cp_model

from optimiser import kernel
from optimiser.counters import Ints
from optimiser.encode import CpLine
from optimiser.problem import Person, Problem, Shift
from optimiser.shapes import Cell, LineRule

EFFORT = 5.0
"""How long it may search, in CP-SAT's own measure of time, which is the same on every machine."""


@dataclass(frozen=True)
class Exact:
    """``bound``: no line is cheaper (INFINITE: there is none at all). ``line`` with its ``value``, where one is found.
    All in the kernel's units."""

    bound: int
    value: int = 0
    line: Ints | None = None


def exact_line(
    problem: Problem, person: Person, rules: Sequence[LineRule], symbols: Sequence[Shift], prices: Ints, scale: int
) -> Exact:
    """The cheapest line that keeps all rules. ``prices``: day x symbol, with what the rules of single cells charge."""
    model = cp_model.CpModel()
    line = CpLine(model, problem, person, [rule for rule in rules if not isinstance(rule, Cell)])
    number = {shift.id: symbol for symbol, shift in enumerate(symbols)}
    earned = []
    for (day, shift), stands in line.cells.items():
        price = int(prices[day, number[shift.id]])
        if price >= kernel.DEAD:
            model.add(stands == 0)
        else:
            earned.append(price * stands)
    model.minimize(scale * line.cost + cp_model.LinearExpr.sum(earned))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Exact(kernel.INFINITE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Exact(-kernel.INFINITE)
    found = np.zeros(len(prices), dtype=np.int32)
    for (day, shift), stands in line.cells.items():
        if solver.boolean_value(stands):
            found[day] = number[shift.id]
    return Exact(ceil(solver.best_objective_bound - 0.5), round(solver.objective_value), found)
