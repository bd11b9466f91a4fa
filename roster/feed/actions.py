"""What takes rows out of the feed: confirmation by the other side, its two bulk calls, and age."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from foundation import audit, clock
from foundation.clock import LONDON
from roster.feed.models import FeedRow

LARGEST = 2**63 - 1


@transaction.atomic
def confirm(ids: Iterable[int]) -> int:
    """The other side has these rows: all of them go, or none. Unknown numbers are passed over."""
    wanted = {pk for pk in ids if 0 < pk <= LARGEST}
    return FeedRow.objects.filter(pk__in=wanted).delete()[0]


@transaction.atomic
def delete_all(*, caller: str) -> int:
    return _deleted(FeedRow.objects.all(), caller)


@transaction.atomic
def delete_old(before: date, *, caller: str) -> int:
    """Rows of shifts last changed before the date."""
    midnight = datetime.combine(before, time(), LONDON)
    return _deleted(FeedRow.objects.filter(modified__lt=midnight), caller)


@transaction.atomic
def drop_old() -> int:
    """Rows that nobody has confirmed for too long."""
    oldest = clock.now() - timedelta(days=settings.FEED_KEPT_DAYS)
    return FeedRow.objects.filter(created_at__lt=oldest).delete()[0]


def _deleted(rows: Any, caller: str) -> int:
    number: int = rows.delete()[0]
    audit.record("FEED_DELETED", reason=f"asked for by the program {caller}", after={"rows": number})
    return number
