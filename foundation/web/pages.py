"""Error pages in the service's design, for root urlconfs to name:

    handler400, handler403 = "foundation.web.pages.bad_request", "foundation.web.pages.forbidden"
    handler404, handler500 = "foundation.web.pages.not_found", "foundation.web.pages.server_error"

A script that asks for JSON gets JSON. The pages for 500 and 503 use no database and no session.
"""

import sys
from collections.abc import Callable
from http import HTTPStatus
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.backends.utils import csrf_input_lazy
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string

from foundation import drafts
from foundation.accounts import service
from foundation.web.context import Shell
from foundation.web.maintenance import message
from foundation.web.notice import current_notice

RETRY_SECONDS = 60
RESEND_LIMIT = 256 * 1024


log = structlog.get_logger(__name__)


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_outage(error: BaseException | None) -> bool:
    """Whether the error says that the database cannot be reached, rather than that it refused something."""
    return isinstance(error, OperationalError | InterfaceError)


def _answer(request: HttpRequest, status: int, template: str, *, bare: bool = False, **context: Any) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse({"error": template}, status=status)
    else:
        context |= {"shell": Shell(None if bare else request), "csrf_input": csrf_input_lazy(request)}
        response = HttpResponse(get_template(f"errors/{template}.html").render(context), status=status)
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.BAD_REQUEST, "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``why``: a right that has ended, which the service may know of."""
    why = service.without_rights(getattr(request, "user", None))
    return _answer(request, HTTPStatus.FORBIDDEN, "forbidden", why=why, sent=request.method == "POST")


def wrong_network(request: HttpRequest) -> HttpResponse:
    return _answer(request, HTTPStatus.FORBIDDEN, "wrong_network", bare=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened before the person signed in or out. What it held is shown for sending again."""
    log.warning("csrf_refused", reason=reason.partition(" - ")[0])  # after it may come an address
    fields = resend_fields(request)
    return _answer(request, HTTPStatus.FORBIDDEN, "form_too_old", fields=fields, action=request.get_full_path())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.NOT_FOUND, "not_found")


def gone(request: HttpRequest) -> HttpResponse:
    """For links that have expired or been used."""
    return _answer(request, HTTPStatus.GONE, "gone")


def too_many(request: HttpRequest, retry_seconds: int) -> HttpResponse:
    response = _answer(request, HTTPStatus.TOO_MANY_REQUESTS, "too_many", minutes=max(1, -(-retry_seconds // 60)))
    response["Retry-After"] = str(retry_seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    if is_outage(sys.exc_info()[1]):  # raised by a middleware, which no process_exception sees
        return unavailable(request)
    log.error("unhandled", exc_info=True)
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", bare=True)


def handler503(request: HttpRequest) -> Callable[[HttpRequest], HttpResponse] | None:
    """What a face answers in its own form while it is away: named as ``handler503`` beside its addresses."""
    urls = import_module(getattr(request, "urlconf", None) or settings.ROOT_URLCONF)
    name = getattr(urls, "handler503", None)
    return import_string(name) if name else None


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away. What was sent can be sent again from this very page."""
    if hasattr(request, "session"):
        del request.session  # prolonging it would only wait for the database once more
    return _later(request, "unavailable", bare=True)


def maintenance(request: HttpRequest) -> HttpResponse:
    return _later(request, "maintenance", bare=True, message=message(settings.SITE), notice=current_notice())


def _later(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    if own := handler503(request):
        response = own(request)
    else:
        response = _answer(
            request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            template,
            fields=resend_fields(request),
            action=request.get_full_path(),
            sent=request.method == "POST",
            **context,
        )
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def resend_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What a person sent, so that an error page can offer to send it again. No files, no secrets: then nothing.

    Only when the browser says that the form was one of ours: nobody else may put words into it.
    """
    if request.method != "POST" or request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return []
    if request.FILES:
        return []
    sent: QueryDict = request.POST
    fields = [(name, value) for name, values in sent.lists() for value in values if name != "csrfmiddlewaretoken"]
    if any(drafts.secret(name) for name, _ in fields):
        return []
    return fields if sum(len(name) + len(value) for name, value in fields) <= RESEND_LIMIT else []
