"""The time now and the date in London. Everything else asks here, so that tests can move the clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The moment now, with its zone (UTC)."""
    return timezone.now()


def today() -> date:
    """The calendar date in England and Wales now."""
    return now().astimezone(LONDON).date()


def london(moment: datetime) -> datetime:
    """The same moment on a clock in England and Wales."""
    return moment.astimezone(LONDON)
