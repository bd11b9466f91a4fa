"""A whole service that is killed again and again, a deputy who submits to it, staff who settle what is in doubt.

The stand-ins survive: they are the outside world. Whoever dies is started again, as a supervisor would.
"""

import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
from django.conf import settings
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from foundation import outbox
from foundation.audit import AuditEvent
from foundation.clients.storage import store
from foundation.outbox import Delivery, State
from foundation.postgres import change
from foundation.settings import database
from foundation.testing import database as testing
from foundation.testing.servers import StandIn
from foundation.testing.stack import Stack, http_trouble
from reporting.documents.models import Document
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.sections.documents import Documents
from reporting.submissions.models import Submission
from tests.kills.plan import Cut, Plan
from tests.reporting.conftest import PASSWORD, make_deputy, make_report
from tests.reporting.submissions.test_submit import finish

PATIENCE = 90.0
WHOLE_SITE = 5
"""Every so many kills of a web worker take the whole site with them."""
SHORT = {
    "WORKER_HEARTBEAT_SECONDS": "0.3",
    "WORKER_STALLED_SECONDS": "1",
    "WORKER_SWEEP_SECONDS": "1",
    "LEASE_SECONDS": "1",
    "DELIVERY_WAIT_FACTOR": "0.005",
}
SETTLED = {State.DELIVERED, State.REFUSED, State.UNCONFIRMED}


class Stuck(AssertionError):
    """It did not come to rest."""


@dataclass
class Story:
    """One report and what became of it under one cut."""

    report: Report
    documents: list[Document]
    cut: Cut | None = None
    reached: str = ""
    unconfirmed: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"[{self.cut}: {self.reached or 'not reached'}]"


class Scene:
    """``keyed``: the case system honours keys, and the service has been told so."""

    def __init__(self, folder: Path, *, keyed: bool = False, report_type: str = "102") -> None:
        self.keyed, self.report_type = keyed, report_type
        self.plan = Plan(folder / "plan")
        self.stack = Stack(
            folder,
            environment={
                **SHORT,
                "DJANGO_SETTINGS_MODULE": "tests.kills.settings",
                "KILLS_FOLDER": str(self.plan.folder),
                "CASE_SYSTEM_HONOURS_KEY": "yes" if keyed else "no",
            },
        )
        wanted = {name: self.stack.processes[name] for name in ("case-system", "notify", "worker", "front")}
        alive = f"{self.stack.urls['front']}/health-check"
        wanted["front"] = replace(wanted["front"], trouble=lambda _: http_trouble(alive))
        self.stack.processes = wanted
        self._ended = threading.Event()

    @contextmanager
    def running(self) -> Iterator["Scene"]:
        """Everything started, and the ORM of this process on the stack's database."""
        # A crash must lose nothing that was committed, so this server writes everything through.
        durable = os.environ.get("POSTGRES_DURABLE")
        os.environ["POSTGRES_DURABLE"] = "yes"
        try:
            copy_database(self.stack)
            self.stack.start()
            self._stand_in("case-system").tell("settings", honour_key=self.keyed)
            threading.Thread(target=self._kill_database_when_asked, daemon=True).start()
            with (
                here_on(self.stack.app_url),
                override_settings(STORAGE_FOLDER=self.stack.folder / "data" / "documents"),
            ):
                self.deputy = make_deputy()
                self.browser = self._signed_in()
                yield self
        finally:
            self._ended.set()
            self.stack.stop()
            if durable is None:
                del os.environ["POSTGRES_DURABLE"]
            else:
                os.environ["POSTGRES_DURABLE"] = durable

    # One story

    def play(self, cut: Cut | None) -> Story:
        """A finished report is submitted, somebody is killed, everything comes to rest again."""
        story = self._report()
        story.cut = cut
        if cut:
            self.plan.make(cut)
        self._submit(story)
        self._rest(story)
        story.reached = self.plan.reached()
        self.plan.clear()
        story.unconfirmed = {row.key for row in deliveries(story) if row.state == State.UNCONFIRMED}
        return story

    def settle(self, story: Story) -> None:
        """Staff look at the case system: what is there they confirm, what is not they send again."""
        there = {entry["key"]: entry["id"] for entry in self._received(story)}
        for row in deliveries(story):
            if row.state == State.UNCONFIRMED:
                if row.key in there:
                    outbox.confirm(row, by=None, result=there[row.key])
                else:
                    outbox.resend(row, by=None)
        self._rest(story)

    def faults(self, story: Story, *, settled: bool) -> list[str]:
        """What is wrong with a story: lost, half done, twice, or in doubt where there is none."""
        report = Report.objects.get(pk=story.report.pk)
        submissions = list(report.submissions.all())
        documents = list(Document.objects.filter(report=report))
        rows = deliveries(story)
        arrived = Counter(entry["key"] for entry in self._received(story))
        mails = [mail for mail in self._stand_in("notify").mails() if mail["reference"] in {row.key for row in rows}]
        states = {row.key: row.state for row in rows}
        found = {
            "the report is not submitted once": len(submissions) == 1 and report.submitted,
            "the answers are not frozen": all(each.snapshot for each in submissions),
            "there is not one report for next year": report.next.count() == 1,
            "a document is not attached": all(each.is_sent for each in documents),
            "a file is missing": all(each.made and store().exists(each.key) for each in documents),
            "there is no PDF": sum(each.kind == Document.Kind.REPORT for each in documents) == 1,
            "a document has no delivery": all(str(each.token) in states for each in documents),
            "there is not one mail": len(mails) == 1 and sum(row.kind == "mail" for row in rows) == 1,
            "it is not recorded once": AuditEvent.objects.filter(
                event="REPORT_SUBMITTED", subject=outbox.subject_of(report)
            ).count()
            == 1,
            "something arrived twice": not arrived or max(arrived.values()) == 1,
            "something was refused": State.REFUSED not in states.values(),
            "a mail is in doubt": all(row.state == State.DELIVERED for row in rows if row.kind == "mail"),
            "something that never left counts as delivered": all(
                arrived[row.key] for row in rows if row.kind != "mail" and row.state == State.DELIVERED
            ),
            "a cut between sending and answer is not shown": self.keyed
            or not cut_off(story)
            or bool(story.unconfirmed),
        }
        if settled or self.keyed:
            found["not everything was delivered"] = set(states.values()) == {State.DELIVERED}
            found["not every document arrived once"] = arrived == Counter(str(each.token) for each in documents)
            found["the submission is not archived"] = all(each.archived_at for each in submissions)
        return [fault for fault, good in found.items() if not good]

    # People

    def _signed_in(self) -> httpx.Client:
        address = self.stack.urls["front"].replace("front.localhost", "127.0.0.1")
        host = self.stack.urls["front"].removeprefix("http://")
        browser = httpx.Client(base_url=address, headers={"Host": host, "Origin": f"http://{host}"}, timeout=PATIENCE)
        page = browser.get("/sign-in").text
        answer = browser.post("/sign-in", data={**_token(page), "email": self.deputy.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.status_code
        return browser

    def _submit(self, story: Story) -> None:
        """Press "Submit the report", and after an error page look again and press again."""
        address = f"/report/{story.report.pk}/declaration/"
        wanted = {"agree": "on", "agreed": "only_deputy"}
        done = f"/report/{story.report.pk}/submitted/"

        def pressed() -> bool:
            try:
                page = self.browser.get(address)
                if page.status_code == 200:
                    page = self.browser.post(address, data={**_token(page.text), **_version(page.text), **wanted})
            except httpx.TransportError:
                return False
            return page.headers.get("Location") == done

        self._until(pressed, f"{story} was not submitted")

    def _report(self) -> Story:
        report = make_report(self.deputy, self.report_type)
        names = ["bank statement.pdf", "care plan.pdf"]
        documents = []
        for number, name in enumerate(names):
            key = f"documents/kills/{report.pk}-{number}"
            store().put(key, b"%PDF-1.4 " + name.encode(), "application/pdf")
            documents.append(Document.objects.create(report=report, name=name, key=key, content_type="application/pdf"))
        finish(report)
        answers = Answers(report)
        answers[Documents].has = "yes"
        answers[Documents].save()
        report.refresh_from_db()
        return Story(report, documents)

    # Watching

    def _rest(self, story: Story) -> None:
        def quiet() -> bool:
            rows = deliveries(story)
            # Without a delivery nobody would ever make the files: that is a fault, and no reason to wait.
            made = not rows or not Document.objects.filter(report=story.report, made=False).exists()
            moving = [row for row in rows if row.state not in SETTLED]
            held = any(row.kind == "report" and row.state == State.UNCONFIRMED for row in rows)
            return made and not jobs_in_hand() and all(held and row.kind == "document" for row in moving)

        def look() -> bool:
            try:
                return quiet()
            except (OperationalError, InterfaceError):
                connection.close()
                return False

        self._until(look, f"{story} did not come to rest")

    def _until(self, true: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                raise Stuck(f"{complaint}: {self.stack.folder}, {self.plan.journal()[-5:]}, {_rows()}")
            for name in ("worker", "front"):
                if self.stack.dead(name):
                    self.stack.launch(name)
            time.sleep(0.05)

    def _kill_database_when_asked(self) -> None:
        while not self._ended.wait(0.01):
            if self.plan.database_may_die() and '"database"' in _read(self.plan.folder / "cut"):
                self.stack.kill("database")
                self.plan.go_on()
                self.stack.restart("database")

    def _stand_in(self, name: str) -> StandIn:
        return StandIn(self.stack._running[name], self.stack.urls[name])  # type: ignore[arg-type]

    def _received(self, story: Story) -> list[dict[str, Any]]:
        case = story.report.client.case_number
        return [entry for entry in self._stand_in("case-system").received() if entry["case"] == case]


def faults(scene: Scene, cut: Cut) -> tuple[bool, list[str]]:
    """Whether the cut was made, and what was wrong before or after staff settled what was in doubt."""
    story = scene.play(cut)
    found = scene.faults(story, settled=False)
    if not found:
        scene.settle(story)
        found = scene.faults(story, settled=True)
    return bool(story.reached), [f"{story} {fault}" for fault in found]


def every_step(scene: Scene, who: str, victim: str, first: int = 1, stride: int = 1) -> tuple[int, list[str]]:
    """How many kills there were, and what was wrong after which."""
    kills, found = 0, []
    reached, n = True, first - stride
    while reached:
        n += stride
        wide = (who, victim) == ("front", "self") and n % WHOLE_SITE == 0
        reached, wrong = faults(scene, Cut(who, "all" if wide else victim, at=n))
        found += wrong
        kills += reached
    print(f"{kills} kills ({victim} of {who})")
    return kills, found


def cut_off(story: Story) -> bool:
    """Whether the cut fell after the case system had a request and before the service had noted the answer."""
    return story.reached in {"POST reports done", "POST supportingdocuments done"}


def deliveries(story: Story) -> list[Delivery]:
    """Of the report's documents and of the mail about its submission."""
    tokens = [str(token) for token in Document.objects.filter(report=story.report).values_list("token", flat=True)]
    subjects = [outbox.subject_of(each) for each in Submission.objects.filter(report=story.report)]
    return [*Delivery.objects.filter(key__in=tokens), *Delivery.objects.filter(kind="mail", subject__in=subjects)]


def _rows() -> list[str]:
    """For the message of a test that fails: what is not where it should be."""
    waiting = Delivery.objects.exclude(state=State.DELIVERED)
    jobs = ProcrastinateJob.objects.exclude(status="succeeded").order_by("-pk")[:20]
    return [
        *(f"{row} {row.state} {row.attempts} {row.error}" for row in waiting),
        *(f"{job.task_name} {job.status} {job.attempts}" for job in jobs),
    ]


def jobs_in_hand() -> bool:
    return ProcrastinateJob.objects.filter(task_name="make_file", status__in=["todo", "doing"]).exists()


def copy_database(stack: Stack) -> None:
    """The migrated database of tests, copied to the stack's own server: much quicker than to migrate there."""
    assert stack.server
    stack.server.start()
    name = f"{settings.DATABASES['default']['TEST']['NAME']}_kills"
    testing.create(name)
    with psycopg.connect(stack.server.url(), autocommit=True) as own:
        for role in (settings.DATABASE_APP_ROLE, settings.DATABASE_READER_ROLE):
            own.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        own.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(stack.database)))
        # Processes die here, not machines: what was written is in the hands of the system, and recovery is quick.
        own.execute("ALTER SYSTEM SET fsync = off")
    dump = [stack.server.tools / "pg_dump", "--no-owner", change(os.environ["DATABASE_URL"], database=name)]
    load = [stack.server.tools / "psql", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", stack.database_url]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
        subprocess.run(load, stdin=source.stdout, check=True)
    assert source.returncode == 0
    testing.drop(name)


@contextmanager
def here_on(url: str) -> Iterator[None]:
    """Django's connection of this process on another server."""
    before = dict(connection.settings_dict)
    testing.disconnect()
    there = database(url)
    there["OPTIONS"] = {"connect_timeout": 5}  # no pool: its connections would not survive the crashes
    connection.settings_dict.update(
        {name: there[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def _token(page: str) -> dict[str, str]:
    return {"csrfmiddlewaretoken": _hidden(page, "csrfmiddlewaretoken")}


def _version(page: str) -> dict[str, str]:
    return {"version": _hidden(page, "version")}


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""
