"""The pages that every section shares: start, questions, entries, summary, stale saves."""

from typing import Any

import pytest

from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.debts import Debts
from reporting.sections.gifts import Gift, Gifts

pytestmark = pytest.mark.django_db


def version_of(page: Any) -> str:
    text = page.content.decode()
    return text.split('name="version" value="')[1].split('"')[0]


def send(browser: Any, address: str, **answers: Any) -> Any:
    return browser.post(address, {"version": version_of(browser.get(address)), **answers})


def test_a_gift_from_the_first_question_to_the_summary(browser_of: Any, report: Report) -> None:
    home = f"/report/{report.pk}/gifts/"
    assert "Start" in browser_of.get(home).content.decode()
    asked = send(browser_of, f"{home}given/", given="yes")
    add = browser_of.get(asked.url)
    assert add.status_code == 302
    page = browser_of.get(add.url)
    assert "Do you want to add another gift?" in page.content.decode()
    done = browser_of.post(
        add.url, {"version": version_of(page), "explanation": "Flowers", "amount": "£1,012.50", "another": "no"}
    )
    assert done.url == f"{home}?summary"
    summary = browser_of.get(done.url).content.decode()
    assert "Flowers" in summary
    assert "£1,012.50" in summary
    assert Answers(report)[Gifts].state().label == "1 gift"


def test_what_was_typed_stays_with_an_error_at_the_field(browser_of: Any, report: Report) -> None:
    send(browser_of, f"/report/{report.pk}/gifts/given/", given="yes")
    address = browser_of.get(f"/report/{report.pk}/gifts/gift/add/").url
    page = send(browser_of, address, explanation="Flowers", amount="12.3.4", another="no").content.decode()
    assert "There is a problem" in page
    assert 'href="#amount"' in page
    assert "12.3.4" in page
    assert "Flowers" in page
    assert not Gift.objects.exists()


def test_sending_twice_makes_one_entry(browser_of: Any, report: Report) -> None:
    send(browser_of, f"/report/{report.pk}/gifts/given/", given="yes")
    address = browser_of.get(f"/report/{report.pk}/gifts/gift/add/").url
    data = {
        "version": version_of(browser_of.get(address)), "explanation": "Flowers", "amount": "5", "another": "no",
    }  # fmt: skip
    first, second = browser_of.post(address, data), browser_of.post(address, data)
    assert first.status_code == second.status_code == 302
    assert Gift.objects.count() == 1


def test_a_stale_save_shows_both_values_and_overwrites_nothing(browser_of: Any, report: Report) -> None:
    address = f"/report/{report.pk}/gifts/given/"
    old = version_of(browser_of.get(address))
    browser_of.post(address, {"version": old, "given": "no"})
    answer = browser_of.post(address, {"version": old, "given": "yes"})
    assert answer.status_code == 409
    assert Answers(report)[Gifts].given == "no"
    text = answer.content.decode()
    assert "Stored now" in text
    again = browser_of.post(address, {"version": version_of(answer), "given": "yes"})
    assert again.status_code == 302
    assert Answers(report)[Gifts].given == "yes"


def test_removing_the_last_gift_asks_first_and_opens_the_question_again(browser_of: Any, report: Report) -> None:
    send(browser_of, f"/report/{report.pk}/gifts/given/", given="yes")
    address = browser_of.get(f"/report/{report.pk}/gifts/gift/add/").url
    send(browser_of, address, explanation="Flowers", amount="5", another="no")
    gift = Gift.objects.get()
    remove = f"/report/{report.pk}/gifts/gift/{gift.token}/remove/"
    assert "Are you sure" in browser_of.get(remove).content.decode()
    assert Gift.objects.exists()
    browser_of.post(remove)
    assert not Gift.objects.exists()
    assert Answers(report)[Gifts].state().key == "not-started"


def test_a_bank_account_over_three_pages(browser_of: Any, report: Report) -> None:
    address = browser_of.get(f"/report/{report.pk}/bank-accounts/bank-account/add/").url
    second = send(browser_of, address, account_type="current").url
    third = send(browser_of, second, bank="Example Bank", number="12-34", sort_code="30 94 30", joint="no").url
    done = send(browser_of, third, opening="-10.50", closing="", another="no")
    assert done.status_code == 302
    account = BankAccount.objects.get()
    assert (account.number, account.sort_code, str(account.opening)) == ("1234", "309430", "-10.50")
    page = browser_of.get(f"/report/{report.pk}/").content.decode()
    assert "Closing" in page or "Balance on" in page


def test_a_page_that_is_no_longer_asked_gives_back_what_was_typed(browser_of: Any, report: Report) -> None:
    base = f"/report/{report.pk}/debts/"
    send(browser_of, f"{base}owes/", owes="yes")
    send(browser_of, f"{base}care-fees/", care_fees="10")
    version = version_of(browser_of.get(f"{base}management/"))
    send(browser_of, f"{base}owes/", owes="no")
    answer = browser_of.post(f"{base}management/", {"version": version, "management": "We pay £5 a week"})
    assert answer.status_code == 409
    assert "We pay £5 a week" in answer.content.decode()
    assert Answers(report)[Debts].management is None
    assert browser_of.post(f"{base}care-fees/", {"version": version, "care_fees": "10"}).status_code == 409


def test_an_entry_that_is_no_longer_asked_for_gives_back_what_was_typed(browser_of: Any, report: Report) -> None:
    home = f"/report/{report.pk}/gifts/"
    send(browser_of, f"{home}given/", given="yes")
    address = browser_of.get(f"{home}gift/add/").url
    version = version_of(browser_of.get(address))
    send(browser_of, f"{home}given/", given="no")
    answer = browser_of.post(address, {"version": version, "explanation": "Flowers", "amount": "5", "another": "no"})
    assert answer.status_code == 409
    assert "Flowers" in answer.content.decode()
    assert not Gift.objects.exists()
