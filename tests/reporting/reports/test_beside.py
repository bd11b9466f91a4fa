"""The balance page says what could explain a difference, with links to what it is about."""

from decimal import Decimal
from typing import Any

import pytest

from foundation.accounts.models import User
from reporting.engine.section import Answers
from reporting.reports.beside import beside
from reporting.reports.models import Report
from reporting.sections.balance import Balance
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.deputy_expenses import DeputyExpenses
from reporting.sections.gifts import Gifts
from reporting.sections.money_in import MoneyIn, MoneyReceived
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers

pytestmark = pytest.mark.django_db


def account(report: Report, opening: str, closing: str | None, number: str = "1234") -> BankAccount:
    return BankAccount.objects.create(
        report=report, account_type="current", bank="Example Bank", number=number, sort_code="010203", joint="no",
        opening=Decimal(opening), closing=Decimal(closing) if closing else None,
    )  # fmt: skip


@pytest.fixture
def filled(report: Report) -> Report:
    """£900.00 came in and £300.00 went out; the accounts are the test's."""
    Gifts.objects.create(report=report, given="no")
    DeputyExpenses.objects.create(report=report, paid="no")
    MoneyTransfers.objects.create(report=report, moved="no")
    MoneyIn.objects.create(report=report, exists="yes")
    MoneyOut.objects.create(report=report, exists="yes")
    MoneyReceived.objects.create(report=report, category="state-pension", amount=Decimal("900.00"))
    MoneySpent.objects.create(report=report, category="council-tax", amount=Decimal("300.00"))
    return report


def page(browser: Any, report: Report) -> str:
    return str(browser.get(f"/report/{report.pk}/balance/").content.decode())


def test_an_entry_equal_to_the_difference_is_named_and_linked(browser_of: Any, filled: Report) -> None:
    account(filled, "100.00", "1000.00")
    text = page(browser_of, filled)
    entry = MoneySpent.objects.get()
    assert "Council Tax of £300.00 is exactly the difference" in text
    link = f"/report/{filled.pk}/money-out/money-spent/{entry.token}/description/?from=summary"
    assert link in text
    assert browser_of.get(link).status_code == 200


def test_half_the_difference_and_swapped_digits(browser_of: Any, filled: Report) -> None:
    one = account(filled, "100.00", "1300.00")
    assert "exactly half of the difference" in page(browser_of, filled)
    one.closing = Decimal("1240.00")
    one.save()
    MoneySpent.objects.update(amount=Decimal("143.00"))
    MoneyReceived.objects.update(amount=Decimal("1274.00"))
    assert "should it be £134.00? Two digits" in page(browser_of, filled)


def test_a_missing_closing_balance_is_worked_out(browser_of: Any, filled: Report) -> None:
    account(filled, "100.00", None)
    text = page(browser_of, filled)
    assert "The check can be made when these sections are finished" in text
    assert "If all else is right, it is £700.00" in text


def test_a_transfer_counted_twice(browser_of: Any, filled: Report) -> None:
    one, other = account(filled, "100.00", "1000.00"), account(filled, "5.00", "5.00", "9999")
    MoneyTransfers.objects.update(moved="yes")
    MoneyTransfer.objects.create(report=filled, account_from=one, account_to=other, amount=Decimal("300.00"))
    assert "Was it counted twice?" in page(browser_of, filled)


def test_last_years_closing_balance_is_compared(browser_of: Any, deputy: User, filled: Report) -> None:
    before = Report.objects.create(
        client=filled.client, type="102", start=filled.start.replace(year=filled.start.year - 1),
        end=filled.end.replace(year=filled.end.year - 1), due=filled.due, submitted=True,
    )  # fmt: skip
    account(before, "0.00", "150.00")
    Report.objects.filter(pk=filled.pk).update(previous=before)
    account(filled, "100.00", "750.00")
    text = page(browser_of, filled)
    assert "last year it closed with £150.00" in text
    assert f"/report/{filled.pk}/bank-accounts/" in text


def test_nothing_is_guessed_while_sections_wait_or_all_balances(browser_of: Any, filled: Report) -> None:
    account(filled, "100.00", "700.00")
    assert "What could explain" not in page(browser_of, filled)
    Gifts.objects.update(given=None)
    BankAccount.objects.update(closing=Decimal("5.00"))
    assert "What could explain" not in page(browser_of, filled)


def test_other_sections_show_nothing_beside(filled: Report) -> None:
    answers = Answers(filled)
    assert beside(answers[Gifts]) == {}
    assert beside(answers[Balance]) == {"clues": []}
