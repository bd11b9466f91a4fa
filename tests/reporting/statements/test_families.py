"""Statements in reports of organisations: their own expenses, and fees that only lay deputies are offered."""

from decimal import Decimal

import pytest
from django.test import Client as Browser

from reporting.engine.report_types import Family
from reporting.reports.statements.models import Payment
from reporting.sections.deputy_expenses import Expense
from reporting.sections.money_out import MoneySpent
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses, PaExpense
from tests.reporting.conftest import make_member
from tests.reporting.statements.conftest import import_file, in_period, make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]
STATEMENT = b"""Date,Description,Amount
05/05/2025,DEPUTY EXPENSES,-12.34
06/05/2025,SMITH SOLICITORS,-500.00
07/05/2025,COUNCIL TAX,-100.00
"""


@pytest.mark.parametrize("family", [Family.PA, Family.PROF])
def test_payments_go_only_where_these_deputies_may_file_them(family: Family) -> None:
    """Expenses of an authority are those of its own section; a professional has none. Neither is offered the kind of
    fees that is for lay deputies, so that payments to solicitors wait for a person."""
    member = make_member(family)
    report = in_period(member, "102-5" if family is Family.PROF else "102-6")
    browser = Browser()
    browser.force_login(member)
    import_file(browser, make_account(report, "0000", "300000"), STATEMENT)
    assert [(spent.category, spent.amount) for spent in MoneySpent.objects.all()] == [
        ("council-tax", Decimal("100.00"))
    ]
    assert not Expense.objects.exists()
    waiting = set(Payment.objects.filter(choice="").values_list("description", flat=True))
    if family is Family.PA:
        assert waiting == {"SMITH SOLICITORS"}
        assert PaExpense.objects.get().amount == Decimal("12.34")
        assert PaDeputyExpenses.objects.get().paid == "yes"
    else:
        assert waiting == {"SMITH SOLICITORS", "DEPUTY EXPENSES"}
        assert not PaExpense.objects.exists()
    page = browser.get(f"/report/{report.pk}/statements/sort/").content.decode()
    assert "Fees other than deputy costs" in page
    assert ("A deputy expense" in page) == (family is Family.PA)
