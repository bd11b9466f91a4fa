"""The frame of this service's pages: navigation and support by audience (foundation.web.context.Service)."""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from foundation.access import can
from foundation.web.context import Item, Support

WORDMARK = "Office of the Public Guardian"
PHASE = "beta"

NAVIGATION = {
    "front": [
        ("Court orders", "home", "order.see"),
        ("Client details", "clients", "client.list"),
        ("Your details", "settings", "order.see"),
        ("Dashboard", "dashboard", "dashboard.see"),
        ("Settings", "settings", "dashboard.see"),
    ],
    "admin": [
        ("Users", "users", "user.search"),
        ("Clients", "client_search", "client.search"),
        ("Organisations", "organisations", "organisation.search"),
        ("Submissions", "submissions", "submission.see"),
        ("Analytics", "figures", "figures.see"),
        ("Nightly files", "ingest_runs", "ingest.see"),
        ("Mails", "undelivered_mails", "mail.see"),
        ("Service notice", "service_notice", "notice.edit"),
        ("Settings", "settings_in_force", "settings.see"),
        ("Your details", "account", "account.edit"),
    ],
}
"""For each site: words, route, and the verb that a person needs to be shown it. The first one is where a way back
begins (site/trail.html).
"""


def support(user: Any) -> Support | None:
    """The helpline for this kind of deputy; a visitor is taken for a lay deputy. Staff have their own."""
    if settings.SITE == "admin":
        return None
    email = settings.SUPPORT_EMAILS[audience(user)]
    return Support(email=email, phone=settings.SUPPORT_PHONE, hours=settings.SUPPORT_HOURS)


def audience(user: Any) -> str:
    """lay, pa (public authority) or prof (professional)."""
    realm = getattr(user, "role", "").removeprefix("ROLE_").partition("_")[0].lower()
    return realm if realm in {"pa", "prof"} else "lay"


def navigation(user: Any) -> list[Item]:
    found = []
    for text, route, verb in NAVIGATION[settings.SITE] if user else []:
        if can(user, verb) and (href := _address(route)):
            found.append(Item(text, href))
    return found


def feedback() -> str:
    return _address("feedback") or ""


def _address(route: str) -> str | None:
    """Where a route leads; None on a site that does not have it."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return None


def landing(user: Any) -> str:
    """Where a person goes after sign-in. The deputies' page itself leads on to a missing step of registration."""
    return _address("home") or _address("submissions") or reverse("account")


def may_sign_in(user: Any) -> str | None:
    """Of several accounts of one deputy only the primary one may be used (deputy-people 3, D-004)."""
    profile = getattr(user, "profile", None)
    if profile is None or profile.is_primary or not profile.deputy_uid:
        return None
    primary = (
        type(profile).objects.filter(deputy_uid=profile.deputy_uid, is_primary=True).select_related("user").first()
    )
    if primary is None:
        return "This account is no longer used. Contact us to find out how to sign in."
    return f"This account is no longer used. Sign in with {primary.user.email} instead."
