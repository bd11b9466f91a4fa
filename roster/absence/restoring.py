"""A report that was a mistake: what it put aside comes back as it stood, where nothing else was put there meanwhile.

Read from what is kept anyway: the changes that marking made, and the duties that it retired.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from roster.absence.marking import BACK, LEVELS, SOURCE, WHY
from roster.absence.models import Sickness
from roster.activities.models import Activity
from roster.timeline import actions as timeline
from roster.timeline.content import stored
from roster.timeline.models import Change, Duty, Level
from roster.timeline.reading import Key
from roster.timeline.refusals import InTheWay

MISTAKE = "Sickness was entered by mistake"


@dataclass(frozen=True)
class Aside:
    """A day of one level that a spell has changed. ``before``: the duties that stood there.

    ``mark``: the last change that the spell made of it. ``kept``: it is as the spell left it.
    """

    key: Key
    before: tuple[Duty, ...]
    mark: Change | None
    last: Change | None
    kept: bool

    @property
    def changed(self) -> bool:
        """Somebody has put something else there since."""
        return not self.kept and bool(self.mark and self.last and self.last.after != self.mark.before)


def aside(row: Sickness) -> list[Aside]:
    """Everything that the spell has changed, by day and level."""
    marks, lasts = _changes(row)
    days = {day for _, day, _ in marks}
    duties: dict[Key, list[Duty]] = defaultdict(list)
    inside = Q(shift_date__in=days) | Q(shift_date__range=(row.valid.lower, row.marked_to))
    for duty in Duty.objects.whole().filter(inside, person=row.person_id, level__in=LEVELS).order_by("start", "pk"):
        duties[duty.person_id, duty.shift_date, duty.level].append(duty)
    standing = {key for key, rows in duties.items() if any(map(_stands, rows))}
    found = []
    for key in sorted({*marks, *standing}, key=lambda one: one[1:]):
        mark, last = marks.get(key), lasts.get(key)
        kept = key in standing or (mark is not None and mark == last)
        before = _before(duties[key], retired=key not in standing)
        found.append(Aside(key, tuple(before), mark, last, kept))
    return found


def _changes(row: Sickness) -> tuple[dict[Key, Change], dict[Key, Change]]:
    """The last change that the spell made of each day and level, and the last that anybody made there."""
    rows = Change.objects.filter(person=row.person_id, shift_date__gte=row.valid.lower, level__in=LEVELS)
    others = Sickness.objects.filter(person=row.person_id).exclude(pk=row.pk)
    marks: dict[Key, Change] = {}
    lasts: dict[Key, Change] = {}
    for each in rows.filter(at__gte=row.reported_at).order_by("pk"):
        key = each.person_id, each.shift_date, each.level
        lasts[key] = each
        if each.reason == WHY and not any(other.valid.lower <= each.shift_date <= other.marked_to for other in others):
            marks[key] = each
    return marks, lasts


def _stands(duty: Duty) -> bool:
    """Sickness over the whole day."""
    return duty.live and duty.span is None and duty.source == SOURCE and _is_ill(duty)


def _is_ill(duty: Duty) -> bool:
    parts = [duty.activity, *(item.activity for item in duty.items.all())]
    return any(activity and activity.kind == Activity.Kind.ILLNESS for activity in parts)


def _before(rows: Iterable[Duty], *, retired: bool) -> list[Duty]:
    """What stood there: shifts that stayed, and those that the last change retired."""
    live = [duty for duty in rows if duty.live]
    dead = [duty for duty in rows if not duty.live and retired]
    was = live[0].version - 1 if live else max((duty.version for duty in dead), default=0)
    stayed = [duty for duty in live if duty.span is not None and not _is_ill(duty)]
    return stayed + [duty for duty in dead if duty.version == was and not _is_ill(duty)]


def restore(row: Sickness, *, by: Any) -> list[Key]:
    """Give back what stood there. Returns the days and levels that stay as others have made them meanwhile."""
    left = []
    for each in aside(row):
        if (each.kept and not _given_back(each, by)) or each.changed:
            left.append(each.key)
    return left


def _given_back(one: Aside, by: Any) -> bool:
    person, day, level = one.key
    first = one.before[0] if one.before else None
    cell = timeline.Cell(
        person, first.unit_id if first else 0, day, tuple(map(stored, one.before)), level=level,
        source=first.source if first else "hand", locked=any(duty.locked for duty in one.before),
    )  # fmt: skip
    try:
        with transaction.atomic():
            timeline.publish_day_set([cell], by=by, reason=MISTAKE, asks=False)
    except InTheWay:
        return False
    return True


def in_their_place(row: Sickness, listed: Iterable[Aside]) -> bool:
    """Whether somebody else has been put, since the spell was reported, where and when it left a gap."""
    gone = [duty for each in listed for duty in each.before if duty.span is not None]
    since = min((each.mark.pk for each in listed if each.mark), default=None)
    if not gone or since is None:
        return False
    at_the_time = Q()
    for duty in gone:
        at_the_time |= Q(span__overlap=duty.span)
    posts = {duty.post_id for duty in gone} | {item.post_id for duty in gone for item in duty.items.all()}
    posts.discard(None)
    there = Q(unit__in={duty.unit_id for duty in gone}) | Q(post__in=posts) | Q(items__post__in=posts)
    changed = Change.objects.filter(
        person=OuterRef("person"), shift_date=OuterRef("shift_date"), level=OuterRef("level"), pk__gt=since
    ).exclude(reason__in=[WHY, BACK, MISTAKE])
    others = Duty.objects.top().filter(at_the_time, there, Exists(changed), level__in=LEVELS)
    return others.exclude(person=row.person_id).exclude(source=SOURCE).exists()


def words(left: Iterable[Key]) -> str:
    """Which days stay as they are: 3 February; overtime of 4 February."""
    return "; ".join(_said(day, level) for _, day, level in left)


def _said(day: date, level: int) -> str:
    on = f"{day.day} {day:%B}"
    return on if level == Level.PLAN else f"{Level(level).label.lower()} of {on}"
