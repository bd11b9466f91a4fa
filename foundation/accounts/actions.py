"""What can be done to an account. Each action is one transaction, with its audit event and its mails."""

from typing import Any

from django.db import IntegrityError, transaction

from foundation import audit, clock, mails
from foundation.accounts import lockout, service
from foundation.accounts.models import User, Users
from foundation.accounts.tokens import ACTIVATION, EMAIL, RESET, Invalid


class EmailTaken(Exception):
    """Somebody has this address already. Only staff and colleagues are told so; a stranger gets a neutral answer."""


def _send(mail: str, subject: User, **arguments: Any) -> None:
    mails.send(mails.registry[mail](**arguments), subject=subject)


@transaction.atomic
def add_user(
    email: str,
    *,
    first_name: str,
    last_name: str,
    role: str,
    route: str = User.Route.ADMIN_INVITE,
    by: User | None = None,
    send: bool = True,
) -> User:
    """A new account without a password. ``send`` mails the activation link; raises EmailTaken."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email, first_name=first_name, last_name=last_name, role=role, route=route, created_by=by
            )
    except IntegrityError:
        raise EmailTaken from None
    audit.record("USER_ADDED", by=by, subject=user, after={"role": role, "route": str(route)})
    if send:
        send_activation(user, by=by)
    return user


@transaction.atomic
def send_activation(user: User, *, by: User | None = None) -> None:
    """Mail the link that lets somebody choose their first password. Nothing for those who have one."""
    if user.stage != User.Stage.INVITED:
        return
    _send("Activation", user, user=user.pk)
    audit.record("ACTIVATION_SENT", by=by, subject=user)


@transaction.atomic
def activate(token: str, password: str, *, agreed: bool) -> User:
    """The first password, by the mailed link. Staff are registered with it; a deputy goes on with the steps."""
    user = ACTIVATION.read(token, lock=True)
    user.set_password(password)
    if agreed:
        user.agreed_terms_at = clock.now()
    user.save()
    audit.record("ACCOUNT_ACTIVATED", by=user, subject=user)
    if service.is_staff(user):
        complete_registration(user, event="ADMIN_USER_REGISTER_SUCCEEDED")
    return user


@transaction.atomic
def complete_registration(user: User, *, event: str = "REGISTRATION_COMPLETED") -> None:
    """The last step: active and registered, together. Again changes nothing."""
    changed = User.objects.filter(pk=user.pk, is_active=False, registered_at=None)
    if changed.update(is_active=True, registered_at=clock.now()):
        audit.record(event, by=user, subject=user)
    user.refresh_from_db(fields=["is_active", "registered_at"])


@transaction.atomic
def ask_reset(email: str) -> None:
    """Mail a link for a new password, if this address may sign in here; who has none yet gets the activation."""
    user = User.objects.filter(email=Users.normalise(email)).first()
    if user is None or not service.belongs_here(user):
        return
    if user.has_access:
        _send("ResetPassword", user, user=user.pk)
        audit.record("PASSWORD_RESET_ASKED", subject=user)
    else:
        send_activation(user)


@transaction.atomic
def reset_password(token: str, password: str) -> User:
    """A new password by the mailed link. Every session of the user ends with the old one."""
    user = RESET.read(token, lock=True)
    _set_password(user, password, "PASSWORD_RESET")
    lockout.clear(user.email)
    return user


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """A new password by the owner. The view keeps the present session; all others end."""
    _set_password(user, password, "PASSWORD_CHANGED")


def _set_password(user: User, password: str, event: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(event, by=user, subject=user)
    _send("PasswordChanged", user, user=user.pk)


@transaction.atomic
def ask_new_email(user: User, email: str, *, by: User | None = None) -> None:
    """Mail a link to the new address. Nothing is sent if somebody has it, and the page says the same.

    ``by``: a member of staff who asks for the owner.
    """
    user.new_email = Users.normalise(email)
    user.save(update_fields=["new_email"])
    audit.record("USER_EMAIL_CHANGE_ASKED", by=by or user, subject=user)
    if not User.objects.filter(email=user.new_email).exists():
        _send("EmailChange", user, user=user.pk)


@transaction.atomic
def confirm_email(token: str) -> User:
    """The link was opened from the new address: it is the user's now, and the old one is told."""
    user = EMAIL.read(token, lock=True)
    if not user.new_email:
        raise Invalid
    before, user.email, user.new_email = user.email, user.new_email, ""
    user.version += 1
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "new_email", "version"])
    except IntegrityError:  # somebody took it meanwhile
        raise Invalid from None
    event = audit.record(
        "USER_EMAIL_CHANGED", by=user, subject=user, before={"email": before}, after={"email": user.email}
    )
    _send("EmailChanged", user, user=user.pk, event=event.pk)
    return user


@transaction.atomic
def change_name(user: User, first_name: str, last_name: str) -> None:
    user.first_name, user.last_name = first_name, last_name
    user.version += 1
    user.save(update_fields=["first_name", "last_name", "version"])
    audit.record("USER_NAME_CHANGED", by=user, subject=user)
