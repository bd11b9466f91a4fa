"""A window that is paid for and not counted: the bound is never above the best line, whatever its weights are."""

from itertools import product
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser import line_kernel
from optimiser.network import Network
from optimiser.penalties import Penalties
from optimiser.pricing import Pricer
from optimiser.problem import OFF, Calendar, Person, Problem, Shift
from optimiser.rowtable import RowTable
from optimiser.rules import default_rules
from optimiser.rules.contract_hours import ContractHours
from optimiser.shapes import fitted

DAYS = 5
OFTEN = settings(max_examples=150, deadline=None, derandomize=True)


@st.composite
def alone(draw: st.DrawFn) -> tuple[Problem, ContractHours]:
    """One person whose shifts need not be whole hours, nor hours whole shifts; hours due are any number of minutes."""
    unit = draw(st.sampled_from([1, 30, 40, 60, 90, 480]))
    minutes = [unit * draw(st.integers(1, 3)) for _ in range(2)]
    shifts = tuple(Shift(name, 8 * 60, 16 * 60, counted) for name, counted in zip("EL", minutes, strict=True))
    rule = ContractHours(
        tolerance=draw(st.sampled_from([0, 100, 480])),
        balance=draw(st.integers(-500, 500)),
        level=draw(st.sampled_from(["warn", "warn", "block"])),
        price=draw(st.integers(1, 20)),
    )
    return Problem(Calendar(DAYS), shifts, (Person("P", hours=draw(st.integers(1, 7 * 4 * unit))),)), rule


@OFTEN
@given(alone(), st.data())
def test_the_bound_of_one_line(task: tuple[Problem, ContractHours], data: st.DataObject) -> None:
    problem, rule = task
    with patch.object(line_kernel, "MOST_ROOM", 0):
        network = Network(problem, [rule])
        pricer = Pricer(network, RowTable(problem, []), 1)
        (kern,) = network.kernels
        gain = data.draw(st.lists(st.integers(0, 30), min_size=3 * DAYS, max_size=3 * DAYS))
        earned = np.array(gain, dtype=np.int64).reshape(DAYS, 3) * network.scale
        answer = pricer.one(0, earned, None, pricer.spaces[0])
    minutes = [shift.minutes for shift in network.symbols]
    (window,) = rule.windows(kern.person, problem.calendar)
    true = {
        line: network.scale * charge - int(earned[range(DAYS), line].sum())
        for line in product(range(3), repeat=DAYS)
        if (charge := rule.charge(rule.amount(window, sum(minutes[symbol] for symbol in line)))) is not None
    }
    if true:
        assert answer.value <= min(true.values())
    if answer.column is not None:
        assert pricer._reduced(answer.column, earned) == true[tuple(answer.column.line.tolist())]


def test_hours_are_found_where_no_row_is_worth_anything() -> None:
    """Being off costs the same as working, but for the hours due, which the kernel does not count."""
    times = {"A": (450, 1200), "D": (480, 1020), "E": (450, 765), "L": (735, 1260), "N": (1245, 1890)}
    shifts = tuple(
        Shift(name, start, end, end - start - 30, breaks=((start + 240, start + 270),))
        for name, (start, end) in times.items()
    )
    people = tuple(
        Person(str(days), hours=37 * 60, history=(*[shifts[1]] * days, *[OFF] * (7 - days)) * 17)
        for days in range(1, 6)
    )
    problem = Problem(Calendar(28), shifts, people)
    with patch.object(line_kernel, "MOST_ROOM", 0):
        network = Network(problem, fitted(problem, default_rules()))
        pricer = Pricer(network, RowTable(problem, []), 1)
        for _ in range(2):
            answers = pricer.price(np.zeros(0, dtype=np.int64))
    assert [(answer.value, answer.column and answer.column.cost) for answer in answers] == [(0, 0)] * 5


@OFTEN
@given(alone(), st.floats(-1, 1))
def test_what_is_paid_for_a_sum_less_the_refund_is_never_above_its_charge(
    task: tuple[Problem, ContractHours], share: float
) -> None:
    problem, rule = task
    with patch.object(line_kernel, "MOST_ROOM", 0):
        network = Network(problem, [rule])
    (kern,) = network.kernels
    penalties = Penalties(kern, remembered=True)
    penalties.spare(kern.relaxed)
    for one in penalties.all.values():
        one.price = int(share * one.dearest)
        sums = range(DAYS * 3 + 1)
        charges = {total: one.count.charge(total * one.unit) for total in sums}
        ways = [
            one.price * total - charge * network.scale
            for total, charge in charges.items()
            if charge < line_kernel.FORBIDDEN
        ]
        assert all(way <= penalties.refund for way in ways)
