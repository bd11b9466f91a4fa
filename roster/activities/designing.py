"""What a template must keep to before it is saved, and what a planner is warned of (staff-roster 5.2, R-070)."""

from collections.abc import Sequence
from dataclasses import dataclass

from roster.activities.expansion import UPPERMOST, Item, resolved
from roster.activities.models import Activity

HOUR = 3600
EARLIEST, LATEST, LONGEST = -24 * HOUR, 48 * HOUR, 24 * HOUR
NEEDS_BREAK, BREAK = 6 * HOUR, 20 * 60
"""Who works more than 6 hours has a break of 20 minutes (Working Time Regulations 1998, reg. 12)."""
MIDNIGHT = 24 * HOUR


@dataclass(frozen=True)
class Frame:
    start: int
    end: int
    breaks_in_post: bool = False


@dataclass(frozen=True)
class Fault:
    """A sentence, and where: a field of the frame, or of an item by its number from 0."""

    text: str
    field: str = "start"
    item: int | None = None


def faults(frame: Frame, items: Sequence[Item]) -> list[Fault]:
    """All that is wrong with these items (at wall times) in that frame; empty: it can be saved."""
    found = _of_frame(frame, items)
    for number, item in enumerate(items):
        found += _of_item(frame, number, item)
    if not items:
        found.append(Fault("Add at least one activity", "activity", 0))
    found += _doubles(items)
    return found or _of_breaks(frame, items)


def _of_frame(frame: Frame, items: Sequence[Item]) -> list[Fault]:
    if frame.end <= frame.start:
        return [Fault("The end must be after the start. Write 25:00 for 01:00 of the next day", "end")]
    if frame.start < EARLIEST:
        return [Fault("A shift begins at most 24 hours before its date", "start")]
    if frame.end > LATEST:
        return [Fault("A shift ends at most 48 hours after 00:00 of its date", "end")]
    if frame.end - frame.start > LONGEST and not any(item.activity.long_duty for item in items):
        return [Fault("A shift lasts at most 24 hours, except of activities such as bedwatch", "end")]
    return []


def _of_item(frame: Frame, number: int, item: Item) -> list[Fault]:
    if item.end <= item.start:
        return [Fault("The end of an activity must be after its start", "end", number)]
    if item.start < frame.start or item.end > frame.end:
        return [Fault(f"{item.activity.name} must lie inside the shift", "start", number)]
    if not item.activity.part_day:
        return [Fault(f"{item.activity.name} stands for whole days only", "activity", number)]
    return []


def _doubles(items: Sequence[Item]) -> list[Fault]:
    """A break lies over a meeting, a meeting over a duty; two of one kind at one time would leave it open which."""
    found = []
    for number, item in enumerate(items):
        for other in items[:number]:
            same = _rank(item) == _rank(other)
            if same and item.start < other.end and other.start < item.end:
                text = f"{item.activity.name} and {other.activity.name} are at the same time"
                found.append(Fault(text, "start", number))
                break
    return found


def _rank(item: Item) -> int:
    return UPPERMOST.get(Activity.Kind(item.activity.kind), 1)


def _of_breaks(frame: Frame, items: Sequence[Item]) -> list[Fault]:
    details = resolved(list(items), frame.start, frame.end)
    if details[0].is_break or details[-1].is_break:
        return [Fault("A break must lie inside the shift, not at its start or end", "start", 0)]
    works = sum(item.seconds for item in details if item.activity.working_time)
    rests = any(item.is_break and item.seconds >= BREAK for item in details)
    if works > NEEDS_BREAK and not rests and not frame.breaks_in_post:
        return [Fault("Work over 6 hours needs a break of at least 20 minutes (Working Time Regulations)", "end")]
    return []


def warnings(frame: Frame, items: Sequence[Item]) -> list[str]:
    """What can be saved but is better avoided."""
    times = {frame.start, frame.end, *(item.start for item in items), *(item.end for item in items)}
    found = []
    if MIDNIGHT in times:
        found.append(
            "Something starts or ends at exactly 24:00. Other systems show that as 00:00 of the same date: "
            "23:59 or 24:01 avoids it."
        )
    if frame.breaks_in_post:
        found.append("Breaks are paid and taken in post: what rest is lost must be given back as compensatory rest.")
    return found
