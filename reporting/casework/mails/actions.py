"""What staff decide about a mail that did not go out."""

from typing import Any

from django.db import transaction

from foundation import audit, clock
from foundation.outbox import Changed, Delivery, State


def put_away(delivery: Delivery, *, by: Any, version: str) -> None:
    """It is not sent any more: the account is gone, or the person was told otherwise. Raises ``Changed``."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state not in {State.REFUSED, State.UNCONFIRMED} or row.version != version:
            raise Changed
        before = {"state": row.state, "error": row.error}
        row.state, row.done_at = State.CANCELLED, clock.now()
        row.save()
        audit.record("DELIVERY_PUT_AWAY", by=by, subject=row, before=before)
