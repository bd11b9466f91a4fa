"""What is asked of sickness beside its spells."""

from datetime import date, datetime, time, timedelta
from typing import Any

from foundation import clock
from foundation.audit import AuditEvent
from foundation.clock import LONDON
from roster.absence.models import handled
from roster.establishment.models import Person


def taken_back(user: Any) -> list[tuple[Person, date, datetime]]:
    """Who has taken back their own report since yesterday, from which day it was, and when they did; newest first.

    For whoever was told of the report. Of a spell that is gone only its event says so.
    """
    since = datetime.combine(clock.today() - timedelta(days=1), time(), LONDON)
    events = list(AuditEvent.objects.filter(event="SICKNESS_WITHDRAWN", at__gte=since).order_by("-pk"))
    if not events:
        return []
    people = {person.pk: person for person in handled(user).filter(pk__in=[e.before["person"] for e in events])}
    return [
        (person, date.fromisoformat(each.before["first"]), each.at)
        for each in events
        if (person := people.get(each.before["person"])) and person.user_id == each.actor
    ]
