"""Dates and amounts as UK banks write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.reports.statements.values import amount_from, date_from


@pytest.mark.parametrize(
    "cell",
    [
        "01/04/2025",
        "1/4/25",
        "01-04-2025",
        "01.04.2025",
        "2025-04-01",
        "2025/04/01",
        "20250401",
        "1 Apr 2025",
        "01-Apr-2025",
        "01Apr25",
        "1st April 2025",
        "Tue 01 Apr 2025",
        "Tuesday, 1 April 2025",
        "01/04/2025 09:15",
        "2025-04-01T09:15:00",
        "2025-04-01T09:15:00+01:00",
        "2025-04-01 09:15:00.123",
    ],
)
def test_dates_of_banks(cell: str) -> None:
    assert date_from(cell) == date(2025, 4, 1)


@pytest.mark.parametrize(
    "cell",
    ["", "Pending", "31/04/2025", "29/02/2025", "04/13/2025", "01/04/1066", "00/00/0000", "1 Foo 2025", "01/04-2025"],
)
def test_not_a_date(cell: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        date_from(cell)


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [
        ("12.50", "12.50"),
        ("£1,234.5", "1234.50"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("5.00-", "-5"),
        ("(5.00)", "-5"),
        ("(£1,000.00)", "-1000"),
        ("5.00 DR", "-5"),
        ("5.00CR", "5"),
        ("+5", "5"),
        ("−5.00", "-5"),
        ("480.0", "480"),
        ("12.5000", "12.50"),
        (".50", "0.50"),
        ("GBP 3.00", "3"),
        ("3.00 GBP", "3"),
        ("-0.00", "0"),
        ("5.00 OD", "-5"),
    ],
)
def test_amounts_of_banks(cell: str, pounds: str) -> None:
    assert amount_from(cell) == Decimal(pounds)


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "n/a"])
def test_a_blank_amount(cell: str) -> None:
    assert amount_from(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "12.3.4",
        "1,00.00",
        "12,50",
        "1e3",
        "NaN",
        "Infinity",
        "(5.00",
        "5.00)",
        "--5",
        "-5 CR",
        "12O.00",
        "£",
        "1.005",
        "٣",
        "1 000 000 000 000 000",
        "0x10",
        "5.",
        "five",
    ],
)
def test_not_an_amount(cell: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        amount_from(cell)


@given(st.decimals("-99999999.99", "99999999.99", places=2))
def test_amounts_survive_being_written(amount: Decimal) -> None:
    for cell in (f"{amount:.2f}", f"{amount:,.2f}", f"£{amount:,.2f}"):
        assert amount_from(cell) == amount
