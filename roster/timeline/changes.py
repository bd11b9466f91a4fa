"""Changes: one row per person, day and level that was altered, written in the transaction that alters it.

Whoever has to follow (the feed) hears of them in that transaction by the signal ``written``. A change settles five
minutes after the person's last one: only then is anybody told, and of what came of it in all. What was taken back
within that time has not happened.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.dispatch import Signal

from foundation import clock
from foundation.clock import london
from roster.activities.phrases import DayType, day_type
from roster.timeline.content import Content
from roster.timeline.copying import insert
from roster.timeline.models import CORRECTIONS, Change, Level

written = Signal()
"""Sent with ``changes`` (the rows just written) and ``undone`` (new row's id -> ids of the rows that it takes back)."""

PUBLISHED = [Level.PLAN, Level.OVERTIME]
"""Levels that staff and other systems see."""

State = dict[str, Any]


@dataclass(slots=True)
class Written:
    """A ``Change`` as it goes into the database: plain, as a publication writes fourteen thousand of them."""

    person_id: int
    shift_date: date
    level: int
    action: Change.Action
    before: State
    after: State
    reason: str
    first_publication: bool
    short_notice: bool
    at: datetime
    by_id: int | None
    settled_at: datetime | None = None
    pk: int = 0


COLUMNS = [each.name for each in fields(Written) if each.name != "pk"]


class States:
    """Days in words and times: what shows, and what lies beneath a full-day status. Empty: nothing.

    Of the same day there is one, however many people have it.
    """

    def __init__(self, posts: dict[int, str]) -> None:
        self.posts = posts
        self._made: dict[Any, State] = {}

    def of(self, duties: Sequence[Content], over: Content | None) -> State:
        key = (tuple(each.key for each in duties), over and over.key)
        if key not in self._made:
            self._made[key] = self._state(duties, over)
        return self._made[key]

    def _state(self, duties: Sequence[Content], over: Content | None) -> State:
        in_order = sorted(duties, key=lambda each: (each.start or 0, each.end or 0))
        shown = [_one(each, self.posts) for each in in_order]
        if over is None:
            return {"duties": shown} if shown else {}
        return {"duties": [_one(over, self.posts)]} | ({"beneath": shown} if shown else {})


def _one(content: Content, posts: dict[int, str]) -> dict[str, Any]:
    return {
        "name": content.name,
        "start": content.start,
        "end": content.end,
        "items": [
            {"activity": item.activity.name, "start": item.start, "end": item.end}
            | ({"post": posts.get(item.post_id, "")} if item.post_id else {})
            for item in content.items
        ],
        "post": posts.get(content.post_id, "") if content.post_id else "",
    }


def works(day: State) -> bool:
    """Whether the day holds anything but rest."""
    return any(day_type(each["name"]) != DayType.REST_DAY for each in day.get("duties", []))


def action(before: State, after: State) -> Change.Action:
    """A shift in place of nothing or a rest day is an addition, the reverse a removal (staff-roster 8.3)."""
    if works(before) != works(after):
        return Change.Action.ADD if works(after) else Change.Action.DELETE
    if not before or not after:
        return Change.Action.DELETE if before else Change.Action.ADD
    return Change.Action.EDIT


def ill(day: State) -> bool:
    """Whether sickness stands over the day, or over a part of it."""
    return any(day_type(name) == DayType.ILLNESS for name in names(day))


def names(day: State) -> list[str]:
    """Everything on a day by its name, its parts too."""
    shown = day.get("duties", [])
    return [*(each["name"] for each in shown), *(item["activity"] for each in shown for item in each["items"])]


def at_short_notice(shift_date: date, before: State, after: State) -> bool:
    """Within the days in which staff are asked whether they agree (staff-roster 8.2).

    Sickness is nobody's wish, and whoever comes back from it finds the shift that was there before.
    """
    today = clock.today()
    near = today <= shift_date < today + timedelta(days=settings.SHORT_NOTICE_DAYS)
    back = ill(before) and after.get("duties") == before.get("beneath")
    return near and not ill(after) and not back and (works(before) or works(after))


def write(rows: Sequence[Written], *, quiet: bool = False) -> None:
    """Store the changes of one transaction, settle what takes earlier ones back, and tell who follows.

    ``quiet``: they are settled from the beginning, and nobody follows.
    """
    if quiet:
        for row in rows:
            row.settled_at = row.at
        _store(rows)
        return
    _store(rows)
    undone = _undone(rows)
    if undone:
        nothing = [*undone, *(pk for chain in undone.values() for pk in chain)]
        Change.objects.filter(pk__in=nothing).update(settled_at=clock.now())
    written.send(sender=Change, changes=rows, undone=undone)


def _store(rows: Sequence[Written]) -> None:
    """By COPY; a state that many days share is turned into text once."""
    shared = {id(state): state for row in rows for state in (row.before, row.after)}
    text = {key: json.dumps(state) for key, state in shared.items()}
    values = [
        (row.person_id, row.shift_date, row.level, row.action, text[id(row.before)], text[id(row.after)], row.reason,
         row.first_publication, row.short_notice, row.at, row.by_id, row.settled_at)
        for row in rows
    ]  # fmt: skip
    for row, pk in zip(rows, insert(Change, COLUMNS, values), strict=True):
        row.pk = pk


def _undone(rows: Sequence[Written]) -> dict[int, list[int]]:
    """New rows after which the day is as it was before its unsettled changes, with the ids of those."""
    if not rows:
        return {}
    days = [row.shift_date for row in rows]
    earlier = Change.objects.filter(
        settled_at=None, person__in={row.person_id for row in rows}, shift_date__range=(min(days), max(days)),
        pk__lt=min(row.pk for row in rows),  # their people are locked: nobody else writes one meanwhile
    )  # fmt: skip
    chains: dict[tuple[int, date, int], list[tuple[int, State]]] = {}
    for pk, person, day, level, before in earlier.order_by("pk").values_list(
        "pk", "person", "shift_date", "level", "before"
    ):
        chains.setdefault((person, day, level), []).append((pk, before))
    found = {}
    for row in rows:
        chain = chains.get((row.person_id, row.shift_date, row.level))
        if chain and chain[0][1] == row.after:
            found[row.pk] = [pk for pk, _ in chain]
    return found


@dataclass(frozen=True)
class Settled:
    """What came of a person's changes of one day and level: the first's before, the last's after."""

    person_id: int
    shift_date: date
    level: int
    action: Change.Action
    before: State
    after: State
    last: Change
    first_publication: bool
    short_notice: bool


def due(now: datetime) -> list[int]:
    """People whose last unsettled change is old enough, the longest waiting first. Corrections wait for the hour of
    the day at which all of them are told, unless their person hears of something else before (staff-roster 8.3).
    """
    limit = now - timedelta(seconds=settings.CHANGE_SETTLES_SECONDS)
    waits = Q(level__in=CORRECTIONS.values(), at__gt=_last_digest(now))
    waiting = Change.objects.filter(~waits, settled_at=None).values("person").annotate(last=Max("at"))
    return list(waiting.filter(last__lte=limit).order_by("last").values_list("person", flat=True))


def _last_digest(now: datetime) -> datetime:
    today = london(now).replace(hour=settings.CORRECTIONS_TOLD_AT, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def settle(person_id: int, now: datetime) -> list[Settled]:
    """Settle a person's changes in the caller's transaction; the net result by day. Nothing if another came since."""
    rows = list(Change.objects.select_for_update().filter(person=person_id, settled_at=None).order_by("at", "pk"))
    if not rows or rows[-1].at > now - timedelta(seconds=settings.CHANGE_SETTLES_SECONDS):
        return []
    Change.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=now)
    chains: dict[tuple[date, int], list[Change]] = {}
    for row in rows:
        chains.setdefault((row.shift_date, row.level), []).append(row)
    return [_net(chain) for _, chain in sorted(chains.items()) if chain[0].before != chain[-1].after]


def _net(chain: list[Change]) -> Settled:
    first, last = chain[0], chain[-1]
    return Settled(
        person_id=last.person_id,
        shift_date=last.shift_date,
        level=last.level,
        action=action(first.before, last.after),
        before=first.before,
        after=last.after,
        last=last,
        first_publication=first.first_publication,
        short_notice=any(row.short_notice for row in chain),
    )
