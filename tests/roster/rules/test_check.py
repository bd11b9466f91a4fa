"""Days of the timeline against the optimiser's rules (R-065, R-067, R-057)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.lines import gap
from optimiser.rules import default_rules
from roster.activities.models import Activity, Template, TemplateVersion
from roster.establishment.models import Contract, PersonalRule
from roster.rules.check import Checker, Shifts
from roster.rules.shifts import timed
from roster.timeline import actions
from roster.timeline.actions import Item
from roster.timeline.clock import minutes, moment
from roster.timeline.content import Content, by_hand
from roster.timeline.days import Catalogue, Day, Piece
from roster.timeline.models import Level
from tests.roster.conftest import LONG_AGO, make_person

MONDAY = date(2027, 1, 4)


def day(code: str) -> Day:
    version = TemplateVersion.objects.get(template__code=code)
    piece = Piece(version.pk)
    return Day((), piece) if version.full_day else Day((piece,))


def test_a_short_rest_is_told_with_its_times(unit: Any) -> None:
    """(R-065) Late until 21:00, then 07:30: 10 h 30 of rest, 11 needed."""
    person = make_person(unit)
    checker = Checker([person.pk], MONDAY, MONDAY + timedelta(days=27))
    found = checker.check(person.pk, {MONDAY: day("L"), MONDAY + timedelta(days=1): day("E")})
    rest = next(each for each in found if each.rule == "DailyRest")
    assert rest.blocks
    assert rest.code == "W1"
    assert rest.days == (MONDAY, MONDAY + timedelta(days=1))
    assert (rest.measured, rest.limit) == (10.5, 11)
    assert "10 h 30 min" in rest.sentence
    assert "21:00" in rest.sentence
    assert "08:00" in rest.sentence


def test_what_was_published_before_the_first_day_counts(unit: Any) -> None:
    person = make_person(unit)
    officer = person.user
    late = Template.objects.get(code="L")
    actions.put(person, unit, MONDAY - timedelta(days=1), by=officer, template=late, reason="Told in time")
    checker = Checker([person.pk], MONDAY, MONDAY + timedelta(days=27))
    assert any(each.rule == "DailyRest" for each in checker.check(person.pk, {MONDAY: day("E")}))


@pytest.mark.parametrize(("hours", "broken"), [(11, False), (11 - 1 / 60, True), (11 + 1 / 60, False)])
@pytest.mark.parametrize("where", ["history", "within", "after"])
def test_overtime_needs_its_rest_wherever_it_stands(unit: Any, hours: float, broken: bool, where: str) -> None:
    """(R-065) Any source of a duty, to the minute: overtime before the period and in it, plan after it."""
    person, first, last = make_person(unit), MONDAY, MONDAY + timedelta(days=27)
    gate = Activity.objects.get(name="Gate")
    end = round((27000 + 24 * 3600) - hours * 3600)  # so long before 07:30
    early = {"history": first, "within": first + timedelta(days=3), "after": last + timedelta(days=1)}[where]
    eve = early - timedelta(days=1)
    actions.put(person, unit, eve, items=[Item(gate, end - 7200, end)], level=Level.OVERTIME, by=None, reason="x")
    if where == "after":
        actions.put(person, unit, early, template=Template.objects.get(code="E"), by=None, reason="x")
    planned = {} if where == "after" else {early: day("E")}
    found = Checker([person.pk], first, last).check(person.pk, planned)
    assert [each.blocks for each in found if each.code == "W1"] == [True] * broken


def test_the_plan_of_the_period_before_one_that_is_published(unit: Any) -> None:
    """(R-065, R-068) Rest and days in a row go on over the end of the period; what is not published does not count."""
    person, last = make_person(unit), MONDAY + timedelta(days=27)
    planned = {last: day("L")}
    assert not [e for e in Checker([person.pk], MONDAY, last).check(person.pk, planned) if e.blocks]
    for n in range(1, 7):
        actions.put(
            person, unit, last + timedelta(days=n), template=Template.objects.get(code="E"), by=None, reason="x"
        )
    found = Checker([person.pk], MONDAY, last).check(person.pk, planned)
    assert {(each.code, each.days) for each in found if each.blocks} == {("W1", (last,)), ("W2", (last,))}


def test_overtime_counts_for_the_average_week_and_not_for_the_contract(unit: Any) -> None:
    """(R-067) 45 h a week are fine; with 4 h of overtime in each of 17 weeks they are 49. The contract's hours stay."""
    person = make_person(unit, weekly_minutes=45 * 60)
    start = MONDAY - timedelta(weeks=17)
    nine = [Item(Activity.objects.get(name="Gate"), 8 * 3600, 17 * 3600)]
    cells = [
        actions.Cell(person.pk, unit.pk, start + timedelta(days=n), (by_hand(nine),)) for n in range(147) if n % 7 < 5
    ]
    actions.publish_day_set(cells, by=None, first_publication=True)
    planned = {MONDAY + timedelta(days=n): Day((Piece(items=((nine[0].activity.pk, 28800, 61200, None),)),))
               for n in range(28) if n % 7 < 5}  # fmt: skip

    def codes() -> set[str]:
        found = Checker([person.pk], MONDAY, MONDAY + timedelta(days=27)).check(person.pk, planned)
        return {each.code for each in found} & {"W4", contract}

    contract = next(rule.code for rule in default_rules() if rule.name == "ContractHours")
    assert codes() == set()
    four = by_hand([Item(nine[0].activity, 9 * 3600, 13 * 3600)])
    extra = [
        actions.Cell(person.pk, unit.pk, start + timedelta(days=5 + 7 * n), (four,), level=Level.OVERTIME)
        for n in range(21)
    ]
    actions.publish_day_set(extra, by=None)
    assert codes() == {"W4"}


def test_the_clock_change_makes_a_night_longer(unit: Any) -> None:
    """(R-096) 20:45 to 07:30 on the night of 24 October 2026 lasts 11 h 45."""
    shifts = Shifts(Catalogue())
    usual, long = shifts.of(day("N"), date(2026, 10, 23)), shifts.of(day("N"), date(2026, 10, 24))
    assert (usual.minutes, long.minutes) == (645, 705)
    assert (long.length, long.end - long.start) == (705, 645), "it lasts longer than the clock says"
    assert shifts.of(day("N"), date(2027, 3, 27)).minutes == 585


@pytest.mark.parametrize(("second", "until", "rest"), [(18.5, 20.5, None), (18.5, 20.75, 10.75), (20.75, 31.5, 8)])
def test_two_shifts_of_one_day_have_their_rest_too(unit: Any, second: float, until: float, rest: float | None) -> None:
    """(R-065) An early from 07:30, then overtime: until 20:30 leaves eleven hours; a night eight between."""
    person = make_person(unit)
    gate = Activity.objects.get(name="Gate")
    extra = [Item(gate, round(second * 3600), round(until * 3600))]
    actions.put(person, unit, MONDAY, items=extra, level=Level.OVERTIME, by=None, reason="x")
    found = Checker([person.pk], MONDAY, MONDAY + timedelta(days=27)).check(person.pk, {MONDAY: day("E")})
    assert [each.measured for each in found if each.code == "W1" and each.blocks] == ([] if rest is None else [rest])


OCTOBER, MARCH = date(2026, 10, 25), date(2027, 3, 28)
"""The Sundays on which the clock changes."""


@pytest.mark.parametrize(
    ("sunday", "first", "second", "on", "rest"),
    [
        (OCTOBER, "L", "E", -1, None),  # until 21:00 and from 07:30: 10 h 30 on the clock, 11 h 30 pass
        (OCTOBER, "L", "E", -2, 10.5), (OCTOBER, "L", "E", 0, 10.5),
        (MARCH, "L", "E", -1, 9.5), (MARCH, "L", "E", 0, 10.5), (MARCH, "A", "E", -1, 10.5), (MARCH, "A", "E", 0, None),
        (MARCH, "N", "N", -1, None), (MARCH, "N", "L", -1, 4.75),
    ],
)  # fmt: skip
def test_rest_is_time_that_passes(
    unit: Any, sunday: date, first: str, second: str, on: int, rest: float | None
) -> None:
    """(R-065, R-096) On the nights when the clock changes an hour more or less of it than the clock shows."""
    person, day_one = make_person(unit), sunday + timedelta(days=on)
    checker = Checker([person.pk], sunday - timedelta(days=13), sunday + timedelta(days=14))
    found = checker.check(person.pk, {day_one: day(first), day_one + timedelta(days=1): day(second)})
    assert [each.measured for each in found if each.rule == "DailyRest"] == ([] if rest is None else [rest])


@given(
    sunday=st.sampled_from([OCTOBER, MARCH]), on=st.integers(-2, 1), start=st.integers(0, 95),
    length=st.integers(1, 64), again=st.integers(0, 64),
)  # fmt: skip
def test_any_two_shifts_have_the_rest_that_passes(sunday: date, on: int, start: int, length: int, again: int) -> None:
    """(R-065, R-096) And each lasts as long as time passes; quarters of an hour round both changes of the clock."""
    day_one, day_two = sunday + timedelta(days=on), sunday + timedelta(days=on + 1)
    one, two = (
        timed("X", [Content(first, first + spell)], on)
        for on, first, spell in ((day_one, start * 900, length * 900), (day_two, again * 900, 8 * 3600))
    )
    assert (
        gap(one, two) == (moment(day_two, again * 900) - moment(day_one, (start + length) * 900)).total_seconds() / 60
    )
    assert one.length == minutes(day_one, start * 900, (start + length) * 900)


def test_the_sentence_at_a_clock_change(unit: Any) -> None:
    """(R-065) Times as on the clock: a night that ends at 07:30 does so, and work may start an hour later."""
    person, saturday = make_person(unit), MARCH - timedelta(days=1)
    checker = Checker([person.pk], MARCH - timedelta(days=13), MARCH + timedelta(days=14))
    late = {saturday: day("L"), MARCH: day("E")}
    (short,) = (each for each in checker.check(person.pk, late) if each.rule == "DailyRest")
    assert "9 h 30 min of rest between L until 21:00 and E from 07:30" in short.sentence
    assert "work may start at 09:00" in short.sentence
    assert checker.help(person.pk, late, short).earliest == 9 * 60
    night = {saturday: day("N"), MARCH: day("L")}
    (short,) = (each for each in checker.check(person.pk, night) if each.rule == "DailyRest")
    assert "between N until 07:30 and L from 12:15" in short.sentence


@pytest.mark.parametrize(("code", "kind", "minutes"), [("AL", "leave", 444), ("SICK", "sick", 444), ("RD", "off", 0)])
def test_full_days(unit: Any, code: str, kind: str, minutes: int) -> None:
    """A leave day without a shift beneath credits a usual day by contract; a rest day nothing (staff-roster 21.6)."""
    shift = Shifts(Catalogue()).of(day(code), MONDAY, standard=444)
    assert (shift.kind, shift.minutes, shift.works) == (kind, minutes, False)


def test_leave_over_a_night_credits_the_night(unit: Any) -> None:
    """(staff-roster 21.6) 10 h 45."""
    over = Day(day("N").shifts, Piece(activity=Activity.objects.get(name="Annual Leave").pk))
    assert Shifts(Catalogue()).of(over, MONDAY, standard=444).minutes == 645


def test_nobody_works_on_days_that_were_not_agreed_or_outside_the_unit(unit: Any) -> None:
    """(R-057)"""
    part_time, stranger = make_person(unit), make_person()
    Contract.objects.filter(person=part_time).update(agreed_days=[1, 2], valid=(LONG_AGO, None))
    checker = Checker([part_time.pk, stranger.pk], MONDAY, MONDAY + timedelta(days=6))
    assert any(each.rule == "Booked" for each in checker.check(part_time.pk, {MONDAY: day("E")}))
    assert not any(each.rule == "Booked" for each in checker.check(part_time.pk, {MONDAY + timedelta(1): day("E")}))
    assert any(each.rule == "Booked" for each in checker.check(stranger.pk, {MONDAY: day("E")}))


def test_hours_that_change_within_the_period_hold_each_on_its_own_days(unit: Any) -> None:
    """(R-057) Full time for two weeks, then 20 hours on agreed days; another joins for the last week."""
    less, joiner = make_person(unit), make_person(unit)
    half, last = MONDAY + timedelta(14), MONDAY + timedelta(21)
    Contract.objects.filter(person=less).update(weekly_minutes=2220, valid=(LONG_AGO, half))
    Contract.objects.create(person=less, weekly_minutes=1200, days_per_week=3, agreed_days=[1, 2], valid=(half, None))
    Contract.objects.filter(person=joiner).update(weekly_minutes=2220, valid=(last, None))
    checker = Checker([less.pk, joiner.pk], MONDAY, MONDAY + timedelta(27))
    assert checker.facts.member(less.pk).hours == (2220 + 1200) / 2
    assert checker.facts.member(joiner.pk).hours == 2220 / 4
    booked = [any(each.rule == "Booked" for each in checker.check(less.pk, {on: day("E")})) for on in (MONDAY, half)]
    assert booked == [False, True]


def test_a_template_says_that_its_breaks_are_taken_in_post(unit: Any) -> None:
    """W3: a day without a break breaks the rule, unless its template has the breaks in post (ADR 18)."""
    person = make_person(unit)
    template = Template.objects.create(code="GP", name="Gate, breaks in post")
    version = TemplateVersion.objects.create(
        template=template, valid=(date(2026, 1, 1), None), start=8 * 3600, end=16 * 3600
    )
    work = Activity.objects.filter(kind="presence").first()
    version.items.create(activity=work, start=0, end=8 * 3600, relative=True)

    def broken() -> bool:
        checker = Checker([person.pk], MONDAY, MONDAY + timedelta(days=27))
        return any(
            each.rule == "BreakInShift" for each in checker.check(person.pk, {MONDAY: Day((Piece(version.pk),))})
        )

    assert broken()
    TemplateVersion.objects.filter(pk=version.pk).update(breaks_in_post=True)
    assert not broken()


def test_two_agreements_after_one_another_hold_each_on_its_own_days(unit: Any) -> None:
    """No nights until the 10th, from then on not before 12:00: neither takes the place of the other."""
    person, last = make_person(unit), MONDAY + timedelta(days=27)
    turn = MONDAY + timedelta(days=7)
    agreed = [({"nights": False, "without": ["E"]}, (LONG_AGO, turn)), ({"earliest": 720}, (turn, None))]
    for parameters, valid in agreed:
        PersonalRule.objects.create(person=person, rule="Personal", parameters=parameters, valid=valid)
    checker = Checker([person.pk], MONDAY, last)

    def against(code: str, on: date) -> bool:
        return any(each.code == "L15" for each in checker.check(person.pk, {on: day(code)}))

    before = turn - timedelta(days=1)
    assert [against(code, before) for code in "NEL"] == [True, True, False]
    assert [against(code, turn) for code in "NEL"] == [False, True, False]
    (found,) = [each for each in checker.check(person.pk, {turn: day("E")}) if each.code == "L15"]
    assert "not before 12:00" in found.sentence
    assert "E" not in found.sentence.partition("agreed with this person")[2]
