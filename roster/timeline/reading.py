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
    items: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    parts = DutyItem.objects.filter(
        duty__live=True, duty__person__in=people, duty__shift_date__range=(first, last)
    ).order_by("start", "pk")
    for duty, *part in parts.values_list("duty", "activity", "start", "end", "post"):
        items[duty].append(tuple(part))
    contents = _Contents()
    found: dict[Key, Present] = defaultdict(Present)
    rows: Any = duties.order_by("pk").values_list(
        "pk", "person", "shift_date", "level", "unit", "covered_by", "locked", "version",
        "template_version", "activity", "start", "end", "post",
    )  # fmt: skip
    for pk, person, day, level, unit, cover, locked, version, *made in rows:
        cell = found[person, day, level]
        cell.rows.append(Row(pk, unit, contents.of((*made, tuple(items.get(pk, ())))), cover, locked))
        cell.version = max(cell.version, version)
    return found


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
