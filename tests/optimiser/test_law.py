"""The law of rules: what a planner's screen says, what CP-SAT is told and what the kernel walks are one and the same.

Every rule file gives small cases of its own; here every line of each case is read in all three ways.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from ortools.sat.python import cp_model

from optimiser import kernel
from optimiser.cases import Case
from optimiser.compiled import Workspace
from optimiser.encode import CpLine
from optimiser.lines import line_of
from optimiser.network import Network
from optimiser.rules import all_cases, all_rules
from optimiser.shapes import LineRule

Reading = dict[tuple[str, ...], int]  # line to its price; lines that are not allowed are not in it
CASES = all_cases()


def lines(one: Case) -> Iterator[tuple[str, ...]]:
    return product(*[[shift.id for shift in one.problem.choices(one.person, day)] for day in one.problem.days])


def checked(one: Case) -> Reading:
    found = {}
    for shifts in lines(one):
        violations = one.rule.check(line_of(one.problem, one.person, shifts))
        assert all(violation.sentence and violation.days for violation in violations)
        if not any(violation.blocks for violation in violations):
            found[shifts] = sum(violation.price for violation in violations)
    return found


def encoded(one: Case) -> Reading:
    model = cp_model.CpModel()
    line = CpLine(model, one.problem, one.person, [one.rule])
    found: Reading = {}

    class Listener(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            shifts = [""] * one.problem.calendar.days
            for (day, shift), variable in line.cells.items():
                if self.boolean_value(variable):
                    shifts[day] = shift.id
            assert tuple(shifts) not in found
            found[tuple(shifts)] = self.value(line.cost)

    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    solver.solve(model, Listener())
    return found


def walked(one: Case) -> Reading:
    """The kernel is offered one line at a time."""
    network = Network(one.problem, [one.rule])
    (walker,) = network.kernels
    found, space, days = {}, Workspace(), np.arange(one.problem.calendar.days)
    for shifts in lines(one):
        symbols = np.array([network.number[shift] for shift in shifts], dtype=np.int32)
        prices = np.full(walker.cells.shape, kernel.INFINITE, dtype=np.int32)
        allowed = walker.allowed[days, symbols]
        prices[days[allowed], symbols[allowed]] = walker.cells[days[allowed], symbols[allowed]] * network.scale
        value, line = walker.best(prices, space)
        if line is not None:
            assert (line == symbols).all()
            beside = [charge for _, charge in walker.broken(line)]
            if None not in beside:
                found[shifts] = value // network.scale + sum(charge or 0 for charge in beside)
    return found


def named(one: Case) -> str:
    return f"{one.rule.name}-{one.rule.level}"


def test_every_rule_of_one_line_has_a_case() -> None:
    kinds = {kind for kind in all_rules().values() if issubclass(kind, LineRule)}
    assert kinds == {type(one.rule) for one in CASES}


@pytest.mark.parametrize("one", CASES, ids=named)
def test_check_encoding_and_kernel_are_one(one: Case) -> None:
    by_check = checked(one)
    assert encoded(one) == by_check
    assert walked(one) == by_check


@pytest.mark.parametrize("kind", list(dict.fromkeys(type(one.rule) for one in CASES)), ids=lambda kind: kind.__name__)
def test_something_is_refused_and_something_allowed(kind: type[LineRule]) -> None:
    """Each case says yes to some line; each class refuses or prices some line that may stand."""
    bites = False
    for one in (one for one in CASES if type(one.rule) is kind):
        reading = checked(one)
        every = list(product([shift.id for shift in (*one.problem.shifts,)] + [""], repeat=one.problem.calendar.days))
        violated = (one.rule.check(line_of(one.problem, one.person, shifts)) for shifts in every)
        bites = bites or any(reading.values()) or any(violated)
        assert reading
        assert 0 in reading.values() or len(set(reading.values())) > 1
    assert bites
