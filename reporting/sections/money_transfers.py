"""Money moved between the client's own accounts. It does not enter the balance."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reporting.engine.conditions import yes
from reporting.engine.questions import Money, Pick, Text, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Page, Section, page
from reporting.sections.bank_accounts import BankAccount, BankAccounts
from reporting.sections.summed import Summed


class MoneyTransfers(Section):
    key = "moneyTransfers"
    title = "Money transfers"
    group = "money"
    order = {"lay": 90, "pa": 110, "prof": 80}
    place = 115
    description = "Money moved between {client}’s own accounts"
    intro = (
        "Tell us about money that you moved from one of {client}’s accounts to another. It does not change the balance."
    )
    gather = ("Dates and amounts of transfers between {client}’s own accounts",)
    checklist = "Satisfied with the transfers between accounts?"
    needs = (BankAccounts,)

    moved = YesNo(
        "Did you move money between {client}’s accounts?", missing="Select yes if you moved money between accounts"
    )

    pages = (page("moved"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.higher_assets

    def not_needed(self) -> str:
        accounts = len(self.answers.entries(BankAccount))
        if accounts > 1:
            return ""
        return (
            "You need two accounts to record a transfer between them. Only one has been added."
            if accounts
            else ("You need two accounts to record a transfer between them. None has been added yet.")
        )


class MoneyTransfer(Summed):
    section = MoneyTransfers
    when = yes("moved")
    one, many = "transfer", "transfers"
    columns = ("account_from", "account_to", "description", "amount")
    total = "amount"

    account_from = Pick(
        "Which account did the money leave?",
        of="BankAccount",
        protects=True,
        short="From",
        missing="Select the account that the money left",
    )
    account_to = Pick(
        "Which account did it go to?",
        of="BankAccount",
        protects=True,
        short="To",
        missing="Select the account that the money went to",
    )
    amount = Money("How much was moved?", missing="Enter the amount that was moved", short="Amount")
    description = Text(
        "What was it for?", max_length=75, required=False, short="Description", hint="You can leave this blank"
    )

    pages = (page("account_from", "account_to", "amount", "description", title="Transfer"),)

    @property
    def origin(self) -> str:
        return "Found in your bank statements"

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        if values.get("account_from") and values.get("account_from") == values.get("account_to"):
            return {"account_to": "Select a different account: money cannot move to the account that it left"}
        return super().check_page(at, values)

    def fill(self, chance: Any) -> None:
        entry: Any = self
        entry.account_from, entry.account_to, *_others = self.answers.entries(BankAccount)
        self.amount = Decimal("250.00")
        super().fill(chance)
