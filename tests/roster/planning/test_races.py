"""Two planners on one cell: of those who saw the same state exactly one wins, and nothing that won is lost (R-056)."""

from functools import partial
from typing import Any
from unittest import mock

import pytest

from roster.planning import actions
from roster.planning.actions import StaleCells, Wanted, edit
from roster.planning.models import Draft, DraftCell
from roster.planning.sheet import Sheet
from roster.timeline.days import Day
from tests.races.racing import MOST, Racers
from tests.roster.conftest import make_person
from tests.roster.planning.conftest import MONDAY, shift

CODES = ["E", "L", "M", "N", "A", "D", "N2", "RD"]
PLANNERS = MOST
ATTEMPTS = 10_000


def rounds(number: int, draft: Draft, person: Any) -> list[str]:
    """So many rounds on one cell: everybody looks, everybody saves something else. What was wrong, if anything."""
    planners = [make_person().user for _ in range(PLANNERS)]
    days = [shift(code) for code in CODES]
    with Racers(PLANNERS) as race:
        return [words for turn in range(number) if (words := one_round(turn, race, draft, person, planners, days))]


def one_round(turn: int, race: Racers, draft: Draft, person: Any, planners: list[Any], days: list[Day]) -> str:
    seen = Sheet(draft, [person.pk]).cell(person.pk, MONDAY)
    wanted = [days[(turn + place) % (len(days) - 1)] for place in range(PLANNERS)]
    if seen.day in wanted:
        wanted[wanted.index(seen.day)] = days[-1]

    def save(place: int) -> Any:
        cells = {(person.pk, MONDAY): Wanted(wanted[place], stamp=seen.stamp)}
        return edit(draft, cells, by=planners[place], words="Race")

    results = race.together(*(partial(save, place) for place in range(PLANNERS)))
    won = [place for place, result in enumerate(results) if not isinstance(result, Exception)]
    refused = [result for result in results if isinstance(result, StaleCells)]
    if len(won) != 1 or len(refused) != PLANNERS - 1:
        return f"round {turn}: {results}"
    stands = Sheet(draft, [person.pk]).day(person.pk, MONDAY)
    return "" if stands == wanted[won[0]] else f"round {turn}: what was saved is not there"


@pytest.mark.django_db(transaction=True)
def test_one_cell_and_several_planners(draft: Draft, people: list[Any]) -> None:
    assert rounds(10, draft, people[0]) == []
    assert DraftCell.objects.count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_attempts_on_one_cell(draft: Draft, people: list[Any]) -> None:
    assert rounds(ATTEMPTS // PLANNERS + 1, draft, people[0]) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_draft_it_is_found(draft: Draft, people: list[Any]) -> None:
    """The planted fault: everybody reads at once, as if nobody else were there."""
    with mock.patch.object(
        actions, "lock_draft", lambda draft: Draft.objects.select_related("period").get(pk=draft.pk)
    ):
        assert rounds(10, draft, people[0]) != []
