"""Somebody leaves, or stays after all: what holds of them ends, and what is published for later days is withdrawn.

The leaver gets no notice of that: it would be one for each day. Other systems do, and gaps are open at once.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from roster.dates import LAST
from roster.establishment import actions as establishment
from roster.establishment.models import Person
from roster.timeline import actions
from roster.timeline.actions import Cell
from roster.timeline.models import Duty


def later_duties(person: Person, last_day: date) -> list[Duty]:
    """What is published for days after the last one, in order of time."""
    rows = Duty.objects.whole().between(last_day + timedelta(days=1), LAST).filter(person=person)
    return list(rows.select_related("unit").order_by("shift_date", "level", "start"))


@transaction.atomic
def leave(person: Person, last_day: date, *, by: Any, version: int) -> int:
    """Record the last day, or another one. Returns how many published days were withdrawn. Raises Stale, Clash."""
    if person.left_on is not None:
        version = establishment.stay(person, by=by, version=version)
    establishment.leave(person, last_day, by=by, version=version)
    keys = sorted({(row.shift_date, row.level) for row in later_duties(person, last_day)})
    cells = [Cell(person.pk, 0, day, level=level) for day, level in keys]
    actions.publish_day_set(cells, by=by, reason=f"Leaves on {last_day:%-d %B %Y}")
    return len({day for day, _ in keys})
