"""Days of the timeline as shifts of the optimiser."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from optimiser.problem import OFF, Shift
from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type
from roster.timeline.clock import DAY, minutes
from roster.timeline.content import Content
from roster.timeline.days import Catalogue, Day, Piece, clock_changes, initials

KINDS = {Activity.Kind.VACATION: "leave", Activity.Kind.ILLNESS: "sick", Activity.Kind.MEETING: "training"}


class Shifts:
    """Days as shifts. A night on which the clock changes is a shift of its own, and so is a day without work then.

    ``marked``: posts that rules ask about (a skill is needed, a hazard is declared), by number: their name is added to
    the shift's, so that a rule can tell N from N in Segregation.
    """

    def __init__(self, catalogue: Catalogue, marked: Mapping[int, str] | None = None) -> None:
        self.catalogue = catalogue
        self.marked = marked or {}
        self.posts: dict[str, frozenset[int]] = {}
        """Name of a shift that was met to the marked posts in it."""
        self.in_post: set[str] = set()
        """Names of shifts that were met whose breaks are paid and taken in post."""
        self._known: dict[tuple[Day, date | None, int], Shift] = {}

    def of(self, day: Day, on: date, standard: int = 0) -> Shift:
        """``standard``: minutes of a usual day by contract, credited where no shift lies beneath a leave day."""
        if not day:
            return day_off(on)
        key = (day, on if clock_changes(on) else None, standard)
        if key not in self._known:
            self._known[key] = self._make(day, on, standard)
        return self._known[key]

    def renamed(self, shift: Shift, name: str) -> None:
        """Rules are to ask of the shift by this name what they ask of it by its own."""
        if shift.id in self.in_post:
            self.in_post.add(name)
        if shift.id in self.posts:
            self.posts[name] = self.posts[shift.id]

    def excluded(self) -> frozenset[str]:
        """Codes of the full-day statuses that leave a day out of averages."""
        known = self.catalogue
        of_templates = {
            row.template.code
            for row in known.versions.values()
            if row.full_day and known.activity(Piece(row.pk)).excluded_day
        }
        return frozenset(
            of_templates | {initials(each.name) for each in known.activities.values() if each.excluded_day}
        )

    def _make(self, day: Day, on: date, standard: int) -> Shift:
        shifts, status = self.catalogue.contents(day)
        names = self.catalogue.codes(day)
        if status is None:
            made = timed(self._named("+".join(names), shifts), shifts, on)
            if _in_post(made, shifts):
                self.in_post.add(made.id)
            return made
        activity = self.catalogue.activity(day.status)  # type: ignore[arg-type]
        if day_type(activity.name) in (DayType.REST_DAY, DayType.NONE):
            return day_off(on)
        beneath = sum(each.net(on) for each in shifts) or standard
        credited = 0 if activity.credit == Activity.Credit.NONE else beneath
        kind: Any = KINDS.get(Activity.Kind(activity.kind), "other")
        return Shift(names[0], 0, 0, credited, kind, works=False, turned=day_off(on).turned)

    def _named(self, name: str, shifts: Sequence[Content]) -> str:
        stood = {post for each in shifts for post in (each.post_id, *(item.post_id for item in each.items))}
        posts = frozenset(post for post in stood if post is not None and post in self.marked)
        if not posts:
            return name
        named = f"{name} in {' and '.join(sorted(self.marked[post] for post in posts))}"
        self.posts[named] = posts
        return named


@cache
def day_off(on: date) -> Shift:
    """Nobody works. On a day that is longer or shorter than others that is a shift with a name of its own."""
    more = minutes(on, 0, DAY) - DAY // 60
    return replace(OFF, id=f"a day off of {24 + more // 60} h", turned=(0, more, 0)) if more else OFF


def _in_post(shift: Shift, contents: Sequence[Content]) -> bool:
    """Its template says so; or a paid break is in it; or it is a night without any (staff-roster 5.3, ADR 18)."""
    if any(each.template_version is not None and each.template_version.breaks_in_post for each in contents):
        return True
    paid = any(i.activity.kind == Activity.Kind.BREAK and i.activity.paid for each in contents for i in each.items)
    return paid or (shift.night and not shift.breaks)


def timed(name: str, contents: Sequence[Content], on: date) -> Shift:
    """The shifts of one day as one entry from the first start to the last end, the time between them as a break.

    Times are those on the clock; on the nights on which it changes the shift knows by how much more or less passes.
    """
    ordered = sorted(contents, key=lambda each: each.start or 0)
    start, end = ordered[0].start or 0, max(each.end or 0 for each in ordered)
    breaks = [
        (item.start // 60, item.end // 60)
        for each in ordered
        for item in each.items
        if item.activity.kind == Activity.Kind.BREAK and not item.activity.paid
    ]
    for before, after in pairwise(ordered):
        if (before.end or 0) < (after.start or 0):
            breaks.append(((before.end or 0) // 60, (after.start or 0) // 60))
    training = all(i.activity.kind in (Activity.Kind.MEETING, Activity.Kind.BREAK) for e in ordered for i in e.items)
    kind: Any = "training" if training else "work"
    net = sum(each.net(on) for each in ordered)
    turned = _turned(start, end, on) if clock_changes(on) else (0, 0, 0)
    return Shift(name, start // 60, end // 60, net, kind, breaks=tuple(sorted(breaks)), turned=turned)


def _turned(start: int, end: int, on: date) -> tuple[int, int, int]:
    """Minutes that pass beyond those on the clock: up to the start, from start to end, up to the next midnight.

    The hour that a date has more or less than others is told by its own shift where that shift has not met it.
    """
    by_start, by_end, by_midnight = (minutes(on, 0, at) - round(at / 60) for at in (start, end, DAY))
    return by_start, by_end - by_start, by_midnight - by_end


def family(catalogue: Catalogue, shift: Shift, on: date, codes: Collection[str] = ()) -> list[tuple[Day, Shift]]:
    """Templates that could stand in a shift's place: a night for a night, a day for a day; the likest first."""
    found = []
    shifts = Shifts(catalogue)
    for pk, row in catalogue.versions.items():
        if row.full_day or not row.holds_on(on) or row.template.closed_on or (codes and row.template.code not in codes):
            continue
        day = Day((Piece(pk),))
        other = shifts.of(day, on)
        if other.kind == shift.kind and other.night == shift.night and other.id != shift.id:
            found.append((day, other))
    return sorted(found, key=lambda pair: (abs(pair[1].start - shift.start), abs(pair[1].minutes - shift.minutes)))
