"""What follows an import: removing, typing over, sorting together, the balance, and who may see it."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client as Browser

from foundation import drafts
from foundation.accounts.models import User
from reporting.engine.section import Answers
from reporting.people.models import CourtOrderDeputy
from reporting.reports.models import Report
from reporting.reports.statements.models import Payment, StatementImport
from reporting.sections.balance import sums
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.gifts import Gift, Gifts
from reporting.sections.money_in import MoneyReceived
from reporting.sections.money_in_short import MoneyInItem, MoneyInShort
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_out_short import MoneyOutShort
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
from tests.reporting.statements.showing import home, sort_all, spent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]


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
