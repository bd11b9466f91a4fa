"""Assets, debts, benefits, expenses and gifts, by the numbers of the acceptance cases."""

from decimal import Decimal
from typing import Any

import pytest

from reporting.sections.assets import Asset, Assets
from reporting.sections.client_benefits_check import ClientBenefitsCheck, MoneyOthersReceive
from reporting.sections.debts import Debts
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.sections.gifts import Gift, Gifts
from tests.reporting.sections.pages import Pages, readable

pytestmark = pytest.mark.django_db


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
    """D-123."""
    joint.save("assets/own", own="no")
    assert joint.state(Assets) == "No assets"


def test_d124_the_count_is_the_number_of_entries(joint: Pages) -> None:
    """D-124."""
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
    """D-126, D-127."""
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
    joint.save("debts/owes", owes="no")
    joint.save("debts/owes", owes="yes")
    assert Debts.objects.get().care_fees is None
    assert "Ten pounds a month" in joint.text("debts/management"), "how they are managed is kept"


# Benefits check


def test_d129_a_part_of_the_benefits_check_is_not_finished(joint: Pages) -> None:
    """D-129."""
    joint.save("client-benefits-check/checked", checked="haveChecked", checked_on=("3", "2026"))
    assert joint.state(ClientBenefitsCheck) == "Not finished"


def test_d130_d133_money_that_others_receive(joint: Pages) -> None:
    """D-130, D-133."""
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
    for kind in ("Rent", "Pension", "Interest"):
        joint.add(
            "client-benefits-check", "money-others-receive", {"money_type": kind, "receiver": "A", "amount": "1"},
            another="yes",
        )  # fmt: skip
    assert len(joint.entries(MoneyOthersReceive)) == 5
    assert "Interest" in joint.text("client-benefits-check/?summary")


def test_d130_an_amount_and_not_known_exclude_each_other(joint: Pages) -> None:
    """D-130."""
    joint.save("client-benefits-check/others-receive", others_receive="yes")
    both = {"money_type": "A", "receiver": "B", "amount": "1", "amount_unknown": "on"}
    assert "not both" in readable(joint.add("client-benefits-check", "money-others-receive", both))
    neither = {"money_type": "A", "receiver": "B"}
    assert "Enter the amount, or select" in readable(
        joint.add("client-benefits-check", "money-others-receive", neither)
    )


def test_d131_d132_checking_never_checked_and_not_known(joint: Pages) -> None:
    """D-131, D-132."""
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
    """D-130."""
    answer = joint.save("client-benefits-check/checked", checked="haveChecked", checked_on=("1", "2999"))
    assert "not in the future" in readable(answer)


# Expenses, gifts

POSTAGE = {"explanation": "Postage", "amount": "12.34"}


def test_d160_d162_expenses(joint: Pages) -> None:
    """D-160, D-162."""
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
    """D-163."""
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
