"""Health pages: B-011 to B-017, D-216, D-217."""

import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client

from foundation import clock, health, jobs
from foundation.accounts.models import User
from foundation.health import Check, Result


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Check]]:
    """Checks of a test's own in place of the service's."""
    mine: list[Check] = []
    monkeypatch.setattr(health, "declared", lambda: mine)
    release = threading.Event()

    def add(name: str, run: Any, kind: str = "service", pingdom: bool = False) -> Check:
        mine.append(Check(name, kind, release.wait if run == "hang" else run, pingdom))  # type: ignore[arg-type]
        return mine[-1]

    yield add
    release.set()


def fails() -> None:
    raise ConnectionError("http://10.0.0.1:9999 secret-key refused")


def well() -> None:
    return None


class TestAlive:
    def test_with_nothing_behind_it(self, visitor: Client, no_database: None) -> None:
        visitor.cookies["reporting_front"] = "a-session-that-needs-a-database"
        answer = visitor.get("/health-check")
        assert answer.status_code == 200
        assert b"Status: OK" in answer.content
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]

    def test_json(self, visitor: Client) -> None:
        answer = visitor.get("/health-check", headers={"accept": "application/json"})
        assert answer.json() == {"healthy": True, "environment": "local", "checks": []}

    def test_nothing_but_reading(self, visitor: Client) -> None:
        assert visitor.head("/health-check").status_code == 200
        assert visitor.post("/health-check").status_code == 405

    @pytest.mark.django_db
    def test_it_does_not_prolong_a_session(self, client: Client, lay: User) -> None:
        client.force_login(lay)
        before = Session.objects.get().expire_date
        client.get("/health-check")
        assert Session.objects.get().expire_date == before


class TestService:
    def test_each_line(self, visitor: Client, declare: Callable[..., Check]) -> None:
        declare("Api", well)
        declare("Redis", lambda: "not used")
        answer = visitor.get("/health-check/service")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Api: OK" in text
        assert "Redis: OK (not used)" in text

    def test_the_line_that_is_not_well_and_no_other(self, visitor: Client, declare: Callable[..., Check]) -> None:
        declare("Api", well)
        declare("ClamAV", fails)
        answer = visitor.get("/health-check/service")
        assert answer.status_code == 503
        text = answer.content.decode()
        assert "Api: OK" in text
        assert "ClamAV: not available" in text
        for inside in ("10.0.0.1", "secret-key", "ConnectionError", "Traceback"):
            assert inside not in text
        answer = visitor.get("/health-check/service", headers={"accept": "application/json"})
        assert answer.status_code == 503
        assert answer.json()["checks"][1] == {"name": "ClamAV", "ok": False, "note": "not available"}

    def test_the_dependencies_have_a_page_of_their_own(self, visitor: Client, declare: Callable[..., Check]) -> None:
        declare("Api", well)
        declare("Sirius", fails, "dependency")
        assert visitor.get("/health-check/service").status_code == 200
        answer = visitor.get("/health-check/dependencies")
        assert answer.status_code == 503
        assert "Sirius: not available" in answer.content.decode()
        assert "Api" not in answer.content.decode()

    def test_one_that_hangs_holds_up_nobody(
        self, visitor: Client, declare: Callable[..., Check], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health, "LIMIT_SECONDS", 0.05)
        stuck = declare("Sirius", "hang", "dependency")
        declare("Notify", well, "dependency")
        text = visitor.get("/health-check/dependencies").content.decode()
        assert "Sirius: did not answer in time" in text
        assert "Notify: OK" in text
        question = stuck.asked
        visitor.get("/health-check/dependencies")
        assert stuck.asked is question, "it is not asked again while the question is out"
        waited: list[Any] = []
        monkeypatch.setattr(health, "wait", lambda asked, timeout: waited.extend(asked))
        visitor.get("/health-check/dependencies")
        assert stuck.asked not in waited, "nobody waits for it a second time"

    def test_however_often_it_is_called(
        self, visitor: Client, declare: Callable[..., Check], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """B-017."""
        monkeypatch.setattr(health, "KEPT_SECONDS", 60)
        asked: list[int] = []
        one = declare("Api", lambda: asked.append(1))
        for _ in range(50):
            visitor.get("/health-check/service")
        assert len(asked) == 1
        one.ended_at = 1e-9
        visitor.get("/health-check/service")
        assert len(asked) == 2

    def test_it_recovers_by_itself(
        self, visitor: Client, declare: Callable[..., Check], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health, "KEPT_SECONDS", 0)
        broken = declare("Api", fails)
        assert visitor.get("/health-check/service").status_code == 503
        broken.run = well
        assert visitor.get("/health-check/service").status_code == 200


class TestPingdom:
    def test_well(self, visitor: Client, declare: Callable[..., Check]) -> None:
        declare("Api", well, pingdom=True)
        declare("ClamAV", fails)
        answer = visitor.get("/health-check/pingdom")
        assert answer.status_code == 200
        tree = ElementTree.fromstring(answer.content)  # noqa: S314
        assert tree.findtext("status") == "OK"
        assert float(tree.findtext("response_time") or "") >= 0

    def test_not_well(self, visitor: Client, declare: Callable[..., Check]) -> None:
        declare("Notify", fails, "dependency", pingdom=True)
        answer = visitor.get("/health-check/pingdom")
        assert answer.status_code == 500
        assert ElementTree.fromstring(answer.content).findtext("status") == "Not available: Notify"  # noqa: S314


@pytest.mark.django_db(transaction=True)
class TestRealChecks:
    def test_the_lines_of_the_service(self, visitor: Client) -> None:
        """D-216, D-217: the names and their order."""
        by_kind = {
            kind: [one.name for one in health.declared() if one.kind == kind] for kind in ("service", "dependency")
        }
        assert by_kind == {"service": ["Api", "Redis", "ClamAV", "htmlToPdf"], "dependency": ["Sirius", "Notify"]}

    def test_the_database_and_the_pdf(self) -> None:
        wanted = [one for one in health.declared() if one.name in {"Api", "htmlToPdf"}]
        assert [(one.name, one.ok) for one in health.results(wanted)] == [("Api", True), ("htmlToPdf", True)]

    def test_without_the_database(self, no_database: None) -> None:
        with pytest.raises(OperationalError):
            health.database()

    def test_worker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(jobs.WorkerBeat.DoesNotExist):
            health.worker()
        jobs.beat("optimiser")
        health.worker("optimiser")
        with pytest.raises(jobs.WorkerBeat.DoesNotExist):
            health.worker()  # the worker of another queue does not do its work
        jobs.beat()
        health.worker()
        later = clock.now() + clock.now().resolution * 1_000_000 * (health.WORKER_SILENT_SECONDS + 1)
        monkeypatch.setattr(clock, "now", lambda: later)
        with pytest.raises(TimeoutError):
            health.worker()

    def test_overnight_jobs_each_have_a_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        night = {name: jobs.Overnight(name, "02:00", "03:00", dict) for name in ("good", "bad")}
        monkeypatch.setattr(jobs, "overnights", night)
        monkeypatch.setattr(jobs, "late", lambda: {"bad": "failed"})
        assert health.overnight() == [Result("good", True), Result("bad", False, "failed")]
