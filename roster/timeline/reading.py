"""Live duties as plain values, many at once: a publication looks at fourteen thousand and makes no model of any."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from roster.activities.expansion import Item
from roster.activities.models import Activity, TemplateVersion
from roster.timeline.content import Content
from roster.timeline.models import Duty, DutyItem

Key = tuple[int, date, int]
"""Person, shift date and level."""


@dataclass(frozen=True, slots=True)
class Row:
    """One live duty. ``covered_by``: the duty that stands over it."""

    pk: int
    unit_id: int
    content: Content
    covered_by: int | None
    locked: bool


@dataclass
class Present:
    """A cell as it is stored."""

    rows: list[Row] = field(default_factory=list)
    version: int = 0

    @property
    def contents(self) -> tuple[Content, ...]:
        return tuple(row.content for row in self.rows if not row.content.full_day)

    @property
    def over(self) -> Content | None:
        return next((row.content for row in self.rows if row.content.full_day), None)


NOTHING = Present()


def present(people: Collection[int], first: date, last: date) -> dict[Key, Present]:
    """All live duties of these people on these days, by cell."""
    duties = Duty.objects.between(first, last).filter(person__in=people)
    rows: list[Any] = list(
        duties.order_by("pk").values_list(
            "pk", "person", "shift_date", "level", "unit", "covered_by", "locked", "version",
            "template_version", "activity", "start", "end", "post",
        )
    )  # fmt: skip
    items = items_of([pk for pk, *_ in rows])
    contents = _Contents()
    found: dict[Key, Present] = defaultdict(Present)
    for pk, person, day, level, unit, cover, locked, version, *made in rows:
        cell = found[person, day, level]
        cell.rows.append(Row(pk, unit, contents.of((*made, items.get(pk, ()))), cover, locked))
        cell.version = max(cell.version, version)
    return found


def items_of(duties: list[int]) -> dict[int, tuple[Any, ...]]:
    """Of each of these duties: activity, start, end and post of its details, in order.

    Asked by number and not by a join: right after much was written, before the database has counted it anew, it would
    join row by row without an index (seen: 25 s for one person's week in a demo just made).
    """
    if not duties:
        return {}
    found: dict[int, list[Any]] = defaultdict(list)
    rows = DutyItem.objects.filter(duty__in=duties).order_by("start", "pk")
    for duty, *item in rows.values_list("duty", "activity", "start", "end", "post"):
        found[duty].append(tuple(item))
    return {duty: tuple(listed) for duty, listed in found.items()}


class _Contents:
    """Contents by what the columns say: the same shift a thousand times is one object."""

    def __init__(self) -> None:
        self.activities = Activity.objects.in_bulk()
        self.versions: dict[int, TemplateVersion] = {}
        self._made: dict[tuple[Any, ...], Content] = {}

    def of(self, key: tuple[Any, ...]) -> Content:
        """``key``: version of a template, activity, start, end, post, and the parts."""
        if key not in self._made:
            version, activity, start, end, post, parts = key
            items = tuple(Item(self.activities[one], begin, stop, place) for one, begin, stop, place in parts)
            named = self.activities[activity] if activity else None
            self._made[key] = Content(start, end, items, self._version(version), named, post)
        return self._made[key]

    def _version(self, pk: int | None) -> TemplateVersion | None:
        if pk is None:
            return None
        if pk not in self.versions:
            self.versions[pk] = TemplateVersion.objects.select_related("template").get(pk=pk)
        return self.versions[pk]
