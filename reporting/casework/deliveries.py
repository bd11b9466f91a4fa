"""Deliveries that nobody should have to find by chance: stuck on their way, or waiting for a person's decision."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from foundation import clock
from foundation.health import Result
from foundation.outbox import Delivery, State
from reporting.documents.models import Document

CASE_SYSTEM = ("report", "document", "checklist")
MAILS = ("mail",)
MOST = 1000
"""No check looks at more deliveries than this: so many are red in any case."""


def health() -> list[Result]:
    return [_check("Deliveries to the case system", CASE_SYSTEM), _check("Mails", MAILS)]


def _check(name: str, kinds: tuple[str, ...]) -> Result:
    """Red when something waits for too long, on its way or for a decision; otherwise with a note of what waits."""
    late, decide = stuck(kinds), undecided(kinds)
    overdue = undecided(kinds, older=timedelta(hours=settings.DELIVERY_UNDECIDED_HOURS))
    notes = [
        *([f"{late} not delivered for more than {settings.DELIVERY_STUCK_HOURS} hours"] if late else []),
        *([f"{decide} refused or unconfirmed"] if decide else []),
        *([f"{overdue} of them without a decision for {settings.DELIVERY_UNDECIDED_HOURS} hours"] if overdue else []),
    ]
    return Result(name, not late and not overdue, ", ".join(notes))


def stuck(kinds: tuple[str, ...]) -> int:
    before = clock.now() - timedelta(hours=settings.DELIVERY_STUCK_HOURS)
    found = Delivery.objects.filter(kind__in=kinds, state__in=[State.QUEUED, State.LEASED], created_at__lt=before)
    return _count(found)


def undecided(kinds: tuple[str, ...], older: timedelta = timedelta(0)) -> int:
    found = Delivery.objects.filter(kind__in=kinds, state__in=[State.REFUSED, State.UNCONFIRMED])
    since = Coalesce("done_at", "sending_at", "created_at")
    return _count(found.annotate(since=since).filter(since__lte=clock.now() - older))


def _count(found: QuerySet[Delivery]) -> int:
    """Without documents of submissions that staff have put away: that was the decision."""
    keys = list(found.order_by("pk").values_list("kind", "key")[:MOST])
    documents = [key for kind, key in keys if kind in {"report", "document"}]
    archived = Document.objects.filter(token__in=documents, submission__archived_at__isnull=False).count()
    return len(keys) - archived
