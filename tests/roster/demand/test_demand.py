"""Demand against supply, quarter by quarter (staff-roster 7; R-052)."""

from collections import Counter
from datetime import date, timedelta
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from roster.activities.models import Activity, Template
from roster.demand import seeds
from roster.demand.calendar import day_types, in_force
from roster.demand.coverage import Coverage
from roster.demand.models import DayType, Half, Level, Requirement
from roster.demand.needs import needs
from roster.demand.supply import Stander, Wanted, fits, supply
from roster.establishment.models import Skill, SkillHeld
from roster.timeline import actions as timeline
from tests.roster.conftest import LONG_AGO, make_person

MONDAY = date(2027, 1, 4)
HOUR = 3600


def put(person: Any, unit: Any, day: date, code: str) -> None:
    timeline.put(person, unit, day, by=person.user, template=Template.objects.get(code=code), reason="Test")


def require(unit: Any, **fields: Any) -> Requirement:
    usual: dict[str, Any] = {
        "name": "Landing", "day_types": list(DayType.values), "start": 0, "end": 24 * HOUR, "target": 1, "minimum": 1,
        "reduced": 1, "essential": 1, "valid": (LONG_AGO, None), "establishment": unit.establishment, "unit": unit,
    }  # fmt: skip
    row: Requirement = Requirement.objects.create(**usual | fields)
    row.refresh_from_db()
    return row


people = st.lists(st.frozensets(st.sampled_from("ABC"), max_size=3), max_size=5)
asked = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 2)), min_size=1, max_size=3)


@settings(max_examples=60)
@given(people, asked)
def test_nobody_counts_twice_and_no_assignment_meets_more(held: list[frozenset[str]], raw: list[Any]) -> None:
    """Against every assignment there is."""
    standers = [Stander(1, skills=frozenset((s, "") for s in skills)) for skills in held]
    wanted = [Wanted(n + 1, (number,) * 4, skill=skill) for n, (skill, number) in enumerate(raw)]
    found = supply(Counter(standers), wanted)
    assert sum(found.values()) <= len(standers)
    seats = [one for one in wanted for _ in range(one.numbers[0])]
    met = sum(min(found[one.key], one.numbers[0]) for one in wanted)
    longer, shorter = (seats, standers) if len(seats) > len(standers) else (standers, seats)
    best = max(
        sum(fits(*((b, a) if longer is seats else (a, b))) for a, b in zip(order, shorter, strict=True))  # type: ignore[arg-type]
        for order in permutations(longer, len(shorter))
    )
    assert met == best


def test_the_scarce_one_keeps_the_scarce_post() -> None:
    dog, plain = Stander(1, skills=frozenset({("DOG", "patrol")})), Stander(1)
    both, one = {dog: 1, plain: 1}, {dog: 1}
    assert supply(both, [Wanted(1, (1, 1, 1, 1)), Wanted(2, (1, 1, 1, 1), skill="DOG")]) == {1: 1, 2: 1}
    assert supply(one, [Wanted(1, (0, 0, 0, 1)), Wanted(2, (1, 1, 1, 1), skill="DOG")]) == {1: 0, 2: 1}
    aid = Wanted(3, (1, 1, 1, 1), skill="DOG", alongside=True)
    assert supply(one, [Wanted(1, (1, 1, 1, 1)), aid]) == {1: 1, 3: 1}, "a first aider may stand anywhere"
    assert supply(both, [Wanted(1, (1, 1, 1, 1))]) == {1: 2}, "the rest is surplus"


def test_an_expired_skill_raises_the_gap_at_midnight(unit: Any) -> None:
    """(staff-roster 21.11) C&R until the 5th: the night from the 5th to the 6th counts until 00:00."""
    person = make_person(unit)
    skill = Skill.objects.get(code="CR")
    SkillHeld.objects.create(person=person, skill=skill, valid=(LONG_AGO, date(2027, 1, 6)))
    row = require(unit, skill=skill, start=75600, end=30 * HOUR)
    put(person, unit, MONDAY + timedelta(days=1), "N")
    found = Coverage(unit.establishment, unit, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))
    tuesday = found.of(row.pk, MONDAY + timedelta(days=1))[-1]
    wednesday = found.of(row.pk, MONDAY + timedelta(days=2))[0]
    assert (tuesday.start, tuesday.end, tuesday.gap) == (75600, 24 * HOUR, 0)
    assert (wednesday.start, wednesday.end, wednesday.gap) == (0, 6 * HOUR, 1)
    sentence = dict(found.gaps())[wednesday]
    assert sentence == "Landing: 1 short of the minimum of 1 on Wednesday 6 January from 00:00 to 06:00; 0 there."


def test_breaks_do_not_count_and_clock_changes_do(unit: Any) -> None:
    """An unpaid break is a gap; on 28 March 2027 the day has 92 quarters, and nobody is missing in the lost hour."""
    person = make_person(unit)
    row = require(unit, start=27000, end=63000)
    put(person, unit, MONDAY, "M")
    gaps = [
        (one.start, one.end) for one in Coverage(unit.establishment, unit, MONDAY, MONDAY).of(row.pk, MONDAY) if one.gap
    ]
    assert gaps == [(45000, 48600)]
    row.start, row.end = 74700, 113400
    row.save()
    put(person, unit, date(2027, 3, 27), "N")
    found = Coverage(unit.establishment, unit, date(2027, 3, 28), date(2027, 3, 28)).of(row.pk, date(2027, 3, 28))
    assert [(one.start, one.end, one.gap) for one in found] == [(0, 27000, 0), (74700, 24 * HOUR, 1)]


def test_levels_by_half_day_and_day_types(unit: Any) -> None:
    require(unit, start=8 * HOUR, end=16 * HOUR, target=3, minimum=2, reduced=1, essential=1)
    levels = [Level.BELOW_RED, Level.AMBER_RED, Level.GREEN_AMBER, Level.GREEN]
    for number, level in enumerate(levels):
        if number:
            put(make_person(unit), unit, MONDAY, "A")
        found = Coverage(unit.establishment, unit, MONDAY, MONDAY)
        assert found.level(MONDAY, Half.MORNING) == level
    assert found.level(MONDAY, Half.AFTERNOON) == Level.BELOW_RED, "all three at lunch from 12:30"
    friday = date(2027, 3, 26)
    assert day_types(friday, special=False) == [DayType.BANK_HOLIDAY, DayType.FRIDAY]
    usual = require(unit, name="Friday", day_types=["friday"])
    assert in_force([usual], friday, special=False) == [usual], "a bank holiday changes demand only if set"
    holiday = require(unit, name="Holiday", day_types=["bank_holiday"])
    assert in_force([usual, holiday], friday, special=False) == [holiday]


def test_the_example_unit_asks_the_optimiser(unit: Any) -> None:
    """(R-052) 7.3 as seeded, twice: weekday 07:45 five of six, one in charge; the night past midnight."""
    for _ in range(2):
        seeds.residential(unit)
        seeds.establishment_posts(unit.establishment)
    found = needs(unit, MONDAY, MONDAY)
    morning = next(one for one in found if one.name == "Unlock and work, 07:45 to 12:00")
    assert (morning.start, morning.end) == (465, 720)
    assert [(need.people, need.level) for need in morning.needs][-2:] == [(5, "minimum"), (6, "target")]
    assert [need.under for need in morning.needs] == sorted((need.under for need in morning.needs), reverse=True)
    senior = next(one for one in found if one.name.startswith("Supervising officer"))
    assert "band 4" in senior.groups
    assert next(one for one in found if one.name.startswith("Night patrol")).end == 1890
    whole = Coverage(unit.establishment, None, MONDAY, MONDAY)
    assert {whole.name(one.key) for one in whole.stretches} >= {"Gate", "First aider", "Orderly Officer"}
    assert Activity.objects.filter(name="Gate").exists()
