"""Rest round both changes of the clock against a plain reading of the time that passes (R-065, R-096)."""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foundation import clock
from optimiser.files.reading import from_text
from optimiser.lines import Line, line_of
from optimiser.problem import OFF, Calendar, Person, Shift
from optimiser.rules.rest_after_nights import RestAfterNights
from optimiser.rules.weekly_rest import WeeklyRest
from optimiser.shapes import check_line
from roster.activities.models import Activity, Template
from roster.demand.coverage import Coverage
from roster.planning import actions as planning
from roster.planning.cover import Desk
from roster.planning.to_problem import Options, Task
from roster.rules.check import Checker
from roster.rules.shifts import day_off, timed
from roster.timeline import actions as timeline
from roster.timeline.clock import moment
from roster.timeline.content import Content
from roster.timeline.days import Day, Piece
from tests.roster.conftest import make_person
from tests.roster.demand.test_demand import require
from tests.roster.planning.conftest import shift

OCTOBER, MARCH = date(2026, 10, 25), date(2027, 3, 28)
"""The Sundays on which the clock changes."""
QUARTER, DAYS, SUNDAY = 900, 7, 3
SHIFTS = {
    "E": (30, 51),
    "N": (83, 126),
    "early": (1, 28),
    "from midnight": (0, 20),
    "late": (60, 96),
    "23:00": (92, 100),
}
"""From and to, in quarters of an hour."""


def minute(day: date, quarter: int) -> int:
    return round((moment(day, quarter * QUARTER) - moment(MARCH, 0)).total_seconds() / 60)


def made(name: str, day: date) -> Shift:
    if name == "off":
        return day_off(day)
    start, end = SHIFTS[name]
    return timed(name, [Content(start * QUARTER, end * QUARTER)], day)


def rests(worked: list[tuple[int, int]], start: int, end: int) -> list[int]:
    """Each time without work between two moments."""
    found, free = [], start
    for first, last in worked:
        if last > start and first < end:
            found.append(max(0, first - free))
            free = max(free, last)
    return [*found, max(0, end - free)]


@settings(max_examples=400, deadline=None)
@given(
    sunday=st.sampled_from([OCTOBER, MARCH]),
    names=st.lists(st.sampled_from([*SHIFTS, "off", "off", "off"]), min_size=DAYS, max_size=DAYS),
    rule=st.sampled_from(
        [WeeklyRest(period=2), WeeklyRest(period=3), WeeklyRest(period=4, rests=2), WeeklyRest(period=3, hours=35)]
    ),
)
def test_weekly_rest_is_time_that_passes(sunday: date, names: list[str], rule: WeeklyRest) -> None:
    """W2 in every window of dates: a free Sunday of 23 hours holds no rest of 24, one of 25 does."""
    days = [sunday + timedelta(days=number - SUNDAY) for number in range(DAYS)]
    worked = [
        (minute(day, SHIFTS[name][0]), minute(day, SHIFTS[name][1])) for name, day in zip(names, days, strict=True)
        if name != "off"
    ]  # fmt: skip
    assume(all(one[1] <= other[0] for one, other in pairwise(worked)))
    line = Line(Person("A"), Calendar(DAYS), tuple(map(made, names, days)))
    broken = {found.days[-1]: found.measured for found in rule.check(line)}
    for number, day in enumerate(days[:-1]):
        window = minute(day - timedelta(days=rule.period - 1), 0), minute(day + timedelta(days=1), 0)
        had = rests(worked, *window)
        assert (number in broken) == (sum(one // rule.unit for one in had) < rule.rests), (number, had)
        assert broken.get(number, max(had) / 60) == max(had) / 60


@given(
    sunday=st.sampled_from([OCTOBER, MARCH]), at=st.integers(-3, 1), off=st.integers(2, 3), start=st.integers(0, 95),
    hours=st.integers(46, 75),
)  # fmt: skip
def test_rest_after_nights_is_time_that_passes(sunday: date, at: int, off: int, start: int, hours: int) -> None:
    """L5: from the end of the last night to the next shift, with free days between."""
    last = sunday + timedelta(days=at)
    nights, free = [last - timedelta(days=1), last], [last + timedelta(days=1 + number) for number in range(off)]
    again = free[-1] + timedelta(days=1)
    shifts = (*(made("N", day) for day in nights), *map(day_off, free))
    line = Line(Person("A"), Calendar(off + 3), (*shifts, timed("W", [Content(start * QUARTER, 100 * QUARTER)], again)))
    passed = minute(again, start) - minute(last, SHIFTS["N"][1])
    found = RestAfterNights(hours=hours).check(line)
    assert [each.measured * 60 for each in found] == ([passed] if passed < hours * 60 else [])


def test_only_the_two_sundays_are_other_days_off() -> None:
    around = {sunday + timedelta(days=number) for sunday in (MARCH, OCTOBER) for number in (-1, 1)}
    assert {day_off(day) for day in around} == {OFF}
    assert (day_off(MARCH).idle, day_off(OCTOBER).idle) == (23 * 60, 25 * 60)


@pytest.mark.parametrize(("sunday", "measured"), [(MARCH, [23]), (OCTOBER, [])])
@pytest.mark.parametrize("code", ["", "RD", "AL"])
def test_board_and_optimiser_say_the_same_of_a_free_sunday(
    unit: Any, monkeypatch: pytest.MonkeyPatch, sunday: date, measured: list[int], code: str
) -> None:
    """Work every day until midnight of Saturday, nothing on Sunday: whether it is empty, a rest day, or leave."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 9, 1))
    person, monday = make_person(unit), sunday - timedelta(days=6)
    duty = Activity.objects.get(name="Residential Duties").pk
    long, short = (Day((Piece(items=((duty, 27_000, end, None),)),)) for end in (86_400, 45_900))
    week = {monday + timedelta(days=number): short for number in range(5)} | {sunday - timedelta(days=1): long}
    week |= {sunday: shift(code)} if code else {}
    draft = planning.working(planning.open_period(unit, monday, by=None, days=14))
    planning.edit(draft, {(person.pk, on): planning.Wanted(day) for on, day in week.items()}, by=person.user, words="x")
    checker = Checker([person.pk], draft.period.first, draft.period.last)
    said = [each.measured for each in checker.check(person.pk, week) if each.rule == "WeeklyRest"]
    task = Task(draft, Options({"E": 0}))
    form = from_text(json.dumps(task.data))
    mine, free = form.problem.person[str(person.pk)], [form.problem.off(day) for day in form.problem.days]
    assert [day for day, off in enumerate(free) if off.idle != 24 * 60] == [6]
    line = line_of(form.problem, mine, [mine.locked.get(day, off.id) for day, off in enumerate(free)])
    found = [each.measured for each in check_line(line, form.rules) if each.rule == "WeeklyRest"]
    assert found == said == measured
    answer = task.answer({person.pk: tuple(off.id for off in free)})
    assert set(answer.values()) == {shift("RD")}


@pytest.mark.parametrize("sunday", [MARCH, OCTOBER])
def test_who_has_that_sunday_off_can_cover_a_gap(unit: Any, sunday: date) -> None:
    """A longer or shorter day off is one like others: an empty one and a rest day."""
    rests, free = make_person(unit), make_person(unit)
    told = {"by": None, "reason": "Told in time"}
    timeline.put(rests, unit, sunday, template=Template.objects.get(code="RD"), **told)
    row = require(unit, start=27_000, end=45_900)
    coverage = Coverage(unit.establishment, unit, sunday, sunday)
    desk = Desk(coverage, coverage.of(row.pk, sunday)[0])
    assert {each.person.pk for each in desk.free()} == {rests.pk, free.pk}
    assert [desk.days[number] for number in desk.problem.off_on] == [sunday]
    assert not any(person.locked for person in desk.problem.people)
