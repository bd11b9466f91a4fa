"""The mails that wait for a decision, and those that came back."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from foundation import clock, mails
from foundation.access import can
from foundation.clients import Rejected
from foundation.clients.notify import FAILURES
from foundation.mails import MailReceipt
from foundation.outbox import Delivery, State

PER_PAGE = 20
RETURNED_DAYS = 30
REASONS = {
    "permanent-failure": "There is no such address or number",
    "temporary-failure": "It could not be handed over for three days: the mailbox is full, or the phone is off",
    "technical-failure": "GOV.UK Notify had a fault",
}
GONE = "Not known any more"


def visible_to(user: Any) -> QuerySet[Delivery]:
    if not can(user, "mail.see"):
        return Delivery.objects.none()
    waiting = Delivery.objects.filter(kind="mail", state__in=[State.REFUSED, State.UNCONFIRMED])
    return waiting.annotate(since=Coalesce("done_at", "sending_at", "created_at")).order_by("-since", "-pk")


def returned(user: Any) -> QuerySet[Delivery]:
    """Mails that Notify took and could not hand over, of the last 30 days; ``why``: what Notify said, ``at``: when."""
    if not can(user, "mail.see"):
        return Delivery.objects.none()
    said = MailReceipt.objects.filter(reference=OuterRef("key"))
    since = clock.now() - timedelta(days=RETURNED_DAYS)
    failed = MailReceipt.objects.filter(status__in=FAILURES, at__gte=since).values("reference")
    rows = Delivery.objects.filter(kind="mail", key__in=failed)
    return rows.annotate(why=Subquery(said.values("status")), at=Subquery(said.values("at"))).order_by("-at", "-pk")


@dataclass(frozen=True)
class Seen:
    """A mail as a page shows it. ``recipient`` only for those who may see it."""

    delivery: Delivery
    recipient: str

    @property
    def title(self) -> str:
        """The kind of mail in words: "Report due"."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.delivery.payload["mail"]).capitalize()

    @property
    def since(self) -> datetime:
        return self.delivery.done_at or self.delivery.sending_at or self.delivery.created_at

    @property
    def why(self) -> str:
        """Of a mail that came back."""
        return REASONS[getattr(self.delivery, "why", "")]


def seen(delivery: Delivery, user: Any) -> Seen:
    return Seen(delivery, recipient(delivery) if can(user, "mail.see_recipient") else "")


def recipient(delivery: Delivery) -> str:
    kind = mails.registry.get(delivery.payload["mail"])
    try:
        return kind(**delivery.payload["arguments"]).to() if kind else GONE
    except (Rejected, ObjectDoesNotExist):
        return GONE
