"""What the client owes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reporting.engine.conditions import above_zero, yes
from reporting.engine.questions import LongText, Money, YesNo, pounds
from reporting.engine.report_types import ReportType
from reporting.engine.rows import Block, Missing, Row, Rows
from reporting.engine.section import Page, Section, page
from reporting.sections.amounts import added, any_given

AMOUNTS = ("care_fees", "credit_cards", "loans", "other")


class Debts(Section):
    key = "debts"
    title = "Debts"
    group = "money"
    order = {"lay": 130, "pa": 170, "prof": 130}
    place = 100
    description = "Care fees, credit cards, loans and anything else that {client} owes"
    intro = "Tell us about everything that {client} owed on {end}."
    gather = ("Statements of loans, credit cards and unpaid care fees",)
    checklist = "Satisfied with the debts and how they are managed?"

    owes = YesNo("Does {client} owe any money?", missing="Select yes if {client} owes any money")
    care_fees = Money("Care fees that have not been paid", when=yes("owes"), required=False)
    credit_cards = Money("Credit cards", when=yes("owes"), required=False)
    loans = Money("Loans", when=yes("owes"), required=False)
    other = Money("Other debts", when=yes("owes"), required=False)
    other_details = LongText(
        "What are the other debts?", rows=3, when=yes("owes") & above_zero("other"), missing="Describe the other debts"
    )
    management = LongText(
        "How are the debts being managed or reduced?",
        when=yes("owes"),
        missing="Explain how the debts are being managed or reduced",
    )

    pages = (
        page("owes"),
        page(*AMOUNTS, "other_details", title="Amounts that {client} owes"),
        page("management", skip=True),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.property_and_affairs

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        if at is self.pages[1] and not any_given(values, AMOUNTS):
            return {"care_fees": "Enter at least one amount that {client} owes".format_map(self.words())}
        return {}

    def clear_unasked(self) -> list[str]:
        """How debts are managed is kept, unseen, in case there are debts again (deputy-reports 4.11)."""
        management = self.management
        cleared = super().clear_unasked()
        self.management = management
        return [name for name in cleared if name != "management"]

    def missing_answers(self) -> list[Missing]:
        found = super().missing_answers()
        if self.owes == "yes" and self.total() == 0:
            found.insert(0, Missing("At least one amount that is owed", self.pages[1].slug))
        return found

    def total(self) -> Decimal:
        return added(self, AMOUNTS)

    def more_blocks(self) -> list[Block]:
        return [Rows((Row("Total of all debts", pounds(self.total()), kind="money"),))] if self.owes == "yes" else []

    def fill(self, chance: Any) -> None:
        super().fill(chance)
        if self.owes == "yes" and self.total() == 0:
            self.care_fees = Decimal("120.50")
