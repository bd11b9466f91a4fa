"""Files that are no bank statement, or that cannot be judged: said at the field, nothing stored."""

from decimal import Decimal
from typing import Any

import pytest

from foundation.clients import Unavailable
from foundation.clients.scanner import Verdict
from reporting.reports.models import Report
from reporting.reports.statements import actions
from reporting.reports.statements.models import Payment, StatementImport
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.money_out import MoneySpent
from tests.reporting.statements.conftest import (
    sample,
    send_file,
)
from tests.reporting.statements.showing import home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken_html.csv", "web page"),
        ("broken_columns.csv", "Line 3"),
        ("broken_amount.csv", "12.3.4"),
        ("broken_date.csv", "Line 3"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason_and_leaves_nothing(
    browser_of: Any, year: Report, current: BankAccount, name: str, said: str
) -> None:
    page = send_file(browser_of, current, sample(name), name)
    text = page.content.decode()
    assert "There is a problem" in text
    assert said in text
    if "file/" in page.request["PATH_INFO"]:
        browser_of.post(page.request["PATH_INFO"], {"answer": "import"})
    assert not Payment.objects.exists()
    assert not MoneySpent.objects.exists()
    assert not StatementImport.objects.filter(stored=True).exists()


def test_no_file_and_a_file_too_large_are_told_at_the_field(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    address = f"{home(year)}add/{current.token}/"
    assert "Choose a file" in browser_of.post(address).content.decode()
    assert "smaller than 5MB" in send_file(browser_of, current, b"x" * 5_000_001).content.decode()
    assert not StatementImport.objects.exists()


@pytest.mark.parametrize(("verdict", "said"), [(Verdict(clean=False, name="X"), "virus"), (None, "just now")])
def test_what_cannot_be_scanned_is_refused(
    browser_of: Any,
    year: Report,
    current: BankAccount,
    monkeypatch: pytest.MonkeyPatch,
    verdict: Verdict | None,
    said: str,
) -> None:
    class Scanner:
        def scan(self, data: bytes) -> Verdict:
            if verdict is None:
                raise Unavailable("down")
            return verdict

    monkeypatch.setattr(actions, "scanner", Scanner)
    assert said in send_file(browser_of, current, sample("layout_a.csv")).content.decode()
    assert not StatementImport.objects.exists()


def test_wrong_columns_are_corrected_on_the_preview(browser_of: Any, year: Report, current: BankAccount) -> None:
    text = b"Datum,Was,Note,Wert\n05/04/2025,GAS,alpha,20.00\n06/05/2025,WATER,beta,30.00\n"
    preview = send_file(browser_of, current, text)
    address = preview.request["PATH_INFO"]
    columns = {"column-0": "date", "column-1": "description", "column-2": "unused", "column-3": "amount"}
    again = browser_of.post(address, {"answer": "columns", **columns, "flipped": "on"}, follow=True)
    assert "2 payments" in again.content.decode()
    browser_of.post(address, {"answer": "import"})
    assert [payment.amount for payment in Payment.objects.all()] == [Decimal("-20.00"), Decimal("-30.00")]


def test_columns_without_a_date_say_so_and_import_nothing(browser_of: Any, year: Report, current: BankAccount) -> None:
    preview = send_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,GAS,-20.00\n")
    address = preview.request["PATH_INFO"]
    columns = {"column-0": "unused", "column-1": "description", "column-2": "amount"}
    again = browser_of.post(address, {"answer": "columns", **columns}, follow=True).content.decode()
    assert "column with the dates" in again
    browser_of.post(address, {"answer": "import"})
    assert not Payment.objects.exists()
    assert browser_of.post(address, {"answer": "columns", "column-0": "nonsense"}).status_code == 404
