"""From seconds of a shift date to true moments, on the clock of London.

A roster says 20:45 to 07:30 and means the clock on the wall; how long somebody works is the time that passes. On the
two nights when the clock changes these differ by an hour, and pay and rest count the time that passes (staff-roster
19: the night of 27 March 2027 lasts 9 h 45, that of 24 October 2026 lasted 11 h 45).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from foundation.clock import LONDON

DAY = 24 * 3600
FULL_DAY = -2_147_483_648
"""What the legacy system writes at both ends of a full-day entry."""


def moment(shift_date: date, seconds: int) -> datetime:
    """The moment (UTC) at which the wall clock shows the time that lies so many seconds after 00:00 of the date.

    Of a wall time that comes twice (October) the first is meant; one that never comes (March) is the moment at which
    the clock has gone over it.
    """
    wall = datetime.combine(shift_date, time()) + timedelta(seconds=seconds)
    return wall.replace(tzinfo=LONDON).astimezone(UTC)


@lru_cache(maxsize=10_000)  # a publication asks for the same few shifts a day, thousands of times
def span(shift_date: date, start: int, end: int) -> DateTimeTZRange:
    """The true time of a shift, for ``Duty.span``."""
    return DateTimeTZRange(moment(shift_date, start), moment(shift_date, end))


def minutes(shift_date: date, start: int, end: int) -> int:
    """How many minutes pass; negative seconds are the evening before, above 86,400 the next day."""
    return round((moment(shift_date, end) - moment(shift_date, start)).total_seconds() / 60)


def wall(shift_date: date, seconds: int) -> datetime:
    """What the clock shows, without a zone: midnight of the date and the seconds after it."""
    return datetime.combine(shift_date, time()) + timedelta(seconds=seconds)


def seconds_of(shift_date: date, at: datetime) -> int:
    """The reverse of ``moment``: wall seconds from 00:00 of the shift date."""
    shown = at.astimezone(LONDON).replace(tzinfo=None)
    return round((shown - datetime.combine(shift_date, time())).total_seconds())
