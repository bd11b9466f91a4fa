"""Which cell stands on a day: the row formula, versions, agreed days (staff-roster 6, R-051, R-057)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from roster.activities.models import Template
from roster.patterns import actions, demo, queries
from roster.patterns.actions import Entry, Refused
from roster.patterns.cells import cells, line_on, plan
from roster.patterns.models import Assignment, Pattern, PatternVersion
from roster.timeline.clock import minutes
from tests.roster.conftest import make_person

MONDAY = date(2027, 1, 4)
WEEK = timedelta(weeks=1)
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
mondays = days.map(lambda day: day - timedelta(days=day.weekday()))


def in_force(prison: Any, text: str = demo.OFFICERS, first: date = MONDAY) -> PatternVersion:
    version = actions.create(prison, f"Pattern {Pattern.objects.count()}", 37 * 60, by=None, rows=demo.rows(text))
    PatternVersion.objects.filter(pk=version.pk).update(state="approved", valid=(first, None))
    version.refresh_from_db()
    return version


def follow(version: PatternVersion, person: Any, line: int = 0, **more: Any) -> Assignment:
    made = actions.assign(version.pattern, {person: line}, MONDAY, more.pop("first", MONDAY), by=None, **more)[0]
    return Assignment.objects.whole().get(pk=made.pk)


def codes(assignment: Assignment, first: date, last: date) -> str:
    return " ".join(cell.template.code if cell else "-" for _, cell in cells(assignment, first, last))


@given(st.integers(0, 52), mondays, st.integers(1, 53), days)
def test_the_row_formula(start: int, reference: date, lines: int, day: date) -> None:
    """A whole week on one line, the next line after it, round and round, before the reference day too."""
    here = line_on(start, reference, lines, day)
    assert 0 <= here < lines
    assert line_on(start, reference, lines, day + WEEK) == (here + 1) % lines
    assert line_on(start, reference, lines, day + lines * WEEK) == here
    monday = day - timedelta(days=day.weekday())
    assert {line_on(start, reference, lines, monday + timedelta(days=n)) for n in range(7)} == {here}
    assert line_on(start, day - timedelta(days=day.weekday()), lines, day) == start % lines
    assert line_on(start + 1, reference, lines, day) == (here + 1) % lines


def test_twelve_weeks_exactly(prison: Any, unit: Any, django_assert_max_num_queries: Any) -> None:
    """(R-051) Five officers one line apart follow five lines for twelve weeks."""
    version = in_force(prison)
    people = [make_person(unit) for _ in range(5)]
    made = actions.assign(version.pattern, actions.apart(people, 3, 5), MONDAY, MONDAY, by=None)
    assert sorted(each.start_line for each in made) == [0, 1, 2, 3, 4]
    listed = list(Assignment.objects.whole())
    with django_assert_max_num_queries(6):
        found = plan(listed, MONDAY, MONDAY + 12 * WEEK - timedelta(days=1))
    table = [line.split() for line in demo.OFFICERS.strip().splitlines()]
    for each in listed:
        assert len(found[each.pk]) == 84
        for day, cell in found[each.pk]:
            assert cell is not None
            assert cell.template.code == table[(each.start_line + (day - MONDAY).days // 7) % 5][day.weekday()]


def test_versions_by_date(prison: Any, unit: Any) -> None:
    """A new version counts from its day, in the middle of a week too; without a version the days are empty."""
    version = in_force(prison)
    each = follow(version, make_person(unit))
    wednesday = MONDAY + timedelta(days=2)
    PatternVersion.objects.filter(pk=version.pk).update(valid=(MONDAY, wednesday))
    newer = actions.draft(version.pattern, by=None, like=version)
    early = Entry(Template.objects.get(code="E").pk)
    actions.edit(newer, [[early] * 7, [None] * 7], by=None, seen=0)
    until = MONDAY + 2 * WEEK
    PatternVersion.objects.filter(pk=newer.pk).update(state="approved", valid=(wednesday, until))
    assert codes(each, MONDAY, until) == "M M E E E E E - - - - - - - -"
    newer.refresh_from_db()
    stages = [newer.stage(day) for day in (MONDAY, wednesday, until)]
    assert stages == ["approved", "active", "retired"]


def test_agreed_days_stay_free(prison: Any, unit: Any) -> None:
    """(R-057) Days of the contract, or of a line share, which goes before them."""
    version = in_force(prison, "E E E E E E E")
    person, sharer = make_person(unit), make_person(unit)
    person.contracts.update(agreed_days=[0, 1, 2])
    assert codes(follow(version, person), MONDAY, MONDAY + timedelta(days=6)) == "E E E RD RD RD RD"
    free = cells(Assignment.objects.whole().get(person=person), MONDAY + timedelta(days=3), MONDAY + timedelta(days=6))
    assert all(cell and cell.agreed_off for _, cell in free)
    shared = follow(version, sharer, agreed_days=[6, 5])
    assert shared.agreed_days == [5, 6]
    assert codes(shared, MONDAY, MONDAY + timedelta(days=6)) == "RD RD RD RD RD E E"


def test_fifty_three_lines_over_a_leap_year(prison: Any, unit: Any) -> None:
    """(staff-roster 21.16)"""
    version = in_force(prison, "\n".join(["E RD RD RD RD RD RD"] * 52 + ["N RD RD RD RD RD RD"]))
    each = follow(version, make_person(unit), 52)
    assert codes(each, MONDAY, MONDAY) == "N"
    assert codes(each, MONDAY + 53 * WEEK, MONDAY + 53 * WEEK) == "N"
    february = date(2028, 2, 28)
    assert len(cells(each, february, february + timedelta(days=2))) == 3


def test_a_night_of_the_pattern_on_a_clock_change(seeded: None) -> None:
    """The table counts 10:45 for N; on the two nights of the year it lasts an hour less or more (staff-roster 19)."""
    night = Template.objects.get(code="N").versions.get()
    lasts = {day: minutes(day, night.start, night.end) for day in (MONDAY, date(2027, 3, 27), date(2026, 10, 24))}
    assert list(lasts.values()) == [645, 585, 705]


def test_one_pattern_a_day(prison: Any, unit: Any) -> None:
    """A new assignment ends the one before; one that begins later is in the way; never two on one day."""
    version, person = in_force(prison), make_person(unit)
    old = follow(version, person)
    new = follow(version, person, 2, first=MONDAY + WEEK)
    old.refresh_from_db()
    assert old.last_day == MONDAY + WEEK - timedelta(days=1)
    assert codes(new, MONDAY, MONDAY + WEEK) == "RD", "only days on which it holds"
    with pytest.raises(Refused, match="goes on another pattern on 4 January 2027"):
        follow(version, person, first=MONDAY)
    with pytest.raises(Refused, match="Monday"):
        actions.assign(version.pattern, {person: 0}, MONDAY + timedelta(1), MONDAY, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(person=person, pattern=version.pattern, reference=MONDAY, valid=(MONDAY, None))


def test_the_demo_prison_has_patterns(prison: Any, unit: Any) -> None:
    """(R-051, R-057) By grade and contract, once; a part-timer's days are not in a full-timer's lines."""
    people = [make_person(unit, grade=grade) for grade in ["OFF"] * 6 + ["OSG"] * 8 + ["SO", "CM"]]
    people += [make_person(unit, weekly_minutes=hours * 60) for hours in (39, 41, 41)]
    part_time = make_person(unit)
    part_time.contracts.update(agreed_days=[0, 1, 2])
    demo.make(prison, MONDAY)
    demo.make(prison, MONDAY)
    counts = {row.name: row.assignments.count() for row in Pattern.objects.all()}
    assert counts == {
        "Managers": 2, "Officers, 37 hours": 6, "Officers, 39 hours": 1, "Officers, 41 hours": 2,
        "Operational support": 8, "Specialists and senior managers": 0, "Visits and reception": 0,
    }  # fmt: skip
    assert Assignment.objects.count() == len(people)


def test_the_demo_lines_keep_the_rule_book(prison: Any) -> None:
    """(R-051) Legal without a warning, and within a quarter of an hour of the contract's average week."""
    demo.make(prison, MONDAY)
    for pattern in Pattern.objects.all():
        rows = actions.rows_of(pattern.versions.get())
        assert queries.breaches(pattern, rows, MONDAY) == [], pattern.name
        assert queries.sheet(pattern, rows, MONDAY).within(15), pattern.name
