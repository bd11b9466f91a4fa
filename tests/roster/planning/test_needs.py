"""Demand under the planning board, for the draft that is edited (R-052, staff-roster 7)."""

import re
from datetime import timedelta
from typing import Any

from django.urls import reverse

from roster.activities.models import Template
from roster.establishment.models import Membership, PlanningUnit
from roster.planning.board import Board
from roster.planning.sheet import Sheet
from roster.planning.staffing import usual
from roster.timeline import actions as timeline
from roster.timeline.models import Level
from tests.roster.conftest import LONG_AGO, make_person
from tests.roster.demand.test_demand import require
from tests.roster.planning.conftest import MONDAY, at

EARLY = {"name": "Unlock", "start": 27000, "end": 45900, "target": 2, "minimum": 1, "reduced": 1, "essential": 1}


def signs(draft: Any, name: str) -> list[str]:
    """The first three days of a row."""
    needs = Board(draft).needs()
    assert needs
    row = next(row for row in needs.rows if row.name == name)
    return [square.sign if square else "" for _, square in row.squares[:3]]


def test_an_edit_counts_at_once_and_the_red_cell_says_what_to_do(
    as_planner: Any, unit: Any, period: Any, draft: Any, people: list[Any], put: Any
) -> None:
    """(R-052) Short, then under target, then as planned and over: with a sign, words, and the cheapest steps."""
    row = require(unit, **EARLY)
    browser, board = as_planner(), reverse("plan_board", args=[period.pk])
    page = browser.get(board).content.decode()
    assert f'<td id="need-{row.pk}-2027-01-04" class="need-red">' in page
    assert 'aria-label="−1! Unlock: 1 short"' in page
    assert '<td id="regime-am-2027-01-04" class="regime-0"><abbr title="Below red">' in page
    address = reverse("plan_need", args=[period.pk, row.pk, MONDAY])
    why = browser.get(address).content.decode()
    assert "Unlock: 1 short of the minimum of 1 on Monday 4 January from 07:30 to 12:45; 0 there." in why
    assert f"{people[0].name} is free and qualified: Early, 07:30 to 12:45" in why
    form = re.search(r'action="([^"]+)">.*?name="stamp" value="([^"]+)".*?name="code" value="(\w+)"', why, re.DOTALL)
    assert form
    assert browser.post(form[1], {"stamp": form[2], "code": form[3]}).status_code == 302
    assert signs(draft, "Unlock") == ["−1~", "−1!", "−1!"]
    stamp = Sheet(draft).cell(people[1].pk, MONDAY).stamp
    sent = {"do": "set", "cells": f"{people[1].pk} 2027-01-04 {stamp} E"}
    answer = browser.post(reverse("plan_edit", args=[period.pk]), sent, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert f'<td id="need-{row.pk}-2027-01-04" hx-swap-oob="true" class="need-green">' in text
    assert 'id="regime-am-2027-01-04" hx-swap-oob="true" class="regime-4"' in text
    assert f"need-{row.pk}-2027-01-07" not in text, "only days that the edit touches"
    put(people[2], 0, "E")
    assert signs(draft, "Unlock") == ["+1", "−1!", "−1!"]
    assert browser.get(reverse("plan_need", args=[period.pk, row.pk, MONDAY - timedelta(days=1)])).status_code == 404
    assert browser.get(reverse("plan_need", args=[period.pk, 0, MONDAY])).status_code == 404


def test_who_counts_for_a_unit(unit: Any, draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    """The night before the period, overtime of others: yes. Who is on duty in another unit or has leave: no."""
    require(unit, **EARLY)
    require(unit, name="Night", start=74700, end=113400)
    osg = PlanningUnit.objects.get(abbreviation="OSG")
    early, night = Template.objects.get(code="E"), Template.objects.get(code="N")
    told = {"by": planner, "reason": "Told in time"}
    timeline.put(people[0], unit, MONDAY - timedelta(days=1), template=night, **told)
    timeline.put(people[1], osg, MONDAY, template=early, **told)
    assert signs(draft, "Unlock")[0] == "−1!"
    timeline.put(make_person(osg), unit, MONDAY, template=early, level=Level.OVERTIME, **told)
    assert signs(draft, "Unlock")[0] == "−1~"
    put(people[2], 0, "E")
    assert signs(draft, "Unlock")[0] == "ok"
    put(people[2], 0, "AL")
    assert signs(draft, "Unlock")[0] == "−1~"
    needs = Board(draft).needs([MONDAY])
    assert needs
    nights = next(row for row in needs.rows if row.name == "Night").squares
    assert next(square and square.sentence for _, square in nights) == (
        "Night: 1 short of the minimum of 1 on Monday 4 January from 20:45 to 24:00; 0 there."
    )
    assert Board(draft).needs([at(100)]) is not None


def test_a_night_that_is_missing_may_begin_the_day_before(
    as_planner: Any, unit: Any, period: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """A shift that the unit works goes before a shorter one that it does not."""
    row = require(unit, name="Night", start=74700, end=113400)
    night = Template.objects.get(code="N")
    timeline.put(people[2], unit, MONDAY - timedelta(days=20), by=planner, reason="Told in time", template=night)
    put(people[0], 0, "AL")
    why = as_planner().get(reverse("plan_need", args=[period.pk, row.pk, at(1)])).content.decode()
    assert f"{people[1].name} is free and qualified: Night, 20:45 to 07:30 of the day before, Monday 4 January" in why
    assert f"{people[0].name} is free and qualified: Night, 20:45 to 07:30 of the day before" not in why


def test_the_unit_is_offered_the_shifts_that_it_works(unit: Any, period: Any, people: list[Any], planner: Any) -> None:
    """Those of the weeks before and of the patterns; not a manager's day, nor what was worked elsewhere."""
    period.refresh_from_db()
    assert usual(period) == frozenset()
    codes = {"E": unit, "D": PlanningUnit.objects.get(abbreviation="OSG")}
    for number, (code, where) in enumerate(codes.items(), 1):
        day = MONDAY - timedelta(days=number)
        template = Template.objects.get(code=code)
        timeline.put(people[0], where, day, by=planner, reason="Told in time", template=template)
    assert usual(period) == {Template.objects.get(code="E").pk}


def test_a_unit_of_which_nothing_is_asked_counts_its_shifts(
    as_planner: Any, unit: Any, period: Any, draft: Any, people: list[Any], put: Any
) -> None:
    put(people[0], 0, "E")
    Membership.objects.create(person=make_person(), unit=unit, priority=3, valid=(LONG_AGO, None))
    assert Board(draft).needs() is None
    page = as_planner().get(reverse("plan_board", args=[period.pk])).content.decode()
    assert "Nothing is asked of this unit yet" in page
    assert '<abbr title="Early, 07:30 to 12:45">E</abbr> on duty' in page
