"""Several people fill one gap at once: as many get through as were missing, the others are told (issue 4, race)."""

from functools import partial
from typing import Any
from unittest import mock

import pytest

from roster.absence import actions as sickness
from roster.absence.models import Sickness
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
from tests.roster.day.conftest import TODAY, gatekeeper, shift

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


@pytest.mark.django_db(transaction=True)
def test_a_report_taken_back_while_somebody_is_put_there(unit: Any, gate: Post, prison: Any, detail: Any) -> None:
    """Either the officer comes after all or the other does: never both, never neither."""
    Requirement.objects.filter(post=gate).update(target=1, minimum=1)
    ill, other = gatekeeper(unit), gatekeeper(unit)
    shift(ill, unit, post=gate)
    with Racers(2) as race:
        for _ in range(4):
            spell = sickness.report_sick(ill, by=ill.user)
            coverage, gap = gap_of(prison)
            work = Desk(coverage, gap).shift
            put = partial(
                moves.put_on_post, prison, other, TODAY, work, by=detail, reason="Race", overtime=True,
                missing=lambda: gap_of(prison)[1].gap,
            )  # fmt: skip
            results = race.together(put, partial(sickness.take_back, spell, by=ill.user))
            covered = Duty.objects.filter(live=True, person=other, shift_date=TODAY).exists()
            back = not Sickness.objects.exists()
            assert covered != back, results
            assert sum(isinstance(each, Refused) for each in results) == 1, results
            timeline.remove(other, TODAY, by=detail, level=Level.OVERTIME, reason="Once more")
            for row in Sickness.objects.all():
                sickness.withdraw(row, by=None)
