"""From when to when a figure counts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings

from foundation import clock

FIRST_DAY = date(2000, 1, 1)
"""Where "all time" begins (deputy-admin 8.1)."""


@dataclass(frozen=True)
class Period:
    """Whole days in London, both ends included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the first moment after the last."""
        london = ZoneInfo(settings.TIME_ZONE)
        return (
            datetime.combine(self.first, time(), london),
            datetime.combine(self.last + timedelta(days=1), time(), london),
        )

    def months(self) -> list["Period"]:
        """The calendar months that the period touches, cut to it."""
        found, first = [], self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            found.append(Period(first, min(self.last, following - timedelta(days=1))))
            first = following
        return found


class Span(StrEnum):
    """The periods that are offered."""

    MONTH = "last-30-days"
    YEAR = "this-year"
    ALL = "all-time"
    CUSTOM = "custom"


WORDS = {
    Span.MONTH: "Last 30 days",
    Span.YEAR: "This year",
    Span.ALL: "All time",
    Span.CUSTOM: "Other dates",
}


def period_of(span: Span) -> Period:
    """The period that ends today; other dates are typed by the person."""
    today = clock.today()
    first = {Span.MONTH: today - timedelta(days=29), Span.YEAR: today.replace(month=1, day=1)}.get(span, FIRST_DAY)
    return Period(first, today)


def last_month() -> Period:
    """The whole calendar month before this one."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)
