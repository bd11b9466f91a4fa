"""A shift part by part: what of it is done elsewhere, and where it is cut."""

from collections.abc import Iterable
from datetime import date, datetime

from roster.activities.models import Activity
from roster.day.models import Deviation
from roster.demand.models import Post
from roster.timeline.clock import DAY, seconds_of
from roster.timeline.days import Catalogue, Day, Piece
from roster.timeline.refusals import Refused

QUARTER = 15 * 60
Part = tuple[int, int, int, int | None]
"""Activity, start and end in seconds of the shift's date, and post."""


def items_of(piece: Piece, catalogue: Catalogue) -> list[Part]:
    made = catalogue.content(piece)
    return [(i.activity.pk, i.start, i.end, i.post_id or made.post_id) for i in made.items]


def moved_parts(
    piece: Piece, catalogue: Catalogue, start: int, end: int, activity: Activity, post: int | None
) -> tuple[Piece, str]:
    """The shift with its work between these times elsewhere; breaks stay. And what was left, in words."""
    found: list[Part] = []
    left = ""
    for number, first, last, at in items_of(piece, catalogue):
        low, high = max(first, start), min(last, end)
        is_break = catalogue.activities[number].kind == Activity.Kind.BREAK
        if is_break or low >= high or (number, at) == (activity.pk, post):
            found.append((number, first, last, at))
            continue
        left = left or _name(number, at, catalogue)
        parts = [(number, first, low, at), (activity.pk, low, high, post), (number, high, last, at)]
        found += [part for part in parts if part[1] < part[2]]
    return (Piece(items=tuple(found)), left) if left else (piece, "")


def _name(activity: int, post: int | None, catalogue: Catalogue) -> str:
    row = Post.objects.filter(pk=post).first() if post else None
    return row.name if row else str(catalogue.activities[activity].name)


def cut(day: Day, catalogue: Catalogue, kind: str, at: int | None, first: int, last: int) -> tuple[Day, int]:
    """The shifts from, to, or until ``at``, and the minutes of difference."""
    if at is None:
        raise Refused("Enter the time")
    items = sorted((item for piece in day.shifts for item in items_of(piece, catalogue)), key=lambda item: item[1])
    if kind == Deviation.Kind.LATE:
        inside, minutes = first < at < last, (at - first) // 60
        kept = [(a, max(start, at), end, post) for a, start, end, post in items if end > at]
    elif kind == Deviation.Kind.EARLY:
        inside, minutes = first < at < last, (last - at) // 60
        kept = [(a, start, min(end, at), post) for a, start, end, post in items if start < at]
    else:
        inside, minutes = last < at <= last + DAY // 2, (at - last) // 60
        a, _, _, post = next(i for i in reversed(items) if catalogue.activities[i[0]].kind != Activity.Kind.BREAK)
        kept = [*items, (a, last, at, post)]
    if not inside:
        raise Refused("Enter a time that fits the shift of that day")
    return Day((Piece(items=tuple(_joined(kept))),)), minutes


def _joined(items: Iterable[Part]) -> Iterable[Part]:
    """Neighbours that are the same thing as one."""
    found: list[Part] = []
    for a, start, end, post in items:
        if found and found[-1][0] == a and found[-1][3] == post and found[-1][2] == start:
            found[-1] = (a, found[-1][1], end, post)
        else:
            found.append((a, start, end, post))
    return found


def frame(day: Day, catalogue: Catalogue) -> tuple[int, int]:
    """When its shifts begin and end."""
    contents = [catalogue.content(piece) for piece in day.shifts]
    return min(c.start or 0 for c in contents), max(c.end or 0 for c in contents)


def begins(day: Day, on: date, until: datetime, now: datetime, catalogue: Catalogue) -> int:
    """When somebody who is called now for a gap ``until`` then begins: of a shift that runs already, with the next
    quarter of an hour. Of a gap that has passed only who stood there is written down: with the shift's beginning.
    """
    start, _ = frame(day, catalogue)
    soonest = -(-seconds_of(on, now) // QUARTER) * QUARTER
    return soonest if start < soonest < seconds_of(on, until) else start


def from_then_on(day: Day, at: int, catalogue: Catalogue) -> Day:
    """The shifts as far as they come after; all of them where they begin then. Raises ``Refused``."""
    start, end = frame(day, catalogue)
    if at == start:
        return day
    return cut(day, catalogue, Deviation.Kind.LATE, at, start, end)[0]
