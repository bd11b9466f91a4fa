"""Submissions under kill: nothing lost, nothing half done, nothing twice, and every doubt visible.

Worker, web and database die at the n-th step of a submission, n = 1, 2, 3 ... until it passes untouched. What a step
is: tests/kills/plan.py. Without ``--all`` a few steps stand for the rest.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kills.plan import Cut
from tests.kills.scene import Scene, every_step, faults

SERIES = {
    ("front", "self", 1, 1): 40,
    ("worker", "self", 1, 1): 60,
    ("front", "database", 1, 1): 40,
    ("worker", "database", 1, 2): 30,
    ("worker", "database", 2, 2): 30,
}
"""Who works, who is killed, the first step and the distance to the next; and the fewest kills that this has to come
to: at least 200 in all. The slowest series is halved.
"""

QUICK = [
    Cut("front", "self", label="INSERT INTO reporting_submission"),
    Cut("front", "all", label="defer job"),
    Cut("front", "database", label="commit"),
    Cut("worker", "self", label="file done"),
    Cut("worker", "self", label="POST reports done"),
    Cut("worker", "database", label="POST supportingdocuments done"),
]
PLANTS = {
    "queued after the commit": Cut("front", "self", label="commit done"),
    "sent again blindly": Cut("worker", "self", label="POST reports done"),
    "no note before sending": Cut("worker", "self", label="POST supportingdocuments done"),
    "mail without look-up": Cut("worker", "self", label="POST email done"),
}


@pytest.fixture(scope="module")
def faithful(
    postgres: None, django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """The case system as it is: it knows no key."""
    with django_db_blocker.unblock(), Scene(tmp_path_factory.mktemp("kills")).running() as scene:
        yield scene


@pytest.mark.parametrize("cut", QUICK, ids=str)
def test_a_kill_loses_nothing_and_doubles_nothing(faithful: Scene, cut: Cut) -> None:
    reached, found = faults(faithful, cut)
    assert found == []
    assert reached


@pytest.mark.parametrize("fault", PLANTS)
def test_the_checker_finds_a_planted_fault(faithful: Scene, fault: str) -> None:
    faithful.plan.plant(fault)
    try:
        story = faithful.play(PLANTS[fault])
        assert story.reached
        assert faithful.faults(story, settled=False)
    finally:
        faithful.plan.plant("")


@pytest.mark.long
@pytest.mark.parametrize("series", SERIES, ids=lambda series: "-".join(map(str, series)))
def test_every_step_with_the_case_system_as_it_is(faithful: Scene, series: tuple[str, str, int, int]) -> None:
    kills, found = every_step(faithful, *series)
    assert found == []
    assert kills >= SERIES[series]
