"""People who work across units: who is lent to the unit counts there, who is lent by it does not."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from optimiser.files.reading import from_text
from optimiser.problem import Request
from optimiser.solve import solve
from optimiser.stop import Stop
from roster.activities.models import Activity, Template
from roster.day.moves import whole_unit
from roster.demand.coverage import Coverage
from roster.establishment.models import Membership, Skill, SkillHeld
from roster.planning import actions
from roster.planning.board import Board
from roster.planning.cover import Desk
from roster.planning.to_problem import Options, Task
from roster.timeline import actions as timeline
from roster.timeline.days import Day
from roster.timeline.models import Level
from tests.roster.conftest import LONG_AGO, make_person
from tests.roster.demand.test_demand import require
from tests.roster.planning.conftest import MONDAY, at, shift

HOUR = 3600
SHORT, UNDER = "\N{MINUS SIGN}1!", "\N{MINUS SIGN}1~"
EARLY = {"name": "Unlock", "start": 27000, "end": 45900, "target": 2, "minimum": 1, "reduced": 1, "essential": 1}
NIGHT = {"name": "Night", "start": 74700, "end": 113400}


@pytest.fixture
def osg(prison: Any) -> Any:
    return prison.units.get(abbreviation="OSG")


@pytest.fixture
def publish(planner: Any) -> Callable[..., Any]:
    """``publish(person, unit, 0, "E")``, or by hand: ``publish(person, unit, 0, [(start, end, post)])``."""

    def do(person: Any, unit: Any, day: int, what: Any, level: int = Level.PLAN) -> Any:
        duty = Activity.objects.get(name="Residential Duties")
        if isinstance(what, str):
            made: dict[str, Any] = {"template": Template.objects.get(code=what)}
        else:
            made = {"items": [timeline.Item(duty, start, end, post and post.pk) for start, end, post in what]}
        return timeline.put(person, unit, at(day), by=planner, reason="Told in time", level=level, **made)

    return do


def sign(draft: Any, name: str, day: int = 0) -> str:
    needs = Board(draft).needs()
    assert needs
    found = next(row for row in needs.rows if row.name == name).squares[day][1]
    return found.sign if found else ""


def asked(draft: Any, day: int = 0, **options: Any) -> list[tuple[str, int, int, tuple[int, ...]]]:
    """What a run is asked for on a day: name, from, to (minutes) and numbers."""
    problem = from_text(json.dumps(Task(draft, Options({"E": 0, "N": 0}, **options)).data)).problem
    found = [one for one in problem.demands if one.day == day]
    listed = [(one.name.partition(",")[0], one.start, one.end, tuple(n.people for n in one.needs)) for one in found]
    return sorted(listed)


def test_who_is_lent_to_the_unit_is_no_longer_asked_for(
    unit: Any, osg: Any, draft: Any, people: list[Any], publish: Any, planner: Any
) -> None:
    """(R-052) For the whole shift, for a part of it, past midnight, in overtime, and not when sick."""
    require(unit, **EARLY)
    require(unit, **NIGHT)
    post = whole_unit(unit)
    lent = [make_person(osg) for _ in range(4)]
    assert asked(draft) == [("Night", 1245, 1890, (1,)), ("Unlock", 450, 765, (1, 2))]
    publish(lent[0], unit, 0, "E")
    assert asked(draft) == [("Night", 1245, 1890, (1,)), ("Unlock", 450, 765, (1,))]
    publish(lent[1], osg, 0, [(7 * HOUR, 9 * HOUR, post), (9 * HOUR, 14 * HOUR, None)])
    assert asked(draft)[1:] == [("Unlock", 540, 765, (1,))], "both until 09:00, one of them afterwards"
    publish(lent[2], osg, 0, [(74700, 25 * HOUR, None), (25 * HOUR, 28 * HOUR, post), (28 * HOUR, 113400, None)])
    night = [("Night", 1245, 1500, (1,)), ("Night", 1680, 1890, (1,))]
    assert asked(draft) == [*night, ("Unlock", 540, 765, (1,))]
    publish(lent[3], unit, 0, [(28 * HOUR, 29 * HOUR, None)], Level.OVERTIME)
    assert asked(draft)[:2] == [night[0], ("Night", 1740, 1890, (1,))]
    timeline.cover(lent[0], MONDAY, Activity.objects.get(name="Sick"), by=planner)
    assert asked(draft)[2:] == [("Unlock", 450, 540, (1,)), ("Unlock", 540, 765, (1, 2))]
    assert sign(draft, "Unlock") == SHORT, "the board says the same"
    assert asked(draft, 1) == [("Night", 1245, 1890, (1,)), ("Unlock", 450, 765, (1, 2))]


def test_who_is_lent_by_the_unit_meets_nothing_here(
    unit: Any, osg: Any, draft: Any, people: list[Any], publish: Any, put: Any, planner: Any
) -> None:
    """Wholly elsewhere the day is kept; for a part, past midnight or in overtime only the rest of it counts."""
    require(unit, **(EARLY | {"end": 45000}))
    require(unit, **NIGHT)
    post = whole_unit(osg)
    one, two, three = people
    publish(one, osg, 0, "E")
    publish(one, unit, 1, [(7 * HOUR, 9 * HOUR, None), (9 * HOUR, 14 * HOUR, post)])
    publish(two, unit, 0, [(74700, 25 * HOUR, None), (25 * HOUR, 113400, post)])
    publish(three, osg, 0, "E", Level.OVERTIME)
    publish(three, unit, -1, [(74700, 24 * HOUR, None), (24 * HOUR, 113400, post)])
    actions.lock_cells(draft, [(one.pk, at(0))], True, by=planner)
    actions.lock_cells(draft, [(one.pk, at(0))], False, by=planner)
    task = Task(draft, Options({"E": 0, "N": 0}, anew=True))
    problem = from_text(json.dumps(task.data)).problem

    def away(person: Any, day: int) -> tuple[tuple[int, int], ...]:
        stands = problem.person[str(person.pk)]
        return problem.by_id[stands.locked[day] if day >= 0 else stands.history[day].id].away

    assert task.why_fixed(task.sheet.cell(one.pk, at(0))) == "is for another unit"
    assert (away(one, 0), away(one, 1)) == (((450, 765),), ((540, 840),))
    assert (away(two, 0), away(three, 0), away(three, -1)) == (((1500, 1890),), ((450, 765),), ((1440, 1890),))
    assert not [each for each in problem.shifts if each.id in ("E", "N") and each.away]
    assert sign(draft, "Unlock") == SHORT, "locked or not"
    assert sign(draft, "Unlock", 1) == SHORT
    needs = Board(draft).needs()
    assert needs
    night = next(row for row in needs.rows if row.name == "Night").squares[1][1]
    assert night
    assert "1 short of the minimum of 1 on Tuesday 5 January from 01:00 to 07:00" in night.sentence
    put(one, 0, "E")
    assert sign(draft, "Unlock") == SHORT, "the same day once more is no change of it"
    put(one, 0, "M")
    assert sign(draft, "Unlock") == UNDER, "published so it would be this unit's"


def test_a_drafted_day_at_another_units_post_is_shown_as_elsewhere(
    as_planner: Any, unit: Any, osg: Any, period: Any, draft: Any, people: list[Any], planner: Any, publish: Any
) -> None:
    """A rota may put somebody at a post of another unit; a post of the prison itself is no other unit's."""
    require(unit, **EARLY)
    (early,) = shift("E").shifts
    for number, post in enumerate((whole_unit(osg), whole_unit(unit))):
        wanted = actions.Wanted(Day((replace(early, post=post.pk),)), source="pattern")
        actions.edit(draft, {(people[number].pk, at(number)): wanted}, by=planner, words="Test")
    publish(people[2], unit, 2, [(7 * HOUR, 9 * HOUR, None), (9 * HOUR, 14 * HOUR, whole_unit(osg))])
    assert [sign(draft, "Unlock", day) for day in range(3)] == [
        SHORT,
        UNDER,
        SHORT,
    ]
    rows = {row.person.pk: row for row in Board(draft).rows(people)}
    labels = [rows[people[number].pk].squares[number].label for number in range(3)]
    assert ["for another unit" in label for label in labels] == [True, False, True]
    page = as_planner().get(reverse("plan_cell", args=[period.pk, people[0].pk, at(0)])).content.decode()
    assert "Early, 07:30 to 12:45, for another unit" in page
    task = Task(draft, Options({"E": 0}, anew=True))
    assert task.fixed(task.sheet.cell(people[0].pk, at(0)))
    assert not task.fixed(task.sheet.cell(people[1].pk, at(1)))


def test_who_joins_the_unit_later_is_planned_from_then_on(
    unit: Any, osg: Any, draft: Any, people: list[Any], publish: Any
) -> None:
    """(L16) Before that the other unit plans them: half of the contract's hours is due here, less what is published."""
    joins = make_person(osg)
    Membership.objects.filter(person=joins).update(valid=(LONG_AGO, at(14)))
    Membership.objects.create(person=joins, unit=unit, valid=(at(14), None))
    second = make_person(osg)
    Membership.objects.create(person=second, unit=unit, priority=50, valid=(LONG_AGO, None))
    publish(joins, osg, 0, "E")

    def planned(person: Any) -> Any:
        return from_text(json.dumps(Task(draft, Options({"E": 0})).data)).problem.person[str(person.pk)]

    found = planned(joins)
    assert (found.locked.keys(), {day for day, may in found.allowed_on.items() if not may}) == ({0}, set(range(14)))
    assert found.parameters["ContractHours"]["balance"] == round(13 * 37 * 60 / 7)
    assert (planned(people[0]).allowed_on, planned(second).allowed_on) == ({}, {})
    assert not planned(people[0]).parameters


def test_a_rota_leaves_what_another_unit_has_published(
    unit: Any, osg: Any, draft: Any, people: list[Any], publish: Any, put: Any
) -> None:
    """Even where published days are to be written over; not once the draft says something else there."""
    one, two, three = people
    publish(one, osg, 0, "E")
    publish(two, unit, 0, "E")
    publish(three, osg, 0, "E")
    put(three, 0, "L")
    rota = {(person.pk, at(0)): shift("M") for person in people}
    found = actions.insert(draft, rota, published_too=True)
    assert {each.person_id: each.kept for each in found} == {one.pk: "elsewhere", two.pk: "", three.pk: ""}


def test_what_somebody_does_here_counts_for_whom_it_may(
    unit: Any, osg: Any, draft: Any, people: list[Any], publish: Any
) -> None:
    """By skill and band, each person once: the scarce one for the scarce post; who fits nothing meets nothing."""
    require(unit, **(EARLY | {"name": "Dogs"}), skill=Skill.objects.get(code="DOG"))
    require(unit, **(EARLY | {"name": "Senior"}), lowest_band=4, highest_band=4)
    publish(make_person(osg), unit, 0, "E")
    whole = [("Dogs", 450, 765, (1, 2)), ("Senior", 450, 765, (1, 2))]
    assert asked(draft) == whole
    handler = make_person(osg, grade="SO")
    SkillHeld.objects.create(person=handler, skill=Skill.objects.get(code="DOG"), valid=(LONG_AGO, None))
    publish(handler, unit, 0, "E")
    assert sorted(len(numbers) for *_, numbers in asked(draft)) == [1, 2], "not for both"
    publish(make_person(osg, grade="SO"), unit, 0, "E")
    assert [numbers for *_, numbers in asked(draft)] == [(1,), (1,)]


def test_a_run_does_not_overfill_what_lent_people_meet(
    unit: Any, osg: Any, draft: Any, people: list[Any], publish: Any
) -> None:
    """From the draft to the optimiser's answer, everybody rather off: nobody on Monday, one on Tuesday, then two.

    Whether the unit asks by post and time, or somebody says how many people the shift wants.
    """
    lent = [make_person(osg), make_person(osg)]
    for day, here in enumerate((2, 1)):
        for person in lent[:here]:
            publish(person, unit, day, "E")
    publish(people[0], osg, 1, "E")

    def worked(people_a_day: int) -> list[int]:
        task = Task(draft, Options({"E": people_a_day}))
        form = from_text(json.dumps(task.data))
        unwilling = tuple(Request(day, "E", 1, wanted=False) for day in form.problem.days)
        everybody = tuple(replace(person, requests=unwilling) for person in form.problem.people)
        rules = [rule for rule in form.rules if rule.name in ("Requests", "DailyRest")]
        found = solve(replace(form.problem, people=everybody), rules, seed=1, stop=Stop(effort=50), workers=1)
        assert found.optimal
        planned = task.answer({int(person): line for person, line in found.assignment.items()})
        return [sum(content == shift("E") for (_, day), content in planned.items() if day == at(n)) for n in range(4)]

    assert next(each for _, _, each in Board(draft).counts())[:3] == [2, 1, 0]
    assert worked(2) == [0, 1, 2, 2]
    require(unit, **(EARLY | {"minimum": 2}), valid=(MONDAY, at(3)))
    assert worked(0) == [0, 1, 2, 0]


def test_who_can_cover_a_gap_is_asked_of_the_unit_as_it_is_staffed(
    unit: Any, osg: Any, prison: Any, people: list[Any], publish: Any
) -> None:
    """What else would suffer: lent people meet the unit's demand, its own who are lent and guests at home do not."""
    row = require(unit, **(EARLY | {"target": 1}))
    own, guest, lent = people[0], make_person(osg), make_person(osg)
    publish(own, osg, 1, "E")
    publish(guest, osg, 1, "E")
    publish(lent, osg, 0, "E")
    publish(lent, unit, 2, "E")
    publish(guest, unit, 3, "E")
    coverage = Coverage(prison, unit, MONDAY, MONDAY)
    desk = Desk(coverage, coverage.of(row.pk, MONDAY)[0])
    assert guest.pk in desk.people
    assert lent.pk not in desk.people, "at work on that day"
    monday = desk.days.index(MONDAY)
    rows = [row for rows in desk.desk.rows.values() for row in rows if "Unlock" in row.name]
    dear = {row.days[0] - monday for row in rows if row.cost(desk.desk.counts[id(row)])}
    assert dear & {0, 1, 2, 3, 4} == {0, 1, 4}
    planned = desk.problem.person[str(own.pk)]
    assert monday + 1 in planned.locked, "their day for the other unit is not written anew"
    assert planned.allowed
    assert not [name for name in planned.allowed if desk.problem.by_id[name].away]
    assert {each.person.pk for each in desk.free()} == {*(one.pk for one in people), guest.pk}
