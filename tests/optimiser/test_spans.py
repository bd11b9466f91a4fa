"""Long horizons: the same promises where only a few days are written at a time."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from optimiser import solve as search
from optimiser import spans
from optimiser.problem import Problem
from optimiser.roster import Roster, greedy
from optimiser.shapes import Rule
from optimiser.solve import Search, solve
from optimiser.stop import Stop
from tests.optimiser.test_solve import FEW, RULES, week
from tests.optimiser.tiny import best_cost, cost_of, tasks


@pytest.fixture(autouse=True, scope="module")
def everything_is_long() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "LONG", 0)
        patch.setattr(spans, "WEEK", 3)
        patch.setattr(search, "ROWS", 1)
        yield


@FEW
@given(tasks())
def test_against_trying_everything(task: tuple[Problem, tuple[Rule, ...]]) -> None:
    problem, rules = task
    best = best_cost(problem, rules)
    if best is None:
        return
    result = solve(problem, rules, Stop(effort=100), workers=1)
    assert result.cost == cost_of(problem, rules, result.assignment)
    assert result.bound <= best <= result.cost


def test_the_same_seed_and_effort_give_the_same_roster() -> None:
    one, two = (solve(week(), RULES, Stop(effort=400), seed=7, workers=workers) for workers in (1, 2))
    assert (one.assignment, one.cost, one.bound) == (two.assignment, two.cost, two.bound)
    assert one.optimal  # spans that find nothing grow until they are the whole


def test_spans_overlap_and_reach_to_the_end_and_only_their_days_change() -> None:
    run = Search(week(), RULES, Stop(effort=100), 1, None, 1)
    found = spans.spans(run.table, 1)
    assert [(one.days.start, one.days.stop) for one in found] == [(k, k + 3) for k in range(5)]
    assert {row for one in found for row in one.rows.tolist()} == set(range(run.table.size))
    roster = greedy(run.pricer, run.rng, {}, run.simple)
    span = found[1]
    written = spans.rewrite(run.pricer, roster, span, lambda: False)
    if written.columns is not None:
        assert Roster(run.table, written.columns).cost < roster.cost
        for before, after in zip(roster.columns, written.columns, strict=True):
            assert {d for d in range(7) if before.line[d] != after.line[d]} <= set(span.days)
    assert run.pricer.table is run.table
