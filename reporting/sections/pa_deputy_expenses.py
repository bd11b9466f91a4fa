"""What a public authority charged: fees that the practice direction allows, and expenses beyond them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reporting.engine.conditions import above_zero, no, yes
from reporting.engine.questions import LongText, Money, YesNo, pounds
from reporting.engine.report_types import Family, ReportType
from reporting.engine.rows import Block, Missing, Row, Rows
from reporting.engine.section import Page, Section, page
from reporting.sections.amounts import added, any_given
from reporting.sections.bank_accounts import BankAccounts
from reporting.sections.expense_entries import ExpenseEntry

FEES = (
    "work_until_order",
    "annual_management",
    "property_management",
    "annual_report",
    "tax_return",
    "travel",
    "specialist",
)
NO_FEE = "Enter at least one fee"


class PaDeputyExpenses(Section):
    key = "paDeputyExpenses"
    title = "Deputy fees and expenses"
    group = "money"
    order = {"pa": 50}
    place = 125
    description = "Fees that you charged, and expenses that you claimed back"
    intro = (
        "Tell us about the fees that you charged for being {client}’s deputy from {start} to {end}, and about expenses "
        "that they did not cover. Practice Direction 19B says which fees a public authority may charge."
    )
    gather = ("The fees that you charged, with their amounts", "Receipts for other expenses")
    checklist = "Satisfied with the deputy’s fees and expenses?"
    needs = (BankAccounts,)

    fees = YesNo(
        "Did you charge any fees that the practice direction allows?", missing="Select yes if you charged any fees"
    )
    no_fees = LongText("Why did you charge no fees?", when=no("fees"), rows=3, missing="Explain why you charged none")
    work_until_order = Money("Work up to and including the day of the court order", when=yes("fees"), required=False)
    annual_management = Money("Annual management fee", when=yes("fees"), required=False)
    property_management = Money("Annual property management fee", when=yes("fees"), required=False)
    annual_report = Money("Preparing and sending the annual report", when=yes("fees"), required=False)
    tax_return = Money("Completing a tax return", when=yes("fees"), required=False)
    travel = Money("Travel costs", when=yes("fees"), required=False)
    travel_details = LongText(
        "What were the travel costs for?",
        hint="Only if you entered an amount for travel",
        rows=3,
        when=yes("fees") & above_zero("travel"),
        missing="Describe the travel costs",
    )
    specialist = Money("Specialist services", when=yes("fees"), required=False)
    specialist_details = LongText(
        "What were the specialist services?",
        hint="Only if you entered an amount for specialist services",
        rows=3,
        when=yes("fees") & above_zero("specialist"),
        missing="Describe the specialist services",
    )
    paid = YesNo(
        "Did you claim any expenses that those fees did not cover?",
        missing="Select yes if you claimed any expenses",
    )

    pages = (
        page("fees", "no_fees", title="Fees"),
        page(*FEES[:6], "travel_details", "specialist", "specialist_details", title="Fees that you charged"),
        page("paid"),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.family is Family.PA

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        return {FEES[0]: NO_FEE} if FEES[0] in at.questions and not any_given(values, FEES) else {}

    def missing_answers(self) -> list[Missing]:
        found = super().missing_answers()
        if self.fees == "yes" and not any_given(self.values(), FEES):
            found.insert(0, Missing(NO_FEE, self.page_of(FEES[0]).slug))
        return found

    def fees_total(self) -> Decimal:
        return added(self, FEES) if self.fees == "yes" else Decimal("0.00")

    def total(self) -> Decimal:
        """Fees and expenses together."""
        return self.fees_total() + super().total()

    def count(self) -> int | None:
        return None

    def more_blocks(self) -> list[Block]:
        if self.fees is None and self.paid is None:
            return []
        totals = (
            Row("Total of fees", pounds(self.fees_total()), kind="money"),
            Row("Total of fees and expenses", pounds(self.total()), kind="money"),
        )
        return [Rows(totals)]

    def fill(self, chance: Any) -> None:
        super().fill(chance)
        if self.fees == "yes" and not any_given(self.values(), FEES):
            self.annual_management = Decimal("982.00")


class PaExpense(ExpenseEntry):
    section = PaDeputyExpenses
    when = yes("paid")
