"""Money in, the full account (base 102): every kind of income with its sum."""

from collections.abc import Sequence
from typing import ClassVar

from reporting.engine.conditions import no, yes
from reporting.engine.questions import Choices, LongText, Option, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Page, Section, page
from reporting.sections.bank_accounts import BankAccounts
from reporting.sections.money_categories import MONEY_IN
from reporting.sections.money_entries import Category, MoneyEntry
from reporting.sections.picks import account

SHORT_IN = (
    Option("state_pension_and_benefit", "State Pension and benefits"),
    Option("bequests", "Inheritance"),
    Option("income_from_invesments_dividends_rental", "Income from investments, dividends or renting out property"),
    Option("sale_of_investments_property_assets", "Sale of investments, property or possessions"),
    Option("salary_or_wages", "Salary or wages"),
    Option("compensations_and_damages_awards", "Compensation and damages"),
    Option("personal_pension", "Personal or workplace pension"),
)
"""The misspelt ids are those of stored data and exports (oddity 3)."""


class MoneyIn(Section):
    """The long and the short account of money in share this row, so that a change of report type keeps the gate."""

    key = "moneyIn"
    title = "Money in"
    group = "money"
    order = {"lay": 100, "pa": 120, "prof": 60}
    place = 116
    description = "Pensions, benefits and any other money that {client} received"
    intro = (
        "Tell us about all money that {client} received from {start} to {end}. You can give each kind as one total, or "
        "import bank statements and let the service add them up."
    )
    gather = (
        "Bank statements for the whole period",
        "Letters about pensions and benefits",
    )
    checklist = "Satisfied with the money in?"
    needs = (BankAccounts,)

    exists = YesNo(
        "Did {client} receive any money?", missing="Select yes if {client} received any money", last_year=False
    )
    reason = LongText(
        "Why did {client} receive no money?",
        min_length=3,
        when=no("exists"),
        missing="Explain why {client} received no money",
        last_year=False,
    )
    categories = Choices(
        "What kinds of money did {client} receive?",
        options=SHORT_IN,
        when=yes("exists"),
        hint="Select all that apply",
        missing="Select at least one kind of money",
    )
    one_offs = YesNo(
        "Was any single amount £1,000 or more?",
        when=yes("exists"),
        last_year=False,
        missing="Select yes if any single amount was £1,000 or more",
    )

    pages: ClassVar[Sequence[Page]] = (page("exists"), page("reason"))

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.higher_assets

    def counted(self, count: int) -> str:
        return super().counted(count) if count else "No money in"


class MoneyReceived(MoneyEntry):
    """One kind of money in, as one payment or the sum of several."""

    section = MoneyIn
    when = yes("exists")
    one, many = "item", "items"
    groups = MONEY_IN

    category = Category("What kind of money was it?", groups=MONEY_IN, missing="Select a kind of money", short="Kind")
    account = account("Which account was it paid into?")
