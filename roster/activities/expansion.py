"""What a template gives: its items at their wall times, overlays on top, gaps filled (staff-roster 5.2).

Times are wall-clock seconds from 00:00 of the shift date. How long they last in truth, on a night on which the clock
changes, is for ``timeline.clock`` to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from roster.activities.models import Activity, TemplateVersion

UPPERMOST = {Activity.Kind.PRESENCE: 0, Activity.Kind.BREAK: 2}
"""What lies on top where items overlap: a break over all else, anything else over presence."""


@dataclass(frozen=True)
class Item:
    """One detail: an activity from ``start`` to ``end``."""

    activity: Activity
    start: int
    end: int
    post_id: int | None = None

    @property
    def seconds(self) -> int:
        return self.end - self.start

    @property
    def is_break(self) -> bool:
        return self.activity.kind == Activity.Kind.BREAK

    @property
    def unpaid_break(self) -> bool:
        return self.is_break and not self.activity.paid


def expand(version: TemplateVersion) -> tuple[Item, ...]:
    """The details of a version; of a full-day one its status alone, which has no times."""
    listed = list(version.items.all())
    if version.full_day:
        return tuple(Item(each.activity, each.start, each.end) for each in listed[:1])
    items = [
        Item(each.activity, each.start + each.relative * version.start, each.end + each.relative * version.start)
        for each in listed
    ]
    return resolved(items, version.start, version.end)


def resolved(items: Sequence[Item], start: int, end: int) -> tuple[Item, ...]:
    """Items in order of time without overlap; what no item covers of the frame is the base activity.

    The base is the first presence, or the first of all where there is none. Without items there is nothing to fill.
    """
    if not items:
        return ()
    ranked = sorted(
        enumerate(items), key=lambda pair: (UPPERMOST.get(Activity.Kind(pair[1].activity.kind), 1), pair[0])
    )
    layers = [item for _, item in ranked]
    bounds = sorted({start, end, *(item.start for item in items), *(item.end for item in items)})
    base = min(items, key=lambda item: (item.activity.kind != Activity.Kind.PRESENCE, item.start))
    filler = Item(base.activity, start, end, base.post_id)
    found: list[tuple[Item, Item]] = []
    for lower, upper in pairwise(bounds):
        top = next((item for item in reversed(layers) if item.start <= lower and upper <= item.end), None)
        if top is None and not (start <= lower and upper <= end):
            continue
        source = top or filler
        if found and found[-1][0] is source and found[-1][1].end == lower:
            lower = found.pop()[1].start
        found.append((source, Item(source.activity, lower, upper, source.post_id)))
    return tuple(item for _, item in found)


def gross(items: Sequence[Item]) -> int:
    """Minutes by the clock on the wall from the first item's start to the last one's end."""
    return (items[-1].end - items[0].start) // 60 if items else 0


def net(items: Sequence[Item]) -> int:
    """Gross without unpaid breaks: what counts towards the hours of a contract."""
    return gross(items) - sum(item.seconds for item in items if item.unpaid_break) // 60
