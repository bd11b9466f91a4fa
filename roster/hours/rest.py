"""Where rest that is owed can be had: the next gap between two duties that is longer than anybody's usual rest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from foundation.clock import LONDON

USUAL = timedelta(hours=11)
Span = tuple[datetime, datetime]


def next_gap(work: Sequence[Span], since: datetime, minutes: int, until: datetime) -> Span | None:
    """When the minutes can be had, after the usual rest: ``work`` in order, known up to ``until``."""
    wanted = timedelta(minutes=minutes)
    after = [span for span in work if span[1] > since]
    edges = [(since, since), *after, (until, until)]
    for before, following in pairwise(edges):
        start = before[1] + USUAL
        if start + wanted <= following[0]:
            return start, start + wanted
    return None


def words(span: Span) -> str:
    start, end = (moment.astimezone(LONDON) for moment in span)
    return f"{start:%H:%M} on {start:%A} {start.day} {start:%B} to {end:%H:%M}" + (
        "" if start.date() == end.date() else f" on {end:%A} {end.day} {end:%B}"
    )
