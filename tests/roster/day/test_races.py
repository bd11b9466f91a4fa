"""Several people fill one gap at once: as many get through as were missing, the others are told (issue 4, race)."""

from functools import partial
from typing import Any
from unittest import mock

import pytest

from roster.day import moves
from roster.demand.coverage import Coverage
from roster.demand.models import Post, Requirement
from roster.demand.supply import Stretch
from roster.planning.cover import Desk
from roster.timeline import actions as timeline
from roster.timeline.actions import Cell
from roster.timeline.models import Duty, Level
from roster.timeline.refusals import Refused
from tests.races.racing import MOST, Racers
from tests.roster.day.conftest import TODAY, gatekeeper

pytestmark = pytest.mark.usefixtures("morning")

ATTEMPTS = 10_000


def gap_of(prison: Any) -> tuple[Coverage, Stretch]:
    coverage = Coverage(prison, None, TODAY, TODAY)
    return coverage, next(one for one in coverage.stretches if one.day == TODAY)


def rounds(number: int, prison: Any, people: list[Any], by: Any, *, counted: bool = False) -> list[str]:
    """So many rounds on one gap: everybody puts somebody else there. What was wrong, if anything.

    ``counted``: who is missing is one quick count instead of the whole demand; what races is the same.
    """
    coverage, gap = gap_of(prison)
    shift = Desk(coverage, gap).shift
    put_there = Duty.objects.filter(live=True, shift_date=TODAY, level=Level.OVERTIME)

    def missing() -> int:
        return gap.gap - put_there.count() if counted else gap_of(prison)[1].gap

    def put(person: Any) -> Any:
        return moves.put_on_post(prison, person, TODAY, shift, by=by, reason="Race", overtime=True, missing=missing)

    wrong = []
    with Racers(len(people)) as race:
        for turn in range(number):
            results = race.together(*(partial(put, person) for person in people))
            told = [result for result in results if isinstance(result, Refused) and "meanwhile" in str(result)]
            there = Duty.objects.filter(live=True, shift_date=TODAY).values_list("person", "unit").distinct()
            if (len(there), len(told)) != (gap.gap, len(people) - gap.gap):
                wrong.append(f"round {turn}: {results}")
            nobody = [Cell(*pair, TODAY, level=Level.OVERTIME, source="day") for pair in there]
            timeline.publish_day_set(nobody, by=by, reason="Once more")
    return wrong


@pytest.fixture
def people(unit: Any, gate: Post) -> list[Any]:
    Requirement.objects.filter(post=gate).update(target=1, minimum=1)
    return [gatekeeper(unit) for _ in range(MOST)]


@pytest.mark.django_db(transaction=True)
def test_one_gap_and_several_who_fill_it(prison: Any, people: list[Any], detail: Any) -> None:
    assert rounds(3, prison, people, detail) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_attempts_on_one_gap(prison: Any, people: list[Any], detail: Any) -> None:
    assert rounds(ATTEMPTS // MOST + 1, prison, people, detail, counted=True) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_is_found(prison: Any, people: list[Any], detail: Any) -> None:
    """The planted fault: everybody counts who is missing before anybody has been put there."""
    with mock.patch.object(moves, "_one_after_another"):
        assert rounds(3, prison, people, detail) != []
        assert rounds(3, prison, people, detail, counted=True) != []
