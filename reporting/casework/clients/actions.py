"""What managers do with a client: discharge the deputyship, and bring an archived client back."""

from typing import Any

from django.db import transaction

from foundation import audit, clock
from reporting.casework.clients.queries import deputies_of
from reporting.people.actions import Stale
from reporting.people.models import Client


@transaction.atomic
def discharge(client: Client, *, by: Any, version: int) -> bool:
    """The deputyship has ended: deputies no longer see the client, staff still find it. Raises Stale.

    The case number is free for another client from now on (``one_live_client_per_case_number``). False if it was
    discharged already.
    """
    row = _locked(client)
    if row.discharged_at is not None:
        return False
    _check(row, version)
    row.discharged_at = clock.now()
    _save(row, "discharged_at")
    begun = row.court_date or row.orders.order_by("made_date").values_list("made_date", flat=True).first()
    audit.record(
        "CLIENT_DELETED",
        by=by,
        subject=row,
        after={
            "case_number": row.case_number,
            "discharged_by": by.email,
            "deputy_name": ", ".join(deputy.name for deputy in deputies_of(row)),
            "deputyship_start_date": str(begun) if begun else "",
        },
    )
    return True


@transaction.atomic
def unarchive(client: Client, *, by: Any, version: int) -> bool:
    """Deputies see the client and its reports again. Raises Stale. False if it was not archived."""
    row = _locked(client)
    if row.archived_at is None:
        return False
    _check(row, version)
    before = {"archived_at": row.archived_at.isoformat()}
    row.archived_at = None
    _save(row, "archived_at")
    audit.record("CLIENT_UNARCHIVED", by=by, subject=row, before=before, after={"case_number": row.case_number})
    return True


def _locked(client: Client) -> Client:
    return Client.objects.select_for_update().get(pk=client.pk)


def _check(row: Client, version: int) -> None:
    if row.version != version:
        raise Stale(row)


def _save(row: Client, field: str) -> None:
    row.version += 1
    row.save(update_fields=[field, "version"])
