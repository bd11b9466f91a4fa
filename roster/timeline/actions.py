"""The only writer of duties. A person's day on one level is a cell; every action writes whole cells.

``put``, ``remove``, ``cover``, ``uncover`` change one cell, ``publish_day_set`` many, all by the same path: lock the
people, refuse what is stale or in the way, keep what stays, retire and insert the rest, write one Change a cell.
Who may do it is for the caller to ask: it knows the verb (a planner's edit, the Orderly Officer's move, sickness).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from roster.activities.expansion import Item
from roster.activities.models import Activity, Template, TemplateVersion
from roster.establishment.models import Person, PlanningUnit
from roster.timeline import content, writing
from roster.timeline.content import Content
from roster.timeline.models import Duty, Level
from roster.timeline.reading import Key
from roster.timeline.refusals import InTheWay, NeedsReason, NothingThere, Obstacle, Refused, Stale
from roster.timeline.writing import Cell

__all__ = [
    "Cell",
    "InTheWay",
    "Item",
    "NeedsReason",
    "NothingThere",
    "Obstacle",
    "Refused",
    "Stale",
    "cover",
    "in_the_way",
    "lock",
    "publish_day_set",
    "put",
    "remove",
    "uncover",
]


@transaction.atomic
def put(
    person: Person,
    unit: PlanningUnit,
    shift_date: date,
    *,
    by: Any,
    template: Template | TemplateVersion | None = None,
    activity: Activity | None = None,
    items: Sequence[Item] = (),
    level: int = Level.PLAN,
    source: str = "hand",
    reason: str = "",
    version: int | None = None,
    locked: bool = False,
    post: Any = None,
    beside: bool = False,
) -> Duty:
    """Make this the person's day on the level: a template, a full-day activity, or items by hand.

    What was there is replaced; ``beside=True`` adds to it (overtime after overtime). ``version``: what the caller
    saw (``Duty.version``, 0 for an empty day); None does not ask. Raises a ``Refused``.
    """
    made = _content(shift_date, template, activity, items, post.pk if post else None)
    now = writing.cell(person.pk, shift_date, level)
    duties = (*(now.duties if beside else ()), *(() if made.full_day else (made,)))
    over = made if made.full_day else now.over if beside else None
    cell = Cell(person.pk, unit.pk, shift_date, duties, over, level, source, locked, version)
    writing.write([cell], by=by, reason=reason)
    return _there(cell, made)


@transaction.atomic
def remove(
    person: Person, shift_date: date, *, by: Any, level: int = Level.PLAN, source: str = "hand", reason: str = "",
    version: int | None = None, duty: Duty | None = None,
) -> None:  # fmt: skip
    """Empty the day on this level, or take one duty out of it. An empty day stays as it is."""
    now = writing.cell(person.pk, shift_date, level)
    if duty is None:
        wanted = Cell(person.pk, 0, shift_date, level=level, source=source, version=version)
    else:
        gone = content.stored(duty).key
        left = tuple(each for each in now.duties if each.key != gone)
        over = now.over if now.over and now.over.key != gone else None
        wanted = Cell(person.pk, duty.unit_id, shift_date, left, over, level, source, version=version)
    writing.write([wanted], by=by, reason=reason)


@transaction.atomic
def cover(
    person: Person, shift_date: date, activity: Activity, *, by: Any, unit: PlanningUnit | None = None,
    level: int = Level.PLAN, source: str = "hand", reason: str = "", version: int | None = None,
) -> Duty:  # fmt: skip
    """Let a full-day status (leave, sick) stand over the day; the shift stays stored beneath, without presence."""
    if not activity.full_day:
        raise Refused(f"{activity.name} cannot stand for a whole day.")
    now = writing.cell(person.pk, shift_date, level)
    unit_id = unit.pk if unit else now.unit_id
    if not unit_id:
        raise NothingThere("There is no shift on this day: say which unit the status is for.")
    over = content.full_day(activity)
    cell = Cell(person.pk, unit_id, shift_date, now.duties, over, level, source, now.locked, version)
    writing.write([cell], by=by, reason=reason)
    return _there(cell, over)


@transaction.atomic
def uncover(
    person: Person, shift_date: date, *, by: Any, level: int = Level.PLAN, source: str = "hand", reason: str = "",
    version: int | None = None,
) -> None:  # fmt: skip
    """Take the full-day status away: the shift beneath counts again."""
    now = writing.cell(person.pk, shift_date, level)
    if now.over is None:
        raise NothingThere("Nothing stands over this day.")
    cell = Cell(person.pk, now.unit_id, shift_date, now.duties, None, level, source, now.locked, version)
    writing.write([cell], by=by, reason=reason)


@transaction.atomic
def publish_day_set(
    cells: Iterable[Cell], *, by: Any, reason: str = "", first_publication: bool | Collection[int] = False,
    quiet: bool = False, asks: bool = True,
) -> dict[Key, int]:  # fmt: skip
    """Write many cells in one transaction, or none. Returns the new version of each that was altered.

    ``first_publication``: of everybody, or of these people; the others knew another plan, which changes.
    ``quiet``: nobody is told, no person and no other system (duties that are invented or brought in from elsewhere).
    ``asks=False``: at short notice nobody is asked whether they agree (sickness, and what it put aside given back).
    """
    return writing.write(
        list(cells), by=by, reason=reason, first_publication=first_publication, quiet=quiet, asks=asks
    )  # fmt: skip


def in_the_way(cells: Iterable[Cell]) -> list[Obstacle]:
    """Why ``publish_day_set`` would refuse these, where their people are somewhere else then. Writes nothing."""
    return writing.obstacles(list(cells))


@transaction.atomic
def lock(duties: Iterable[Duty], locked: bool, *, by: Any) -> None:
    """Keep duties from insertion and optimiser, or no longer. Nothing that is published changes."""
    Duty.objects.filter(pk__in=[duty.pk for duty in duties], live=True).update(locked=locked)


def _there(cell: Cell, made: Content) -> Duty:
    """The live row that holds this content, written just now or there before."""
    rows = Duty.objects.whole().between(cell.shift_date, cell.shift_date)
    found = rows.filter(person=cell.person_id, level=cell.level, start=made.start, end=made.end)
    return next(row for row in found if content.stored(row).key == made.key)


def _content(
    day: date, template: Template | TemplateVersion | None, activity: Activity | None, items: Sequence[Item],
    post_id: int | None,
) -> Content:  # fmt: skip
    if sum(map(bool, (template, activity, items))) != 1:
        raise ValueError("One of template, activity and items makes a duty.")
    if isinstance(template, Template):
        template = content.version_on(template, day)
    if template is not None:
        return content.from_version(template, post_id)
    if activity is not None:
        if not activity.full_day:
            raise Refused(f"{activity.name} cannot stand for a whole day.")
        return content.full_day(activity)
    return content.by_hand(items, post_id)
