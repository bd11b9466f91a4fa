"""The mails that wait for a decision."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from foundation import mails
from foundation.access import can
from foundation.clients import Rejected
from foundation.outbox import Delivery, State

PER_PAGE = 20
GONE = "Not known any more"


def visible_to(user: Any) -> QuerySet[Delivery]:
    if not can(user, "mail.see"):
        return Delivery.objects.none()
    waiting = Delivery.objects.filter(kind="mail", state__in=[State.REFUSED, State.UNCONFIRMED])
    return waiting.annotate(since=Coalesce("done_at", "sending_at", "created_at")).order_by("-since", "-pk")


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
    def since(self) -> Any:
        return self.delivery.done_at or self.delivery.sending_at or self.delivery.created_at


def seen(delivery: Delivery, user: Any) -> Seen:
    return Seen(delivery, recipient(delivery) if can(user, "mail.see_recipient") else "")


def recipient(delivery: Delivery) -> str:
    kind = mails.registry.get(delivery.payload["mail"])
    try:
        return kind(**delivery.payload["arguments"]).to() if kind else GONE
    except (Rejected, ObjectDoesNotExist):
        return GONE
