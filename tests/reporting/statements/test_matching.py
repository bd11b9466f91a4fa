"""Overlapping files add only what is new; own transfers are found once."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reporting.reports.statements.categories import names_account
from reporting.reports.statements.lines import AccountHint, StatementLine
from reporting.reports.statements.matching import AccountLines, fingerprint, new_lines, own_transfers
from tests.reporting.statements.test_reading import load

DAY = date(2025, 4, 23)


def line(
    amount: str, description: str = "GAS", days: int = 0, balance: str | None = None, row: int = 1
) -> StatementLine:
    return StatementLine(
        row, DAY + timedelta(days), description, Decimal(amount), Decimal(balance) if balance else None
    )


def test_any_layout_of_the_same_account_adds_nothing() -> None:
    stored = load("layout_a.csv").lines
    for name in ["layout_a.csv", "layout_b.csv", "layout_c.csv", "layout_d.csv", "layout_f.csv", "layout_h.txt"]:
        overlap = new_lines(stored, load(name).lines)
        assert overlap.new == [], name
        assert len(overlap.known) == 48
        assert overlap.doubtful == []


def test_the_same_payment_twice_on_a_day_is_two_payments() -> None:
    coffee = line("-3.00", "CAFE")
    assert len(new_lines([], [coffee, coffee]).new) == 2
    assert len(new_lines([coffee], [coffee, coffee]).new) == 1
    assert len(new_lines([coffee, coffee], [coffee]).new) == 0


def test_a_name_that_ofx_cuts_is_the_same_payee_and_another_payee_is_not() -> None:
    stored = [line("-3.00", "THE VERY LONG NAME OF A CARE HOME IN YORK")]
    assert new_lines(stored, [line("-3.00", "The very long name of a care hom")]).new == []
    assert len(new_lines(stored, [line("-3.00", "THE VERY SHORT NAME")]).new) == 1
    assert len(new_lines(stored, [line("-3.01", "THE VERY LONG NAME OF A CARE HOME IN YORK")]).new) == 1


def test_an_exact_name_goes_before_a_beginning() -> None:
    stored = [line("-3.00", "SHELTER LONDON"), line("-3.00", "SHELTER")]
    assert new_lines(stored, [line("-3.00", "SHELTER"), line("-3.00", "SHELTER LONDON")]).new == []


def test_a_known_payment_with_another_balance_is_pointed_out() -> None:
    overlap = new_lines([line("-3.00", balance="97.00")], [line("-3.00", balance="94.00")])
    assert (overlap.new, len(overlap.doubtful)) == ([], 1)


def test_fingerprints_are_stable_and_never_taken_twice() -> None:
    coffee = line("-3.00", "CAFE ON 23 Apr BCC", balance="5", row=7)
    assert fingerprint(coffee, 0) == fingerprint(line("-3.00", "cafe", row=99), 0)
    assert fingerprint(coffee, 0) != fingerprint(coffee, 1)
    second = new_lines([], [coffee], taken={fingerprint(coffee, 0)}).new[0]
    assert second.fingerprint == fingerprint(coffee, 1)


LINES = st.lists(st.builds(line, st.sampled_from(["1", "2"]), st.sampled_from(["GAS", "FOOD"]), st.integers(0, 2)))


@given(LINES, LINES)
def test_importing_is_a_union_that_keeps_repeats_and_a_second_import_changes_nothing(
    one: list[StatementLine], other: list[StatementLine]
) -> None:
    first = new_lines([], one).new
    second = new_lines(one, other, {new.fingerprint for new in first}).new
    stored = [new.line for new in (*first, *second)]
    assert Counter(stored) == Counter(one) | Counter(other)
    assert len({new.fingerprint for new in (*first, *second)}) == len(stored)
    assert new_lines(stored, other).new == []


def account(name: str, hint: AccountHint, *lines: StatementLine) -> AccountLines:
    return AccountLines(name, hint, [(f"{name}{at}", one) for at, one in enumerate(lines)])


CURRENT, SAVINGS = AccountHint("300000", "0000"), AccountHint("200000", "5678")


def test_the_same_money_seen_from_two_accounts_is_one_transfer_each() -> None:
    current = account("current", CURRENT, *load("layout_a.csv").lines)
    savings = account("savings", SAVINGS, *load("same_money_twice.csv").lines)
    found = own_transfers([savings, current])
    assert [(x.from_account, x.to_account, x.amount, x.check) for x in found] == [
        ("current", "savings", 1000, False)
    ] * 3
    assert [x.date for x in found] == [date(2025, 4, 23), date(2025, 7, 3), date(2025, 9, 18)]


def test_three_days_apart_is_a_transfer_and_four_is_not() -> None:
    for days, expected in [(-3, 1), (3, 1), (4, 0), (-4, 0)]:
        accounts = [account("a", CURRENT, line("-5", "TFR")), account("b", SAVINGS, line("5", "TFR", days))]
        assert len(own_transfers(accounts)) == expected


def test_equal_sums_that_nothing_calls_a_transfer_are_to_be_checked() -> None:
    accounts = [account("a", CURRENT, line("-5", "SHOP")), account("b", SAVINGS, line("5", "REFUND"))]
    assert [x.check for x in own_transfers(accounts)] == [True]


def test_each_line_is_used_once_the_nearest_date_first_then_the_name() -> None:
    out = account("a", CURRENT, line("-5", "SHOP"), line("-5", "TO 20-00-00 12345678"), line("-5", "TRANSFER", 1))
    into = account("b", SAVINGS, line("5", "X"), line("5", "Y", 2))
    found = own_transfers([out, into])
    assert [(x.out_line, x.in_line) for x in found] == [("a1", "b0"), ("a2", "b1")]


def test_money_never_moves_within_one_account() -> None:
    assert own_transfers([account("a", CURRENT, line("-5"), line("5"))]) == []


def test_a_description_names_an_account_by_sort_code_or_number() -> None:
    for text in ["TO 20-00-00 12345678", "TO 200000", "TO 12345678", "20000012345678", "TO 12345678ON 18 Sep BCC"]:
        assert names_account(text, SAVINGS), text
    for text in ["INVOICE 5678", "TO 99-99-99 00005678", "TO 20-00-00 12345679", "TO 30-00-00", "", "REF 20-0000x"]:
        assert not names_account(text, SAVINGS), text


def test_replacing_the_row_does_not_make_a_payment_new() -> None:
    stored = load("layout_d.csv").lines
    assert new_lines(stored, [replace(one, row=one.row + 5, reference="x") for one in stored]).new == []
