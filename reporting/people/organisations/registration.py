"""The way in for members of organisations: invited, a first password and the terms, then their details, which make the
account active (deputy-people 4.6). Named deputies from before the present terms are asked to agree to them once.
"""

from typing import Any

from django.db import transaction

from foundation import audit, clock
from foundation.accounts import actions as accounts
from foundation.accounts.models import User
from reporting.people.models import Profile
from reporting.people.roles import NAMED


def missing_step(user: User) -> str | None:
    """The route of the step that is missing; None when there is none."""
    if not user.is_active:
        return "register_member"
    return "updated_terms" if must_agree(user) else None


def must_agree(user: User) -> bool:
    """Named deputies who registered before today and never agreed to terms."""
    if user.role not in NAMED or user.agreed_terms_at is not None or user.registered_at is None:
        return False
    return clock.london(user.registered_at).date() < clock.today()


@transaction.atomic
def give_details(user: User, values: dict[str, Any]) -> None:
    """The last step: who they are; now the account is active and registered, together. Again changes nothing."""
    row = User.objects.select_for_update().get(pk=user.pk)
    profile, _made = Profile.objects.select_for_update().get_or_create(user=row)
    if not row.is_active:
        row.first_name, row.last_name = values["first_name"], values["last_name"]
        row.version += 1
        row.save(update_fields=["first_name", "last_name", "version"])
        profile.job_title, profile.phone = values["job_title"], values["phone"]
        profile.version += 1
        profile.save()
        accounts.complete_registration(row)
    user.refresh_from_db()


@transaction.atomic
def agree_to_terms(user: User) -> None:
    """Once; a second click changes nothing."""
    if User.objects.filter(pk=user.pk, agreed_terms_at=None).update(agreed_terms_at=clock.now()):
        audit.record("TERMS_AGREED", by=user, subject=user)
    user.refresh_from_db()
