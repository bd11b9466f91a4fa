"""Wall clock and true time, both clock changes included (R-096, staff-roster 19 and 21.17)."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.timeline.clock import DAY, minutes, moment, seconds_of, span, wall

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
SECONDS = st.integers(-DAY // 900, 2 * DAY // 900).map(lambda quarter: quarter * 900)


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [
        (date(2027, 3, 27), 74700, 113400, 9.75),  # the night of 20:45 to 07:30
        (date(2026, 10, 24), 74700, 113400, 11.75),
        (date(2026, 10, 23), 74700, 113400, 10.75),
        (date(2026, 3, 28), 75600, 111600, 9),  # 21:00 to 07:00
        (date(2026, 10, 24), 75600, 111600, 11),
    ],
)
def test_a_night_lasts_as_long_as_time_passes(day: date, start: int, end: int, hours: float) -> None:
    assert minutes(day, start, end) == hours * 60
    assert wall(day, end) - wall(day, start) == timedelta(seconds=end - start), "the roster shows the wall clock"


def test_the_evening_before_and_the_next_day() -> None:
    assert moment(date(2026, 6, 1), -600) == datetime(2026, 5, 31, 22, 50, tzinfo=UTC)
    assert wall(date(2026, 9, 4), -10) == datetime(2026, 9, 3, 23, 59, 50)  # noqa: DTZ001
    assert wall(date(2027, 1, 12), 113400) == datetime(2027, 1, 13, 7, 30)  # noqa: DTZ001


def test_every_listed_clock_change_is_known() -> None:
    file = Path(__file__).parents[3] / "roster" / "data" / "clock_changes.csv"
    with file.open(newline="") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["date"])
            assert minutes(day, 0, DAY) == int(row["hours_in_day"]) * 60


@given(DAYS, SECONDS, SECONDS)
def test_order_is_kept_and_only_a_clock_change_alters_a_length(day: date, first: int, second: int) -> None:
    first, second = min(first, second), max(first, second)
    passed = minutes(day, first, second)
    assert passed >= 0
    assert abs(passed - (second - first) // 60) in (0, 60)
    assert span(day, first, second).lower <= span(day, first, second).upper


@given(DAYS, SECONDS)
def test_there_and_back(day: date, seconds: int) -> None:
    back = seconds_of(day, moment(day, seconds))
    assert back in (seconds, seconds + 3600), "only a wall time that never comes is another one"
    assert moment(day, back) == moment(day, seconds)
