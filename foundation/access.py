"""Who may open what: denied unless a view says otherwise.

A view carries one of three declarations: ``@public``, ``@signed_in`` or ``@may("verb")``. They go on functions and
on the result of ``as_view()``. Which role may do which verb is one table, in the module that ``settings.ROLES``
names: ``VERBS: dict[str, set[str]]``, role to verbs. The middleware ``Access`` enforces it.
Whether a person may see *this* client or report is a second question, answered by ``visible_to(user)`` querysets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils.module_loading import import_string

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """Who may open a view: everybody, everybody signed in, or those whose role has the verb."""

    signed_in: bool = True
    verb: str = ""
    session: bool = True
    """False: the view neither reads nor prolongs a session, so it works without database and Redis."""


PUBLIC = Rule(signed_in=False)
SIGNED_IN = Rule()
SESSIONLESS = Rule(signed_in=False, session=False)

THIRD_PARTY: dict[str, Rule] = {}
"""Rules for routes of packages, by name, as we cannot decorate their views. Their other routes are 404."""

PACKAGES = ("allauth.", "procrastinate.")


def public(view: View) -> View:
    """Everybody may open it."""
    return _declare(view, PUBLIC)


def sessionless(view: View) -> View:
    """Everybody may open it, even while database and Redis are down; it sees no session."""
    return _declare(view, SESSIONLESS)


def signed_in(view: View) -> View:
    """Everybody who has signed in may open it."""
    return _declare(view, SIGNED_IN)


def may(verb: str) -> Callable[[View], View]:
    """Those may open it whose role has the verb."""

    def declare(view: View) -> View:
        return _declare(view, Rule(verb=verb))

    return declare


def _declare(view: View, rule: Rule) -> View:
    view.access = rule  # type: ignore[attr-defined]
    return view


def rule_of(view: Callable[..., Any], name: str | None = None) -> Rule | None:
    """The declaration of a view, or of the package route of that name; None when there is none."""
    rule = getattr(view, "access", None)
    if rule is None and from_package(view):
        rule = THIRD_PARTY.get(name or "")
    return cast("Rule | None", rule)


def from_package(view: Callable[..., Any]) -> bool:
    """Whether a package brought the view."""
    return str(getattr(view, "view_class", view).__module__).startswith(PACKAGES)


def verbs() -> dict[str, set[str]]:
    """The access table of the service: role to verbs."""
    return cast("dict[str, set[str]]", import_module(settings.ROLES).VERBS)


def can(user: Any, verb: str) -> bool:
    """Whether a role of the user has the verb."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return any(verb in verbs().get(role, set()) for role in roles_of(user))


def roles_of(user: Any) -> set[str]:
    """The user's one role, or what the module ``settings.ROLES_OF`` finds (roles that end, roles in places)."""
    if not settings.ROLES_OF:
        return {user.role}
    if not hasattr(user, "_roles"):
        user._roles = import_string(settings.ROLES_OF)(user)
    return cast("set[str]", user._roles)
