"""W2 against a plain reading of the clock: every line, minute by minute, with each alternative of the law."""

from itertools import product

import pytest

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line, line_of
from optimiser.problem import DAY, Shift
from optimiser.rules.weekly_rest import WeeklyRest

EVENING_BEFORE = Shift("X", -120, 300, 420)


def rests(line: Line, first: int, last: int) -> list[int]:
    """Minutes of each time without work between the midnights of two days."""
    worked = set()
    for day in range(first - 2, last + 2):
        if day < len(line.planned) and line[day].works:
            worked |= set(range(day * DAY + line[day].start, day * DAY + line[day].end, 15))
    free, found = 0, []
    for moment in range(first * DAY, (last + 1) * DAY, 15):
        if moment in worked:
            found.append(free)
            free = 0
        else:
            free += 15
    return [*found, free]


@pytest.mark.parametrize(
    ("rule", "history", "days"),
    [
        (WeeklyRest(period=3), "N", 5),
        (WeeklyRest(period=4), "EN", 5),
        (WeeklyRest(period=4, rests=2), ".N", 5),
        (WeeklyRest(period=5, rests=2), "E", 6),
        (WeeklyRest(period=3, hours=35), "E", 5),
    ],
)
def test_against_the_clock(rule: WeeklyRest, history: str, days: int) -> None:
    one = case(rule, [SHIFTS["E"], SHIFTS["N"], EVENING_BEFORE], days=days, history=history)
    seen = set()
    for shifts in product(("", "E", "N", "X"), repeat=days):
        line = line_of(one.problem, one.person, shifts)
        if any(
            b.works and a.works and DAY + b.start < a.end
            for a, b in zip(line.all_shifts, line.all_shifts[1:], strict=False)
        ):
            continue  # in two places at once
        for day in range(days - 1):  # the last day's window may be cut by a shift of the day after, which nobody knows
            units = sum(minutes // rule.unit for minutes in rests(line, day - rule.period + 1, day))
            short = max(0, rule.rests - units)
            tomorrow = line[day + 1]
            if not (tomorrow.works and tomorrow.start < 0):
                found = [one for one in rule.check(line) if one.days[-1] == day]
                assert len(found) == bool(short), (shifts, day)
                seen.add(short)
    assert len(seen) > 1


def test_a_week_of_nights_needs_a_rest_before_the_seventh_day_ends() -> None:
    one = case(WeeklyRest(), "E N", days=7)
    six_days = line_of(one.problem, one.person, ["E"] * 6 + [""])
    six_nights = line_of(one.problem, one.person, ["N"] * 6 + [""])
    assert WeeklyRest().check(six_days) == []
    (found,) = WeeklyRest().check(six_nights)
    assert (found.measured, found.limit) == (20.75, 24)
    assert found.sentence == (
        "The longest rest from Mon (day 0) to Sun (day 6) is 20 h 45 min, a rest of 24 h needed in each 7 days; "
        "such a rest must begin by 00:00 on Sun (day 6)"
    )
