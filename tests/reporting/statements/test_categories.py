"""Suggestions can be explained, follow the direction of the money, and learn from one correction."""

from datetime import date
from decimal import Decimal

import pytest

from reporting.reports.statements.categories import (
    MONEY_IN,
    MONEY_OUT,
    SHORT_IN,
    SHORT_OUT,
    fits,
    learn_key,
    suggest,
)
from reporting.reports.statements.lines import AccountHint, StatementLine
from tests.reporting.statements.test_reading import load


def line(description: str, amount: str = "-10.00") -> StatementLine:
    return StatementLine(1, date(2025, 4, 1), description, Decimal(amount))


def test_the_payments_of_the_known_layouts_get_these_categories() -> None:
    found = {payment.description: suggest(payment, {}).choice for payment in load("layout_a.csv").lines}
    assert found == {
        "CARE HOME FEES OAKTREE": "care-fees",
        "STATE PENSION DWP": "state-pension",
        "ATTENDANCE ALLOWANCE": "attendance-allowance",
        "SUPERMARKET 1123": "food",
        "GAS AND ELECTRICITY": "dual-fuel",
        "COUNCIL TAX": "council-tax",
        "TRANSFER TO 20-00-00 12345678": "transfers-out-to-other-accounts",
        "INTEREST": "account-interest",
        "CHEMIST": "medical-expenses",
        "HAIRDRESSER HOME VISIT": "toiletries",
        "PRIVATE PENSION LTD": "personal-pension",
        "COURT OF PROTECTION FEE": "opg-fees",
        "SOLICITOR LLP": "professional-fees-eg-solicitor-accountant",
        "REFUND CLOTHING CO": "refunds",
        "CASH WITHDRAWAL": "cash-withdrawn",
        "GIFT BIRTHDAY GRANDCHILD": "gift",
    }


def test_every_layout_of_one_account_gets_the_same_suggestions() -> None:
    for name in ["layout_b.csv", "layout_f.csv", "layout_h.txt"]:
        one, other = ([(x.date, suggest(x, {}).choice) for x in load(file).lines] for file in ("layout_a.csv", name))
        assert sorted(one) == sorted(other)


@pytest.mark.parametrize(
    ("description", "amount", "choice", "check"),
    [
        ("GREATER GAS CO", "-5", "gas", False),
        ("VEGAS HOTEL", "-5", "holidays", False),
        ("INTEREST", "-5", "bank-charges", False),
        ("INTEREST", "5", "account-interest", False),
        ("XYZZY", "-5", "anything-else-paid-out", True),
        ("XYZZY", "5", "anything-else", True),
        ("", "5", "anything-else", True),
        ("Gift   to\tniece", "-5", "gift", True),
        ("GIFT FROM NIECE", "5", "cash-gift-received", False),
        ("DEPUTY EXPENSES APRIL", "-5", "expense", False),
    ],
)
def test_rules(description: str, amount: str, choice: str, check: bool) -> None:
    found = suggest(line(description, amount), {})
    assert (found.choice, found.check) == (choice, check)
    assert found.why.endswith(".")


def test_the_reason_names_what_was_seen() -> None:
    assert suggest(line("DD COUNCIL TAX 0012"), {}).why == "Mentions “council tax”."


def test_a_payment_that_names_an_own_account_is_a_transfer() -> None:
    found = suggest(line("TRANSFER TO 20-00-00 12345678"), {}, [AccountHint("200000", "5678")])
    assert (found.kind, found.category) == ("transfer", None)


def test_one_correction_holds_for_payments_like_it_next_month_and_next_year() -> None:
    learned = {learn_key("OAKTREE HSE 23 OCT 2025 REF 00123"): "care-fees"}
    for description in ["Oaktree Hse", "OAKTREE HSE 14 JAN 2026 REF 99", "CARD PAYMENT TO OAKTREE HSE ON 03 Feb BCC"]:
        found = suggest(line(description), learned)
        assert found.category == "care-fees"
        assert "care fees" in found.why
    assert suggest(line("OAKTREE GARAGE"), learned).category == "anything-else-paid-out"


def test_a_correction_goes_before_the_rules_but_not_against_the_direction() -> None:
    learned = {learn_key("COUNCIL TAX"): "gift"}
    assert suggest(line("COUNCIL TAX"), learned).kind == "gift"
    assert suggest(line("COUNCIL TAX", "10"), learned).category == "anything-else"


@pytest.mark.parametrize("name", ["layout_a.csv", "layout_b.csv"])
def test_different_payees_never_share_a_key(name: str) -> None:
    lines = load(name).lines
    assert len({learn_key(x.description) for x in lines}) == 16


def test_a_description_of_only_bank_words_is_its_own_key() -> None:
    assert learn_key("CARD PAYMENT") == "card payment"
    assert learn_key("1234") == "1234"


def test_every_rule_leads_to_a_category_of_its_direction() -> None:
    assert all(fits(rule.choice, paid_in=True) for rule in MONEY_IN)
    assert all(fits(rule.choice, paid_in=False) for rule in MONEY_OUT)
    assert (len(SHORT_IN), len(SHORT_OUT)) == (26, 42)
