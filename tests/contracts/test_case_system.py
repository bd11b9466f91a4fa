"""The case system's contract (B-036): our real client against the stand-in in a process of its own."""

import base64
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from foundation.clients import Rejected, Unavailable, Unconfirmed
from foundation.clients.storage import store
from foundation.testing import servers
from reporting.clients.case_system import PAPER_REPORT, case_system, refusal_in
from reporting.clients.payloads import (
    File,
    Payload,
    case_type,
    checklist_payload,
    inline_file,
    report_case_type,
    report_payload,
    sendable_name,
    stored_file,
    supporting_document_payload,
)

PDF = b"%PDF-1.7 report"


def a_report(**changes: Any) -> Payload:
    facts: dict[str, Any] = {
        "submission_id": 41,
        "start": date(2025, 2, 1),
        "end": date(2026, 1, 31),
        "submitted": datetime(2026, 2, 3, 10, 30, 0, 123000, tzinfo=UTC),
        "report_type": "102-4",
        "court_orders": ["700012345678"],
        "file": inline_file("DigiRep-2026_2026-02-03_12345678.pdf", "application/pdf", PDF),
    }
    return report_payload(**{**facts, **changes})


def a_document() -> Payload:
    return supporting_document_payload(submission_id=41, file=inline_file("statement.png", "image/png", b"png"))


def a_checklist() -> Payload:
    return checklist_payload(
        submission_id=None,
        start=date(2025, 2, 1),
        end=date(2026, 1, 31),
        report_type="103-4",
        submitter_email="staff@example.gov.uk",
        file=inline_file("checklist.pdf", "application/pdf", PDF),
    )


def new(server: servers.StandIn, before: int) -> list[dict[str, Any]]:
    return server.received()[before:]


# What is sent


def test_a_report_says_what_the_contract_asks_for(cases: servers.StandIn) -> None:
    """D-213"""
    before = len(cases.received())
    uuid = case_system().send_report("1234567t", a_report(), key="report-1")
    [kept] = new(cases, before)
    assert kept["id"] == uuid
    assert (kept["case"], kept["key"], kept["mimetype"]) == ("1234567T", "report-1", "application/pdf")
    assert kept["name"] == "DigiRep_2026_2026_02_03_12345678.pdf"
    assert kept["attributes"] == {
        "submission_id": 41,
        "reporting_period_from": "2025-02-01",
        "reporting_period_to": "2026-01-31",
        "year": 2025,
        "date_submitted": "2026-02-03T10:30:00.123+00:00",
        "type": "HW",
        "digideps_report_type": "102-4",
        "court_order_uids": ["700012345678"],
    }
    assert httpx.get(f"{cases.url}/files/{kept['number']}").content == PDF


def test_a_supporting_document_goes_under_its_report(cases: servers.StandIn) -> None:
    """D-213"""
    report = case_system().send_report("12345678", a_report(), key="r")
    before = len(cases.received())
    uuid = case_system().send_supporting_document("12345678", report, a_document(), key="d")
    [kept] = new(cases, before)
    assert (kept["id"], kept["kind"], kept["report"]) == (uuid, "SupportingDocument", report)
    assert kept["attributes"] == {"submission_id": 41}


def test_a_checklist_is_filed_under_the_end_year_and_can_be_replaced(cases: servers.StandIn) -> None:
    """D-213, D-214"""
    before = len(cases.received())
    uuid = case_system().send_checklist("12345678", PAPER_REPORT, a_checklist(), key="c")
    again = case_system().send_checklist("12345678", PAPER_REPORT, a_checklist(), key="c2", checklist_uuid=uuid)
    first, second = new(cases, before)
    assert again == uuid == first["id"] == second["id"]
    assert second["replaces"] == uuid
    assert first["attributes"]["year"] == 2026
    assert first["attributes"]["type"] == "COMBINED"
    assert "submission_id" not in first["attributes"]


@pytest.mark.parametrize(
    ("report_type", "today", "right"),
    [
        ("102", "PF", "PF"),
        ("103-6", "PF", "PF"),
        ("104", "HW", "HW"),
        ("104-5", "PF", "HW"),
        ("102-4", "HW", "COMBINED"),
        ("103-4", "HW", "COMBINED"),
        ("102-4-5", "PF", "COMBINED"),
    ],
)
def test_the_type_is_named_as_today_until_the_setting_says_otherwise(
    report_type: str, today: str, right: str, settings: Any
) -> None:
    settings.CASE_SYSTEM_TYPE_MAPPING = "current"
    assert report_case_type(report_type) == today
    settings.CASE_SYSTEM_TYPE_MAPPING = "corrected"
    assert report_case_type(report_type) == case_type(report_type) == right


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("bank statement.pdf", "bank_statement.pdf"),
        ("a.b-c d.PNG", "a_b_c_d.png"),
        ("Müller & Söhne.jpeg", "Muller__Sohne.jpeg"),
        ("£££.pdf", "document.pdf"),
    ],
)
def test_file_names_travel_plain(name: str, sent: str) -> None:
    assert sendable_name(name) == sent


@pytest.mark.parametrize("name", ["statement", "statement.", "statement.p d f", "", "."])
def test_a_file_name_without_an_extension_is_refused(name: str) -> None:
    with pytest.raises(Rejected):
        sendable_name(name)


def test_content_travels_itself_from_a_folder_and_by_reference_from_a_bucket(settings: Any) -> None:
    store().put("documents/7/ab", b"content", "application/pdf")
    inline = stored_file("a.pdf", "application/pdf", "documents/7/ab").json()
    assert base64.b64decode(inline["source"]) == b"content"
    assert "s3_reference" not in inline
    settings.STORAGE = "s3"
    assert stored_file("a.pdf", "application/pdf", "documents/7/ab").json() == {
        "name": "a.pdf",
        "mimetype": "application/pdf",
        "s3_reference": "documents/7/ab",
    }


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"submission_id": None}, "submission_id"),
        ({"start": date(1999, 1, 1)}, "year"),
        ({"report_type": "999"}, "digideps_report_type"),
        ({"file": File("no dot", "application/pdf", source="YQ==")}, "file.name"),
        ({"file": File("a.pdf", "", source="YQ==")}, "file.mimetype"),
        ({"file": File("a.pdf", "application/pdf")}, "content"),
    ],
)
def test_a_payload_that_breaks_the_contract_never_leaves(
    cases: servers.StandIn, changes: dict[str, Any], fault: str
) -> None:
    before = len(cases.received())
    with pytest.raises(Rejected, match=fault):
        case_system().send_report("12345678", a_report(**changes), key="k")
    assert not new(cases, before)


@pytest.mark.parametrize("number", ["1234567", "123456789", "1234567X", "", "../12345", "12345678/.."])
def test_a_wrong_case_number_never_leaves(cases: servers.StandIn, number: str) -> None:
    with pytest.raises(Rejected):
        case_system().send_report(number, a_report(), key="k")


def test_requests_are_signed_and_a_wrong_key_is_refused(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.case_system(tmp_path, signed_with=("key-id", "the secret")) as cases:
        settings.CASE_SYSTEM_URL, settings.CASE_SYSTEM = cases.url, "real"
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-id")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the secret")
        case_system().health()
        report = case_system().send_report("12345678", a_report(), key="k")
        case_system().send_supporting_document("12345678", report, a_document(), key="k2")
        settings.CASE_SYSTEM = "local"
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        with pytest.raises(Rejected, match="FORBIDDEN"):
            case_system().send_report("12345678", a_report(), key="k3")
        assert len(cases.received()) == 2


# What comes of it


@pytest.mark.parametrize("shape", [1, 2, 3])
def test_all_three_shapes_of_error_are_understood(cases: servers.StandIn, shape: int) -> None:
    cases.fail(400, shape=shape)
    with pytest.raises(Rejected, match="400 OPGDATA-API-INVALIDREQUEST: Invalid Request") as caught:
        case_system().send_report("12345678", a_report(), key="k")
    assert caught.value.code == "OPGDATA-API-INVALIDREQUEST"
    assert "Told to fail" not in str(caught.value), "details can quote what was sent"


@pytest.mark.parametrize("content", [None, [], "no", {}, {"errors": []}, {"error": "x"}, {"errors": {"code": 7}}])
def test_an_error_of_no_known_shape_has_no_name(content: Any) -> None:
    assert str(refusal_in(content)) == ""


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        (400, Rejected),
        (401, Rejected),
        (403, Rejected),
        (404, Rejected),
        (413, Rejected),
        (415, Rejected),
        (302, Unavailable),
        (408, Unavailable),
        (429, Unavailable),
        (500, Unavailable),
        (503, Unavailable),
        (502, Unconfirmed),
        (504, Unconfirmed),
        ("timeout", Unconfirmed),
        ("cut-before", Unconfirmed),
        ("cut-after", Unconfirmed),
        ("nonsense", Unconfirmed),
    ],
)
def test_every_failure_is_one_of_three(
    cases: servers.StandIn, settings: Any, how: int | str, outcome: type[Exception]
) -> None:
    before = len(cases.received())
    cases.fail(how, match="reports")
    usual, settings.CASE_SYSTEM_TIMEOUT = settings.CASE_SYSTEM_TIMEOUT, 1 if how == "timeout" else 30
    with pytest.raises(outcome):
        case_system().send_report("12345678", a_report(), key="k")
    settings.CASE_SYSTEM_TIMEOUT = usual
    arrived = how in {"timeout", "cut-after", "nonsense"}
    assert len(new(cases, before)) == arrived
    case_system().send_report("12345678", a_report(), key="k")
    assert len(new(cases, before)) == 1 + arrived, "without an honoured key a repeat is a second report"


def test_the_wait_that_is_asked_for_is_passed_on(cases: servers.StandIn) -> None:
    cases.fail(429, retry_after="17")
    with pytest.raises(Unavailable) as caught:
        case_system().send_report("12345678", a_report(), key="k")
    assert caught.value.retry_after == 17


def test_nothing_was_accepted_where_nobody_listens(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.CASE_SYSTEM_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(Unavailable):
            case_system().send_report("12345678", a_report(), key="k")
        with pytest.raises(Unavailable):
            case_system().health()


def test_health_follows_the_case_system(cases: servers.StandIn) -> None:
    case_system().health()
    for how in (503, "cut", "timeout"):
        cases.fail(how)
        with pytest.raises(Unavailable):
            case_system().health()


def test_an_error_quotes_nothing_that_was_sent(cases: servers.StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="reporting")
    caplog.set_level("INFO")
    for how in (400, 500, "cut", "nonsense"):
        cases.fail(how)
        with pytest.raises((Rejected, Unavailable, Unconfirmed)) as caught:
            case_system().send_report("12345678", a_report(), key="k")
        for secret in ("12345678", "700012345678", base64.b64encode(PDF).decode()):
            assert secret not in f"{caught.value!r} {caplog.text}"


# What the stand-in enforces, as the real one does


def raw(server: servers.StandIn, content: Any, path: str = "12345678/reports", **more: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/v2/clients/{path}", json=content, **more)


@pytest.mark.parametrize("field", ["type", "submission_id", "name", "mimetype"])
@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("kind", ["reports", "supportingdocuments", "checklists"])
def test_what_is_missing_or_empty_is_refused_with_the_reason(
    cases: servers.StandIn, kind: str, field: str, empty: bool
) -> None:
    """D-214"""
    if kind == "checklists" and field == "submission_id" and not empty:
        pytest.skip("a checklist of a paper report has none")
    report = case_system().send_report("12345678", a_report(), key="r")
    payload = {"reports": a_report, "supportingdocuments": a_document, "checklists": a_checklist}[kind]()
    data = next(iter(payload.values()))["data"]
    part = {"type": data, "submission_id": data["attributes"]}.get(field, data["file"])
    part[field] = ""
    if not empty:
        del part[field]
    before = len(cases.received())
    answer = raw(cases, payload, "12345678/reports" if kind == "reports" else f"12345678/reports/{report}/{kind}")
    assert answer.status_code == 400
    assert field in answer.json()["errors"][0]["detail"]
    assert not new(cases, before)


def test_a_document_before_its_report_is_refused(cases: servers.StandIn) -> None:
    """D-210"""
    with pytest.raises(Rejected, match="404"):
        case_system().send_supporting_document("12345678", str(uuid4()), a_document(), key="k")
    report = case_system().send_report("12345678", a_report(), key="r")
    with pytest.raises(Rejected, match="404"):
        case_system().send_supporting_document("87654321", report, a_document(), key="k")


def test_wrong_paths_methods_and_types_are_refused(cases: servers.StandIn) -> None:
    assert raw(cases, a_report(), "1234/reports").status_code == 400
    assert raw(cases, a_report(), "12345678/reports/not-a-uuid/checklists").status_code == 400
    assert raw(cases, a_report(), "12345678/letters").status_code == 404
    assert httpx.put(f"{cases.url}/v2/clients/12345678/reports", json=a_report()).status_code == 405
    assert httpx.post(f"{cases.url}/v2/clients/12345678/reports", content=b"{}").status_code == 415
    broken = httpx.post(
        f"{cases.url}/v2/clients/12345678/reports", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 400
    assert isinstance(broken.json()["errors"], list)


def test_a_key_is_honoured_only_when_told_to(tmp_path: Path, settings: Any) -> None:
    with servers.case_system(tmp_path, honour_key=True) as cases:
        settings.CASE_SYSTEM_URL = cases.url
        cases.fail("cut-after")
        with pytest.raises(Unconfirmed):
            case_system().send_report("12345678", a_report(), key="same")
        uuid = case_system().send_report("12345678", a_report(), key="same")
        assert [each["id"] for each in cases.received()] == [uuid]
        case_system().send_report("12345678", a_report(), key="other")
        cases.tell("settings", honour_key=False)
        case_system().send_report("12345678", a_report(), key="same")
        assert len(cases.received()) == 3


def test_a_key_sent_many_times_at_once_makes_one_report(tmp_path: Path, settings: Any) -> None:
    with servers.case_system(tmp_path, honour_key=True) as cases, ThreadPoolExecutor(12) as pool:
        settings.CASE_SYSTEM_URL = cases.url
        sent = list(pool.map(lambda _: case_system().send_report("12345678", a_report(), key="same"), range(24)))
        assert len(set(sent)) == len(cases.received()) == 1


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, settings: Any) -> None:
    with servers.case_system(tmp_path) as cases:
        settings.CASE_SYSTEM_URL = cases.url
        uuid = case_system().send_report("12345678", a_report(), key="k")
        cases.kill()
    with (tmp_path / "received.jsonl").open("a") as record:
        record.write('{"id": "torn off by the ki')
    with servers.case_system(tmp_path) as cases:
        settings.CASE_SYSTEM_URL = cases.url
        assert [each["id"] for each in cases.received()] == [uuid]
        case_system().send_supporting_document("12345678", uuid, a_document(), key="d")
    with servers.case_system(tmp_path, honour_key=True) as cases:
        settings.CASE_SYSTEM_URL = cases.url
        assert case_system().send_report("12345678", a_report(), key="k") == uuid, "keys are remembered too"
        assert len(cases.received()) == 2


def test_a_person_sees_what_arrived(tmp_path: Path, settings: Any) -> None:
    with servers.case_system(tmp_path) as cases:
        settings.CASE_SYSTEM_URL = cases.url
        report = case_system().send_report("12345678", a_report(), key="k")
        case_system().send_supporting_document("12345678", report, a_document(), key="d")
        page = httpx.get(cases.url).text
        assert "local stand-in" in page
        for text in ("Case 12345678", "DigiRep_2026_2026_02_03_12345678.pdf", "statement.png", 'href="/files/1"'):
            assert text in page
        download = httpx.get(f"{cases.url}/files/1")
        assert download.headers["Content-Disposition"].startswith("attachment")
        assert httpx.get(f"{cases.url}/files/9").status_code == 404
