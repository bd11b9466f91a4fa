"""What staff do to accounts: one transaction each, with its audit event. Who may is ``people.roles`` to say; it is
asked here once more, under the row's lock.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from foundation import audit
from foundation.access import can
from foundation.accounts import actions as accounts
from foundation.accounts.actions import EmailTaken
from foundation.accounts.models import User
from reporting.casework.users.forms import may_change_email
from reporting.people import roles
from reporting.people.actions import Stale
from reporting.people.models import Profile
from reporting.people.organisations import actions as organisations
from reporting.people.roles import Act

DELETED = {
    roles.ADMIN_MANAGER: "ADMIN_MANAGER_DELETED",
    roles.ADMIN: "ADMIN_DELETED",
    roles.SUPER_ADMIN: "ADMIN_DELETED",
}
"""Audit events by the role of whom was deleted; all others are deputies."""


@transaction.atomic
def add(*, email: str, first_name: str, last_name: str, role: str, postcode: str = "", by: User) -> User:
    """A new account, and the mail with the link that activates it. Raises EmailTaken."""
    if not roles.may_give(by, role):
        raise PermissionDenied
    to_organisation = role in roles.ORGANISATION
    user = accounts.add_user(
        email, first_name=first_name, last_name=last_name, role=role, by=by, send=not to_organisation
    )
    if to_organisation:
        organisations.invite_again(user, by=by)
    if role in roles.DEPUTIES:
        Profile.objects.create(user=user, postcode=postcode)
    if role == roles.ADMIN_MANAGER:
        audit.record("ADMIN_MANAGER_CREATED", by=by, subject=user)
    return user


def version_of(user: User) -> str:
    """How account and profile looked, for a person who changes both."""
    return f"{user.version}-{_profile_of(user).version}"


def _profile_of(user: User) -> Profile:
    return Profile.objects.filter(user=user).first() or Profile(user=user)


@transaction.atomic
def edit(user: User, values: dict[str, Any], *, by: User, version: str) -> User:
    """Change what differs. Raises Stale, EmailTaken.

    The address of somebody who has used the account changes when the new one has been confirmed from there.
    """
    user = _locked(user, by, Act.EDIT)
    profile = _profile_of(user)
    before = current(user)
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return user
    if version != version_of(user):
        raise Stale(user)
    if details := {"first_name", "last_name", "postcode"} & changed.keys():
        user.first_name, user.last_name = values["first_name"], values["last_name"]
        profile.postcode = values.get("postcode", profile.postcode)
        audit.record("USER_DETAILS_CHANGED", by=by, subject=user, after={"fields": sorted(details)})
    if "role" in changed:
        _change_role(user, changed["role"], by)
    user.version += 1
    user.save()
    if "postcode" in changed:
        profile.version += 1
        profile.save()
    if "email" in changed:
        _change_email(user, changed["email"], by)
    return user


def current(user: User) -> dict[str, str]:
    """What can be changed, as it is stored."""
    names = {name: getattr(user, name) for name in ("first_name", "last_name", "email", "role")}
    return names | {"postcode": _profile_of(user).postcode}


def _change_role(user: User, role: str, by: User) -> None:
    if not roles.may_change_role(by, user, role):
        raise PermissionDenied
    audit.record("ROLE_CHANGED", by=by, subject=user, before={"role": user.role}, after={"role": role})
    user.role = role


def _change_email(user: User, email: str, by: User) -> None:
    if not may_change_email(by, user):
        raise PermissionDenied
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise EmailTaken
    if user.stage != User.Stage.INVITED:
        accounts.ask_new_email(user, email, by=by)
        return
    before, user.email = user.email, email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise EmailTaken from None
    audit.record("USER_EMAIL_CHANGED", by=by, subject=user, before={"email": before}, after={"email": email})
    accounts.send_activation(user, by=by)


@transaction.atomic
def send_activation(user: User, *, by: User) -> bool:
    """Mail a new link to choose the first password; False if the person has one meanwhile."""
    user = _locked(user, by, Act.EDIT)
    accounts.send_activation(user, by=by)
    return user.stage == User.Stage.INVITED


@transaction.atomic
def delete(user: User, *, by: User, version: int) -> None:
    """Delete an account. What the person did stays, without their name: "Deleted user" (D-205). Twice is once.

    Raises Stale.
    """
    if not User.objects.select_for_update().filter(pk=user.pk).exists():
        return
    user = _locked(user, by, Act.DELETE, version)
    before = {"email": user.email, "name": user.name, "role": user.role}
    audit.record(DELETED.get(user.role, "DEPUTY_DELETED"), by=by, subject=user, before=before)
    user.delete()


@transaction.atomic
def protect(user: User, *, on: bool, by: User) -> None:
    """Keep an account from being deleted by age (``jobs.delete_inactive_staff``), or no longer."""
    if not can(by, "user.protect"):
        raise PermissionDenied
    user = get_object_or_404(User.objects.select_for_update(), pk=user.pk)
    if user.protected != on:
        user.protected = on
        _save(user, "protected")
        audit.record("USER_PROTECTED" if on else "USER_UNPROTECTED", by=by, subject=user)


@transaction.atomic
def disable(user: User, *, by: User, version: int) -> None:
    """Nobody signs in with this account from now on; who is signed in is out. Raises Stale."""
    user = _locked(user, by, Act.DELETE, version)
    if user.is_active:
        user.is_active = False
        _save(user, "is_active")
        audit.record("USER_DISABLED", by=by, subject=user)


@transaction.atomic
def enable(user: User, *, by: User, version: int) -> None:
    """Let a disabled person sign in again. Raises Stale."""
    user = _locked(user, by, Act.DELETE, version)
    if user.stage == User.Stage.DISABLED:
        user.is_active = True
        _save(user, "is_active")
        audit.record("USER_ENABLED", by=by, subject=user)


@transaction.atomic
def reset_second_factor(user: User, *, by: User, version: int) -> None:
    """For a member of staff who has lost phone and recovery codes: sets up anew at the next sign-in. Raises Stale."""
    user = _locked(user, by, Act.DELETE, version)
    if Authenticator.objects.filter(user=user).delete()[0]:
        _save(user)
        audit.record("SECOND_FACTOR_RESET", by=by, subject=user)


def _save(user: User, *fields: str) -> None:
    user.version += 1
    user.save(update_fields=[*fields, "version"])


def _locked(user: User, by: User, act: Act, version: int | None = None) -> User:
    row = get_object_or_404(User.objects.select_for_update(), pk=user.pk)  # deleted meanwhile
    if not roles.may_act_on(by, row, act):
        raise PermissionDenied
    if version is not None and version != row.version:
        raise Stale(row)
    return row
