"""The Orderly Officer's rights: they come with the shift and end an hour after it (staff-roster 3.1).

Whoever is published for a stretch of Orderly Officer duty, or on the Orderly Officer's post (at night the night
manager), holds the role there from an hour before it begins to an hour after its end, and from then on no longer:
every change of such a day sets the role anew.
"""

from collections.abc import Container, Sequence
from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.dispatch import receiver

from foundation import audit, clock
from foundation.clock import london
from roster.day.sheet import ORDERLY
from roster.demand.models import Post
from roster.establishment.models import PlanningUnit, RoleHeld
from roster.timeline import changes
from roster.timeline.booked import booked, present
from roster.timeline.changes import Written
from roster.timeline.clock import moment
from roster.timeline.days import Catalogue

ROLE = "ORDERLY_OFFICER"
EARLY = LATE = timedelta(hours=1)


@receiver(changes.written)
def follow(changes: Sequence[Written], **_: Any) -> None:
    """Days that had or have Orderly Officer duty, or lose it to sickness; nothing of the past."""
    yesterday = clock.today() - timedelta(days=1)
    near = [row for row in changes if row.shift_date >= yesterday]
    posts = set(Post.objects.filter(activity__name=ORDERLY).values_list("name", flat=True)) if near else set()
    turned = {
        (row.person_id, row.shift_date)
        for row in near
        if _is_orderly(row.before, posts) or _is_orderly(row.after, posts)
    }
    if turned:
        renew(turned)


def _is_orderly(day: dict[str, Any], posts: Container[str]) -> bool:
    duties = [*day.get("duties", []), *day.get("beneath", [])]
    return any(
        item["activity"] == ORDERLY or (item.get("post") or duty["post"]) in posts
        for duty in duties
        for item in duty["items"]
    )


def renew(days: set[tuple[int, Any]]) -> None:
    """Give each of these people the role for that shift, or take it away."""
    people, dates = {person for person, _ in days}, [day for _, day in days]
    rows = present(booked(min(dates), max(dates), Catalogue(), person__in=people))
    posts = set(Post.objects.filter(activity__name=ORDERLY).values_list("pk", flat=True))
    places = _places({each.unit for each in rows})
    held = RoleHeld.objects.filter(person__in=people, role=ROLE, duty_day__range=(min(dates), max(dates)))
    before = {(row.person_id, row.duty_day): row for row in held}
    for key in sorted(days):
        spans = [
            (moment(each.on, item.start), moment(each.on, item.end), each.unit)
            for each in rows
            if (each.person, each.on) == key
            for item in each.content.items
            if item.activity.name == ORDERLY or (item.post_id or each.content.post_id) in posts
        ]
        old = before.get(key)
        if not spans:
            if old:
                audit.record("DUTY_ROLE_ENDED", subject=old)
                old.delete()
            continue
        starts, ends = min(span[0] for span in spans) - EARLY, max(span[1] for span in spans) + LATE
        row = old or RoleHeld(person_id=key[0], role=ROLE, duty_day=key[1])
        row.establishment_id, row.starts_at, row.ends_at = places[spans[0][2]], starts, ends
        row.valid = DateRange(london(starts).date(), london(ends).date() + timedelta(days=1))
        row.save()
        audit.record("DUTY_ROLE_GIVEN", subject=row, after={"from": starts.isoformat(), "until": ends.isoformat()})


def _places(units: set[int]) -> dict[int, int]:
    return dict(PlanningUnit.objects.filter(pk__in=units).values_list("pk", "establishment"))
