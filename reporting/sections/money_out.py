"""Money out, the full account (base 102): every kind of spending with its sum."""

from collections.abc import Sequence
from typing import ClassVar

from reporting.engine.conditions import no, yes
from reporting.engine.questions import Choices, LongText, Option, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Page, Section, page
from reporting.sections.bank_accounts import BankAccounts
from reporting.sections.money_categories import MONEY_OUT
from reporting.sections.money_entries import Category, MoneyEntry
from reporting.sections.picks import account

SHORT_OUT = (
    Option("accomodation_costs", "Accommodation"),
    Option("care_fees", "Care fees"),
    Option("holidays", "Holidays"),
    Option("households_bills", "Household bills"),
    Option("personal_allowance", "Personal allowance"),
    Option("professional_fees", "Professional fees"),
    Option("new_investments", "New investments"),
    Option("travel_costs", "Travel"),
)


class MoneyOut(Section):
    """The long and the short account of money out share this row, as for money in."""

    key = "moneyOut"
    title = "Money out"
    group = "money"
    order = {"lay": 110, "pa": 130, "prof": 90}
    place = 117
    description = "Care, bills and anything else that was paid with {client}’s money"
    intro = (
        "Tell us about all money that was spent for {client} from {start} to {end}, apart from gifts and your own "
        "expenses, which have their own sections. You can give each kind as one total."
    )
    gather = (
        "Bank statements for the whole period",
        "Bills and receipts for larger payments",
    )
    checklist = "Satisfied with the money out?"
    needs = (BankAccounts,)

    exists = YesNo(
        "Was any of {client}’s money spent?", missing="Select yes if any of {client}’s money was spent", last_year=False
    )
    reason = LongText(
        "Why was none of {client}’s money spent?",
        min_length=3,
        when=no("exists"),
        missing="Explain why none of {client}’s money was spent",
        last_year=False,
    )
    categories = Choices(
        "What was {client}’s money spent on?",
        options=SHORT_OUT,
        when=yes("exists"),
        hint="Select all that apply",
        missing="Select at least one kind of spending",
    )
    one_offs = YesNo(
        "Was any single payment £1,000 or more?",
        when=yes("exists"),
        last_year=False,
        missing="Select yes if any single payment was £1,000 or more",
    )

    pages: ClassVar[Sequence[Page]] = (page("exists"), page("reason"))

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.higher_assets

    def counted(self, count: int) -> str:
        return super().counted(count) if count else "No money out"


class MoneySpent(MoneyEntry):
    """One kind of money out, as one payment or the sum of several."""

    section = MoneyOut
    when = yes("exists")
    one, many = "item", "items"
    groups = MONEY_OUT

    category = Category("What was it spent on?", groups=MONEY_OUT, missing="Select what it was spent on", short="Kind")
    account = account()
