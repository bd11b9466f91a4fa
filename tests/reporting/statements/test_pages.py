"""Bank statements through the pages: choose, preview, import, sort; and what the report makes of them."""

from decimal import Decimal
from typing import Any

import pytest

from foundation import clock
from foundation.accounts.models import User
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.reports.statements import actions
from reporting.reports.statements.models import LearnedChoice, Payment, StatementImport
from reporting.sections.balance import sums
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.gifts import Gifts
from reporting.sections.money_in import MoneyIn, MoneyReceived
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers
from tests.reporting.statements.conftest import (
    choices_on,
    import_file,
    in_period,
    make_account,
    sample,
    send_file,
)
from tests.reporting.statements.showing import home, sort_all, spent
from tests.reporting.statements.test_reading import LAYOUTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.name)
def test_every_layout_makes_the_same_report(browser_of: Any, year: Report, current: BankAccount, layout: Any) -> None:
    import_file(browser_of, current, layout.read_bytes(), layout.name)
    assert Payment.objects.count() == 48
    assert spent(year, "council-tax") == Decimal("429.00")
    assert spent(year, "care-fees") == Decimal("2437.50")
    assert MoneySpent.objects.get(category="council-tax").payments == 3
    sort_all(browser_of, year)
    # The savings account is not in this report, so the three transfers of £1,000 are money out.
    assert sums(Answers(year)).difference == 0
    assert Answers(year)[MoneyIn].exists == Answers(year)[MoneyOut].exists == Answers(year)[Gifts].given == "yes"
    page = browser_of.get(home(year)).content.decode()
    assert "Not explained by statements" in page
    assert "£0.00" in page


def test_the_preview_says_what_is_new_and_stores_nothing(browser_of: Any, year: Report, current: BankAccount) -> None:
    page = send_file(browser_of, current, sample("layout_a.csv")).content.decode()
    assert "48 payments, from 1 April 2025 to 4 November 2025" in page
    assert "Import 48 payments" in page
    assert "CARE HOME" in page or "GIFT BIRTHDAY" in page
    assert not Payment.objects.exists()
    assert b"GIFT" not in bytes(StatementImport.objects.get().content)


def test_what_waits_can_be_discarded_and_a_second_confirmation_adds_nothing(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    preview = send_file(browser_of, current, sample("layout_a.csv"))
    address = preview.request["PATH_INFO"]
    browser_of.post(address, {"answer": "import"})
    assert browser_of.post(address, {"answer": "import"}).status_code == 302
    assert Payment.objects.count() == 48
    assert bytes(StatementImport.objects.get().content) == b""
    preview = send_file(browser_of, current, sample("layout_b.csv"))
    browser_of.post(preview.request["PATH_INFO"], {"answer": "discard"})
    assert StatementImport.objects.count() == 1


def test_what_nobody_confirmed_is_forgotten_overnight(browser_of: Any, year: Report, current: BankAccount) -> None:
    send_file(browser_of, current, sample("layout_a.csv"))
    import_file(browser_of, current, sample("layout_b.csv"))
    assert actions.tidy() == 0
    StatementImport.objects.update(created_at=clock.now() - actions.KEPT * 2)
    assert actions.tidy() == 1
    assert StatementImport.objects.get().stored
    assert Payment.objects.count() == 48


def test_an_overlapping_file_adds_only_what_is_new(browser_of: Any, year: Report, current: BankAccount) -> None:
    rows = sample("layout_a.csv").decode().splitlines(keepends=True)
    import_file(browser_of, current, "".join([rows[0], *rows[20:]]).encode())
    assert Payment.objects.count() == 29
    before = MoneySpent.objects.get(category="council-tax")
    import_file(browser_of, current, "".join(rows[:30]).encode())
    assert Payment.objects.count() == 48
    after = MoneySpent.objects.get(category="council-tax")
    assert (after.pk, after.payments) == (before.pk, 3)
    page = import_file(browser_of, current, sample("layout_d.csv")).content.decode()
    assert "0 payments imported" in page
    assert Payment.objects.count() == 48


def test_a_doubtful_payment_is_added_only_when_the_person_says_that_it_is_another(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    header = b"Date,Description,Amount,Balance\n"
    import_file(browser_of, current, header + b"05/04/2025,CAFE,-3.00,97.00\n06/04/2025,GAS,-1.00,96.00\n")
    again = header + b"05/04/2025,CAFE,-3.00,94.00\n07/04/2025,GAS,-1.00,93.00\n"
    page = send_file(browser_of, current, again).content.decode()
    assert "Are these further payments?" in page
    import_file(browser_of, current, again)
    assert Payment.objects.filter(description="CAFE").count() == 1
    import_file(browser_of, current, again, also=["2", "x", "9" * 5000])
    assert Payment.objects.filter(description="CAFE").count() == 2
    assert len(set(Payment.objects.values_list("fingerprint", flat=True))) == Payment.objects.count() == 4


def test_payments_outside_the_period_are_left_out_and_listed(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    text = b"Date,Description,Amount\n31/03/2025,TOO EARLY,-1.00\n01/04/2025,GAS,-2.00\n01/04/2026,TOO LATE,-3.00\n"
    page = send_file(browser_of, current, text).content.decode()
    assert "2 payments, left out" in page
    assert "TOO EARLY" in page
    import_file(browser_of, current, text)
    assert [payment.description for payment in Payment.objects.all()] == ["GAS"]


def test_payments_count_only_while_they_are_in_the_period(browser_of: Any, year: Report, current: BankAccount) -> None:
    rows = b"Date,Description,Amount\n05/04/2025,COUNCIL TAX,-1.00\n05/08/2025,COUNCIL TAX,-2.00\n"
    import_file(browser_of, current, rows)
    address = f"/report/{year.pk}/period/"

    def begin(month: str) -> None:
        page = browser_of.get(address).content.decode()
        version = page.split('name="version" value="')[1].split('"')[0]
        dates = {"start_0": "1", "start_1": month, "start_2": "2025", "end_0": "31", "end_1": "3", "end_2": "2026"}
        dates |= {name.replace("_0", "-day").replace("_1", "-month").replace("_2", "-year"): value
                  for name, value in dates.items()}  # fmt: skip
        assert browser_of.post(address, {**dates, "version": version}).status_code == 302

    begin("7")
    assert spent(year, "council-tax") == Decimal("2.00")
    begin("4")
    assert spent(year, "council-tax") == Decimal("3.00")
    assert MoneySpent.objects.get().payments == 2


def test_money_moved_between_own_accounts_becomes_transfers_also_when_the_second_file_comes_later(
    browser_of: Any, year: Report, current: BankAccount, savings: BankAccount
) -> None:
    import_file(browser_of, current, sample("layout_a.csv"))
    first = {each.token for each in MoneyTransfer.objects.filter(report=year)}
    assert len(first) == 3
    import_file(browser_of, savings, sample("same_money_twice.csv"))
    transfers = list(MoneyTransfer.objects.filter(report=year))
    assert {each.token for each in transfers} == first
    assert {(each.account_from, each.account_to, each.amount) for each in transfers} == {
        (current, savings, Decimal(1000))
    }
    assert Answers(year)[MoneyTransfers].moved == "yes"
    sort_all(browser_of, year)
    assert not MoneyReceived.objects.filter(account=savings).exists()
    assert sums(Answers(year)).difference == 0


def test_the_savings_file_first_makes_the_same_transfers(
    browser_of: Any, year: Report, current: BankAccount, savings: BankAccount
) -> None:
    import_file(browser_of, savings, sample("same_money_twice.csv"))
    import_file(browser_of, current, sample("layout_a.csv"))
    assert MoneyTransfer.objects.filter(report=year, account_from=current, account_to=savings).count() == 3


def test_a_correction_is_learned_for_the_next_file_and_the_next_year(
    browser_of: Any, deputy: User, year: Report, current: BankAccount
) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,SUPERMARKET 1123,-20.00\n")
    assert spent(year, "food") == Decimal("20.00")
    page = browser_of.get(f"{home(year)}sort/?show=all")
    fields = {name: "toiletries" if value == "food" and "choice" in name else value
              for name, value in choices_on(page).items()}  # fmt: skip
    browser_of.post(f"{home(year)}sort/?show=all", fields)
    assert not MoneySpent.objects.filter(category="food").exists()
    assert spent(year, "toiletries") == Decimal("20.00")
    import_file(browser_of, current, b"Date,Description,Amount\n05/05/2025,SUPERMARKET 4455,-30.00\n")
    assert spent(year, "toiletries") == Decimal("50.00")
    assert Payment.objects.last().why.startswith("You chose")  # type: ignore[union-attr]

    later = Report.objects.create(
        client=year.client, type="102", start=year.end.replace(month=4, day=1), end=year.end.replace(year=2027),
        due=year.due.replace(year=2027), previous=year,
    )  # fmt: skip
    later.orders.set(year.orders.all())
    account = make_account(later, "0000", "300000")
    import_file(browser_of, account, b"Date,Description,Amount\n05/05/2026,SUPERMARKET 99,-7.00\n")
    assert spent(later, "toiletries") == Decimal("7.00")
    other = in_period(deputy)
    import_file(
        browser_of, make_account(other, "1111", "300000"), b"Date,Description,Amount\n05/05/2025,SUPERMARKET 1,-7.00\n"
    )
    assert spent(other, "food") == Decimal("7.00")


def test_one_payment_can_be_sorted_alone_and_teaches_nothing(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    import_file(
        browser_of, current, b"Date,Description,Amount\n05/04/2025,GAS BILL,-20.00\n06/05/2025,GAS BILL,-30.00\n"
    )
    first = Payment.objects.earliest("date")
    address = f"{home(year)}payments/?like={first.pk}"
    fields = choices_on(browser_of.get(address))
    browser_of.post(address, {**fields, f"choice-{first.pk}": "electricity"})
    assert (spent(year, "gas"), spent(year, "electricity")) == (Decimal("30.00"), Decimal("20.00"))
    assert not LearnedChoice.objects.exists()
