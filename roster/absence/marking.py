"""What a spell of sickness does to published duties, and how that is taken back. All through ``timeline.actions``."""

from datetime import date, timedelta
from typing import Any

from foundation import clock
from roster.absence.models import Sickness
from roster.activities.expansion import Item
from roster.activities.models import Activity
from roster.establishment.models import Person
from roster.timeline import actions as timeline
from roster.timeline.clock import DAY, moment
from roster.timeline.content import Content, by_hand, full_day, stored
from roster.timeline.models import Duty, Level

SOURCE = "sick"
LEVELS = [Level.PLAN, Level.OVERTIME, Level.ACTUAL]
WHY = "Sickness"
BACK = "Return from sickness"


def mark(row: Sickness, *, by: Any) -> None:
    """Let the category stand over every shift of the spell; overtime in it is cancelled. Twice changes nothing."""
    activity = Activity.objects.get(name=Sickness.Category(row.category).label)
    first, last = row.valid.lower, row.marked_to
    rows = list(
        Duty.objects.whole().between(first, last).filter(person=row.person, span__isnull=False, covered_by=None)
    )
    cells = []
    for key in sorted({(each.shift_date, each.level) for each in rows if each.level in LEVELS}):
        there = [each for each in rows if (each.shift_date, each.level) == key]
        part = row.from_time if key[0] == first else None
        cells.append(_marked(there, activity, part) if key[1] == Level.PLAN else _cut(there, activity, part))
    timeline.publish_day_set(cells, by=by, reason=WHY, asks=False)


def _marked(rows: list[Duty], activity: Activity, part: int | None) -> timeline.Cell:
    one = rows[0]
    contents = tuple(map(stored, rows))
    worked = part is not None and any((each.start or 0) < part for each in contents)
    if worked and part is not None:
        duties, over = tuple(_part_day(each, activity, part) for each in contents), None
    else:
        duties, over = contents, full_day(activity)
    return timeline.Cell(
        one.person_id, one.unit_id, one.shift_date, duties, over, Level.PLAN, SOURCE, any(row.locked for row in rows)
    )


def _cut(rows: list[Duty], activity: Activity, part: int | None) -> timeline.Cell:
    """Overtime that had begun is kept where it had ended; of the actual day what was worked, then sickness."""
    one, kept = rows[0], [row for row in rows if part is not None and (row.start or 0) < part]
    if one.level == Level.OVERTIME:
        duties = [stored(row) for row in kept if (row.end or 0) <= (part or 0)]
    else:
        duties = [_part_day(stored(row), activity, part or 0) for row in kept]
    return timeline.Cell(one.person_id, one.unit_id, one.shift_date, tuple(duties), level=one.level, source=SOURCE)


def _part_day(content: Content, activity: Activity, part: int) -> Content:
    """The same shift: what was worked stays, the rest is sickness."""
    start, end = content.start or 0, content.end or 0
    if part >= end or any(item.activity.pk == activity.pk for item in content.items):
        return content
    kept = [Item(i.activity, i.start, min(i.end, part), i.post_id) for i in content.items if i.start < part]
    return by_hand([*kept, Item(activity, max(start, part), end)], content.post_id)


def went_off(person: Person, on: date, at: int) -> tuple[date, int]:
    """The shift that somebody left ill at that time of that day: 02:00 lies in a night, which may be of the day before.

    Of two nights around a day, the later that has come to that hour. Without such a shift as it was said.
    """
    nights = [(on, at), (on, at + DAY), (on - timedelta(days=1), at + DAY)]
    rows = Duty.objects.between(on - timedelta(days=1), on).filter(
        person=person, level__in=LEVELS, span__isnull=False, covered_by=None
    )
    fits = [
        (day, s) for day, s in nights if any(r.shift_date == day and (r.start or 0) < s < (r.end or 0) for r in rows)
    ]
    past = [each for each in fits if moment(*each) <= clock.now()]
    return max(past, key=lambda each: moment(*each)) if past else fits[0] if fits else (on, at)


def unmark(person: Person, first: date, last: date, *, by: Any) -> None:
    """Shifts from first to last that sickness stands over count again."""
    if last < first:
        return
    rows = Duty.objects.between(first, last).filter(
        person=person, level=Level.PLAN, span=None, source=SOURCE, activity__kind=Activity.Kind.ILLNESS
    )
    for day in sorted(rows.values_list("shift_date", flat=True)):
        timeline.uncover(person, day, by=by, source="hand", reason=BACK)
