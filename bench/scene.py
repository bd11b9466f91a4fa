"""What the benchmarks of pages stand on: a PostgreSQL of their own with many reports, gunicorn before it, browsers.

The database is made in a folder that is thrown away, durable as in production. A few reports of type 102-4 are
filled by their sections and then copied in SQL, together with their people and with the row history that triggers
write. Gunicorn runs as ``./run`` runs the front site: 2 workers with 4 threads, all middleware, the role ``app``.
"""

import http.client
import logging
import os
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from foundation.postgres import Server

FOLDER = tempfile.TemporaryDirectory(prefix="bench")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "reporting.settings",
    "LOCAL": "yes",
    "DATABASE_URL": Server(Path(FOLDER.name)).url("reporting"),
}

import django  # noqa: E402

django.setup()
logging.disable(logging.INFO)

import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test import Client as SignedIn  # noqa: E402

from foundation.accounts.models import User  # noqa: E402
from foundation.testing.stack import Stack, http_trouble  # noqa: E402
from reporting.engine.answered import Answered  # noqa: E402
from reporting.engine.sample import fill  # noqa: E402
from reporting.people.models import Client, CourtOrder, CourtOrderDeputy, Deputy, Profile  # noqa: E402
from reporting.reports.actions import touch  # noqa: E402
from reporting.reports.models import Report  # noqa: E402
from reporting.sections.lifestyle import Lifestyle  # noqa: E402
from tests.reporting.conftest import make_deputy, make_report  # noqa: E402

REPORTS = 2_000
ORIGINALS = 20
STEP = 10_000
"""Between the keys of a row and those of its next copy."""
BARE, ALONE = "/bare/", "/bare/alone/"
"""Of bench/server.py: a view with one query behind all our middleware, and behind none."""


PAGE = next(page for page in Lifestyle.pages if "which" in page.questions)


@dataclass
class Browser:
    """A deputy who has signed in, with what the browser remembers. Asks over a connection that is kept while it can."""

    port: int
    report: int
    cookies: dict[str, str]
    connection: http.client.HTTPConnection | None = None
    shown: str = ""
    version: str = ""
    saved_text: str = ""
    location: str = ""

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, "")

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Status, and the address that it leads to."""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(2):
            fresh = self.connection is None
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request(method, path, body or None, headers)
                answer = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection = None  # gunicorn closes what was quiet for 2 seconds: a browser asks again
                if fresh:
                    raise
        text = answer.read().decode()
        for name, value in re.findall(r"([\w-]+)=([^;]*);", "\n".join(answer.headers.get_all("Set-Cookie", []))):
            if name in {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}:
                self.cookies[name] = value
        return answer.status, text if method == "GET" else answer.headers.get("Location", "")

    # What a deputy does; each returns whether the answer was the right one.

    def overview(self) -> bool:
        status, text = self.get(f"/report/{self.report}/")
        return status == 200 and "sections finished" in text

    def page(self) -> bool:
        status, text = self.get(f"/report/{self.report}/lifestyle/{PAGE.slug}/")
        self.shown = text
        return status == 200 and "Save and continue" in text

    def save(self) -> bool:
        """Send the page that was shown, with a new answer."""
        version = self.version or hidden(self.shown, "version")
        self.saved_text = f"A walk in the park, and the choir at {time.time()}"
        fields = {
            "csrfmiddlewaretoken": hidden(self.shown, "csrfmiddlewaretoken"),
            "version": version,
            "activities": "yes",
            "which": self.saved_text,
        }
        status, self.location = self.post(f"/report/{self.report}/lifestyle/{PAGE.slug}/", fields)
        return status == 302

    def save_again(self) -> bool:
        """Save once more without opening the page, by working out which version it would carry."""
        saved = self.save()
        self.version = Lifestyle(activities="yes", which=self.saved_text).page_version(PAGE)
        return saved

    def summary(self) -> bool:
        """Where saving led: it must show what was saved."""
        status, text = self.get(self.location)
        return status == 200 and self.saved_text in text


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


@dataclass
class Scene:
    """A running front site with its database."""

    stack: Stack
    port: int

    def browser(self, number: int) -> Browser:
        """The deputy of one of the reports, signed in."""
        report = Report.objects.select_related("client").order_by("pk")[number]
        return self.browser_of(report.client.users.get(), report.pk)

    def browser_of(self, user: User, report: int = 0) -> Browser:
        signed_in = SignedIn()
        signed_in.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        return Browser(self.port, report, {name: signed_in.cookies[name].value})

    def seconds(self) -> dict[str, float]:
        """Processor time used so far: by gunicorn, by PostgreSQL, by this process."""
        found = {"gunicorn": 0.0, "PostgreSQL": 0.0, "load generator": sum(os.times()[:2])}
        postgres = int((Path(FOLDER.name) / "postgres" / "postmaster.pid").read_text().split()[0])
        for name, parent in (("gunicorn", self.stack._running["front"].pid), ("PostgreSQL", postgres)):
            for process in [psutil.Process(parent), *psutil.Process(parent).children(recursive=True)]:
                used = process.cpu_times()
                found[name] += used.user + used.system
        return found


@contextmanager
def scene(reports: int = REPORTS, people: Callable[[int], None] | None = None) -> Iterator[Scene]:
    """A running site with so many reports, made by ``people`` (otherwise: of lay deputies, by ``populate``)."""
    stack = Stack(Path(FOLDER.name), environment={"PYTHONPATH": str(Path(__file__).resolve().parents[1])})
    front = stack.processes["front"]
    assert front.port
    arguments = ["bench.server:application" if part.endswith("wsgi:application") else part for part in front.arguments]
    stack.processes = {"front": replace(front, arguments=arguments, trouble=lambda _: http_trouble(front.url + ALONE))}
    try:
        stack.make_database()
        (people or populate)(reports)
        stack.start()
        yield Scene(stack, front.port)
    finally:
        connection.close()
        stack.stop()


def populate(reports: int) -> None:
    """As many filled reports, each with a deputy, a client and an order of its own."""
    for seed in range(ORIGINALS):
        touch(fill(make_report(make_deputy(), "102-4"), seed))
    through = [Client.users.through, Report.orders.through]
    people = [User, Deputy, Profile, Client, CourtOrder, CourtOrderDeputy, Report]
    with connection.cursor() as cursor:
        for kind in [*people, *through, *(kind for kind in Answered.kinds if not kind._meta.proxy)]:
            copy(cursor, kind, reports // ORIGINALS - 1)
        cursor.execute("ANALYZE")


def copy(cursor: Any, kind: type[models.Model], copies: int) -> None:
    """Copy every row of a table so many times; keys, and references to what is copied as well, grow by ``STEP``."""

    def copied(column: models.Field[Any, Any]) -> str:
        name = f'"{column.column}"'
        if column.primary_key or (column.is_relation and column.column != "changed_by_id"):
            return f"{name} + n * {STEP}"
        if column.name in {"uid", "deputy_uid", "case_number"}:
            return f"({name}::bigint + n * {STEP})::text"
        if column.name == "token":
            return "gen_random_uuid()"
        return f"n || {name}" if column.name in {"email", "key"} and column.unique else name

    table, columns = kind._meta.db_table, kind._meta.concrete_fields
    names, values = ", ".join(f'"{each.column}"' for each in columns), ", ".join(map(copied, columns))
    cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", generate_series(1, {copies}) n')


def percentile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


def where() -> str:
    """Day, machine and how busy it is: the load average of the last minute counts what others run too."""
    return (
        f"{datetime.now(UTC):%-d %B %Y, %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} virtual "
        f"cores, load average {os.getloadavg()[0]:.1f} before the start"
    )
