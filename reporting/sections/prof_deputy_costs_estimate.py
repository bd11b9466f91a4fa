"""What a professional deputy expects to charge in the next period."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from reporting.engine.conditions import is_, yes
from reporting.engine.periods import year_from
from reporting.engine.questions import Choice, LongText, Money, Option, YesNo, pounds
from reporting.engine.report_types import Family, ReportType
from reporting.engine.rows import Block, Missing, Row, Rows
from reporting.engine.section import Page, Section, page
from reporting.sections.amounts import added

CHARGED = (
    Option("fixed", "Fixed costs"),
    Option("assessed", "Assessed costs"),
    Option("both", "Both fixed and assessed costs"),
)
PARTS = ("contact_client", "contact_carers", "contact_others", "forms")
ASSESSED = is_("charged", "assessed", "both")


def next_period(section: Any) -> str:
    """The period that the estimate is for: that of next year's report."""
    start, end = year_from(section.report.end + timedelta(days=1))
    return f"{start:%-d %B %Y} to {end:%-d %B %Y}"


def introduction(section: Any) -> str:
    return f"Tell us what you expect to charge for being {{client}}’s deputy from {next_period(section)}."


def part(label: str) -> Money:
    return Money(label, when=ASSESSED, required=False, most=Decimal("100_000_000"))


class ProfDeputyCostsEstimate(Section):
    key = "profDeputyCostsEstimate"
    title = "Deputy costs estimate"
    group = "money"
    order = {"prof": 150}
    place = 150
    description = "Costs that you expect to charge in the next reporting period"
    gather = ("Your estimate of the costs of general management in the next period",)
    checklist = "Satisfied with the estimate of costs?"

    intro = staticmethod(introduction)

    charged = Choice(
        lambda section: f"How will you charge for your work from {next_period(section)}?",
        options=CHARGED,
        missing="Select how you will charge",
    )
    management = Money(
        "How much do you expect to charge in total for general management?",
        when=ASSESSED,
        missing="Enter how much you expect to charge for general management",
    )
    contact_client = part("Contact with {client}")
    contact_carers = part("Contact with the case manager and carers")
    contact_others = part("Contact with others")
    forms = part("Forms and documents")
    more = YesNo(
        "Is there anything else you want to tell us about these costs?",
        when=ASSESSED,
        missing="Select yes if there is anything else",
        last_year=False,
    )
    details = LongText("Tell us more", when=yes("more"), missing="Enter what you want to tell us", last_year=False)

    pages = (
        page("charged"),
        page("management", *PARTS, title="Costs of general management", intro="You can leave parts of it blank."),
        page("more", "details", title="More information"),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.family is Family.PROF

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        return {"management": self._excess(values)} if self._excess(values) else {}

    def problems(self) -> list[Missing]:
        fault = self._excess(self.values())
        return [Missing(fault, self.page_of("management").slug)] if fault else []

    def _excess(self, values: Mapping[str, Any]) -> str:
        """What is wrong where the parts come to more than the whole."""
        parts = sum((values.get(name) or Decimal(0) for name in PARTS), Decimal("0.00"))
        whole = values.get("management")
        if whole is None or parts <= whole:
            return ""
        return f"The parts come to {pounds(parts)}: the total must be at least that"

    def more_blocks(self) -> list[Block]:
        if self.charged in {None, "fixed"} or self.management is None:
            return []
        rest = self.management - added(self, PARTS)
        rows = (
            Row("Not broken down", pounds(rest), kind="money"),
            Row("Total estimate", pounds(self.management), kind="money"),
        )
        return [Rows(rows)]

    def fill(self, chance: Any) -> None:
        super().fill(chance)
        if self.management is not None:
            self.management = max(self.management, added(self, PARTS))
