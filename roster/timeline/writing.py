"""How cells are written, one or fourteen thousand: in few statements, all or none. Used by ``actions`` alone."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Max

from foundation import audit, clock
from roster.establishment.models import Person
from roster.timeline import changes
from roster.timeline.changes import State
from roster.timeline.clock import span
from roster.timeline.content import Content
from roster.timeline.copying import insert
from roster.timeline.models import CORRECTIONS, Change, Duty, DutyItem, Level
from roster.timeline.reading import NOTHING, Key, Present, Row, present
from roster.timeline.refusals import Differs, InTheWay, NeedsReason, Obstacle, Stale

COLUMNS = [
    "person_id", "unit_id", "shift_date", "level", "template_version_id", "activity_id", "start", "end", "span",
    "covered_by_id", "post_id", "locked", "source", "live", "version", "changed_at", "changed_by_id",
]  # fmt: skip
CORRECTED: dict[int, int] = {correction: level for level, correction in CORRECTIONS.items()}
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

    @cached_property
    def key(self) -> Key:
        return self.person_id, self.shift_date, self.level


def cell(person_id: int, day: date, level: int) -> Cell:
    """The cell as it is now, its person locked until the transaction ends."""
    _lock({person_id})
    now = present({person_id}, day, day).get((person_id, day, level), NOTHING)
    unit, locked = (now.rows[0].unit_id, now.rows[0].locked) if now.rows else (0, False)
    return Cell(person_id, unit, day, now.contents, now.over, level, locked=locked)


def write(
    cells: Sequence[Cell], *, by: Any, reason: str = "", first_publication: bool | Collection[int] = False,
    quiet: bool = False, asks: bool = True,
) -> dict[Key, int]:  # fmt: skip
    """Make the cells so, in the caller's transaction. Returns the new version of each that was not so already."""
    if not cells:
        return {}
    _lock({each.person_id for each in cells})
    near = _near(cells)
    _refuse_stale(cells, near)
    altered = [each for each in cells if _differs(each, near.get(each.key, NOTHING))]
    if not altered:
        return {}
    if in_the_way := _overlaps(altered, near):
        raise InTheWay(in_the_way)
    posts = _posts(altered, near)
    state = changes.States(posts).of
    before = {each.key: state(now.contents, now.over) for each in altered for now in [_counts(each.key, near)]}
    after = {each.key: state(each.duties, each.over) or _corrects(each.key, near, state) for each in altered}
    people = {each.person_id for each in altered}
    new = people.intersection(people if first_publication is True else first_publication or ())
    short = {
        key
        for key in before
        if asks and key[2] in changes.PUBLISHED and key[0] not in new
        if changes.at_short_notice(key[1], before[key], after[key])
    }
    if not reason and any(before[key] for key in short):
        raise NeedsReason("Say why this is changed at short notice.")
    versions = _next_versions(altered, near)
    action = _once_each(changes.action)
    _store(altered, near, versions, by)
    at, author = clock.now(), by and by.pk
    changes.write(
        [
            changes.Written(
                *each.key, action(before[each.key], after[each.key]), before[each.key], after[each.key], reason[:300],
                each.person_id in new, each.key in short, at, author,
            )
            for each in altered
            if before[each.key] != after[each.key]
        ],
        quiet=quiet,
    )  # fmt: skip
    for event, some in (("DUTIES_PUBLISHED", new), ("DUTIES_CHANGED", people - new)):
        if days := [each.shift_date for each in altered if each.person_id in some]:
            facts = {"cells": len(days), "first": min(days).isoformat(), "last": max(days).isoformat()}
            audit.record(event, by=by, reason=reason, after=facts)
    return versions


def _lock(people: set[int]) -> None:
    """One writer a person at a time, always in the same order; readers are not held up."""
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _near(cells: Sequence[Cell]) -> dict[Key, Present]:
    """Everything live of these people on and around these days, by cell."""
    days = [each.shift_date for each in cells]
    return present({each.person_id for each in cells}, min(days) - REACH, max(days) + REACH)


def _refuse_stale(cells: Sequence[Cell], near: dict[Key, Present]) -> None:
    stale = []
    for each in cells:
        now = near.get(each.key, NOTHING)
        if each.version is not None and each.version != now.version:
            stale.append((each, now))
    if not stale:
        return
    state = changes.States(_posts([], {each.key: now for each, now in stale})).of
    differs = []
    for each, now in stale:
        last = Change.objects.filter(person=each.person_id, shift_date=each.shift_date, level=each.level)
        change = last.select_related("by").order_by("-pk").first()
        who = change.by.name if change and change.by else ""
        at = change.at if change else None
        differs.append(Differs(each.person_id, each.shift_date, now.version, state(now.contents, now.over), who, at))
    raise Stale(differs)


def _once_each(action: Callable[[State, State], Change.Action]) -> Callable[[State, State], Change.Action]:
    """The same, asked once for each pair of states: ``States`` makes one object of those that are alike."""
    known: dict[tuple[int, int], Change.Action] = {}

    def asked(before: State, after: State) -> Change.Action:
        key = id(before), id(after)
        if key not in known:
            known[key] = action(before, after)
        return known[key]

    return asked


def _differs(cell: Cell, now: Present) -> bool:
    if not now.rows:
        return bool(cell.duties or cell.over)
    old, new = now.over, cell.over
    same_over = (old and old.key) == (new and new.key)
    return not same_over or sorted(each.order for each in now.contents) != sorted(each.order for each in cell.duties)


def obstacles(cells: Sequence[Cell]) -> list[Obstacle]:
    """What would stand in the way if these were written now."""
    if not cells:
        return []
    near = _near(cells)
    return _overlaps([each for each in cells if _differs(each, near.get(each.key, NOTHING))], near)


def _overlaps(cells: Sequence[Cell], near: dict[Key, Present]) -> list[Obstacle]:
    """Which shifts are in the way. The database would refuse the same, but only by its number."""
    written = {each.key for each in cells}
    spans: dict[int, list[tuple[datetime, datetime, date, str, int | None]]] = defaultdict(list)

    def stands(person: int, day: date, content: Content, duty: int | None) -> None:
        time = span(day, content.start or 0, content.end or 0)
        spans[person].append((time.lower, time.upper, day, content.name, duty))

    for each in cells:
        if each.over is None and each.level in changes.PUBLISHED:
            for content in each.duties:
                stands(each.person_id, each.shift_date, content, None)
    for key, now in near.items():
        if key in written or key[0] not in spans or key[2] not in changes.PUBLISHED:
            continue
        for row in now.rows:
            if row.covered_by is None and not row.content.full_day:
                stands(*key[:2], row.content, row.pk)
    found = []
    for person, listed in spans.items():
        listed.sort(key=lambda entry: entry[:2])
        for first, second in pairwise(listed):
            if second[0] < first[1] and not (first[4] and second[4]):
                new, other = (second, first) if second[4] is None else (first, second)
                found.append(Obstacle(person, new[2], other[2], other[3], other[4]))
    return found


def _counts(key: Key, near: dict[Key, Present]) -> Present:
    """What counts: the cell, or what a correction that is not there yet would correct."""
    person, day, level = key
    now = near.get(key, NOTHING)
    return now if now.rows or level not in CORRECTED else near.get((person, day, CORRECTED[level]), NOTHING)


def _corrects(key: Key, near: dict[Key, Present], state: Callable[..., State]) -> State:
    """What counts again where a correction is taken away."""
    person, day, level = key
    now = near.get((person, day, CORRECTED[level]), NOTHING) if level in CORRECTED else NOTHING
    return state(now.contents, now.over)


def _posts(cells: Sequence[Cell], near: dict[Key, Present]) -> dict[int, str]:
    """Names of the posts that these cells speak of."""
    contents = [c for each in cells for c in each.duties] + [c for now in near.values() for c in now.contents]
    wanted = {c.post_id for c in contents} | {item.post_id for c in contents for item in c.items}
    post: Any = Duty._meta.get_field("post").related_model
    return {pk: row.name for pk, row in post.objects.in_bulk(wanted - {None}).items()}


def _store(cells: Sequence[Cell], near: dict[Key, Present], versions: dict[Key, int], by: Any) -> None:
    """Retire, keep and insert rows; those that stay get the cell's new version."""
    statuses: list[tuple[Cell, Content]] = []
    shifts: list[tuple[Cell, Content]] = []
    kept: list[tuple[Cell, Row]] = []
    retired: list[int] = []
    for cell in cells:
        there = {row.content.key: row for row in near.get(cell.key, NOTHING).rows}
        for content in (*cell.duties, *([cell.over] if cell.over else [])):
            if row := there.pop(content.key, None):
                kept.append((cell, row))
            else:
                (statuses if content.full_day else shifts).append((cell, content))
        retired += [row.pk for row in there.values()]

    moment = clock.now()
    Duty.objects.filter(pk__in=retired).update(live=False, changed_at=moment, changed_by=by)
    standing = {cell.key: row.pk for cell, row in kept if row.content.full_day}

    def new(cell: Cell, content: Content) -> tuple[Any, ...]:
        """In the order of ``COLUMNS``."""
        day, start, end = cell.shift_date, content.start, content.end
        return (
            cell.person_id, cell.unit_id, day, cell.level, content.template_version and content.template_version.pk,
            content.activity and content.activity.pk, start, end,
            None if start is None or end is None else span(day, start, end),
            None if start is None else standing.get(cell.key), content.post_id, cell.locked, cell.source, True,
            versions[cell.key], moment, by and by.pk,
        )  # fmt: skip

    pks = insert(Duty, COLUMNS, [new(cell, content) for cell, content in statuses])
    standing |= {cell.key: pk for (cell, _), pk in zip(statuses, pks, strict=True)}
    _keep(
        [(row.pk, versions[cell.key], None if row.content.full_day else standing.get(cell.key)) for cell, row in kept]
    )
    pks = insert(Duty, COLUMNS, [new(cell, content) for cell, content in shifts])
    items = [
        (pk, item.activity.pk, item.start, item.end, item.post_id)
        for (_, content), pk in zip(shifts, pks, strict=True)
        for item in content.items
    ]
    insert(DutyItem, ["duty_id", "activity_id", "start", "end", "post_id"], items)


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


def _keep(rows: Sequence[tuple[int, int, int | None]]) -> None:
    """Write version and cover of rows that stay, in one statement."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE roster_duty AS duty SET version = given.version, covered_by_id = given.cover "
            "FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS given (pk, version, cover) WHERE duty.id = given.pk",
            [list(column) for column in zip(*rows, strict=True)],
        )
