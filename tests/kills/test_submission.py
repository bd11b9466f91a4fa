"""Submissions under kill: nothing lost, nothing half done, nothing twice, and every doubt visible.

Worker, web and database die at the n-th step of a submission, n = 1, 2, 3 ... until it passes untouched. What a step
is: tests/kills/plan.py. Without ``--all`` a few steps stand for the rest.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kills.plan import Cut
from tests.kills.scene import Scene

SERIES = [("front", "self"), ("worker", "self"), ("front", "database"), ("worker", "database")]
WHOLE_SITE = 5
"""Every so many kills of a web worker take the whole site with them."""

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


@pytest.fixture
def keyed(postgres: None, django_test_environment: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Scene]:
    """A case system that answers a repeated key as the first time."""
    with django_db_blocker.unblock(), Scene(tmp_path, keyed=True).running() as scene:
        yield scene


def faults(scene: Scene, cut: Cut) -> tuple[bool, list[str]]:
    """Whether the cut was made, and what was wrong before or after staff settled what was in doubt."""
    story = scene.play(cut)
    found = scene.faults(story, settled=False)
    if not found:
        scene.settle(story)
        found = scene.faults(story, settled=True)
    return bool(story.reached), [f"{story} {fault}" for fault in found]


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


def every_step(scene: Scene, series: list[tuple[str, str]], stride: int = 1) -> tuple[int, list[str]]:
    """How many kills there were, and what was wrong after which."""
    kills, found = 0, []
    for who, victim in series:
        reached, n = True, 1 - stride
        while reached:
            n += stride
            wide = (who, victim) == ("front", "self") and n % WHOLE_SITE == 0
            reached, wrong = faults(scene, Cut(who, "all" if wide else victim, at=n))
            found += wrong
            kills += reached
    return kills, found


@pytest.mark.long
def test_every_step_with_the_case_system_as_it_is(faithful: Scene) -> None:
    kills, found = every_step(faithful, SERIES)
    assert found == []
    assert kills >= 200


@pytest.mark.long
def test_every_step_of_delivery_with_a_case_system_that_honours_keys(keyed: Scene) -> None:
    kills, found = every_step(keyed, [("worker", "self")])
    more, wrong = every_step(keyed, [("worker", "database")], stride=4)
    assert found + wrong == []
    assert kills + more >= 70
