"""Accounts, money in and out, transfers, by the numbers of the acceptance cases."""

from typing import Any

import pytest

from reporting.sections.bank_accounts import KINDS, BankAccount, BankAccounts
from reporting.sections.money_categories import MONEY_IN, MONEY_OUT
from reporting.sections.money_in import SHORT_IN, MoneyIn, MoneyReceived
from reporting.sections.money_in_short import MoneyInItem, MoneyInShort
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_out_short import MoneyOutItem, MoneyOutShort
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers
from tests.reporting.sections.pages import Pages, account, readable

pytestmark = pytest.mark.django_db
EVERY_SHORT_IN = [option.value for option in SHORT_IN]


# Bank accounts


def test_d114_one_account_of_each_type(joint: Pages) -> None:
    """D-114."""
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
    """D-115."""
    pages = account("current")
    pages[page] |= answers
    answer = joint.add("bank-accounts", "bank-account", *pages[: page + 1])
    text = readable(answer)
    assert text.count(message) >= 2, "in the summary at the top and at the field"
    for value in pages[page].values():
        assert value in answer.content.decode()


def test_d116_editing_and_removing_accounts(joint: Pages) -> None:
    """D-116."""
    joint.add("bank-accounts", "bank-account", *account("current"))
    [kept] = joint.entries(BankAccount)
    joint.save(
        f"bank-accounts/bank-account/{kept.token}/bank/?from=summary", **account("current")[1] | {"bank": "New Bank"}
    )
    assert "New Bank" in joint.text("bank-accounts/?summary")
    joint.add("bank-accounts", "bank-account", *account("isa", "7777"))
    assert joint.state(BankAccounts) == "2 accounts"
    other = joint.entries(BankAccount)[1]
    joint.browser.post(f"{joint.base}bank-accounts/bank-account/{other.token}/remove/")
    assert joint.state(BankAccounts) == "1 account"
    joint.browser.post(f"{joint.base}bank-accounts/bank-account/{kept.token}/remove/")
    assert joint.state(BankAccounts) == "Not started"


# Money


def test_d169_three_distinct_errors(joint: Pages) -> None:
    """D-169."""
    joint.save("money-in/exists", exists="yes")
    assert "Select a kind of money" in readable(joint.add("money-in", "money-received", {"category": ""}))
    empty = joint.add("money-in", "money-received", {"category": "state-pension"}, {"amount": ""})
    assert "Enter an amount" in readable(empty)
    wrong = joint.add("money-in", "money-received", {"category": "state-pension"}, {"amount": "x"})
    assert "Enter an amount in pounds" in readable(wrong)


def test_d170_d171_items_of_money_in(joint: Pages) -> None:
    """D-170, D-171."""
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
    """D-177."""
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
        (
            "money-in-short",
            MoneyInShort,
            "money-in-item",
            MoneyInItem,
            "Money in",
            [option.value for option in SHORT_IN],
        ),
        ("money-out-short", MoneyOutShort, "money-out-item", MoneyOutItem, "Money out", ["care_fees", "holidays"]),
    ],
)
@pytest.mark.parametrize("who", ["low", "low_professional"])
def test_d173_d174_d179_short_money(
    request: pytest.FixtureRequest,
    who: str,
    slug: str,
    section: Any,
    entry: str,
    kind: Any,
    noun: str,
    ticks: list[str],
) -> None:
    """D-173, D-174, D-179: the same for lay deputies and organisations."""
    low: Pages = request.getfixturevalue(who)
    low.save(f"{slug}/exists", exists="no")
    low.save(f"{slug}/reason", reason="There was none")
    assert low.state(section) == f"No {noun.lower()}"
    low.save(f"{slug}/exists", exists="yes")
    assert "Select at least one" in readable(low.save(f"{slug}/categories"))
    low.save(f"{slug}/categories", categories=ticks[:1])
    assert low.state(section) == "Not finished", "oddity 9"
    low.save(f"{slug}/one-offs", one_offs="no")
    assert low.state(section) == noun
    low.save(f"{slug}/categories", categories=ticks)
    assert low.state(section) == noun, "one kind or seven"
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
    """D-181."""
    joint.add("bank-accounts", "bank-account", *account("current"))
    text = joint.text("money-transfers")
    assert "You need two accounts" in text
    assert "Add a transfer" not in text
    assert joint.browser.get(f"{joint.base}money-transfers/money-transfer/add/").status_code == 302
    assert joint.entries(MoneyTransfer) == []


def test_d182_transfers(joint: Pages) -> None:
    """D-182."""
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
