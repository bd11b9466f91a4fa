"""Co-deputies: one deputy of an order invites another, who proves to be that deputy (deputy-people 4.5)."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from foundation import audit, clock, mails
from foundation.accounts import actions as accounts
from foundation.accounts.models import User
from reporting.people.matching import Claim, NotMatched, Why, match, plain, rows_of
from reporting.people.models import Client, CourtOrder, Deputy, Invitation, Profile


class NotInvited(Exception):
    """The person cannot be invited; the page gives one neutral sentence. The text is a code for the audit."""


@dataclass(frozen=True)
class OnOrder:
    """A line of the table of deputies on an order page."""

    name: str
    email: str
    state: str
    invitation: Invitation | None = None
    me: bool = False

    REGISTERED = "Registered"
    AWAITING = "Awaiting registration"
    UNKNOWN = "Not using this service"


def deputies_on(order: CourtOrder, user: User) -> list[OnOrder]:
    """Active deputies of the order, and those who were invited to it."""
    invited = {each.deputy_uid: each for each in order.invitations.select_related("user").order_by("pk")}
    links = order.links.filter(is_active=True).select_related("deputy__user").order_by("pk")
    found = [_line(link.deputy, invited.pop(link.deputy.uid, None), user) for link in links]
    return found + [_line(None, invitation, user) for invitation in invited.values()]


def _line(deputy: Deputy | None, invitation: Invitation | None, user: User) -> OnOrder:
    account = deputy.user if deputy is not None and deputy.user is not None else None
    if account is None and invitation is not None:
        account = invitation.user
    if account is None:
        return OnOrder(deputy.name if deputy else "", "", OnOrder.UNKNOWN)
    if account.is_active:
        return OnOrder(account.name, account.email, OnOrder.REGISTERED, me=account == user)
    return OnOrder(account.name, account.email, OnOrder.AWAITING, invitation)


@transaction.atomic
def invite(order: CourtOrder, *, first_name: str, last_name: str, email: str, by: User) -> Invitation:
    """Invite a co-deputy whom the register knows on this case; once. Raises NotInvited.

    Somebody who is registered already under the same number only gets the case; nothing is mailed to them.
    """
    CourtOrder.objects.select_for_update().get(pk=order.pk)
    uid = _uid_in_register(order, first_name, last_name)
    if known := order.invitations.filter(deputy_uid=uid).first():
        return known
    holder = User.objects.filter(profile__deputy_uid=uid, profile__is_primary=True).first()
    if holder is not None and holder == by:
        raise NotInvited("self")
    user = holder or _invited_account(email, first_name, last_name, by)
    invitation = Invitation.objects.create(order=order, deputy_uid=uid, user=user, invited_by=by)
    audit.record("CO_DEPUTY_INVITED", by=by, subject=invitation)
    if user.is_active:
        _join(user.profile, uid, order.client, invitation)
    else:
        mails.send(mails.registry["InvitationLay"](invitation=invitation.pk), subject=user)
    return invitation


def _uid_in_register(order: CourtOrder, first_name: str, last_name: str) -> str:
    uids = {
        row.deputy_uid
        for row in rows_of(order.client.case_number)
        if plain(row.deputy_first_name) == plain(first_name) and plain(row.deputy_last_name) == plain(last_name)
    }
    if len(uids) != 1 or not (uid := uids.pop()).isdecimal():
        raise NotInvited("not in register")
    return uid


def _invited_account(email: str, first_name: str, last_name: str, by: User) -> User:
    """A new account for this address, or one that somebody was invited under and has not used yet."""
    user = User.objects.filter(email=User.objects.normalise(email)).first()
    if user is None:
        user = accounts.add_user(
            email, first_name=first_name, last_name=last_name, role="ROLE_LAY_DEPUTY",
            route=User.Route.CO_DEPUTY_INVITE, by=by, send=False,
        )  # fmt: skip
        Profile.objects.create(user=user, is_co_deputy=True, co_deputy_confirmed=False)
        return user
    if user.route != User.Route.CO_DEPUTY_INVITE or user.stage != User.Stage.INVITED:
        raise NotInvited("address in use")
    return user


@transaction.atomic
def invite_again(invitation: Invitation, *, first_name: str, last_name: str, email: str, by: User) -> None:
    """Correct name or address of somebody who has not signed in yet, and mail the link again. Raises NotInvited."""
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    if user.stage != User.Stage.INVITED:
        raise NotInvited("already signed in")
    if _uid_in_register(invitation.order, first_name, last_name) != invitation.deputy_uid:
        raise NotInvited("not in register")
    user.first_name, user.last_name, user.email = first_name, last_name, User.objects.normalise(email)
    try:
        with transaction.atomic():
            user.save(update_fields=["first_name", "last_name", "email"])
    except IntegrityError:
        raise NotInvited("address in use") from None
    audit.record("CO_DEPUTY_INVITED_AGAIN", by=by, subject=invitation)
    mails.send(mails.registry["InvitationLay"](invitation=invitation.pk), subject=user)


def verify(user: User, values: dict[str, Any]) -> None:
    """The invitee's first sign-in: matched with the register, then active. Raises NotMatched."""
    try:
        with transaction.atomic():
            _verify(user, values)
    except NotMatched as refused:
        after = {"why": str(refused.why), "flags": sorted(refused.flags)}
        audit.record("CO_DEPUTY_NOT_VERIFIED", by=user, subject=user, after=after)
        raise
    user.refresh_from_db()


def _verify(user: User, values: dict[str, Any]) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    row = match(
        Claim(
            case_number=values["case_number"],
            client_last_name=values["client_last_name"],
            first_name=values["first_name"],
            last_name=values["last_name"],
            postcode=values["postcode"],
        )
    )
    invitation = (
        Invitation.objects.filter(user=user, deputy_uid=row.deputy_uid, order__client__case_number=row.case)
        .select_related("order__client", "invited_by")
        .first()
    )
    if invitation is None:
        raise NotMatched(Why.OTHER_DEPUTY)
    if Profile.objects.filter(deputy_uid=row.deputy_uid, user__clients=invitation.order.client).exclude(user=user):
        raise NotMatched(Why.CASE_USED)
    profile = user.profile
    for name in ("address1", "address2", "address3", "postcode", "country", "phone", "phone_alternative"):
        setattr(profile, name, values[name])
    user.first_name, user.last_name = values["first_name"], values["last_name"]
    user.save(update_fields=["first_name", "last_name"])
    _join(profile, row.deputy_uid, invitation.order.client, invitation)
    Profile.objects.filter(user=invitation.invited_by).update(is_co_deputy=True)
    accounts.complete_registration(user)


def _join(profile: Profile, uid: str, client: Client, invitation: Invitation) -> None:
    profile.co_deputy_confirmed = True
    join(profile, uid)
    client.users.add(profile.user)
    invitation.confirmed_at = clock.now()
    invitation.save(update_fields=["confirmed_at"])


def join(profile: Profile, uid: str) -> None:
    """This account is that deputy: the primary one if no other account is, and then linked to the deputy."""
    others = Profile.objects.select_for_update().filter(deputy_uid=uid, is_primary=True).exclude(pk=profile.pk)
    profile.deputy_uid, profile.is_primary, profile.verified_at = uid, not others.exists(), clock.now()
    profile.version += 1
    profile.save()
    if profile.is_primary:
        names = {"first_name": profile.user.first_name, "last_name": profile.user.last_name}
        Deputy.objects.update_or_create(uid=uid, defaults=names | {"user": profile.user, "email": profile.user.email})
