"""Extracts: who may have which, what is in them, how they are made, and when they end (D-011, D-015, D-016)."""

import csv
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.audit import AuditEvent
from foundation.clients.storage import store
from reporting.casework.figures import actions
from reporting.casework.figures.extract import Choices, extractions
from reporting.casework.figures.extracts.case_documents import WIDTHS
from reporting.casework.figures.forms import proposed
from reporting.casework.figures.models import Extract
from reporting.engine.section import Answers
from reporting.home.feedback.models import PublicFeedback
from reporting.sections.assets import Asset, Assets
from reporting.sections.balance import Balance
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.client_benefits_check import ClientBenefitsCheck
from reporting.submissions.models import Feedback
from tests.reporting.casework.conftest import make_staff, submit
from tests.reporting.conftest import make_deputy, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: Any) -> None:
    """The worker's part is played by the test."""
    monkeypatch.setattr(actions, "soon", lambda *_, **__: None)


def choices(**more: Any) -> Choices:
    today = clock.today()
    return Choices({"first": (today - timedelta(days=5)).isoformat(), "last": today.isoformat(), **more})


def content(key: str, **more: Any) -> str:
    extraction = extractions()[key](choices(**more))
    return b"".join(extraction.encoded(extraction.rows())).decode("utf-8-sig")


@pytest.mark.parametrize("role", ["ROLE_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"])
def test_who_may_ask_for_what(as_staff: Callable[..., Browser], role: str) -> None:
    """D-011, D-015, D-016: a super admin gets every extract without an error; others one, and no other by address."""
    user = make_staff(role)
    browser = as_staff(user=user)
    for key, kind in extractions().items():
        allowed = role == "ROLE_SUPER_ADMIN" or key == "case-documents"
        assert browser.get(f"/figures/extracts/new/{key}").status_code == (200 if allowed else 404)
        answer = browser.post(f"/figures/extracts/new/{key}", proposed(kind))
        assert answer.status_code == (302 if allowed else 404), key
        if allowed:
            extract = Extract.objects.get(kind=key)
            actions.make(extract)
            got = browser.get(f"{answer['Location']}/download")
            assert got.status_code == 200
            assert got["Content-Disposition"].startswith("attachment"), key
            assert as_staff(role).get(answer["Location"]).status_code == 404, "somebody else's"
    assert browser.get("/figures/staff-accounts").status_code == (200 if role == "ROLE_SUPER_ADMIN" else 403)


def test_a_double_click_makes_one_file_and_wrong_dates_stay_typed(as_staff: Callable[..., Browser]) -> None:
    browser = as_staff()
    typed = proposed(extractions()["satisfaction"])
    first, second = (browser.post("/figures/extracts/new/satisfaction", typed) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Extract.objects.count() == 1
    page = browser.post("/figures/extracts/new/satisfaction", {**typed, "last-year": "1999"}).content.decode()
    assert "The last day must not be before the first" in page
    assert 'value="1999"' in page
    page = browser.post("/figures/extracts/new/inactive-staff", {"months": "many"}).content.decode()
    assert "must be a whole number" in page
    assert 'value="many"' in page


def test_a_link_expires_and_a_dead_worker_begins_anew(as_staff: Callable[..., Browser], settings: Any) -> None:
    user = make_staff()
    browser = as_staff(user=user)
    extract = actions.ask(extractions()["feedback"], choices().stored, by=user)
    address = f"/figures/extracts/{extract.token}"
    Extract.objects.update(state="making", rows=3)  # the worker died here
    assert "being made" in browser.get(address).content.decode()
    assert browser.get(f"{address}/download").status_code == 404
    PublicFeedback.objects.create(about="service", comments="Good")
    actions.make(extract)
    extract.refresh_from_db()
    assert (extract.state, extract.rows) == ("ready", 1)
    assert b"Good" in b"".join(browser.get(f"{address}/download").streaming_content)  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(event="EXTRACT_DOWNLOADED", actor=user.pk).count() == 1
    Extract.objects.update(expires_at=clock.now())
    assert browser.get(f"{address}/download").status_code == 404, "before the nightly job too"
    assert actions.expire() == 1
    assert not store().exists(extract.key)
    assert "Ask for it again" in browser.get(address).content.decode()


def test_a_failure_is_told(as_staff: Callable[..., Browser], monkeypatch: Any) -> None:
    user = make_staff()
    extract = actions.ask(extractions()["feedback"], choices().stored, by=user)
    monkeypatch.setattr(actions, "store", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.make(extract)
    assert "could not be made" in as_staff(user=user).get(f"/figures/extracts/{extract.token}").content.decode()


@pytest.mark.defect("admin 8.2", "fixed-width fields are never cut, so a long name shifts the line")
def test_fixed_width_lines_never_shift() -> None:
    submission = submit("bill.pdf")
    client = submission.report.client
    client.last_name = "Featherstonehaugh-" * 5
    client.save()
    header, *lines, footer, rest = content("case-documents").split("\r\n")
    assert (header, footer, rest) == ("00000000", "99999999", "")
    assert {len(line) for line in lines} == {sum(WIDTHS)}
    assert lines[0].startswith(client.case_number)
    assert lines[0][8 + 40 + 25 :].startswith("Featherstonehaugh")


@pytest.mark.defect("admin 8.2", "free text is written without protection against spreadsheet formulas")
def test_what_people_typed_is_no_formula() -> None:
    submission = submit()
    Feedback.objects.create(
        submission=submission, score=5, comments="=HYPERLINK(1)", role="ROLE_LAY_DEPUTY", report_type="104",
        deputyship_length="oneToFive", agreed_research=["surveys", "phone"], has_video_device=False,
    )  # fmt: skip
    assert "5,'=HYPERLINK(1),Lay deputy,104" in content("satisfaction")
    research = content("user-research")
    assert "1 to 5 years" in research
    assert submission.created_by is not None
    assert submission.created_by.email in research


@pytest.mark.defect("admin 8.2", "the benefits export keeps the previous row's date when a row has none")
def test_benefits_rows_have_their_own_dates() -> None:
    checked = {"checked": "haveChecked", "checked_on": clock.today().replace(day=1), "never_checked": None}
    never = {"checked": "neverChecked", "checked_on": None, "never_checked": "Too ill"}
    for fields in (checked, never):
        report = make_report(make_deputy(), "103")
        submit(report=report, deputy=report.client.users.get())
        ClientBenefitsCheck.objects.filter(report=report).update(**fields)
    rows = list(csv.reader(content("benefits").splitlines(keepends=True)))[1:]
    assert len(rows) == 2
    assert [row[3] for row in rows] == [f"{clock.today():%m/%Y}", ""]
    assert rows[1][4] == "Too ill"
    assert content("benefits", family="pa").splitlines()[1:] == []


def test_imbalance_and_assets() -> None:
    report = make_report(make_deputy(), "102")
    submit(report=report, deputy=report.client.users.get())
    off = Answers(report)[Balance]
    off.explanation = "A receipt was lost"
    off.save()
    assert "Lay,0,1,100,1" in content("imbalance")

    BankAccount.objects.filter(report=report).delete()
    Asset.objects.filter(report=report).delete()
    BankAccount.objects.create(report=report, closing=Decimal("100.50"))
    owned = Answers(report)[Assets]
    owned.own = "yes"
    owned.save()
    Asset.objects.create(report=report, kind="property", value=Decimal(300000), owned="partly", share=Decimal(50))
    Asset.objects.create(report=report, kind="premium_bonds", value=Decimal(1000))
    assert content("total-assets").splitlines()[1] == "1100.50,150000.00,0.00,0.00,0.00,0.00,151100.50"


def test_active_lays_and_inactive_staff() -> None:
    submission = submit()
    deputy = submission.created_by
    assert deputy is not None
    assert deputy.email not in content("active-lays"), "has not signed in"
    deputy.last_login = clock.now()
    deputy.save()
    row = content("active-lays").splitlines()[1]
    assert deputy.email in row
    assert submission.report.client.name in row

    old, new = make_staff(), make_staff()
    old.last_login, new.last_login = clock.now() - timedelta(days=100), clock.now()
    old.save()
    new.save()
    staff = content("inactive-staff", months=3)
    assert old.email in staff
    assert new.email not in staff
