"""The frame of this service's pages: navigation and support (foundation.web.context.Service)."""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from foundation.access import can
from foundation.web.context import Item, Support
from roster.establishment.roles import rights_of_duty

WORDMARK = "HM Prison and Probation Service"
PHASE = "beta"

NAVIGATION: dict[str, list[tuple[str, str, str]]] = {
    "planner": [
        ("Start", "home", "unit.see"),
        ("Plan", "plan", "plan.see"),
        ("Today", "day", "day.see"),
        ("Sickness", "sicknesses", "day.sick"),
        ("Team", "team", "team.see"),
        ("Demand", "demand", "demand.see"),
        ("Patterns", "patterns", "pattern.see"),
        ("Staff", "staff", "unit.see"),
        ("Templates", "templates", "template.see"),
        ("Hours", "hours", "plan.see"),
        ("Reports", "reports", "report.see"),
        ("Rules", "rules", "rules.see"),
        ("History", "history", "audit.see"),
    ],
    "diary": [
        ("Calendar", "diary", "diary.see"),
        ("Hours", "own_hours", "diary.see"),
        ("Notices", "notices", "diary.see"),
        ("Settings", "preferences", "preferences.edit"),
    ],
    "api": [],
}
"""For each face: words, route, and the verb that a person needs to be shown it. What is not there is left out."""


def support(user: Any) -> Support | None:
    """Staff ask the detail office of their prison."""
    return None


def feedback() -> str:
    return ""


def navigation(user: Any) -> list[Item]:
    found = []
    for text, route, verb in NAVIGATION[settings.SITE] if user else []:
        if can(user, verb) and (href := address(route)):
            found.append(Item(text, href))
    return found


def address(route: str) -> str | None:
    """Where a route leads; None on a face that does not have it."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return None


def landing(user: Any) -> str:
    """Where a person goes after sign-in."""
    return address("home") or address("diary") or "/"


def may_sign_in(user: Any) -> str | None:
    """A sentence for who may not, though they are who they say."""
    return None


def without_rights(user: Any) -> str:
    """Of an Orderly Officer, before and after the duty."""
    return rights_of_duty(user)
