"""An hour begun is charged in full also where the sum of hours is too wide to be followed (see ``counters.Begun``)."""

import numpy as np
import pytest

from optimiser.begin import ground
from optimiser.bench.prison import prison
from optimiser.lines import Line
from optimiser.pricing import Pricer
from optimiser.rowtable import RowTable
from optimiser.rules.cover import rows_of
from optimiser.shapes import check_line


@pytest.mark.parametrize("hours", [5, 24, 37])
def test_the_rest_of_a_sum_is_followed(hours: int) -> None:
    """The bound is never above what following the whole sum gives, and lines cost what the rules say."""
    task = prison(4, 14)
    rules = [rule for rule in task.rules if rule.name != "HoursInDays"]
    table = RowTable(task.problem, rows_of(task.problem, rules))
    network = ground(task.problem, rules, table).network
    pricer = Pricer(network, table, 1)
    chance, followed = np.random.default_rng(hours), 0
    for number, kern in enumerate(network.kernels):
        earned = chance.integers(0, 2 * hours, (table.days, table.symbols)) * pricer.scale
        earned[:, 0] = 0
        kern.forget()
        if kern.plain is None or kern.plain.rule.name != "ContractHours":
            continue
        whole, _ = kern.best(pricer._exact(number, earned, None), pricer.spaces[0])
        kern.dropped, kern.plain = kern.plain, None
        kern.relaxed.append(kern.dropped)
        kern.compiled = kern._compile()
        rough = pricer.one(number, earned, None, pricer.spaces[0], rounds=10)
        kern.forget()
        followed += kern.refine()
        fine = pricer.one(number, earned, None, pricer.spaces[0], rounds=10)
        kern.forget()
        assert fine.value <= max(whole, rough.value) + 1
        assert fine.column is not None
        line = Line(kern.person, task.problem.calendar, tuple(network.symbols[s] for s in fine.column.line))
        found = check_line(line, rules)
        assert not any(one.blocks for one in found)
        assert fine.column.cost == sum(one.price for one in found)
        assert fine.value <= pricer._reduced(fine.column, earned)
    assert followed
