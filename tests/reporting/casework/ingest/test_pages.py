"""Runs of the nightly files as super admins see them (deputy-admin 9, 12.7; D-076)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.audit import AuditEvent
from foundation.clients import storage
from foundation.outbox import Delivery
from reporting.home import nightly_files
from reporting.people.models import IngestRun, PreRegistration
from tests.reporting.casework.conftest import make_staff

pytestmark = pytest.mark.django_db
LAY = Path(__file__).parents[3] / "data" / "sample_lay_report.csv"


@pytest.fixture(autouse=True)
def _admin(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE, settings.ROOT_URLCONF = "admin", "reporting.urls_admin"
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path


def site_of(role: str) -> Browser:
    site = Browser()
    site.force_login(make_staff(role))
    return site


def put(bad: str = "") -> None:
    storage.store().put("ingest/sample_lay_report.csv", LAY.read_bytes() + bad.encode(), "text/csv")


def test_d076_only_a_super_admin_sees_and_starts_runs() -> None:
    IngestRun.objects.create(file="lay", key="k", sha256="0" * 64, ok=True)
    for role in ("ROLE_ADMIN", "ROLE_ADMIN_MANAGER"):
        site = site_of(role)
        for address in ("/nightly-files", "/nightly-files/1", "/nightly-files/1/refused.csv"):
            assert site.get(address).status_code == 403
        assert site.post("/nightly-files/pa_prof/start").status_code == 403
    assert not IngestRun.objects.filter(file="pa_prof").exists()


@pytest.mark.defect("admin 9.1", "the manual run always fails, never marks its end and counts errors wrongly")
def test_a_run_by_hand_from_the_question_to_the_mail_and_the_refused_rows(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = "=1+1,A,B,,,,,,,990000000009,D,E,,,,,,,OPG102,2021-04-14,pfa,no,SINGLE\r\n"
    put(bad)
    queued: list[int] = []
    monkeypatch.setattr(nightly_files, "soon", lambda task, run: queued.append(run))
    site = site_of("ROLE_SUPER_ADMIN")
    assert "No file has been read yet" in site.get("/nightly-files").content.decode()
    asked = site.get("/nightly-files/lay/start").content.decode()
    assert "ingest/sample_lay_report.csv" in asked
    assert IngestRun.objects.count() == 0, "asking starts nothing"
    with django_capture_on_commit_callbacks(execute=True):
        answer = site.post("/nightly-files/lay/start")
    run = IngestRun.objects.get()
    assert (answer.url, queued, run.phase) == (f"/nightly-files/{run.pk}", [run.pk], "queued")
    assert "Waiting for its turn" in site.get(answer.url).content.decode()
    assert site.post("/nightly-files/lay/start").url == "/nightly-files"
    assert IngestRun.objects.count() == 1, "one at a time"

    nightly_files.read_file(run.pk)
    run.refresh_from_db()
    assert (run.phase, run.ok, run.counts["refused"], PreRegistration.objects.count()) == ("ended", True, 1, 6)
    mail = Delivery.objects.get(kind="mail")
    assert mail.payload == {"mail": "IngestFinished", "arguments": {"run": run.pk}}
    words = nightly_files.IngestFinished(run.pk).personalisation()
    assert words["refused"] == "1"
    assert words["runLink"].endswith(f"/nightly-files/{run.pk}")
    assert AuditEvent.objects.get(event="INGEST_STARTED").actor == run.started_by_id
    page = site.get(f"/nightly-files/{run.pk}").content.decode()
    for text in (run.sha256, "Case is not a case number", "Done, rows refused", "deputy 990000000009"):
        assert text in page
    assert "=1+1" not in page, "only what is an identifier is shown"
    file = site.get(f"/nightly-files/{run.pk}/refused.csv")
    assert file.content.decode("utf-8-sig").splitlines() == [
        "line,case_number,deputy_uid,order_uid,reason", "8,,990000000009,,Case is not a case number",
    ]  # fmt: skip

    assert "has read this file already" in site.get("/nightly-files/lay/start").content.decode()
    nightly_files.read("lay")
    last = IngestRun.objects.latest("pk")
    assert f"run {run.pk}</a>" in site.get(f"/nightly-files/{last.pk}").content.decode()
    assert last.counts["added"] == 0
    assert "No run fits" in site.get("/nightly-files?outcome=failed").content.decode()
    assert site.get("/nightly-files?file=lay&outcome=refused").content.decode().count(", run ") == 2


def test_a_run_that_cannot_be_made_is_failed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    run = nightly_files.start("court_orders", by=make_staff())
    nightly_files.read_file(run.pk)
    run.refresh_from_db()
    assert (run.ok, run.phase) == (False, "ended")
    assert "There is no file" in run.error
    assert Delivery.objects.filter(kind="mail").count() == 1
    page = site_of("ROLE_SUPER_ADMIN").get(f"/nightly-files/{run.pk}").content.decode()
    assert "Failed: nothing was changed" in page


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"ok": True}, ""),
        ({"ok": False}, "failed"),
        ({"ok": True, "counts": {"refused": 101}}, "101 rows refused"),
        ({"ok": True, "counts": {"refused": 100}}, ""),
        ({"ok": True, "age": 31}, "no new file since"),
        ({"ok": True, "age": 29}, ""),
        ({"ok": None, "phase": "applying", "began": 3}, "has not ended"),
        ({"ok": None, "phase": "applying", "began": 1}, ""),
    ],
)
def test_absent_failed_and_refused_turn_the_health_page_and_the_list_red(values: dict[str, Any], why: str) -> None:
    assert not nightly_files.troubles(), "what was never read here is not missed"
    age, began = values.pop("age", 1), values.pop("began", 0)
    IngestRun.objects.create(
        file="pa_prof", key="k", sha256="0" * 64, arrived_at=clock.now() - timedelta(hours=age),
        started_at=clock.now() - timedelta(hours=began, minutes=1), **values,
    )  # fmt: skip
    found = {result.name: result for result in nightly_files.health()}
    line = found["Nightly file: Public authority and professional deputyships"]
    assert line.ok is (why == "")
    assert line.note.startswith(why)
    page = site_of("ROLE_SUPER_ADMIN").get("/nightly-files").content.decode()
    assert ("govuk-warning-text" in page) is bool(why)
