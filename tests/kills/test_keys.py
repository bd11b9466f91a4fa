"""The same kills with a case system that answers a repeated key as the first time: nothing may stay in doubt."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kills.scene import Scene, every_step

SERIES = {"self": (1, 60), "database": (4, 15)}
"""Victim, the distance between the steps at which it dies, and the fewest kills that this has to come to."""


@pytest.fixture(scope="module")
def keyed(
    postgres: None, django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with django_db_blocker.unblock(), Scene(tmp_path_factory.mktemp("kills"), keyed=True).running() as scene:
        yield scene


@pytest.mark.long
@pytest.mark.parametrize("victim", SERIES)
def test_every_step_of_delivery_with_a_case_system_that_honours_keys(keyed: Scene, victim: str) -> None:
    stride, least = SERIES[victim]
    kills, found = every_step(keyed, "worker", victim, stride=stride)
    assert found == []
    assert kills >= least
