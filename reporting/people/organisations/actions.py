"""What is done to an organisation and to its members. Each action is one transaction with its audit event.

``by`` is who does it, None for the service itself (a nightly file); what a person may not do raises
``PermissionDenied``, what cannot be done raises ``Refused`` with a sentence for the person.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from foundation import audit, clock, mails
from foundation.accounts import actions as accounts
from foundation.accounts.models import User
from reporting.people.actions import Stale
from reporting.people.models import Profile
from reporting.people.organisations import identity
from reporting.people.organisations.models import Organisation
from reporting.people.organisations.queries import may_edit
from reporting.people.roles import ORGANISATION, STAFF, Act, may_act_on, may_change_role, may_give


class Refused(Exception):
    """It cannot be done. The text says why; ``field`` is the question of a form that it is about."""

    def __init__(self, why: str, field: str | None = None) -> None:
        super().__init__(why)
        self.field = field


NOT_AN_ORGANISATION_USER = "This account is not a public authority’s or a professional’s"
ALREADY_A_MEMBER = "This person is in this organisation already"


# The organisation


@transaction.atomic
def create(name: str, identifier: str, *, by: User | None, is_activated: bool = False) -> Organisation:
    """A new organisation, told apart by a domain or a whole address. Raises Refused."""
    try:
        identifier = identity.cleaned(identifier)
    except identity.BadIdentifier as bad:
        raise Refused(str(bad), "identifier") from None
    try:
        with transaction.atomic():
            made = Organisation.objects.create(name=name, identifier=identifier, is_activated=is_activated)
    except IntegrityError:
        raise Refused("There is an organisation with this email identifier already", "identifier") from None
    after = {"id": made.pk, "identifier": identifier, "is_activated": is_activated}
    audit.record("ORG_CREATED", by=by, subject=made, after=after)
    return made


@transaction.atomic
def update(organisation: Organisation, *, name: str, is_activated: bool, by: User | None, version: int) -> Organisation:
    """Rename it, activate it, or take the activation back: nothing else of it ever changes. Raises Stale."""
    row = _locked(organisation)
    before = {"name": row.name, "is_activated": row.is_activated}
    after = {"name": name, "is_activated": is_activated}
    if before == after:
        return row
    if row.version != version:
        raise Stale(row)
    row.name, row.is_activated = name, is_activated
    row.version += 1
    row.save(update_fields=["name", "is_activated", "version"])
    audit.record("ORG_UPDATED", by=by, subject=row, before=before, after=after)
    return row


@transaction.atomic
def activate(organisation: Organisation, *, by: User | None) -> Organisation:
    """From now on its members see its clients."""
    row = _locked(organisation)
    return update(row, name=row.name, is_activated=True, by=by, version=row.version)


@transaction.atomic
def delete(organisation: Organisation, *, by: User | None) -> None:
    """Take it out of sight; history stays. Only without users and without live clients. Twice is once.

    Raises Refused.
    """
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.deleted_at:
        return
    if row.users.exists():
        raise Refused("This organisation still has users: remove them first")
    if row.clients.filter(archived_at=None, discharged_at=None).exists():
        raise Refused("This organisation still has active clients")
    row.deleted_at = clock.now()
    row.version += 1
    row.save(update_fields=["deleted_at", "version"])
    audit.record("ORG_DELETED", by=by, subject=row, before={"identifier": row.identifier})


def _locked(organisation: Organisation) -> Organisation:
    """The row, locked; Refused if it was deleted meanwhile."""
    row = Organisation.objects.live().select_for_update().filter(pk=organisation.pk).first()
    if row is None:
        raise Refused("This organisation has been deleted")
    return row


# Its members


@transaction.atomic
def add_member(organisation: Organisation, user: User, *, by: User | None) -> None:
    """Let an account that exists belong to the organisation too. Raises Refused."""
    row = _locked(organisation)
    if user.role not in ORGANISATION:
        raise Refused(NOT_AN_ORGANISATION_USER, "email")
    _permit(by, user, Act.EDIT)
    if row.users.filter(pk=user.pk).exists():
        raise Refused(ALREADY_A_MEMBER, "email")
    row.users.add(user)
    audit.record("USER_ADDED_TO_ORG", by=by, subject=user, after={"organisation": row.pk})


@transaction.atomic
def remove_member(organisation: Organisation, user: User, *, by: User | None) -> None:
    """Take somebody out; the account stays, and what the organisation has is out of sight at once. Twice is once."""
    row = _locked(organisation)
    _permit(by, user, Act.REMOVE)
    if row.users.filter(pk=user.pk).exists():
        row.users.remove(user)
        audit.record("USER_REMOVED_FROM_ORG", by=by, subject=user, before={"organisation": row.pk})


@transaction.atomic
def invite_member(
    organisation: Organisation,
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    job_title: str = "",
    phone: str = "",
    by: User,
) -> User:
    """A new account in the organisation with its mailed invitation; an account that exists is attached, as it is.

    Raises Refused; the sentence never says what kind of account has the address.
    """
    _locked(organisation)
    if role not in ORGANISATION or not may_give(by, role):
        raise PermissionDenied
    known = User.objects.filter(email=User.objects.normalise(email)).first()
    if known is not None:
        if known.role not in ORGANISATION or not may_act_on(by, known, Act.EDIT):
            raise Refused("We cannot add the account with this email address. Ask us for help", "email")
        add_member(organisation, known, by=by)
        return known
    route = User.Route.ADMIN_INVITE if by.role in STAFF else User.Route.ORG_ADMIN_INVITE
    try:
        user = accounts.add_user(
            email, first_name=first_name, last_name=last_name, role=role, route=route, by=by, send=False
        )
    except accounts.EmailTaken:  # by somebody else at this moment
        raise Refused("Somebody has added this email address just now. Try again", "email") from None
    Profile.objects.create(user=user, job_title=job_title, phone=phone)
    add_member(organisation, user, by=by)
    _invite(user, by)
    return user


@transaction.atomic
def invite_again(user: User, *, by: User) -> None:
    """Mail the link to choose a first password once more. Nothing for those who have one."""
    _permit(by, user, Act.EDIT)
    if user.stage == User.Stage.INVITED:
        _invite(user, by)


def _invite(user: User, by: User) -> None:
    mails.send(mails.registry["InvitationOrg"](user=user.pk, invited_by=by.pk), subject=user)
    audit.record("INVITATION_SENT", by=by, subject=user)


@transaction.atomic
def update_member(user: User, values: dict[str, Any], *, by: User, version: int) -> User:
    """Change a colleague's names, job title, phone and role; the address only until the account is used.

    Raises Stale, Refused.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    profile, _made = Profile.objects.select_for_update().get_or_create(user=row)
    if not may_edit(by, row):
        raise PermissionDenied
    holders = {name: profile if name in {"job_title", "phone"} else row for name in values}
    changed = [name for name, value in values.items() if getattr(holders[name], name) != value]
    if not changed:
        return row
    if row.version != version:
        raise Stale(row)
    if "role" in changed and not may_change_role(by, row, values["role"]):
        raise PermissionDenied
    if "email" in changed and row.stage != User.Stage.INVITED:
        raise Refused("This person has signed in: only they can change their email address", "email")
    before: dict[str, str] = {name: getattr(row, name) for name in changed if name in {"role", "email"}}
    for name in changed:
        setattr(holders[name], name, values[name])
    row.version += 1
    profile.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("We cannot use this email address", "email") from None
    profile.save()
    _record_changes(row, changed, before, by)
    return row


def _record_changes(user: User, changed: list[str], before: dict[str, str], by: User) -> None:
    audit.record("USER_CHANGED", by=by, subject=user, after={"fields": sorted(changed)})
    for name, event in (("role", "ROLE_CHANGED"), ("email", "USER_EMAIL_CHANGED")):
        if name in before:
            audit.record(event, by=by, subject=user, before={name: before[name]}, after={name: getattr(user, name)})
    if "email" in before:
        _invite(user, by)


@transaction.atomic
def drop_admin_right(user: User) -> None:
    """An admin of an organisation becomes an ordinary member; by themselves, for good."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.role.endswith("_ADMIN") or row.role not in ORGANISATION:
        raise PermissionDenied
    before, row.role = row.role, row.role.removesuffix("_ADMIN") + "_TEAM_MEMBER"
    row.version += 1
    row.save(update_fields=["role", "version"])
    audit.record("ROLE_CHANGED", by=row, subject=row, before={"role": before}, after={"role": row.role})


def _permit(by: User | None, user: User, act: Act) -> None:
    if by is not None and not may_act_on(by, user, act):
        raise PermissionDenied
