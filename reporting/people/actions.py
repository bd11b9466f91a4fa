"""What a deputy does to their own details and to a client's. Each action is one transaction.

The casework mailbox is told of what lay deputies change; members of organisations write to their caseworker themselves
(deputy-people 9, 10).
"""

from typing import Any

from django.db import transaction

from foundation import audit, clock, mails
from foundation.accounts.models import User
from reporting.people.models import Client, Profile
from reporting.people.roles import LAY


class Stale(Exception):
    """Somebody else changed the row since the page was shown; ``stored`` is the row as it is now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("changed by somebody else")
        self.stored = stored


@transaction.atomic
def save_profile(user: User, values: dict[str, Any], *, by: User, version: int) -> Profile:
    """Change a deputy's own details. Raises Stale."""
    Profile.objects.get_or_create(user=user)
    profile = Profile.objects.select_for_update().select_related("user").get(user=user)
    if _save(profile, values, by=by, version=version, event="DEPUTY_DETAILS_CHANGED") and by.role == LAY:
        mails.send(mails.registry["DeputyDetailsChange"](user=user.pk), subject=profile)
    return profile


@transaction.atomic
def save_client(client: Client, values: dict[str, Any], *, by: User, version: int) -> Client:
    """Change a client's details. Raises Stale."""
    row = Client.objects.select_for_update().get(pk=client.pk)
    if _save(row, values, by=by, version=version, event="CLIENT_DETAILS_CHANGED") and by.role == LAY:
        mails.send(mails.registry["ClientDetailsChange"](client=row.pk), subject=row)
    return row


@transaction.atomic
def archive_client(client: Client, *, by: User, version: int) -> Client:
    """Out of sight for the organisation, with its reports; only staff can bring a client back. Raises Stale."""
    row = Client.objects.select_for_update().get(pk=client.pk)
    if row.archived_at is not None:
        return row
    if row.version != version:
        raise Stale(row)
    row.archived_at = clock.now()
    row.version += 1
    row.save(update_fields=["archived_at", "version"])
    audit.record("CLIENT_ARCHIVED", by=by, subject=row, after={"case_number": row.case_number})
    return row


def _save(row: Profile | Client, values: dict[str, Any], *, by: User, version: int, event: str) -> bool:
    """Write what differs; False when nothing does. The audit names the fields, row history has the values."""
    changed = [name for name, value in values.items() if getattr(_holder(row, name), name) != value]
    if not changed:
        return False
    if row.version != version:
        raise Stale(row)
    for name in changed:
        setattr(_holder(row, name), name, values[name])
    row.version += 1
    row.save()
    if isinstance(row, Profile):
        row.user.save(update_fields=["first_name", "last_name"])
    audit.record(event, by=by, subject=row, after={"fields": sorted(changed)})
    return True


def _holder(row: Profile | Client, name: str) -> Any:
    """A deputy's names are on the account, everything else on the row itself."""
    return row.user if isinstance(row, Profile) and name in {"first_name", "last_name"} else row
