"""Gifts that the deputy made on the client's behalf."""

from decimal import Decimal

from reporting.engine.conditions import yes
from reporting.engine.questions import LongText, Money, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Section, page
from reporting.sections.bank_accounts import BankAccounts
from reporting.sections.picks import account
from reporting.sections.summed import Summed


class Gifts(Section):
    key = "gifts"
    title = "Gifts"
    group = "money"
    order = {"lay": 80, "pa": 60, "prof": 110}
    place = 160
    description = "Presents and donations made with {client}’s money"
    intro = (
        "Tell us about gifts made with {client}’s money from {start} to {end}: presents to family and friends, and "
        "donations to charities."
    )
    gather = ("A list of gifts, with who received each and what it cost",)
    checklist = "Satisfied with the gifts?"
    needs = (BankAccounts,)

    given = YesNo("Were any gifts made with {client}’s money?", missing="Select yes if any gifts were made")

    pages = (page("given"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.property_and_affairs


class Gift(Summed):
    section = Gifts
    when = yes("given")
    one, many = "gift", "gifts"
    columns = ("explanation", "account", "amount")
    total = "amount"

    explanation = LongText(
        "What was the gift, and who was it for?",
        short="Gift",
        rows=3,
        hint="For example, a birthday present for a grandchild",
        missing="Describe the gift and who it was for",
        samples=("Birthday present for a niece", "Flowers for a neighbour", "Donation to the hospice"),
    )
    amount = Money("How much did it cost?", least=Decimal("0.01"), missing="Enter what the gift cost", short="Amount")
    account = account()

    pages = (page("explanation", "amount", "account", title="Gift"),)
