"""The API that the officers' diary service reads: an officer's details, and the feed (csr-api-contract)."""

import json
import time
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Schema
from ninja.errors import HttpError

from foundation.clock import london
from roster.api import ERRORS, IsoDate, LocalTime, Number, Token, contract, done, health_of, product, reply
from roster.feed import actions
from roster.feed.models import FeedRow
from roster.feed.rows import action_of
from roster.timeline.details import details, shown
from roster.timeline.models import Level

CMD, ADMIN = Token("ROLE_CMD"), Token("ROLE_CMD_ADMIN")
CHUNK = 2000
TEXT = {"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}}
api = contract("CSR API", "1", "csr", "/v3/api-docs", "/swagger-ui.html")


class Detail(Schema):
    id: int | None
    quantumId: str | None
    shiftModified: LocalTime | None
    shiftType: Literal["SHIFT", "OVERTIME"]
    detailStart: LocalTime
    detailEnd: LocalTime
    activity: str | None
    actionType: Literal["UNCHANGED", "ADD", "EDIT", "DELETE"] | None


def ours(region: int) -> bool:
    """Whether the region is this cell's. Another one that is or ever was has nothing here; any else is unknown."""
    if region == settings.REGION:
        return True
    if str(region) in settings.REGIONS:
        return False
    raise Http404


@api.get("/user/details/{region}", auth=CMD, response={200: list[Detail]} | ERRORS)
def user_details(
    request: HttpRequest,
    region: Number,
    from_: Annotated[IsoDate, Query(alias="from")],
    to: Annotated[IsoDate, Query()],
) -> HttpResponse:
    """Details of the user whom the token names, the day before ``from`` included."""
    user_name: str = request.auth.user_name  # type: ignore[attr-defined]
    if not user_name:
        raise HttpError(400, "The token names no user.")
    if not ours(region):
        return reply([])
    found = details(user_name, from_, to, faithful=settings.CSR_API_MIDNIGHT == "faithful")
    return reply(
        [_detail(each.overtime, each.start.isoformat(), each.end.isoformat(), each.activity) for each in found]
    )


@api.get("/updates/{region}", auth=CMD, response={200: list[Detail]} | ERRORS)
def updates(request: HttpRequest, region: Number) -> Any:
    """Every change that has not been confirmed yet. The first is asked for before anything is answered: a database that
    is away is told in words.
    """
    rows = _stream() if ours(region) else iter(["[]"])
    return StreamingHttpResponse(chain([next(rows)], rows), content_type="application/json")


@api.put("/updates/delete-all/{region}", auth=ADMIN, response={200: None} | ERRORS, openapi_extra=TEXT)
def delete_all(request: HttpRequest, region: Number) -> HttpResponse:
    started = time.monotonic()
    number = actions.delete_all(caller=_caller(request)) if ours(region) else 0
    return _told(f"Deleted {number} rows", started)


@api.put("/updates/delete-old/{region}", auth=ADMIN, response={200: None} | ERRORS, openapi_extra=TEXT)
def delete_old(request: HttpRequest, region: Number, date: IsoDate) -> HttpResponse:
    started = time.monotonic()
    number = actions.delete_old(date, caller=_caller(request)) if ours(region) else 0
    return _told(f"Deleted {number} rows up to {date.isoformat()}", started)


@api.put("/updates/{region}", auth=CMD, response={200: None} | ERRORS)
def confirm(request: HttpRequest, region: Number, ids: list[Number]) -> HttpResponse:
    """These rows have arrived."""
    if ours(region):
        actions.confirm(ids)
    return done()


@api.get("/health", auth=None)
def whole_health(request: HttpRequest) -> HttpResponse:
    return health_of({"service", "dependency", "jobs"})


@api.get("/health/ping", auth=None, operation_id="health_ping")
@api.get("/ping", auth=None, operation_id="ping")
@api.get("/health/liveness", auth=None, operation_id="health_liveness")
def ping(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return reply({"status": "UP"})


@api.get("/health/readiness", auth=None)
def readiness(request: HttpRequest) -> HttpResponse:
    return health_of({"service"})


@api.get("/info", auth=None)
def info(request: HttpRequest) -> HttpResponse:
    return reply(product())


def _detail(overtime: bool, start: str, end: str, activity: str | None, **feed: Any) -> dict[str, Any]:
    return {
        "id": feed.get("id"), "quantumId": feed.get("quantumId"), "shiftModified": feed.get("shiftModified"),
        "shiftType": "OVERTIME" if overtime else "SHIFT", "detailStart": start, "detailEnd": end,
        "activity": activity, "actionType": feed.get("actionType"),
    }  # fmt: skip


def _stream() -> Iterator[str]:
    """The array, row by row: after a bulk change there are hundreds of thousands."""
    fields = ("pk", "person__user_name", "level", "on_date", "start", "end", "activity", "action", "modified")
    separator = "["
    for row in FeedRow.objects.order_by("pk").values_list(*fields).iterator(chunk_size=CHUNK):
        yield separator + json.dumps(_row(*row), separators=(",", ":"))
        separator = ","
    yield "]" if separator == "," else "[]"


def _row(
    pk: int, user_name: str | None, level: int, day: date, start: int | None, end: int | None, activity: str,
    action: int | None, modified: datetime,
) -> dict[str, Any]:  # fmt: skip
    faithful = settings.CSR_API_MIDNIGHT == "faithful"
    changed = london(modified).replace(tzinfo=None, microsecond=0).isoformat()
    return _detail(
        level == Level.OVERTIME, shown(day, start, faithful).isoformat(), shown(day, end, faithful).isoformat(),
        activity or None, id=pk, quantumId=user_name, shiftModified=changed, actionType=action_of(action),
    )  # fmt: skip


def _caller(request: HttpRequest) -> str:
    return str(request.auth.everything.get("client_id", ""))  # type: ignore[attr-defined]


def _told(sentence: str, started: float) -> HttpResponse:
    seconds = time.monotonic() - started
    return HttpResponse(f"{sentence}, time taken {seconds:.3f}s", content_type="text/plain; charset=utf-8")
