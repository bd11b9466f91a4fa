"""Edits of a draft: stale cells, undo, locks, what-ifs; nothing of it is seen by staff."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from roster.activities.models import Template
from roster.planning import actions
from roster.planning.actions import Refused, StaleCells, Wanted
from roster.planning.models import DraftCell, Edit
from roster.planning.sheet import Sheet, differences
from roster.timeline import actions as timeline
from roster.timeline.models import Duty
from tests.roster.conftest import make_person
from tests.roster.planning.conftest import MONDAY, at, shift


def test_a_period_shows_what_is_published_and_a_draft_hides_it_from_staff(
    unit: Any, draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """(R-060) Unpublished changes are nowhere but in the draft."""
    timeline.put(people[0], unit, MONDAY, by=planner, template=Template.objects.get(code="E"), reason="Told in time")
    assert Sheet(draft).day(people[0].pk, MONDAY) == shift("E")
    put(people[0], 0, "L")
    assert Sheet(draft).day(people[0].pk, MONDAY) == shift("L")
    assert Duty.objects.filter(live=True, template_version__template__code="E").count() == 1
    with pytest.raises(Refused):
        actions.open_period(unit, at(14), by=planner)


def test_the_second_of_two_planners_sees_both_values(draft: Any, people: list[Any], put: Any) -> None:
    """(R-056) Who changed it, what it is now, what was wanted; nothing is overwritten."""
    other = make_person().user
    seen = Sheet(draft).cell(people[0].pk, MONDAY).stamp
    put(people[0], 0, "N", by=other, stamp=seen)
    with pytest.raises(StaleCells, match=f"{other.name} has changed 4 January") as told:
        put(people[0], 0, "E", stamp=seen)
    (both,) = told.value.cells
    assert (both.cell.day, both.wanted) == (shift("N"), shift("E"))
    assert Sheet(draft).day(people[0].pk, MONDAY) == shift("N")
    put(people[0], 0, "N", stamp=seen)  # the same was wanted by both
    put(people[0], 0, "E", stamp=Sheet(draft).cell(people[0].pk, MONDAY).stamp)


def test_a_cell_is_stale_when_what_is_published_changed(
    unit: Any, draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    seen = Sheet(draft).cell(people[0].pk, MONDAY).stamp
    timeline.put(people[0], unit, MONDAY, by=planner, template=Template.objects.get(code="E"), reason="Told in time")
    with pytest.raises(StaleCells):
        put(people[0], 0, "L", stamp=seen)


def test_undo_and_redo_are_each_planners_own(draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    one, two, _ = people
    other = make_person().user
    put(one, 0, "E")
    put(two, 0, "L", by=other)
    put(one, 0, "N")
    assert actions.undo(draft, by=planner)
    assert Sheet(draft).day(one.pk, MONDAY) == shift("E")
    assert actions.undo(draft, by=planner)
    assert not DraftCell.objects.filter(person=one).exists()
    assert actions.undo(draft, by=planner) is None
    assert Sheet(draft).day(two.pk, MONDAY) == shift("L")
    assert actions.redo(draft, by=planner)
    assert actions.redo(draft, by=planner)
    assert actions.redo(draft, by=planner) is None
    assert Sheet(draft).day(one.pk, MONDAY) == shift("N")
    put(one, 0, "L", by=other)
    with pytest.raises(StaleCells):
        actions.undo(draft, by=planner)
    assert Sheet(draft).day(one.pk, MONDAY) == shift("L")


def test_a_new_step_ends_what_could_be_done_again_and_fifty_are_kept(
    draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    for number in range(52):
        put(people[0], 0, "EL"[number % 2])
    assert Edit.objects.count() == 50
    actions.undo(draft, by=planner)
    put(people[1], 0, "N")
    assert actions.redo(draft, by=planner) is None


def test_a_range_is_one_step_and_all_or_nothing(draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    put(people[1], 3, "N")
    wanted = {(person.pk, at(day)): Wanted(shift("E"), stamp="0.0") for person in people for day in range(5)}
    with pytest.raises(StaleCells) as told:
        actions.edit(draft, wanted, by=planner, words="Fill")
    assert len(told.value.cells) == 1
    assert DraftCell.objects.count() == 1
    wanted[people[1].pk, at(3)] = Wanted(shift("E"))
    step = actions.edit(draft, wanted, by=planner, words="Fill")
    assert step
    assert len(step.days) == 15
    actions.undo(draft, by=planner)
    assert Sheet(draft).day(people[1].pk, at(3)) == shift("N")


def test_days_outside_the_period_are_refused(draft: Any, people: list[Any], put: Any) -> None:
    for day in (-1, 28):
        with pytest.raises(Refused):
            put(people[0], day, "E")


def test_a_what_if_changes_nothing_before_it_is_accepted(draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    one, two, _ = people
    put(one, 0, "E")
    trial = actions.copy(draft, by=planner, name="Fewer nights")
    for person in (one, two):
        for day in (1, 2):
            put(person, day, "L", into=trial)
    assert len(differences(Sheet(draft), Sheet(trial))) == 4
    actions.accept(trial, draft, by=planner, person=one.pk, day=at(1))
    actions.accept(trial, draft, by=planner, day=at(2))
    assert Sheet(draft).cell(one.pk, at(1)).source == "hand", "a what-if that was planned by hand stays so"
    assert [each.person_id for each in differences(Sheet(draft), Sheet(trial))] == [two.pk]
    actions.accept(trial, draft, by=planner, person=two.pk)
    assert not differences(Sheet(draft), Sheet(trial))
    for _ in range(3):
        actions.undo(draft, by=planner)
    assert len(differences(Sheet(draft), Sheet(trial))) == 4
    actions.discard(trial, by=planner)
    with pytest.raises(Refused):
        put(one, 5, "E", into=trial)
    with pytest.raises(Refused):
        actions.discard(draft, by=planner)


def test_what_the_working_draft_moved_on_to_stays_when_a_what_if_is_accepted(
    draft: Any, people: list[Any], planner: Any, put: Any, as_planner: Any
) -> None:
    """All of a what-if is what was changed there. What another planner did meanwhile was taken back with it."""
    one, two, _ = people
    put(one, 0, "E")
    trial = actions.copy(draft, by=planner)
    put(one, 1, "L", into=trial)
    put(two, 0, "L", into=trial)
    put(one, 0, "N")
    put(two, 0, "M")
    put(two, 3, "N")
    page = as_planner().get(reverse("plan_compare", args=[draft.period_id]) + f"?draft={trial.pk}").content.decode()
    assert "2 days differ" in page
    assert "Night" not in page
    actions.accept(trial, draft, by=planner)
    sheet = Sheet(draft)
    assert [sheet.day(one.pk, at(0)), sheet.day(one.pk, at(1)), sheet.day(two.pk, at(0)), sheet.day(two.pk, at(3))] == [
        shift("N"), shift("L"), shift("L"), shift("N"),
    ]  # fmt: skip
    actions.undo(draft, by=planner)
    assert Sheet(draft).day(two.pk, at(0)) == shift("M")


def test_a_lock_is_kept_through_an_edit_and_undone(draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    key = (people[0].pk, MONDAY)
    put(people[0], 0, "E")
    actions.lock_cells(draft, [key], True, by=planner)
    put(people[0], 0, "L")
    assert Sheet(draft).cell(*key).locked
    actions.undo(draft, by=planner)
    actions.undo(draft, by=planner)
    assert not Sheet(draft).cell(*key).locked


def test_insertion_keeps_what_must_stay(unit: Any, draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    """Locks, and published days unless asked; the difference comes first and changes nothing."""
    one = people[0]
    put(one, 0, "E", locked=True)
    timeline.put(one, unit, at(1), by=planner, template=Template.objects.get(code="E"), reason="Told in time")
    proposed = {(one.pk, at(day)): shift("L") for day in range(3)} | {(one.pk, date(2027, 3, 1)): shift("L")}
    found = actions.insert(draft, proposed)
    assert [each.kept for each in found] == ["locked", "published", ""]
    assert Sheet(draft).day(one.pk, at(2)) == shift("")
    actions.insert(draft, proposed, by=planner, dry=False)
    assert [Sheet(draft).day(one.pk, at(day)) for day in range(3)] == [shift("E"), shift("E"), shift("L")]
    actions.insert(draft, proposed, by=planner, published_too=True, dry=False)
    assert Sheet(draft).day(one.pk, at(1)) == shift("L")
    actions.undo(draft, by=planner)
    actions.undo(draft, by=planner)
    assert Sheet(draft).day(one.pk, at(2)) == shift("")


def test_the_pages_of_a_what_if_stay_with_it(
    as_planner: Any, period: Any, draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """Its links lead to its own pages, it is taken over as it was looked at, and it is put away after a question."""
    one, two, _ = people
    put(one, 0, "E")
    trial = actions.copy(draft, by=planner, name="Fewer nights")
    put(one, 0, "L", into=trial)
    put(two, 0, "N", into=trial)
    browser, own = as_planner(), f"?draft={trial.pk}"
    for route in ("plan_board", "plan_insert", "plan_runs", "plan_compare"):
        page = browser.get(reverse(route, args=[period.pk]) + own).content.decode()
        for other in ("plan_board", "plan_insert", "plan_runs"):
            assert f'href="{reverse(other, args=[period.pk])}{own}"' in page, (route, other)
    seen = re.search(r'name="revision" value="(\d+)"', page)
    assert seen
    put(one, 0, "RD")
    browser.post(reverse("plan_accept", args=[period.pk]) + own, {"revision": seen[1]})
    assert Sheet(draft).day(one.pk, MONDAY) == shift("RD"), "what somebody changed meanwhile is not written over"
    away = reverse("plan_discard", args=[period.pk, trial.pk])
    assert "2 days differ" in browser.get(away).content.decode()
    browser.post(away)
    assert browser.get(reverse("plan_compare", args=[period.pk]) + own).status_code == 404
    assert browser.get(reverse("plan_discard", args=[period.pk, draft.pk])).status_code == 404


def test_an_undo_that_is_sent_again_is_not_done_again(draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    """Its answer may have been lost. A step that is no longer the next one is not undone before the others."""
    first, second = put(people[0], 0, "E"), put(people[0], 0, "L")
    for _ in range(2):
        assert actions.undo(draft, by=planner, number=second.pk).pk == second.pk
        assert Sheet(draft).day(people[0].pk, MONDAY) == shift("E")
    for _ in range(2):
        assert actions.redo(draft, by=planner, number=second.pk).pk == second.pk
        assert Sheet(draft).day(people[0].pk, MONDAY) == shift("L")
    with pytest.raises(Refused, match="elsewhere since"):
        actions.undo(draft, by=planner, number=first.pk)
    assert Sheet(draft).day(people[0].pk, MONDAY) == shift("L")
