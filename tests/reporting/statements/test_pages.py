"""Bank statements through the pages: choose, preview, import, sort, remove; and what the report makes of them."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client as Browser

from foundation import clock, drafts
from foundation.accounts.models import User
from foundation.clients import Unavailable
from foundation.clients.scanner import Verdict
from reporting.engine.section import Answers
from reporting.people.models import CourtOrderDeputy
from reporting.reports.models import Report
from reporting.reports.statements import actions
from reporting.reports.statements.models import LearnedChoice, Payment, StatementImport
from reporting.sections.balance import sums
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.gifts import Gift, Gifts
from reporting.sections.money_in import MoneyIn, MoneyReceived
from reporting.sections.money_in_short import MoneyInItem, MoneyInShort
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_out_short import MoneyOutShort
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers
from tests.reporting.conftest import make_deputy
from tests.reporting.reports.test_section_pages import send
from tests.reporting.statements.conftest import (
    choices_on,
    import_file,
    in_period,
    make_account,
    sample,
    send_file,
)
from tests.reporting.statements.test_reading import LAYOUTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]


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


def test_removing_a_statement_takes_its_payments_out_and_counts_anew(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,COUNCIL TAX,-20.00\n")
    import_file(browser_of, current, b"Date,Description,Amount\n05/05/2025,COUNCIL TAX,-30.00\n06/05/2025,GIFT,-5.00\n")
    sort_all(browser_of, year)
    assert spent(year, "council-tax") == Decimal("50.00")
    address = f"{home(year)}file/{StatementImport.objects.latest('pk').token}/remove/"
    assert "Are you sure" in browser_of.get(address).content.decode()
    browser_of.post(address)
    assert spent(year, "council-tax") == Decimal("20.00")
    assert not Gift.objects.exists()
    assert Answers(year)[Gifts].given is None
    browser_of.post(f"{home(year)}file/{StatementImport.objects.get().token}/remove/")
    assert not Payment.objects.exists()
    assert not MoneySpent.objects.exists()


def test_the_amount_of_a_sum_is_not_typed_over_but_its_description_is_the_persons(
    browser_of: Any, year: Report, current: BankAccount
) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,AGE CHARITY DONATION,-20.00\n")
    sort_all(browser_of, year)
    gift = Gift.objects.get()
    assert gift.explanation == "Age Charity Donation"
    address = f"/report/{year.pk}/gifts/gift/{gift.token}/explanation/"
    shown = browser_of.get(address).content.decode()
    assert "Sum of" in shown or "1 payment" in shown
    data = {"explanation": "To a charity that she loved", "account": str(current.token)}
    refused = send(browser_of, address, **data, amount="99").content.decode()
    assert "comes from your bank statements" in refused
    assert send(browser_of, address, **data, amount="20.00").status_code == 302
    import_file(browser_of, current, b"Date,Description,Amount\n05/05/2025,AGE CHARITY DONATION,-30.00\n")
    gift.refresh_from_db()
    assert (gift.explanation, gift.amount, gift.payments) == ("To a charity that she loved", Decimal("50.00"), 2)
    listed = browser_of.get(f"/report/{year.pk}/gifts/").content.decode()
    assert f"?entry={gift.token}" in listed
    opened = browser_of.get(f"{home(year)}payments/?entry={gift.token}").content.decode()
    assert opened.count("AGE CHARITY DONATION</strong>") == 2
    browser_of.post(f"/report/{year.pk}/gifts/gift/{gift.token}/remove/")
    assert Gift.objects.exists()


def test_an_account_with_statements_is_not_removed(browser_of: Any, year: Report, current: BankAccount) -> None:
    import_file(browser_of, current, sample("layout_a.csv"))
    address = f"/report/{year.pk}/bank-accounts/bank-account/{current.token}/remove/"
    assert "remove those first" in browser_of.post(address).content.decode()
    assert BankAccount.objects.filter(pk=current.pk).exists()


def test_a_no_is_asked_about_and_never_overwritten(browser_of: Any, year: Report, current: BankAccount) -> None:
    gifts = Gifts.objects.create(report=year, given="no")
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,BIRTHDAY GIFT,-20.00\n")
    sort_all(browser_of, year)
    gifts.refresh_from_db()
    assert gifts.given == "no"
    assert sums(Answers(year)).parts[1].amount == 0
    page = browser_of.get(home(year)).content.decode()
    assert "You answered no in “Gifts”" in page
    browser_of.post(f"{home(year)}admit/", {"section": "gifts"})
    gifts.refresh_from_db()
    assert gifts.given == "yes"
    assert sums(Answers(year)).parts[1].amount == Decimal("20.00")
    browser_of.post(f"{home(year)}admit/", {"section": "money-out"})
    assert "You answered no" not in browser_of.get(home(year)).content.decode()


def test_a_balance_that_the_statement_shows_is_offered(browser_of: Any, deputy: User, year: Report) -> None:
    account = make_account(year, "0000", "300000", "5000")
    rows = (
        b"Date,Description,Amount,Balance\n01/04/2025,GAS,-10.00,90.00\n02/05/2025,GAS,-10.00,80.00\n"
        b"31/03/2026,GAS,-10.00,70.00\n01/04/2026,GAS,-10.00,60.00\n"
    )
    import_file(browser_of, account, rows)
    page = browser_of.get(home(year)).content.decode()
    assert "Use £100.00 as opening balance" in page
    assert "Use £70.00 as closing balance" in page
    for which, amount in (("opening", "100.00"), ("closing", "70.00")):
        data = {"account": str(account.token), "which": which, "amount": amount}
        browser_of.post(f"{home(year)}balance/", data)
    account.refresh_from_db()
    assert (account.opening, account.closing) == (Decimal("100.00"), Decimal("70.00"))
    assert "as closing balance" not in browser_of.get(home(year)).content.decode()
    data = {"account": str(account.token), "which": "closing", "amount": "1.00"}
    browser_of.post(f"{home(year)}balance/", data)
    account.refresh_from_db()
    assert account.closing == Decimal("70.00")
    for wrong in ({"account": "x"}, {"amount": "1e999999"}, {"amount": "NaN"}, {"amount": "much"}):
        assert browser_of.post(f"{home(year)}balance/", {**data, **wrong}).status_code == 404
    assert browser_of.get(f"{home(year)}payments/?statement={'9' * 5000}").status_code == 302


def test_two_people_who_sort_at_once_see_both_choices(browser_of: Any, year: Report, current: BankAccount) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,ZZYX,-20.00\n")
    second = make_deputy()
    CourtOrderDeputy.objects.create(order=year.orders.get(), deputy=second.deputy)
    other = Browser()
    other.force_login(second)
    address = f"{home(year)}sort/"
    mine, theirs = choices_on(browser_of.get(address)), choices_on(other.get(address))
    key = next(name for name in mine if name.startswith("choice-"))
    other.post(address, {**theirs, key: "food"})
    answer = browser_of.post(address, {**mine, key: "gas"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Food" in text
    assert "Gas" in text
    assert Payment.objects.get().choice == "food"
    again = {key: "gas", key.replace("choice", "seen"): "food"}
    assert f'name="{key.replace("choice", "seen")}" value="food"' in text
    assert browser_of.post(address, again).status_code == 302
    assert Payment.objects.get().choice == "gas"
    assert spent(year, "gas") == Decimal("20.00")
    assert not MoneySpent.objects.filter(category="food").exists()


def test_two_people_of_one_mind_do_not_disagree(browser_of: Any, year: Report, current: BankAccount) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,ZZYX,-20.00\n")
    address = f"{home(year)}sort/"
    fields = choices_on(browser_of.get(address))
    key = next(name for name in fields if name.startswith("choice-"))
    assert browser_of.post(address, {**fields, key: "food"}).status_code == 302
    assert browser_of.post(address, {**fields, key: "food"}).status_code == 302
    assert Payment.objects.get().choice == "food"


def test_what_was_picked_and_not_saved_is_shown_again(
    browser_of: Any, deputy: User, year: Report, current: BankAccount
) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,ZZYX,-20.00\n")
    key = str(Payment.objects.get().pk)
    address = f"{home(year)}sort/"
    typed = QueryDict(mutable=True)
    typed.update({f"choice-{key}": "food", f"seen-{key}": ""})
    drafts.keep(deputy, address, typed, 1)
    page = browser_of.get(address)
    assert choices_on(page)[f"choice-{key}"] == "food"
    assert "We kept what you typed here" in page.content.decode()
    browser_of.post(address, choices_on(page))
    assert spent(year, "food") == Decimal("20.00")
    later = browser_of.get(f"{address}?show=all").content.decode()
    assert "We kept what you typed here" not in later


def test_a_choice_that_was_not_offered_saves_nothing(browser_of: Any, year: Report, current: BankAccount) -> None:
    import_file(browser_of, current, b"Date,Description,Amount\n05/04/2025,ZZYX,-20.00\n")
    payment = Payment.objects.get()
    for value in ("salary-or-wages", "transfer", "nonsense", f"transfer-{current.token}"):
        browser_of.post(f"{home(year)}sort/", {f"choice-{payment.pk}": value, f"seen-{payment.pk}": ""})
        payment.refresh_from_db()
        assert payment.choice == ""


def test_the_balance_moves_as_payments_are_sorted(browser_of: Any, year: Report, current: BankAccount) -> None:
    import_file(browser_of, current, sample("layout_a.csv"))
    before = sums(Answers(year)).difference
    assert before != 0
    assert "to check" in browser_of.get(home(year)).content.decode()
    sort_all(browser_of, year)
    assert sums(Answers(year)).difference == 0
    year.refresh_from_db()
    assert year.progress["moneyOut"]["state"] == "done"
    assert Answers(year)[MoneyOut].state().finished


def test_what_the_short_account_could_say_is_suggested_and_used(browser_of: Any, deputy: User) -> None:
    report = in_period(deputy, "103")
    account = make_account(report, "0000", "300000", "5210.33", closing=Decimal("82.14"))
    rows = (
        b"Date,Description,Amount\n05/04/2025,STATE PENSION DWP,221.20\n06/04/2025,ESTATE OF A AUNT,2500.00\n"
        b"07/04/2025,COUNCIL TAX,-143.00\n"
    )
    import_file(browser_of, account, rows)
    assert not MoneyReceived.objects.exists()
    start = browser_of.get(f"/report/{report.pk}/money-in-short/").content.decode()
    assert "2 kinds of money and 1 payment of £1,000 or more" in start
    page = browser_of.get(f"{home(report)}suggestions/").content.decode()
    assert "State Pension and benefits" in page
    assert Answers(report)[MoneyInShort].categories is None
    large = Payment.objects.get(amount=Decimal(2500))
    browser_of.post(
        f"{home(report)}suggestions/",
        {"ticks": ["money-in-short:state_pension_and_benefit", "money-out-short:households_bills"],
         "items": [str(large.pk)]},
    )  # fmt: skip
    found = Answers(report)
    assert found[MoneyInShort].categories == ["state_pension_and_benefit"]
    assert (found[MoneyInShort].exists, found[MoneyInShort].one_offs) == ("yes", "yes")
    assert found[MoneyOutShort].categories == ["households_bills"]
    item = MoneyInItem.objects.get()
    assert (item.amount, item.date) == (Decimal("2500.00"), large.date)
    left = browser_of.get(f"{home(report)}suggestions/").content.decode()
    assert "Inheritance" in left
    assert "ESTATE OF A AUNT" not in left
    import_file(browser_of, account, b"Date,Description,Amount\n05/05/2025,GAS,-1.00\n")
    assert MoneyInItem.objects.count() == 1
    first = StatementImport.objects.earliest("pk")
    assert "stay in it" in browser_of.get(f"{home(report)}file/{first.token}/remove/").content.decode()
    browser_of.post(f"{home(report)}file/{first.token}/remove/")
    assert MoneyInItem.objects.get() == item, "the person added it: it stays when the statement goes"
    import_file(browser_of, account, rows)
    assert "ESTATE OF A AUNT" not in browser_of.get(f"{home(report)}suggestions/").content.decode()


def test_a_report_without_accounts_of_money_has_no_statements(browser_of: Any, deputy: User) -> None:
    assert browser_of.get(home(in_period(deputy, "104"))).status_code == 404


def test_others_and_submitted_reports_are_not_found(browser_of: Any, year: Report, current: BankAccount) -> None:
    waiting = send_file(browser_of, current, sample("layout_a.csv")).request["PATH_INFO"]
    addresses = [home(year), f"{home(year)}add/{current.token}/", waiting, f"{home(year)}sort/?show=all"]
    addresses += [f"{home(year)}payments/", f"{home(year)}suggestions/"]
    stranger = Browser()
    stranger.force_login(make_deputy())
    posts = {"balance/": {}, "admit/": {}}
    for address in addresses:
        assert stranger.get(address).status_code == 404, address
    for name, data in posts.items():
        assert stranger.post(home(year) + name, data).status_code == 404
    assert stranger.post(waiting, {"answer": "import"}).status_code == 404
    Report.objects.filter(pk=year.pk).update(submitted=True)
    for address in addresses:
        assert browser_of.get(address).status_code == 404, address
    assert browser_of.post(waiting, {"answer": "import"}).status_code == 404
    assert not Payment.objects.exists()


def test_another_reports_file_and_account_are_not_reached(
    browser_of: Any, deputy: User, year: Report, current: BankAccount
) -> None:
    waiting = send_file(browser_of, current, sample("layout_a.csv")).request["PATH_INFO"]
    mine = in_period(deputy)
    assert browser_of.get(waiting.replace(f"/{year.pk}/", f"/{mine.pk}/", 1)).status_code == 404
    assert browser_of.get(f"{home(mine)}add/{current.token}/").status_code == 404
