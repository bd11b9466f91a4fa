"""What the accounts ask of the service they serve; the service's modules answer, and this is the whole list.

``settings.ROLES``: ``SITES``, the roles that may sign in at each site.
``settings.SHELL``: ``landing(user) -> str``, where to go after sign-in; ``may_sign_in(user) -> str | None``, a
sentence for somebody whose password is right but who should use another account; ``without_rights(user) -> str``, why
somebody has no rights just now (theirs have ended). All may be left out.
Mails named Activation, ResetPassword, PasswordChanged, EmailChange and EmailChanged (``foundation.accounts.mails``).
"""

from importlib import import_module
from typing import Any, cast

from django.conf import settings

from foundation.access import roles_of
from foundation.accounts.models import User

STAFF_SITE = "admin"


def sites() -> dict[str, set[str]]:
    """Each site of the service, with the roles that sign in there."""
    return cast("dict[str, set[str]]", import_module(settings.ROLES).SITES)


def belongs_here(user: User) -> bool:
    """Whether people of these roles sign in at the site that this process shows."""
    return bool(roles_of(user) & sites().get(settings.SITE, set()))


def is_staff(user: User) -> bool:
    """Staff agree to no terms, are registered as soon as they have a password, and need a second factor."""
    return user.role in sites().get(STAFF_SITE, set())


def staff_roles() -> set[str]:
    return set(sites().get(STAFF_SITE, set()))


def _ask_shell(name: str, user: User, default: Any) -> Any:
    question = getattr(import_module(settings.SHELL), name, None)
    return question(user) if question else default


def landing(user: User) -> str:
    """Where this person goes after sign-in: the next missing step, or the first page."""
    return str(_ask_shell("landing", user, "/"))


def may_sign_in(user: User) -> str | None:
    """None, or why this account is not to be used any more (the primary-account rule)."""
    return cast("str | None", _ask_shell("may_sign_in", user, None))


def without_rights(user: Any) -> str:
    """Why this person may not do just now what they could at another time; empty where there is nothing to say."""
    return str(_ask_shell("without_rights", user, "")) if getattr(user, "pk", None) else ""
