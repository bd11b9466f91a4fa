"""The acceptance cases of the sections that lay deputies fill in, by their numbers."""

import re
from decimal import Decimal
from typing import Any

import pytest

from foundation.accounts.models import User
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.sections.actions import Actions
from reporting.sections.assets import Asset, Assets
from reporting.sections.bank_accounts import KINDS, WITH_BANK, WITH_SORT_CODE, BankAccount, BankAccounts
from reporting.sections.client_benefits_check import ClientBenefitsCheck, MoneyOthersReceive
from reporting.sections.contacts import Contacts
from reporting.sections.debts import Debts
from reporting.sections.decisions import Decisions
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.sections.gifts import Gift, Gifts
from reporting.sections.lifestyle import Lifestyle
from reporting.sections.money_categories import MONEY_IN, MONEY_OUT
from reporting.sections.money_in import MoneyIn, MoneyReceived
from reporting.sections.money_in_short import MoneyInItem, MoneyInShort
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_out_short import MoneyOutItem, MoneyOutShort
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers
from reporting.sections.other_info import OtherInfo
from reporting.sections.visits_care import VisitsCare
from tests.reporting.conftest import make_report
from tests.reporting.sections.pages import Pages, readable

pytestmark = pytest.mark.django_db


@pytest.fixture
def joint(deputy: User) -> Pages:
    """A joint report with higher assets: every section but the short money."""
    return Pages(deputy, make_report(deputy, "102-4"))


@pytest.fixture
def low(deputy: User) -> Pages:
    return Pages(deputy, make_report(deputy, "103-4"))


def account(kind: str, number: str = "1234") -> list[dict[str, Any]]:
    details: dict[str, Any] = {"number": number, "joint": "no"}
    if kind in WITH_BANK:
        details["bank"] = "Example Bank"
    if kind in WITH_SORT_CODE:
        details["sort_code"] = "01-02-03"
    return [{"account_type": kind}, details, {"opening": "£1,000.00", "closing": "1,000"}]


# Moving between sections


def test_d108_next_walks_the_sections_and_previous_walks_back(joint: Pages) -> None:
    titles = [
        "Decisions", "People you consulted", "Visits and care", "Health and lifestyle", "Benefits check",
        "Bank accounts", "Deputy expenses", "Gifts", "Money transfers", "Money in", "Money out", "Assets", "Debts",
        "Actions you plan to take", "Any other information", "Documents",
    ]  # fmt: skip
    slugs = [section.slug for section in Answers(joint.report).sections() if section.key != "balance"]
    for at, slug in enumerate(slugs):
        text = joint.text(f"{slug}/?summary")
        after = titles[at + 1] if at + 1 < len(titles) else "Report overview"
        before = titles[at - 1] if at else "Report overview"
        assert re.search(rf"Previous( page)? ?:? {before}", text), slug
        assert re.search(rf"Next( page)? ?:? {after}", text), slug
        assert titles[at] in text


def test_d106_d107_the_overview_says_who_and_which_period(joint: Pages) -> None:
    text = joint.text()
    assert joint.report.client.name in text
    assert f"{joint.report.end:%-d %B %Y}" in text
    assert "of 17 sections finished" in text


# People consulted


def test_the_united_kingdom_is_the_first_country_of_the_list(joint: Pages) -> None:
    joint.save("contacts/consulted", consulted="yes")
    text = joint.text("contacts/contact/add/")
    assert text.index("United Kingdom") < text.index("Afghanistan")


# Bank accounts


def test_d114_one_account_of_each_type(joint: Pages) -> None:
    for number, option in enumerate(KINDS):
        assert joint.add("bank-accounts", "bank-account", *account(option.value, f"000{number}")).status_code == 302
    text = joint.text("bank-accounts/?summary")
    for option in KINDS:
        assert option.label in text
    assert joint.state(BankAccounts) == "7 accounts"
    joint.add("bank-accounts", "bank-account", *account("current", "9999"))
    assert joint.state(BankAccounts) == "8 accounts"


def test_a_section_without_a_start_page_says_at_once_what_it_asks_for(joint: Pages) -> None:
    intro = "Tell us about every account that holds"
    assert intro in joint.text("bank-accounts")
    joint.add("bank-accounts", "bank-account", *account("current"))
    assert intro not in joint.text("bank-accounts")


@pytest.mark.parametrize(
    ("page", "answers", "message"),
    [
        (0, {"account_type": ""}, "Select an answer"),
        (1, {"bank": ""}, "Enter the name of the bank"),
        (1, {"bank": "X"}, "Enter at least 2 characters"),
        (1, {"number": "12"}, "Enter the last 4 digits or letters"),
        (1, {"sort_code": "12345"}, "Enter a sort code with 6 digits"),
        (1, {"sort_code": "abcdef"}, "Enter a sort code with 6 digits"),
        (1, {"joint": ""}, "Select yes if it is a joint account"),
        (2, {"opening": ""}, "Enter the balance on"),
        (2, {"opening": "lots"}, "Enter an amount in pounds"),
        (2, {"closing": "100000000000.01"}, "Enter an amount of £100,000,000,000.00 or less"),
        (2, {"closing": "1.234"}, "no more than 2 decimal places"),
    ],
)
def test_d115_each_field_has_its_message_and_keeps_what_was_typed(
    joint: Pages, page: int, answers: dict[str, str], message: str
) -> None:
    pages = account("current")
    pages[page] |= answers
    answer = joint.add("bank-accounts", "bank-account", *pages[: page + 1])
    text = readable(answer)
    assert text.count(message) >= 2, "in the summary at the top and at the field"
    for value in pages[page].values():
        assert value in answer.content.decode()


def test_d116_editing_and_removing_accounts(joint: Pages) -> None:
    joint.add("bank-accounts", "bank-account", *account("current"))
    [kept] = joint.entries(BankAccount)
    joint.save(
        f"bank-accounts/bank-account/{kept.token}/bank/?from=summary", **account("current")[1] | {"bank": "New Bank"}
    )
    assert "New Bank" in joint.text("bank-accounts/?summary")
    joint.browser.post(f"{joint.base}bank-accounts/bank-account/{kept.token}/remove/")
    assert joint.state(BankAccounts) == "Not started"


# Actions, other information


def test_d119_d120_actions(joint: Pages) -> None:
    joint.save("actions/expect", expect="no")
    joint.save("actions/concerns", concerns="no")
    assert joint.state(Actions) == "Finished"
    joint.save("actions/expect", expect="yes", expect_details="A move to a new home")
    joint.save("actions/concerns", concerns="yes", concern_details="The stairs")
    text = joint.text("actions/?summary")
    assert "A move to a new home" in text
    assert "The stairs" in text


def test_d122_other_information(joint: Pages) -> None:
    joint.save("other-info/more", more="no")
    assert joint.state(OtherInfo) == "Finished"
    joint.save("other-info/more", more="yes", details="She likes the garden")
    assert "She likes the garden" in joint.text("other-info/?summary")


# Assets, debts

HOUSE: list[dict[str, Any]] = [
    {"kind": "property"},
    {"address": "1 Sample Road", "postcode": "ZZ1 1AA", "occupants": "Nobody"},
    {"owned": "partly", "share": "50", "equity_release": "no", "mortgage": "no", "charges": "no"},
    {"rented": "no"},
    {"value": "200000"},
]
CAR: list[dict[str, Any]] = [{"kind": "vehicles"}, {"description": "A red car"}, {"value": "1,500.50"}]


def test_d123_no_assets(joint: Pages) -> None:
    joint.save("assets/own", own="no")
    assert joint.state(Assets) == "No assets"


def test_d124_the_count_is_the_number_of_entries(joint: Pages) -> None:
    joint.save("assets/own", own="yes")
    joint.add("assets", "asset", *CAR)
    assert joint.state(Assets) == "1 asset"
    for _ in range(3):
        assert joint.add("assets", "asset", *HOUSE).status_code == 302
    assert joint.state(Assets) == "4 assets"
    text = joint.text("assets/?summary")
    assert "A red car" in text
    assert "1 Sample Road" in text
    assert "50% owned" in text
    assert "£301,500.50" in text, "a part-owned property counts with its part"
    assert all(asset.worth() in {Decimal("1500.50"), Decimal("100000.00")} for asset in joint.entries(Asset))


def test_d126_d127_debts(joint: Pages) -> None:
    joint.save("debts/owes", owes="no")
    assert joint.state(Debts) == "Finished"
    joint.save("debts/owes", owes="yes")
    none = readable(joint.save("debts/care-fees", care_fees="0", loans=""))
    assert "Enter at least one amount" in none
    wrong = readable(joint.save("debts/care-fees", care_fees="12.3.4"))
    assert "Enter an amount in pounds" in wrong
    needs = readable(joint.save("debts/care-fees", other="5"))
    assert "Describe the other debts" in needs
    joint.save("debts/care-fees", care_fees="100.10", loans="0.90")
    joint.save("debts/management", management="Ten pounds a month")
    assert joint.state(Debts) == "Finished"
    assert "£101.00" in joint.text("debts/?summary")
    joint.save("debts/care-fees", care_fees="200.10", loans="0.90")
    assert "£201.00" in joint.text("debts/?summary")


# Benefits check


def test_d129_a_part_of_the_benefits_check_is_not_finished(joint: Pages) -> None:
    joint.save("client-benefits-check/checked", checked="haveChecked", checked_on=("3", "2026"))
    assert joint.state(ClientBenefitsCheck) == "Not finished"


def test_d130_d133_money_that_others_receive(joint: Pages) -> None:
    joint.save("client-benefits-check/checked", checked="haveChecked", checked_on=("3", "2026"))
    joint.save("client-benefits-check/others-receive", others_receive="yes")
    for kind, amount in (("Attendance Allowance", "10"), ("Pension Credit", "20.50")):
        joint.add(
            "client-benefits-check", "money-others-receive",
            {"money_type": kind, "receiver": "The care home", "amount": amount}, another="yes",
        )  # fmt: skip
    joint.add(
        "client-benefits-check", "money-others-receive",
        {"money_type": "Housing Benefit", "receiver": "The landlord", "amount_unknown": "on"},
    )  # fmt: skip
    text = joint.text("client-benefits-check/?summary")
    for shown in ("Attendance Allowance", "£10.00", "Pension Credit", "£20.50", "Housing Benefit", "Not known"):
        assert shown in text
    assert joint.state(ClientBenefitsCheck) == "Finished"
    first = joint.entries(MoneyOthersReceive)[0]
    joint.save(
        f"client-benefits-check/money-others-receive/{first.token}/money-type/?from=summary",
        money_type="Carer’s Allowance", receiver="A friend", amount="11",
    )  # fmt: skip
    joint.browser.post(
        f"{joint.base}client-benefits-check/money-others-receive/{joint.entries(MoneyOthersReceive)[1].token}/remove/"
    )
    text = joint.text("client-benefits-check/?summary")
    assert "Carer’s Allowance" in text
    assert "Pension Credit" not in text


def test_d130_an_amount_and_not_known_exclude_each_other(joint: Pages) -> None:
    joint.save("client-benefits-check/others-receive", others_receive="yes")
    both = {"money_type": "A", "receiver": "B", "amount": "1", "amount_unknown": "on"}
    assert "not both" in readable(joint.add("client-benefits-check", "money-others-receive", both))
    neither = {"money_type": "A", "receiver": "B"}
    assert "Enter the amount, or select" in readable(
        joint.add("client-benefits-check", "money-others-receive", neither)
    )


def test_d131_d132_checking_never_checked_and_not_known(joint: Pages) -> None:
    joint.save("client-benefits-check/checked", checked="currentlyChecking")
    joint.save("client-benefits-check/others-receive", others_receive="no")
    assert joint.state(ClientBenefitsCheck) == "Finished"
    assert "Payments others receive" not in joint.text("client-benefits-check/?summary")
    joint.save("client-benefits-check/checked", checked="neverChecked", never_checked="I did not know")
    joint.save("client-benefits-check/others-receive", others_receive="dontKnow", dont_know="They do not say")
    text = joint.text("client-benefits-check/?summary")
    assert "I did not know" in text
    assert "They do not say" in text


def test_d130_a_date_in_the_future_is_refused(joint: Pages) -> None:
    answer = joint.save("client-benefits-check/checked", checked="haveChecked", checked_on=("1", "2999"))
    assert "not in the future" in readable(answer)


# Contacts, decisions

PERSON = {"contact_name": "Robin Example", "relationship": "Sister", "explanation": "About the move"}


def test_d137_contacts(joint: Pages) -> None:
    joint.save("contacts/consulted", consulted="no", reason="There was nobody")
    assert joint.state(Contacts) == "No contacts"
    joint.save("contacts/consulted", consulted="yes")
    again = joint.add("contacts", "contact", PERSON, another="yes")
    assert again.url.endswith("/contacts/contact/add/")
    assert joint.state(Contacts) == "1 contact"
    joint.add("contacts", "contact", PERSON)
    assert joint.state(Contacts) == "2 contacts"
    assert joint.text("contacts/?summary").count("Robin Example") >= 2


def test_d138_decisions(joint: Pages) -> None:
    joint.save("decisions/capacity", capacity="stayedSame")
    joint.save("decisions/assessed", assessed=("2", "2026"))
    joint.save("decisions/made", made="no", reason="Nothing had to be decided")
    text = joint.text("decisions/?summary")
    for shown in ("It has stayed the same", "February 2026", "Nothing had to be decided"):
        assert shown in text
    assert joint.state(Decisions) == "No decisions"


# Expenses, gifts

POSTAGE = {"explanation": "Postage", "amount": "12.34"}


def test_d160_d162_expenses(joint: Pages) -> None:
    joint.save("deputy-expenses/paid", paid="no")
    assert joint.state(DeputyExpenses) == "No expenses"
    joint.save("deputy-expenses/paid", paid="yes")
    joint.add("deputy-expenses", "expense", POSTAGE, another="yes")
    joint.add("deputy-expenses", "expense", {"explanation": "Train", "amount": "£1,000.66"})
    assert "£1,013.00" in joint.text("deputy-expenses/?summary")
    assert joint.state(DeputyExpenses) == "2 expenses"
    first, second = joint.entries(Expense)
    joint.save(f"deputy-expenses/expense/{first.token}/explanation/?from=summary", explanation="Stamps", amount="2")
    joint.browser.post(f"{joint.base}deputy-expenses/expense/{second.token}/remove/")
    text = joint.text("deputy-expenses/?summary")
    assert "Stamps" in text
    assert "Train" not in text
    joint.save("deputy-expenses/paid", paid="no")
    assert joint.state(DeputyExpenses) == "No expenses"
    assert "Stamps" not in joint.text("deputy-expenses/?summary")
    joint.save("deputy-expenses/paid", paid="yes")
    assert [expense.explanation for expense in joint.entries(Expense)] == ["Stamps"], "nothing lost, nothing invented"


def test_d163_gifts(joint: Pages) -> None:
    joint.save("gifts/given", given="no")
    assert joint.state(Gifts) == "No gifts"
    joint.save("gifts/given", given="yes")
    joint.add("gifts", "gift", {"explanation": "Flowers", "amount": "5"})
    assert joint.state(Gifts) == "1 gift"
    joint.add("gifts", "gift", {"explanation": "A book", "amount": "6"})
    assert joint.state(Gifts) == "2 gifts"
    gift = joint.entries(Gift)[0]
    edit = joint.text(f"gifts/gift/{gift.token}/explanation/?from=summary")
    assert "Do you want to add another" not in edit
    joint.save(f"gifts/gift/{gift.token}/explanation/?from=summary", explanation="Tulips", amount="5")
    assert "Tulips" in joint.text("gifts/?summary")


# Lifestyle, visits


def test_d165_lifestyle(joint: Pages) -> None:
    joint.save("lifestyle/care", care="The dentist in May")
    joint.save("lifestyle/activities", activities="yes", which="Singing, weekly")
    text = joint.text("lifestyle/?summary")
    assert "The dentist in May" in text
    assert "Singing, weekly" in text
    joint.save("lifestyle/activities", activities="no", why_none="Too tired")
    text = joint.text("lifestyle/?summary")
    assert "Too tired" in text
    assert "Singing" not in text
    assert joint.state(Lifestyle) == "Finished"


def test_d166_skipping_stores_nothing_and_empty_text_has_its_message(joint: Pages) -> None:
    assert "Skip for now" in joint.text("lifestyle/care")
    assert joint.state(Lifestyle) == "Not started"
    assert "Describe" in readable(joint.save("lifestyle/care", care=" "))
    assert "Describe the activities" in readable(joint.save("lifestyle/activities", activities="yes", which=""))
    assert "takes part in no activities" in readable(joint.save("lifestyle/activities", activities="no"))


def test_d167_visits_and_care(joint: Pages) -> None:
    joint.save("visits-care/live-together", live_together="yes")
    joint.save("visits-care/paid-care", paid_care="no")
    joint.save("visits-care/carers", carers="His brother")
    joint.save("visits-care/care-plan", care_plan="no")
    assert joint.state(VisitsCare) == "Finished"
    assert "How often do you visit" not in joint.text("visits-care/?summary")
    joint.save("visits-care/live-together", live_together="no", contact="Every Sunday")
    joint.save("visits-care/paid-care", paid_care="yes", funding="client_gets_financial_help")
    joint.save("visits-care/care-plan", care_plan="yes", plan_reviewed=("1", "2026"))
    text = joint.text("visits-care/?summary")
    for shown in ("Every Sunday", "with financial help", "January 2026"):
        assert shown in text
    assert joint.state(VisitsCare) == "Finished"


# Money


def test_d169_three_distinct_errors(joint: Pages) -> None:
    joint.save("money-in/exists", exists="yes")
    assert "Select a kind of money" in readable(joint.add("money-in", "money-received", {"category": ""}))
    empty = joint.add("money-in", "money-received", {"category": "state-pension"}, {"amount": ""})
    assert "Enter an amount" in readable(empty)
    wrong = joint.add("money-in", "money-received", {"category": "state-pension"}, {"amount": "x"})
    assert "Enter an amount in pounds" in readable(wrong)


def test_d170_d171_items_of_money_in(joint: Pages) -> None:
    joint.save("money-in/exists", exists="yes")
    joint.add("money-in", "money-received", {"category": "state-pension"}, {"amount": "100"}, another="yes")
    joint.add("money-in", "money-received", {"category": "dividends"}, {"amount": "50.55"})
    assert joint.state(MoneyIn) == "2 items"
    assert "£150.55" in joint.text("money-in/?summary")
    first, second = joint.entries(MoneyReceived)
    joint.save(f"money-in/money-received/{first.token}/description/?from=summary", amount="101")
    joint.browser.post(f"{joint.base}money-in/money-received/{second.token}/remove/")
    assert "£101.00" in joint.text("money-in/?summary")
    assert joint.state(MoneyIn) == "1 item"
    joint.browser.post(f"{joint.base}money-in/money-received/{first.token}/remove/")
    assert joint.state(MoneyIn) == "Not finished"
    joint.save("money-in/exists", exists="no")
    joint.save("money-in/reason", reason="Everything goes to the home")
    assert "Everything goes to the home" in joint.text("money-in/?summary")
    assert joint.state(MoneyIn) == "No money in"


def test_d177_one_payment_of_every_group_and_their_sums(joint: Pages) -> None:
    joint.save("money-out/exists", exists="yes")
    for group in MONEY_OUT:
        kind = group.kinds[0]
        joint.add(
            "money-out", "money-spent", {"category": kind.id}, {"description": "It", "amount": "10"}, another="yes"
        )
    assert joint.state(MoneyOut) == "9 items"
    assert "£90.00" in joint.text("money-out/?summary")
    both = readable(
        joint.add("money-out", "money-spent", {"category": "cash-withdrawn"}, {"description": "", "amount": ""})
    )
    assert "Enter a description" in both
    assert "Enter an amount" in both


def test_a_lay_deputy_is_offered_the_kinds_of_the_handbook(joint: Pages) -> None:
    joint.save("money-out/exists", exists="yes")
    page = joint.browser.get(f"{joint.base}money-out/money-spent/add/", follow=True).content.decode()
    assert page.count('name="category"') == 40
    assert "professional-fees-eg-solicitor-accountant-non-lay" not in page
    assert sum(len(group.kinds) for group in MONEY_IN) == 26
    assert sum(len(group.kinds) for group in MONEY_OUT) == 42
    assert joint.entries(MoneySpent) == []


@pytest.mark.parametrize(
    ("slug", "section", "entry", "kind", "noun", "ticks"),
    [
        ("money-in-short", MoneyInShort, "money-in-item", MoneyInItem, "Money in", ["bequests", "personal_pension"]),
        ("money-out-short", MoneyOutShort, "money-out-item", MoneyOutItem, "Money out", ["care_fees", "holidays"]),
    ],
)
def test_d173_d174_d179_short_money(
    low: Pages, slug: str, section: Any, entry: str, kind: Any, noun: str, ticks: list[str]
) -> None:
    low.save(f"{slug}/exists", exists="no")
    low.save(f"{slug}/reason", reason="There was none")
    assert low.state(section) == f"No {noun.lower()}"
    low.save(f"{slug}/exists", exists="yes")
    assert "Select at least one" in readable(low.save(f"{slug}/categories"))
    low.save(f"{slug}/categories", categories=ticks)
    assert low.state(section) == "Not finished", "oddity 9"
    low.save(f"{slug}/one-offs", one_offs="no")
    assert low.state(section) == noun
    low.save(f"{slug}/one-offs", one_offs="yes")
    refused = low.add(slug, entry, {"description": "A car", "amount": "999.99"})
    assert "£1,000.00 or more" in readable(refused)
    assert low.add(slug, entry, {"description": "A car", "amount": "1,000.00"}).status_code == 302
    assert low.state(section) == "1 item over £1,000"
    for _ in range(3):
        low.add(slug, entry, {"description": "A sofa", "amount": "2000", "date": ("1", "2", "2026")})
    assert low.state(section) == "4 items over £1,000"
    item = low.entries(kind)[0]
    low.save(f"{slug}/{entry}/{item.token}/description/?from=summary", description="A van", amount="1500")
    low.browser.post(f"{low.base}{slug}/{entry}/{low.entries(kind)[-1].token}/remove/")
    text = low.text(f"{slug}/?summary")
    assert "A van" in text
    assert "£5,500.00" in text


# Transfers


def test_d181_with_one_account_a_transfer_cannot_be_added(joint: Pages) -> None:
    joint.add("bank-accounts", "bank-account", *account("current"))
    text = joint.text("money-transfers")
    assert "You need two accounts" in text
    assert "Add a transfer" not in text
    assert joint.browser.get(f"{joint.base}money-transfers/money-transfer/add/").status_code == 302
    assert joint.entries(MoneyTransfer) == []


def test_d182_transfers(joint: Pages) -> None:
    for number in ("1111", "2222"):
        joint.add("bank-accounts", "bank-account", *account("current", number))
    first, second = (str(each.token) for each in joint.entries(BankAccount))
    joint.save("money-transfers/moved", moved="yes")
    same = {"account_from": first, "account_to": first, "amount": "5"}
    assert "Select a different account" in readable(joint.add("money-transfers", "money-transfer", same))
    move = {"account_from": first, "account_to": second, "amount": "5", "description": "x" * 75}
    again = joint.add("money-transfers", "money-transfer", move, another="yes")
    assert again.url.endswith("/money-transfer/add/")
    assert "Enter 75 characters or fewer" in readable(
        joint.add("money-transfers", "money-transfer", move | {"description": "x" * 76})
    )
    [kept] = joint.entries(MoneyTransfer)
    edit = joint.text(f"money-transfers/money-transfer/{kept.token}/account-from/?from=summary")
    assert "add another" not in edit
    blocked = joint.text(f"bank-accounts/bank-account/{first}/remove/")
    assert "You cannot remove this account" in blocked
    joint.browser.post(f"{joint.base}bank-accounts/bank-account/{first}/remove/")
    assert len(joint.entries(BankAccount)) == 2
    joint.browser.post(f"{joint.base}money-transfers/money-transfer/{kept.token}/remove/")
    assert joint.state(MoneyTransfers) == "Not started"
    assert "Start" in joint.text("money-transfers")


# Re-opened reports


def test_d195_d199_changes_needed_on_exactly_these_sections(deputy: User) -> None:
    from reporting.submissions import actions
    from tests.reporting.submissions.test_submit import SOLE, finish

    report: Report = finish(make_report(deputy, "102"))
    actions.submit(report, SOLE, by=deputy, version=report.version)
    actions.reopen(report, ["clientBenefitsCheck", "gifts"], by=deputy)
    pages = Pages(deputy, Report.objects.get(pk=report.pk))
    assert pages.text().count("Changes needed") == 2 + 1, "two tags, and the sentence at the top that names them"
    again = Report.objects.get(pk=report.pk)
    actions.submit(again, SOLE, by=deputy, version=again.version)
    assert Report.objects.get(pk=report.pk).submitted
