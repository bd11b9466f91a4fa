"""What the tests of the statements pages share."""

from decimal import Decimal
from typing import Any

from reporting.reports.models import Report
from reporting.reports.statements.models import Payment
from reporting.sections.money_out import MoneySpent
from tests.reporting.statements.conftest import (
    choices_on,
)


def home(report: Report) -> str:
    return f"/report/{report.pk}/statements/"


def spent(report: Report, category: str) -> Decimal:
    return MoneySpent.objects.get(report=report, category=category).amount or Decimal(0)


def sort_all(browser: Any, report: Report, **instead: str) -> None:
    """Save every page of what is to check; blanks become anything else."""
    for _ in range(10):
        page = browser.get(f"{home(report)}sort/")
        if page.status_code == 302:
            return
        fields = choices_on(page)
        for name, value in fields.items():
            if name.startswith("choice-") and not value:
                payment = Payment.objects.get(pk=name.removeprefix("choice-"))
                fields[name] = "anything-else" if payment.paid_in else "anything-else-paid-out"
        assert browser.post(f"{home(report)}sort/", fields).status_code == 302
    raise AssertionError("payments stay unsorted")
