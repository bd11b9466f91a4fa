"""How cells are written, one or fourteen thousand: in few statements, all or none. Used by ``actions`` alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Max

from foundation import audit, clock
from roster.establishment.models import Person
from roster.timeline import changes
from roster.timeline.clock import span
from roster.timeline.content import Content, stored
from roster.timeline.copying import insert
from roster.timeline.models import Change, Duty, DutyItem, Level
from roster.timeline.refusals import Differs, InTheWay, NeedsReason, Obstacle, Stale

Key = tuple[int, date, int]
REACH = timedelta(days=3)
"""No duty reaches further from its shift date (staff-roster 5.2: from the day before to 48 hours)."""


@dataclass(frozen=True)
class Cell:
    """What a person's day on one level is to be: shifts, and perhaps a full-day status over them. Neither: empty.

    ``version``: what the planner saw (0: an empty day); None does not ask.
    """

    person_id: int
    unit_id: int
    shift_date: date
    duties: tuple[Content, ...] = ()
    over: Content | None = None
    level: int = Level.PLAN
    source: str = "hand"
    locked: bool = False
    version: int | None = None

    @property
    def key(self) -> Key:
        return self.person_id, self.shift_date, self.level


@dataclass
class Present:
    """A cell as it is stored."""

    rows: list[Duty] = field(default_factory=list)
    version: int = 0

    @property
    def contents(self) -> tuple[Content, ...]:
        return tuple(stored(row) for row in self.rows if row.start is not None)

    @property
    def over(self) -> Content | None:
        return next((stored(row) for row in self.rows if row.start is None), None)


def cell(person_id: int, day: date, level: int) -> Cell:
    """The cell as it is now, its person locked until the transaction ends."""
    _lock({person_id})
    rows = list(Duty.objects.whole().between(day, day).filter(person=person_id, level=level))
    now = Present(rows)
    unit, locked = (rows[0].unit_id, rows[0].locked) if rows else (0, False)
    return Cell(person_id, unit, day, now.contents, now.over, level, locked=locked)


def write(cells: Sequence[Cell], *, by: Any, reason: str = "", first_publication: bool = False) -> list[Duty]:
    """Make the cells so, in the caller's transaction. Returns the live rows of those that were not so already."""
    if not cells:
        return []
    _lock({each.person_id for each in cells})
    near = _near(cells)
    _refuse_stale(cells, near)
    altered = [each for each in cells if _differs(each, near.get(each.key))]
    if not altered:
        return []
    _refuse_overlap(altered, near)
    posts = _posts(altered, near)
    before = {each.key: _state(near.get(each.key), posts) for each in altered}
    after = {each.key: changes.state(each.duties, each.over, posts) for each in altered}
    short = {
        key
        for key in before
        if key[2] in changes.PUBLISHED and not first_publication
        if changes.at_short_notice(key[1], before[key], after[key])
    }
    if not reason and any(before[key] for key in short):
        raise NeedsReason("Say why this is changed at short notice.")
    rows = _store(altered, near, by)
    changes.write(
        [
            Change(
                person_id=each.person_id, shift_date=each.shift_date, level=each.level, before=before[each.key],
                after=after[each.key], action=changes.action(before[each.key], after[each.key]), reason=reason[:300],
                first_publication=first_publication, short_notice=each.key in short, by=by, at=clock.now(),
            )
            for each in altered
            if before[each.key] != after[each.key]
        ]
    )  # fmt: skip
    event = "DUTIES_PUBLISHED" if first_publication else "DUTIES_CHANGED"
    days = [each.shift_date for each in altered]
    facts = {"cells": len(altered), "first": min(days).isoformat(), "last": max(days).isoformat()}
    audit.record(event, by=by, reason=reason, after=facts)
    return rows


def _lock(people: set[int]) -> None:
    """One writer a person at a time, always in the same order; readers are not held up."""
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _near(cells: Sequence[Cell]) -> dict[Key, Present]:
    """Everything live of these people on and around these days, by cell."""
    days = [each.shift_date for each in cells]
    people = {each.person_id for each in cells}
    found: dict[Key, Present] = defaultdict(Present)
    rows = Duty.objects.whole().between(min(days) - REACH, max(days) + REACH).filter(person__in=people)
    for row in rows:
        present = found[row.person_id, row.shift_date, row.level]
        present.rows.append(row)
        present.version = max(present.version, row.version)
    return found


def _refuse_stale(cells: Sequence[Cell], near: dict[Key, Present]) -> None:
    stale = []
    for each in cells:
        now = near.get(each.key) or Present()
        if each.version is not None and each.version != now.version:
            stale.append((each, now))
    if not stale:
        return
    posts = _posts([], {each.key: now for each, now in stale})
    differs = []
    for each, now in stale:
        last = Change.objects.filter(person=each.person_id, shift_date=each.shift_date, level=each.level)
        change = last.select_related("by").order_by("-pk").first()
        who = change.by.name if change and change.by else ""
        at = change.at if change else None
        differs.append(Differs(each.person_id, each.shift_date, now.version, _state(now, posts), who, at))
    raise Stale(differs)


def _differs(cell: Cell, now: Present | None) -> bool:
    now = now or Present()
    old, new = now.over, cell.over
    same_over = (old and old.key) == (new and new.key)
    return not same_over or sorted(map(_order, now.contents)) != sorted(map(_order, cell.duties))


def _order(content: Content) -> str:
    return repr(content.key)


def _refuse_overlap(cells: Sequence[Cell], near: dict[Key, Present]) -> None:
    """Say which shift is in the way. The database would refuse the same, but only by its number."""
    written = {each.key for each in cells}
    spans: dict[int, list[tuple[Any, Any, date, str, Duty | None]]] = defaultdict(list)
    for each in cells:
        if each.over is None and each.level in changes.PUBLISHED:
            for content in each.duties:
                time = span(each.shift_date, content.start or 0, content.end or 0)
                spans[each.person_id].append((time.lower, time.upper, each.shift_date, content.name, None))
    for key, present in near.items():
        if key in written or key[0] not in spans or key[2] not in changes.PUBLISHED:
            continue
        for row in present.rows:
            if row.span is not None and row.covered_by_id is None:
                entry = (row.span.lower, row.span.upper, row.shift_date, stored(row).name, row)
                spans[key[0]].append(entry)
    obstacles = []
    for person, listed in spans.items():
        listed.sort(key=lambda entry: entry[:2])
        for first, second in pairwise(listed):
            if second[0] < first[1] and not (first[4] and second[4]):
                new, other = (second, first) if second[4] is None else (first, second)
                obstacles.append(Obstacle(person, new[2], other[2], other[3], other[4]))
    if obstacles:
        raise InTheWay(obstacles)


def _posts(cells: Sequence[Cell], near: dict[Key, Present]) -> dict[int, str]:
    """Names of the posts that these cells speak of."""
    contents = [c for each in cells for c in each.duties] + [c for now in near.values() for c in now.contents]
    wanted = {c.post_id for c in contents} | {item.post_id for c in contents for item in c.items}
    post: Any = Duty._meta.get_field("post").related_model
    return {pk: row.name for pk, row in post.objects.in_bulk(wanted - {None}).items()}


def _state(now: Present | None, posts: dict[int, str]) -> changes.State:
    return changes.state(now.contents, now.over, posts) if now else {}


def _store(cells: Sequence[Cell], near: dict[Key, Present], by: Any) -> list[Duty]:
    """Retire, keep and insert rows; those that stay get the cell's new version."""
    moment = clock.now()
    versions = _next_versions(cells, near)
    statuses: list[tuple[Cell, Duty]] = []
    shifts: list[tuple[Cell, Content, Duty]] = []
    kept: list[tuple[Cell, Duty]] = []
    retired: list[int] = []

    def new(cell: Cell, content: Content) -> Duty:
        day, start, end = cell.shift_date, content.start, content.end
        return Duty(
            person_id=cell.person_id, unit_id=cell.unit_id, shift_date=day, level=cell.level,
            template_version=content.template_version, activity=content.activity, start=start, end=end,
            span=None if start is None or end is None else span(day, start, end), post_id=content.post_id,
            locked=cell.locked, source=cell.source, version=versions[cell.key], changed_at=moment, changed_by=by,
        )  # fmt: skip

    for cell in cells:
        there = {stored(row).key: row for row in (near[cell.key].rows if cell.key in near else [])}
        for content in (*cell.duties, *([cell.over] if cell.over else [])):
            if row := there.pop(content.key, None):
                kept.append((cell, row))
            elif content.full_day:
                statuses.append((cell, new(cell, content)))
            else:
                shifts.append((cell, content, new(cell, content)))
        retired += [row.pk for row in there.values()]

    Duty.objects.filter(pk__in=retired).update(live=False, changed_at=moment, changed_by=by)
    insert([row for _, row in statuses])
    standing = {cell.key: row for cell, row in (*kept, *statuses) if row.start is None}
    for cell, _, row in shifts:
        row.covered_by = standing.get(cell.key)
    for cell, row in kept:
        row.covered_by = standing.get(cell.key) if row.start is not None else None
        row.version = versions[cell.key]
    _keep([row for _, row in kept])
    insert([row for _, _, row in shifts])
    insert(
        [
            DutyItem(duty_id=row.pk, activity_id=item.activity.pk, start=item.start, end=item.end, post_id=item.post_id)
            for _, content, row in shifts
            for item in content.items
        ]
    )
    return [row for _, row in (*kept, *statuses)] + [row for _, _, row in shifts]


def _next_versions(cells: Sequence[Cell], near: dict[Key, Present]) -> dict[Key, int]:
    """One more than any version that the cell ever had, so that nobody's old view fits again."""
    found = {each.key: near[each.key].version + 1 for each in cells if each.key in near}
    empty = [each for each in cells if each.key not in found]
    if empty:
        days = [each.shift_date for each in empty]
        dead = Duty.objects.filter(
            live=False, person__in={each.person_id for each in empty}, shift_date__range=(min(days), max(days))
        )
        last = {
            (person, day, level): version
            for person, day, level, version in dead.values_list("person", "shift_date", "level").annotate(
                Max("version")
            )
        }
        found |= {each.key: last.get(each.key, 0) + 1 for each in empty}
    return found


def _keep(rows: Iterable[Duty]) -> None:
    """Write version and cover of rows that stay, in one statement."""
    listed = list(rows)
    if not listed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE roster_duty AS duty SET version = given.version, covered_by_id = given.cover "
            "FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS given (pk, version, cover) WHERE duty.id = given.pk",
            [[row.pk for row in listed], [row.version for row in listed], [row.covered_by_id for row in listed]],
        )
