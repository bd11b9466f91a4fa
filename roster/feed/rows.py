"""From published changes to rows of the feed, in the publishing transaction (csr-api-contract 6, staff-roster 8.3)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.dispatch import receiver

from foundation import clock
from foundation.clock import london
from roster.feed.models import FeedRow
from roster.timeline.changes import PUBLISHED, Written, written
from roster.timeline.copying import insert
from roster.timeline.models import Change

CODES = {47012: "DELETE", None: "EDIT", 0: "EDIT", 47001: "EDIT", 47006: "ADD", 47015: "ADD"}
"""The legacy system's codes of what was done to a shift; any other one means UNCHANGED."""
CODE_OF = {Change.Action.DELETE: 47012, Change.Action.EDIT: 47001, Change.Action.ADD: 47006}

COLUMNS = [
    "person_id", "level", "on_date", "modified", "created_at", "change_id", "action", "activity", "start", "end",
]  # fmt: skip


def action_of(code: int | None) -> str:
    return CODES.get(code, "UNCHANGED")


@receiver(written)
def follow(sender: Any, changes: Sequence[Written], undone: dict[int, list[int]], **_: Any) -> None:
    """A row for each change within the window, and for each of its details in the near one.

    What takes unsettled changes back removes their rows instead, if the other side has confirmed none of them.
    """
    back = {pk for pk, chain in undone.items() if _take_back(chain)}
    now = clock.now()
    rows = [row for change in changes if change.pk not in back for row in rows_of(change, now)]
    insert(FeedRow, COLUMNS, rows)


def _take_back(chain: list[int]) -> bool:
    """Remove the rows of these changes: all, or none if one was fetched and confirmed already."""
    rows = FeedRow.objects.filter(change__in=chain)
    standing = dict(rows.values_list("change").annotate(Count("pk")))
    made = {change.pk: rows_of(change, change.at) for change in Change.objects.filter(pk__in=chain)}
    expected = {pk: len(list(each)) for pk, each in made.items()}
    if standing != {pk: number for pk, number in expected.items() if number}:
        return False
    rows.delete()
    return True


def rows_of(change: Change | Written, now: datetime) -> Iterator[tuple[Any, ...]]:
    """In the order of ``COLUMNS``."""
    today = london(now).date()
    if change.level not in PUBLISHED or change.shift_date < today - timedelta(days=1):
        return
    about = change.person_id, change.level, change.shift_date, change.at, now, change.pk
    if change.shift_date <= today + timedelta(days=settings.FEED_DAYS_SHIFT):
        yield *about, CODE_OF[Change.Action(change.action)], "", None, None
    if change.shift_date <= today + timedelta(days=settings.FEED_DAYS_DETAIL):
        for duty in change.after.get("duties", []):
            yield *about, CODE_OF[Change.Action.EDIT], duty["name"], duty["start"], duty["end"]
