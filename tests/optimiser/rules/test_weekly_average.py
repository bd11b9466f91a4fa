"""(R-067) The 17-week average against the words of regulation 4, over any lines with leave and sickness in them."""

from itertools import islice

from hypothesis import example, given, settings
from hypothesis import strategies as st

from optimiser.lines import Line
from optimiser.problem import OFF, Calendar, Person, Shift
from optimiser.rules.weekly_average import WeeklyAverage

WEEKS = 17
WORK = [Shift(f"W{hours}", 480, 480 + hours * 60, hours * 60) for hours in (8, 10, 12)]
LEAVE, SICK = Shift("AL", kind="leave", works=False), Shift("SICK", kind="sick", works=False)
EXCLUDED = frozenset({"AL", "SICK"})

week = st.lists(st.sampled_from([*WORK, WORK[-1], OFF, LEAVE, SICK]), min_size=7, max_size=7)
lines = st.tuples(
    st.lists(week, min_size=1, max_size=3),  # weeks that repeat until the first day to plan
    st.integers(0, WEEKS + 4),
    st.lists(week, min_size=1, max_size=4),
)


def averages(days: list[Shift], past: int) -> set[int]:
    """Last days of the windows over 48 h: (A + B) / C, by the letter. Windows that no planned day is in are past."""
    over = set()
    for last in range(len(days)):
        window = days[max(0, last - WEEKS * 7 + 1) : last + 1]
        missing = sum(shift.id in EXCLUDED for shift in window)
        following = list(islice(((n, s) for n, s in enumerate(days) if n > last and s.works), missing))
        a, b = sum(s.minutes for s in window if s.works), sum(s.minutes for _, s in following)
        reaches = last >= past or len([n for n in range(last + 1, past) if days[n].works]) < missing
        if reaches and (a + b) / WEEKS > 48 * 60:
            over.add(last - past)
    return over


@settings(max_examples=60, deadline=None)
@given(lines)
@example(([[WORK[2]] * 4 + [OFF] * 3], WEEKS, [[LEAVE] * 7, [WORK[2]] * 6 + [OFF]]))
@example(([[WORK[0]] * 6 + [OFF]], WEEKS, [[WORK[0]] * 6 + [OFF]]))
def test_the_average_is_the_law(given: tuple[list[list[Shift]], int, list[list[Shift]]]) -> None:
    """Exactly 48 h pass; every excluded day brings in one more working day after the window."""
    repeated, weeks, ahead = given
    history = [shift for n in range(weeks) for shift in repeated[n % len(repeated)]]
    planned = [shift for one in ahead for shift in one]
    booked = {n: shift.id for n, shift in enumerate(planned) if shift.id in EXCLUDED}
    person = Person("A", history=tuple(history), locked=booked)
    line = Line(person, Calendar(len(planned)), tuple(planned))
    rule = WeeklyAverage(excluded=EXCLUDED)
    windows = list(rule.windows(person, line.calendar))
    found = {window.last for window in windows if rule.amount(window, rule.total(line, window))}
    assert found == averages(history + planned, len(history))
    assert bool(rule.check(line)) == bool(found)


def test_without_leave_48_hours_are_the_limit() -> None:
    def broken(minutes: int) -> bool:
        day = Shift("W", 480, 960, minutes)
        line = Line(Person("A", history=(day,) * 118), Calendar(1), (day,))
        return bool(WeeklyAverage(excluded=EXCLUDED).check(line))

    limit = 48 * WEEKS * 60 // (WEEKS * 7)
    assert not broken(limit)
    assert broken(limit + 1)
