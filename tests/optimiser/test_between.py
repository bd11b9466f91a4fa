"""Hours of a year, which jump from far too few to far too many, come to what is due without asking another solver."""

import random
from unittest.mock import patch

import pytest

from optimiser import pricing
from optimiser.bench.generate import generate
from optimiser.files import from_text
from optimiser.lines import line_of
from optimiser.network import Network
from optimiser.pricing import Pricer
from optimiser.roster import any_line, greedy
from optimiser.rowtable import RowTable
from optimiser.rules.cover import rows_of
from optimiser.shapes import check_line


@pytest.mark.parametrize(("seed", "types"), [(7, 32), (101, 16)])
def test_a_year_of_many_shift_types(seed: int, types: int) -> None:
    task = from_text(generate("large", seed, weeks=52, staff=6, types=types))
    network = Network(task.problem, task.rules)
    table = RowTable(task.problem, rows_of(task.problem, task.rules))
    pricer = Pricer(network, table, 1)
    with patch.object(pricing, "exact_line", side_effect=AssertionError("too slow")):
        simple = {number: any_line(pricer, number) for number in range(6)}
        found = {number: column for number, column in simple.items() if column is not None}
        assert len(found) == 6
        roster = greedy(pricer, random.Random(1), {}, found)
    for column in (*found.values(), *roster.columns):
        shifts = [network.symbols[symbol].id for symbol in column.line]
        broken = check_line(line_of(task.problem, task.problem.people[column.person], shifts), task.rules)
        assert not any(one.blocks for one in broken)
        assert column.cost == sum(one.price for one in broken)
