"""Is the service well? Checks, and the pages that tell people and monitors (deputy-operations 2 and 18.1).

A service lists its checks in the module that ``settings.HEALTH`` names::

    @check("Sirius", kind="dependency")
    def sirius() -> None:
        case_system().health()          # raises when it is not well

They run side by side with one limit of time for all, and at most once a second in each process however often the
pages are called. The pages use no session, need no sign-in, and say nothing about the inside.
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import import_module
from typing import Any, Literal

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.http import require_safe

from foundation import clock, jobs
from foundation.access import sessionless
from foundation.web.context import Shell

log = structlog.get_logger(__name__)

Kind = Literal["service", "dependency", "jobs"]
LIMIT_SECONDS = 5.0
KEPT_SECONDS = 1.0
WORKER_SILENT_SECONDS = 180


@dataclass(frozen=True)
class Result:
    name: str
    ok: bool
    note: str = ""


Question = Callable[[], "str | list[Result] | None"]
"""Raises when the thing is not well; may return a short note, or a line for each of its parts."""


@dataclass
class Check:
    """One thing that may be well or not. It is asked by one thread at a time, and its answer kept for a second."""

    name: str
    kind: Kind
    run: Question
    pingdom: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: "Future[list[Result]] | None" = None
    asked_at: float = 0
    ended_at: float = 0

    def ask(self) -> "Future[list[Result]]":
        """The answer in hand, the question that is out, or a new question."""
        with self.lock:
            kept = self.ended_at and time.monotonic() - self.ended_at < KEPT_SECONDS
            if self.asked is None or (self.asked.done() and not kept):
                self.asked_at, self.ended_at = time.monotonic(), 0
                self.asked = pool().submit(self._answer)
            return self.asked

    def overdue(self) -> bool:
        """The question has been out for so long that waiting for it again is idle."""
        return self.asked is not None and not self.asked.done() and time.monotonic() - self.asked_at > LIMIT_SECONDS

    def _answer(self) -> list[Result]:
        try:
            found = self.run()
            answer = found if isinstance(found, list) else [Result(self.name, True, found or "")]
        except Exception as error:  # noqa: BLE001 whatever it is, the page says that this one is not well
            log.warning(
                "availability.warning",
                check=self.name,
                seconds=round(time.monotonic() - self.asked_at, 2),
                error=type(error).__name__,
            )
            answer = [Result(self.name, False, "not available")]
        finally:
            connections.close_all()
        self.ended_at = time.monotonic()
        return answer


checks: list[Check] = []


def check(name: str, *, kind: Kind, sites: Iterable[str] = (), pingdom: bool = False) -> Callable[[Question], Question]:
    """Put a question on the page of its kind, after those declared before it. Without ``sites``: on every site."""

    def declare(run: Question) -> Question:
        if not sites or settings.SITE in sites:
            checks.append(Check(name, kind, run, pingdom))
        return run

    return declare


_pool: list[ThreadPoolExecutor] = []


def pool() -> ThreadPoolExecutor:
    """Made when first needed, after the web server has forked; a thread for each check."""
    if not _pool:
        _pool.append(ThreadPoolExecutor(max_workers=16, thread_name_prefix="health"))
    return _pool[0]


def declared() -> list[Check]:
    import_module(settings.HEALTH)
    return checks


def results(wanted: list[Check]) -> list[Result]:
    """Ask all at once; who has not answered within the limit is not well."""
    asked = [(one, one.overdue(), one.ask()) for one in wanted]
    wait([answer for _, overdue, answer in asked if not overdue], timeout=LIMIT_SECONDS)
    late = {one.name: [Result(one.name, False, "did not answer in time")] for one in wanted}
    return [line for one, _, answer in asked for line in (answer.result() if answer.done() else late[one.name])]


# What any service may name in its list of checks.


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        if cursor.fetchone() != (1,):
            raise LookupError


def redis() -> str | None:
    """Write and read a value; a service without Redis is well without it."""
    if not settings.REDIS_URL:
        return "not used"
    cache.check()  # type: ignore[attr-defined]
    return None


def worker(queue: str = "default") -> None:
    beat = jobs.WorkerBeat.objects.get(queue=queue)
    if (clock.now() - beat.at).total_seconds() > WORKER_SILENT_SECONDS:
        raise TimeoutError


def overnight() -> list[Result]:
    """A line for each nightly job."""
    late = jobs.late()
    return [
        Result(job.name, job.name not in late, late.get(job.name, "" if job.enabled else "switched off"))
        for job in jobs.overnights.values()
    ]


# Pages


@sessionless
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """This process can answer: nothing else is asked."""
    return _page(request, "Health", [])


@sessionless
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    return _page(request, "Service health", results([one for one in declared() if one.kind == "service"]))


@sessionless
@require_safe
def dependencies(request: HttpRequest) -> HttpResponse:
    return _page(request, "Dependencies", results([one for one in declared() if one.kind == "dependency"]))


@sessionless
@require_safe
def job_health(request: HttpRequest) -> HttpResponse:
    """The worker, and each nightly job."""
    return _page(request, "Jobs", results([one for one in declared() if one.kind == "jobs"]))


@sessionless
@require_safe
def pingdom(request: HttpRequest) -> HttpResponse:
    """The few checks that an outside monitor watches, in its own format."""
    started = time.monotonic()
    found = results([one for one in declared() if one.pingdom])
    bad = [one.name for one in found if not one.ok]
    status = f"Not available: {', '.join(bad)}" if bad else "OK"
    milliseconds = (time.monotonic() - started) * 1000
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<pingdom_http_custom_check>'
        f"<status>{status}</status><response_time>{milliseconds:.3f}</response_time></pingdom_http_custom_check>"
    )
    code = HTTPStatus.INTERNAL_SERVER_ERROR if bad else HTTPStatus.OK
    return _uncached(HttpResponse(text, content_type="text/xml; charset=utf-8", status=code))


def _page(request: HttpRequest, title: str, found: list[Result]) -> HttpResponse:
    well = all(one.ok for one in found)
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    context: dict[str, Any] = {"healthy": well, "environment": settings.ENVIRONMENT, "checks": found}
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        context["checks"] = [{"name": one.name, "ok": one.ok, "note": one.note} for one in found]
        return _uncached(JsonResponse(context, status=status))
    html = render_to_string("health.html", context | {"title": title, "shell": Shell()})
    return _uncached(HttpResponse(html, status=status))


def _uncached(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    patch_vary_headers(response, ["Accept"])
    return response
