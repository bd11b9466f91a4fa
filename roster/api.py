"""What the two REST contracts share: tokens and roles, errors, health (csr-api-contract 2, 7; diary-api-contract 1).

A feature folder makes its contract with ``contract(...)`` in ``api.py``, declares operations on it, each with
``auth=Token("ROLE_...")`` or ``auth=None``, and hands ``addresses(api)`` to its ``urls_api.py``.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, wraps
from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import BeforeValidator, Field

from foundation import clock, health
from foundation.access import sessionless
from foundation.clients import Rejected, Unavailable
from foundation.clients.identity import Claims, identity

LocalTime = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$",
        description="On the clock in the United Kingdom, without zone",
        examples=["2022-03-31T10:00:00"],
    ),
]

OPEN = ("/health/", "/info", "/v3/api-docs", "/swagger-ui", "/webjars/", "/favicon.ico", "/csrf")
"""Where nobody is asked for a token, not even where there is nothing."""


def _written(form: str, words: str) -> BeforeValidator:
    """Refuses other ways to write a date or a number, which pydantic would guess at: a count of seconds, ``2.0``."""

    def check(given: Any) -> Any:
        if given is not None and (isinstance(given, bool) or not re.fullmatch(form, str(given), re.ASCII)):
            raise ValueError(words)
        return given

    return BeforeValidator(check)


IsoDate = Annotated[date, _written(r"\d{4}-\d{2}-\d{2}", "write it as YYYY-MM-DD")]
Number = Annotated[int, _written(r"-?\d+", "not a whole number")]


class ErrorResponse(Schema):
    status: int
    errorCode: int | None = None
    userMessage: str | None = None
    developerMessage: str | None = None
    moreInfo: str | None = None


ERRORS: dict[int, type[Schema]] = dict.fromkeys((400, 401, 403, 404), ErrorResponse)


class Forbidden(Exception):
    """The token is good and lacks the role."""


@lru_cache(maxsize=4096)
def _verified(token: str) -> Claims:
    return identity().claims(token)


def claims_of(token: str) -> Claims:
    """What a token says; checked once, and believed until it runs out. Raises Rejected."""
    found = _verified(token)
    if found.everything["exp"] <= clock.now().timestamp():
        raise Rejected("not a good token: expired")
    return found


class Token(HttpBearer):
    """A bearer token of the identity provider that carries a role; its claims are ``request.auth``."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role

    def authenticate(self, request: HttpRequest, token: str) -> Claims | None:
        try:
            found = claims_of(token)
        except Rejected:
            return None
        if self.role not in found.authorities:
            raise Forbidden
        return found


def contract(title: str, version: str, namespace: str, document: str, page: str) -> NinjaAPI:
    """An API with our errors. Its OpenAPI document is at ``document``, for people at ``page``; not in production."""
    hidden = settings.ENVIRONMENT == "production"
    api = NinjaAPI(
        title=title, version=version, urls_namespace=namespace,
        docs_url=None if hidden else page, openapi_url=None if hidden else document,
    )  # fmt: skip

    def answer(kind: type[Exception], say: Callable[[HttpRequest, Any], HttpResponse]) -> None:
        api.add_exception_handler(kind, say)

    answer(AuthenticationError, lambda request, _: unauthorised(request))
    answer(Forbidden, lambda *_: error(HTTPStatus.FORBIDDEN))
    answer(ValidationError, lambda _, wrong: error(HTTPStatus.BAD_REQUEST, developer=_complaint(wrong)))
    answer(HttpError, lambda _, wrong: error(wrong.status_code, developer=str(wrong)))
    answer(Http404, lambda request, _: missing(request))
    for away in (Unavailable, OperationalError, InterfaceError):
        answer(away, lambda *_: error(HTTPStatus.SERVICE_UNAVAILABLE))
    return api


def _complaint(wrong: ValidationError) -> str:
    """Which parameter and what about it; never what was sent."""
    return "; ".join(f"{each['loc'][-1]}: {each['msg'].removeprefix('Value error, ')}" for each in wrong.errors)


def addresses(api: NinjaAPI) -> list[URLPattern | URLResolver]:
    """The routes of a contract. They are declared open to our own gate, as each asks for its token itself."""
    routes = path("", api.urls)
    for pattern in flat([routes]):
        pattern.callback = sessionless(_in_our_words(pattern.callback))
    return [routes]


def _in_our_words(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A method that the address does not know is answered in the contract's form, and to nobody without a token.

    HEAD is answered like GET; the server leaves the body away.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **given)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        refused = _asked_for_a_token(request, error(HTTPStatus.METHOD_NOT_ALLOWED))
        refused["Allow"] = response["Allow"]
        return refused

    return answered


def flat(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from flat(pattern.url_patterns)
        else:
            yield pattern


def reply(content: Any, status: int = HTTPStatus.OK) -> HttpResponse:
    text = json.dumps(content, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json")


def done() -> HttpResponse:
    """200 with nothing in it, which is of no type."""
    response = HttpResponse()
    del response["Content-Type"]
    return response


def error(status: int, *, user: str | None = None, developer: str | None = None) -> HttpResponse:
    names = ErrorResponse(status=int(status), userMessage=user, developerMessage=developer)
    return reply(names.model_dump(), status)


def unauthorised(request: HttpRequest) -> HttpResponse:
    response = error(HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = "Bearer"
    return response


# What the face answers outside the contracts' routes (roster.urls_api names these).


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(HTTPStatus.FORBIDDEN)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _asked_for_a_token(request, error(HTTPStatus.NOT_FOUND, user=f"No resource found failure: {request.path}"))


def _asked_for_a_token(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, but without a good token nobody learns which paths there are."""
    if request.path.startswith(OPEN):
        return response
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind.lower() != "bearer":
            raise Rejected
        claims_of(token.strip())
    except Rejected:
        return unauthorised(request)
    except Unavailable:
        return error(HTTPStatus.SERVICE_UNAVAILABLE)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    number = getattr(request, "request_id", "")
    return error(HTTPStatus.INTERNAL_SERVER_ERROR, developer=f"Something went wrong here. Reference: {number}")


def unavailable(request: HttpRequest) -> HttpResponse:
    """In maintenance, or while the database is away; when to ask again stands in ``Retry-After``."""
    return error(HTTPStatus.SERVICE_UNAVAILABLE)


# Health, in the form that the callers' monitors read.


def health_of(kinds: set[str]) -> HttpResponse:
    found = health.results([one for one in health.declared() if one.kind in kinds])
    well = all(one.ok for one in found)
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    parts = {one.name: _part(one) for one in found}
    return reply({"status": "UP" if well else "DOWN", "components": parts}, status)


def _part(one: health.Result) -> dict[str, Any]:
    return {"status": "UP" if one.ok else "DOWN", "details": {"note": one.note, "region": settings.REGION}}


def product() -> dict[str, Any]:
    build = {"name": "csr-api", "version": settings.RELEASE}
    return {"build": build, "productId": "DPS052"}
