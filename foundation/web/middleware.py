"""What happens around every request, from the outside in: number and log it, answer calmly when the database is
away, keep strangers off the staff site, show the maintenance page, ask who may open the view, say who changes data.
"""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pghistory
import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from foundation import access, drafts
from foundation.accounts import service
from foundation.web import maintenance, pages
from foundation.web.address import client_address, within

GetResponse = Callable[[HttpRequest], HttpResponseBase]

HEALTH = ("/health", "/ping")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger(__name__)


class RequestId:
    """Number each request, and write one line about it that holds no personal data."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        number = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        request.request_id = number  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number, site=settings.SITE)
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = number
        if session := safe_session_id(request):
            response["X-Session-Safe-Id"] = session
        self._log(request, response, started, session)
        return response

    def _log(self, request: HttpRequest, response: HttpResponseBase, started: float, session: str) -> None:
        line = log.error if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else log.info
        line(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else "",
            view=request.resolver_match.view_name if request.resolver_match else "",
            status=response.status_code,
            milliseconds=round((time.monotonic() - started) * 1000),
            user=_known_user_id(request),
            session=session,
        )
        structlog.contextvars.clear_contextvars()


def safe_session_id(request: HttpRequest) -> str:
    """A value that tells sign-ins apart in logs and cannot be turned back into the session's key."""
    if _known_user_id(request) is None:
        return ""
    key = getattr(request.session, "session_key", None) if hasattr(request, "session") else None
    return salted_hmac("safe-session-id", key, algorithm="sha256").hexdigest()[:16] if key else ""


def _known_user_id(request: HttpRequest) -> int | None:
    """The user's id if somebody has looked already: logging must not be what reads the session."""
    return getattr(getattr(request, "_cached_user", None), "pk", None)


class Unavailable:
    """A database that cannot be reached is a calm 503. (Failures in other middleware reach pages.server_error.)"""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not pages.is_outage(exception):
            return None
        log.error("database.unavailable", error=type(exception).__name__)
        return pages.unavailable(request)


class PermissionsPolicy:
    """Our pages need no camera, place or payment, and say so to the browser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        return response


class StaffNetwork:
    """The staff site answers only the configured networks; its health pages answer the monitor too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SITE in settings.STAFF_SITES and not within(client_address(request), self._networks(request)):
            log.warning("network.refused")
            return pages.wrong_network(request)
        return self.get_response(request)

    def _networks(self, request: HttpRequest) -> list[str]:
        monitors = settings.MONITOR_NETWORKS if request.path.startswith(HEALTH) else []
        return [*settings.STAFF_NETWORKS, *monitors]


class Maintenance:
    """While this site is in maintenance everybody sees the notice, except testers and whoever asks for its health."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not maintenance.is_on(settings.SITE) or self._passes(request):
            return self.get_response(request)
        del request.session
        return pages.maintenance(request)

    def _passes(self, request: HttpRequest) -> bool:
        return request.path.startswith(HEALTH) or within(client_address(request), settings.MAINTENANCE_TESTERS)


class Access:
    """Deny by default: a view opens only for those whom its declaration admits (foundation.access)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _known_user_id(request) is not None and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if any("\0" in str(value) for value in kwargs.values()):  # a query for it would fail, not find nothing
            raise Http404
        if "%00" in (asked := request.META.get("QUERY_STRING", "")):  # nobody can type it: what is left is meant
            request.GET = QueryDict(asked.replace("%00", ""))
        name = request.resolver_match.view_name if request.resolver_match else ""
        rule = access.rule_of(view, name)
        if rule is None:
            return self._undeclared(view, name)
        if not rule.session:
            del request.session  # so that the session middleware does not prolong, and so read, it
            return None
        if not rule.signed_in:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if rule.verb and not access.can(request.user, rule.verb):
            if not request.user.is_active:  # still registering: to the step that is missing
                return HttpResponseRedirect(service.landing(request.user))
            log.warning("access.refused", verb=rule.verb, view=name, user=request.user.pk)
            raise PermissionDenied
        return None

    def _undeclared(self, view: Callable[..., Any], name: str) -> HttpResponseBase:
        if access.from_package(view):
            raise Http404
        log.error("access.undeclared", view=name or getattr(view, "__qualname__", ""))
        raise PermissionDenied


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign-in and back again; what was sent is kept meanwhile. A script is told instead of led."""
    if pages.wants_json(request) or request.headers.get("HX-Request"):
        return JsonResponse({"error": "signed_out"}, status=HTTPStatus.UNAUTHORIZED)
    response = HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
    if request.method == "POST" and (held := drafts.hold_post(request)):
        drafts.remember_held(response, held)
    return response


class AuditContext:
    """Row history written during a change says by whom, in which request and on which page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        with pghistory.context(request=request.request_id):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if request.method in SAFE_METHODS or not hasattr(request, "session"):
            return
        route = request.resolver_match.view_name if request.resolver_match else ""
        pghistory.context(user=request.user.pk, reason=route)
