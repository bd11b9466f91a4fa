"""A person's day as small plain data, and many of them read at once: for the board, the rules and the optimiser.

``Day`` says what stands there (shifts, and perhaps a full-day status over them) by the numbers of template versions
and activities; the ``Catalogue`` knows what those numbers mean. Comparing and storing a day needs no database.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from foundation.clock import LONDON
from roster.activities.expansion import Item
from roster.activities.models import Activity, TemplateVersion
from roster.activities.queries import ABSENT
from roster.timeline import content
from roster.timeline.clock import wall
from roster.timeline.content import Content
from roster.timeline.models import CORRECTIONS, Duty, Level
from roster.timeline.reading import items_of

Key = tuple[int, date]
"""Person and shift date."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A shift or a full-day status: of a template's version, of one activity, or of items by hand.

    ``items``: activity, start, end and post of each, in seconds of the shift date.
    """

    version: int | None = None
    activity: int | None = None
    items: tuple[tuple[int, int, int, int | None], ...] = ()
    post: int | None = None

    def to_json(self) -> dict[str, Any]:
        pairs = {"version": self.version, "activity": self.activity, "items": self.items, "post": self.post}
        return {key: value for key, value in pairs.items() if value}

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Piece":
        items = tuple((a, start, end, post) for a, start, end, post in data.get("items", ()))
        return Piece(data.get("version"), data.get("activity"), items, data.get("post"))


@dataclass(frozen=True, slots=True)
class Day:
    """What stands on one day. Neither shift nor status: nothing does."""

    shifts: tuple[Piece, ...] = ()
    status: Piece | None = None

    def __bool__(self) -> bool:
        return bool(self.shifts or self.status)

    def to_json(self) -> dict[str, Any]:
        shifts = {"shifts": [piece.to_json() for piece in self.shifts]} if self.shifts else {}
        return shifts | ({"status": self.status.to_json()} if self.status else {})

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Day":
        status = data.get("status")
        return Day(tuple(map(Piece.from_json, data.get("shifts", ()))), Piece.from_json(status) if status else None)


EMPTY = Day()


@dataclass(frozen=True, slots=True)
class Published:
    """A day as staff see it. ``version``: what an action is given as the version that was seen. ``unit``: where."""

    day: Day = EMPTY
    version: int = 0
    locked: bool = False
    source: str = ""
    unit: int | None = None


NOTHING = Published()


def published(people: Collection[int], first: date, last: date, level: int = Level.PLAN) -> dict[Key, Published]:
    """The live days of these people, in two queries. A day that is not in it is empty."""
    return by_level(people, first, last, [level])[level]


def by_level(
    people: Collection[int], first: date, last: date, levels: Sequence[int]
) -> dict[int, dict[Key, Published]]:
    """The same of several levels."""
    rows: list[Any] = list(
        Duty.objects.between(first, last)
        .filter(person__in=people, level__in=levels)
        .order_by("start", "pk")
        .values_list(
            "pk",
            "person",
            "shift_date",
            "level",
            "version",
            "locked",
            "source",
            "template_version",
            "activity",
            "post",
            "start",
            "unit",
        )
    )
    by_hand = [pk for pk, *_, template, _, _, start, _ in rows if template is None and start is not None]
    items = items_of(by_hand)
    found: dict[int, dict[Key, Published]] = {level: {} for level in levels}
    for pk, person, day, level, version, locked, source, template, activity, post, start, unit in rows:
        piece = piece_of(template, None if template else activity, items.get(pk, ()), post)
        before = found[level].get((person, day), NOTHING)
        whole = Day(before.day.shifts, piece) if start is None else Day((*before.day.shifts, piece), before.day.status)
        found[level][person, day] = Published(
            whole, max(version, before.version), locked or before.locked, before.source or source, unit
        )
    return found


def with_overtime(day: Day, extra: Day) -> Day:
    """Both as one: who works overtime on a day of leave or rest does work."""
    return Day((*(() if day.status else day.shifts), *extra.shifts)) if extra.shifts else day


def counted(people: Collection[int], first: date, last: date, level: Level = Level.PLAN) -> dict[Key, Published]:
    """The days as their hours count: as published, or as they were corrected since. ``level``: plan or overtime."""
    levels = by_level(people, first, last, [level, CORRECTIONS[level]])
    return levels[level] | levels[CORRECTIONS[level]]


WORKED = [Level.PLAN, Level.ACTUAL, Level.OVERTIME, *CORRECTIONS.values()]


def as_worked(people: Collection[int], first: date, last: date) -> dict[Key, Day]:
    """What these people have worked and are to work, as it is published."""
    return worked(by_level(people, first, last, WORKED))


def worked(levels: Mapping[int, dict[Key, Published]]) -> dict[Key, Day]:
    """What rest and averages are counted over: the plan, or the actual day where it is recorded, and overtime; of a
    day that was corrected, the correction.
    """
    found = {key: each.day for key, each in levels[Level.PLAN].items()}
    found |= {key: Day(each.day.shifts) for key, each in levels[Level.ACTUAL].items()}
    found |= {key: each.day for key, each in levels[Level.CORRECTION].items()}
    extra = (levels[Level.OVERTIME] | levels[Level.OVERTIME_CORRECTION]).items()
    return found | {key: with_overtime(found.get(key, EMPTY), each.day) for key, each in extra}


@cache
def piece_of(version: int | None, activity: int | None, items: tuple[Any, ...], post: int | None) -> Piece:
    return Piece(version, activity, items, post)


class Catalogue:
    """What the numbers in a day mean: template versions with their items, activities. Read once a request."""

    def __init__(self) -> None:
        self.activities = Activity.objects.in_bulk()
        rows = TemplateVersion.objects.select_related("template").prefetch_related("items")
        self.versions = {row.pk: row for row in rows}
        for row in self.versions.values():
            for item in row.items.all():
                item.activity = self.activities[item.activity_id]
        self._contents: dict[Piece, Content] = {}
        self._minutes: dict[tuple[Day, date | None], int] = {}
        self._veils = False

    def veiled(self) -> "Catalogue":
        """The same for those who may not know why somebody is away: what is confidential is an absence and no more."""
        found = copy(self)
        found._veils = True
        return found

    def _hidden(self, piece: Piece) -> bool:
        activity = self.content(piece).activity if self._veils else None
        return activity is not None and activity.confidential

    def content(self, piece: Piece) -> Content:
        """The piece as the timeline writes it."""
        if piece not in self._contents:
            self._contents[piece] = self._content(piece)
        return self._contents[piece]

    def _content(self, piece: Piece) -> Content:
        if piece.version:
            return content.from_version(self.versions[piece.version], piece.post)
        if piece.activity:
            return content.full_day(self.activities[piece.activity])
        items = [Item(self.activities[activity], start, end, post) for activity, start, end, post in piece.items]
        return content.by_hand(items, piece.post)

    def contents(self, day: Day) -> tuple[tuple[Content, ...], Content | None]:
        """Shifts and status."""
        return tuple(map(self.content, day.shifts)), self.content(day.status) if day.status else None

    def activity(self, status: Piece) -> Activity:
        """What a full-day status says."""
        found = self.content(status).activity
        if found is None:
            raise ValueError("A full-day status without an activity")
        return found

    def codes(self, day: Day) -> list[str]:
        """In short, the status first: N; AL and N beneath it; 07:30-12:00 where no template is known."""
        return [self._code(piece) for piece in (*([day.status] if day.status else []), *day.shifts)]

    def _code(self, piece: Piece) -> str:
        if self._hidden(piece):
            return initials(ABSENT)
        if piece.version:
            return self.versions[piece.version].template.code
        made = self.content(piece)
        if made.start is None:
            return initials(made.name)
        return f"{wall(date.min, made.start % 86400):%H:%M}-{wall(date.min, (made.end or 0) % 86400):%H:%M}"

    def words(self, day: Day) -> str:
        """In full, for screen readers and messages: "Night, 20:45 to 07:30"."""
        return "; over ".join(map(self._words, (*([day.status] if day.status else []), *day.shifts))) or "nothing"

    def _words(self, piece: Piece) -> str:
        made = self.content(piece)
        if self._hidden(piece):
            return ABSENT
        if made.start is None or made.end is None:
            return made.name
        start, end = (f"{wall(date(2000, 1, 2), seconds):%H:%M}" for seconds in (made.start, made.end))
        return f"{made.name}, {start} to {end}"

    def net(self, day: Day, on: date) -> int:
        """Minutes of work without unpaid breaks, both clock changes considered; none under a status."""
        if day.status or not day.shifts:
            return 0
        key = (day, on if clock_changes(on) else None)
        if key not in self._minutes:
            self._minutes[key] = sum(self.content(piece).net(on) for piece in day.shifts)
        return self._minutes[key]


@cache
def clock_changes(day: date) -> bool:
    """Whether a shift of this date may meet a change of the clock."""
    before, after = (wall(day, hours * 3600).replace(tzinfo=LONDON).utcoffset() for hours in (-24, 72))
    return before != after


def initials(name: str) -> str:
    """A short form of an activity's name: Special Leave (Absence) is SL."""
    words = [word for word in name.replace("(", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:3]).upper() if len(words) > 1 else name[:4]


def span_of_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def same(days: Iterable[Day]) -> bool:
    """Whether all of them are equal."""
    return len(set(days)) < 2
