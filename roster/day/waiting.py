"""Gaps of today and tomorrow, and steps of the day that are due."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from foundation import clock
from roster.day.actions import steps
from roster.day.correcting import waiting_for
from roster.day.models import Deviation
from roster.demand.coverage import everywhere
from roster.establishment.models import Establishment
from roster.establishment.roles import establishments_for
from roster.timeline.clock import seconds_of
from roster.waiting import Task, counted

MOST = 3
"""Of so many establishments the gaps are counted; who runs the day of more has a page for all."""


def waiting(user: Any) -> Iterator[Task]:
    """For who runs the day, and for who approves corrections."""
    if asked := waiting_for(user).count():
        words = counted(asked, "correction of a closed day waits", "corrections of closed days wait")
        yield Task(f"{words} for your approval", reverse("corrections"))
    rows = establishments_for(user, "day.edit").filter(units__isnull=False, closed_on=None)
    places = list(rows.distinct().order_by("name")[: MOST + 1])
    if len(places) > MOST:
        yield Task("See how all your establishments are staffed now", reverse("day_region"), today=True)
        return
    for place in places:
        yield from _of(place, f"{place.name}: " if len(places) > 1 else "")


def _of(place: Establishment, name: str) -> Iterator[Task]:
    now = clock.now()
    today = clock.london(now).date()
    tomorrow, second = today + timedelta(days=1), seconds_of(today, now)
    gaps = [one for coverage in everywhere(place, today, tomorrow) for one in coverage.stretches if one.gap]
    here = reverse("day_now", args=[place.code])
    for number, words, href in (
        (sum(one.day == today and one.end > second for one in gaps), "from now on today", here),
        (sum(one.day == tomorrow for one in gaps), "tomorrow", reverse("day_sheet", args=[place.code, tomorrow])),
    ):
        if number:
            yield Task(f"{name}{counted(number, 'gap', 'gaps')} below the minimum {words}", href, today=True)
    undecided = Deviation.objects.filter(
        establishment=place, decision=Deviation.Decision.OPEN,
        day__gte=today - timedelta(days=settings.WORKED_CORRECTION_DAYS),
    )  # fmt: skip
    for row in undecided.select_related("person").order_by("day", "pk")[:MOST]:
        where = reverse("day_person", args=[place.code, row.day, row.person_id])
        yield Task(f"{name}Decide the hours of {row.person.name}, {row.day.day} {row.day:%B}", where, today=True)
    for step in steps(place):
        if step.due and not step.entry:
            yield Task(f"{name}Step of the day due: {step.label}", here, today=True)
