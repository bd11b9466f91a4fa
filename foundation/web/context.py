"""What every page shows around its content: names, navigation, notice, support, time limits.

A service says its part in the module that ``settings.SHELL`` names (see ``Service``).
Templates read all of it as ``shell``; everything is worked out only when a page asks for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from foundation import clock, drafts
from foundation.web.notice import current_notice
from foundation.web.site import COOKIE


@dataclass(frozen=True)
class Support:
    """Whom a person may ask; differs by audience."""

    email: str
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Item:
    """One entry of the service navigation."""

    text: str
    href: str


class Service(Protocol):
    """What a service's shell module defines. ``user`` is None when nobody is signed in."""

    WORDMARK: str
    PHASE: str

    def support(self, user: Any) -> Support | None: ...

    def navigation(self, user: Any) -> list[Item]: ...

    def feedback(self) -> str: ...


def service() -> Service:
    return cast(Service, import_module(settings.SHELL))


class Shell:
    """The frame of one page. Without a request (an error, no database) it holds only what settings know."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        self.request = request
        self.name: str = settings.SERVICE_NAME
        self.site: str = settings.SITE
        self.gov_uk: bool = settings.GOV_UK_DOMAIN
        self.wordmark = service().WORDMARK
        self.phase = service().PHASE
        self.environment: str = settings.ENVIRONMENT if settings.ENVIRONMENT != "production" else ""
        self.training: str = settings.TRAINING
        self.idle_seconds: int = settings.SESSION_IDLE_SECONDS
        self.warning_seconds: int = settings.SESSION_WARNING_SECONDS
        self.path = request.get_full_path() if request else "/"
        self.csrf_cookie: str = settings.CSRF_COOKIE_NAME

    @cached_property
    def user(self) -> Any:
        """Who is signed in, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def notice(self) -> str:
        return current_notice() if self.request and self.site not in settings.STAFF_SITES else ""

    @cached_property
    def support(self) -> Support | None:
        return service().support(self.user)

    @property
    def feedback(self) -> str:
        """Where a person can say what they think of the service; empty where there is no such page."""
        return service().feedback()

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        """The service's items in the form that the component takes, the present one marked."""
        here = self.request.path if self.request else ""
        return [
            {"text": item.text, "href": item.href, "current": item.href == here}
            for item in service().navigation(self.user)
        ]

    @property
    def messages(self) -> Iterable[Any]:
        """Success and other notices left by the page before; shown once."""
        return get_messages(self.request) if self.request and hasattr(self.request, "_messages") else ()

    @property
    def idle_until(self) -> datetime:
        """Until when this page can be sent without signing in again."""
        return clock.now() + timedelta(seconds=self.idle_seconds)

    @property
    def timed_out_url(self) -> str:
        """Where the browser goes when the time is over: sign-in, and back to this page after it."""
        return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'timeout': '1', 'next': self.path})}"

    @cached_property
    def draft_saved(self) -> str:
        """The path of a page that was just saved: the browser forgets its copy of it. Told once."""
        return str(self.request.session.pop(drafts.SAVED, "")) if self.request and self.user else ""

    @property
    def ask_cookies(self) -> bool:
        """Whether the person has yet to choose about cookies."""
        return self.request is not None and self.site not in settings.STAFF_SITES and COOKIE not in self.request.COOKIES


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor for every page. Its forms share one masked token, as masking one takes a while."""
    return {"shell": Shell(request), "csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
