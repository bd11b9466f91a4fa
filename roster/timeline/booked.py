"""Duties of whole places as plain data, many at once and quickly: for demand, and for the day as it happens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from roster.timeline.content import Content
from roster.timeline.days import Catalogue, piece_of
from roster.timeline.models import Duty, Level
from roster.timeline.reading import items_of

HAPPENING = [Level.PLAN, Level.OVERTIME, Level.ACTUAL]


@dataclass(frozen=True, slots=True)
class Booked:
    """A live duty. ``covered``: a full-day status stands over it."""

    pk: int
    person: int
    unit: int
    on: date
    level: int
    content: Content
    covered: bool = False
    source: str = ""
    version: int = 0

    @property
    def full_day(self) -> bool:
        return self.content.full_day


def booked(
    first: date, last: date, catalogue: Catalogue, levels: Iterable[int] = HAPPENING, **where: Any
) -> list[Booked]:
    """Live duties of these days and levels, in two queries. ``where``: filters of ``Duty``."""
    rows: list[Any] = list(
        Duty.objects.between(first, last)
        .filter(level__in=list(levels), **where)
        .order_by("shift_date", "start", "pk")
        .values_list(
            "pk", "person", "unit", "shift_date", "level", "template_version", "activity", "post", "start",
            "covered_by", "source", "version",
        )
    )  # fmt: skip
    by_hand = [row[0] for row in rows if row[5] is None and row[8] is not None]
    items = items_of(by_hand) if by_hand else {}
    return [
        Booked(
            pk, person, unit, on, level,
            catalogue.content(piece_of(template, None if template else activity, items.get(pk, ()), post)),
            covered is not None, source, version,
        )
        for pk, person, unit, on, level, template, activity, post, start, covered, source, version in rows
    ]  # fmt: skip


def happening(listed: Iterable[Booked]) -> list[Booked]:
    """The day as it is: plan and overtime, where somebody has recorded the actual day that instead of the plan."""
    rows = list(listed)
    recorded = {(each.person, each.on) for each in rows if each.level == Level.ACTUAL}
    return [each for each in rows if each.level != Level.PLAN or (each.person, each.on) not in recorded]


def present(rows: Iterable[Booked]) -> list[Booked]:
    """Shifts that are presence: as they happen, with nothing over them."""
    return [each for each in happening(rows) if not each.covered and not each.full_day]
