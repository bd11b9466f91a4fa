"""A report with accounts, and sending statement files through the pages."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.accounts.models import User
from foundation.clients.scanner import Verdict
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.reports.statements import actions
from reporting.sections.bank_accounts import BankAccount
from tests.reporting.conftest import make_report
from tests.reporting.statements.test_reading import DATA

START, END = date(2025, 4, 1), date(2026, 3, 31)


class Clean:
    def scan(self, data: bytes) -> Verdict:
        return Verdict(clean=True)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files have no viruses. What the scanner itself does: tests/foundation/clients."""
    monkeypatch.setattr(actions, "scanner", Clean)


def in_period(user: User, kind: str = "102", **fields: Any) -> Report:
    """A report for the year in which the sample statements lie."""
    report = make_report(user, kind, **fields)
    report.start, report.end, report.due = START, END, END + timedelta(21)
    report.save()
    return report


def make_account(report: Report, number: str, sort_code: str, opening: str = "0", **fields: Any) -> BankAccount:
    account = BankAccount.objects.create(
        report=report, account_type="current", bank="Example Bank", number=number, sort_code=sort_code, joint="no",
        opening=Decimal(opening), **fields,
    )  # fmt: skip
    account.answers = Answers(report)
    return account


@pytest.fixture
def year(deputy: User) -> Report:
    return in_period(deputy)


@pytest.fixture
def current(year: Report) -> BankAccount:
    """The account of the sample layouts."""
    return make_account(year, "0000", "300000", "5210.33", closing=Decimal("82.14"))


@pytest.fixture
def savings(year: Report) -> BankAccount:
    """The account of ``same_money_twice.csv``."""
    return make_account(year, "5678", "200000", "0", closing=Decimal("3000.00"))


def sample(name: str) -> bytes:
    return (Path(DATA) / name).read_bytes()


def send_file(browser: Any, account: BankAccount, content: bytes, name: str = "statement.csv") -> Any:
    """Upload a file; the answer is the preview, or the upload page with its error."""
    address = f"/report/{account.report_id}/statements/add/{account.token}/"
    return browser.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def import_file(browser: Any, account: BankAccount, content: bytes, name: str = "statement.csv", **also: Any) -> Any:
    """Upload a file and confirm it."""
    preview = send_file(browser, account, content, name)
    assert "Check the statement" in preview.content.decode()
    return browser.post(preview.request["PATH_INFO"], {"answer": "import", **also}, follow=True)


def choices_on(page: Any) -> dict[str, str]:
    """The fields of a page of payments as a browser would send them untouched."""
    text = page.content.decode()
    fields: dict[str, str] = {}
    for key, options in re.findall(r'<select[^>]* name="(choice-\d+)">(.*?)</select>', text, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected>', options)
        fields[key] = chosen[0] if chosen else ""
    fields |= dict(re.findall(r'<input type="hidden" name="(seen-\d+)" value="([^"]*)">', text))
    return fields
