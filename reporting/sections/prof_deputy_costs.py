"""What a professional deputy charged: fixed or assessed costs, interim bills, and further costs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reporting.engine.conditions import above_zero, is_, no, yes
from reporting.engine.periods import months_after
from reporting.engine.questions import Choice, Date, LongText, Money, YesNo, pounds
from reporting.engine.report_types import Family, ReportType
from reporting.engine.rows import Block, Missing, Row, Rows
from reporting.engine.section import Answers, Entry, Page, Section, page
from reporting.sections.amounts import added, any_given
from reporting.sections.prof_deputy_costs_estimate import ASSESSED, CHARGED, ProfDeputyCostsEstimate

MOST_BILLED = Decimal("10_000_000")
"""The upper limit of an interim bill and of costs for an earlier period, in pounds."""
LONGEST_PERIOD = 15
"""Months that a period of earlier costs may last."""
BILLS = (("bill1_on", "bill1"), ("bill2_on", "bill2"), ("bill3_on", "bill3"))
FURTHER = (
    "appointments",
    "annual_reporting",
    "conveyancing",
    "tax_returns",
    "disbursements",
    "cost_draftsman",
    "other",
)
NO_FURTHER = "Enter at least one amount"


def billed_on(which: str) -> Date:
    return Date(
        f"Date of the {which} bill",
        hint="For example, 27 3 2026",
        when=yes("interim"),
        required=False,
        not_future=True,
        last_year=False,
    )


def billed(which: str) -> Money:
    return Money(
        f"Amount of the {which} bill",
        when=yes("interim"),
        required=False,
        least=Decimal("0.01"),
        most=MOST_BILLED,
        last_year=False,
    )


def further(label: str) -> Money:
    return Money(label, when=yes("has_further"), required=False, last_year=False)


def last_estimate(section: Any) -> str:
    """Last year's estimate, to compare the costs with."""
    previous = section.report.previous
    if previous is None or not ProfDeputyCostsEstimate.applies_to(previous.kind):
        return ""
    estimate = Answers(previous)[ProfDeputyCostsEstimate].management
    return "" if estimate is None else f"Last year you estimated {pounds(estimate)} for general management"


class ProfDeputyCosts(Section):
    key = "profDeputyCosts"
    title = "Deputy costs"
    group = "money"
    order = {"prof": 140}
    place = 140
    description = "Costs that you charged for your work as a deputy"
    intro = (
        "Tell us about the costs that you charged for being {client}’s deputy from {start} to {end}, and about "
        "payments that you took in this period for work in earlier ones."
    )
    gather = (
        "The dates and amounts of interim bills",
        "The amount that you send to the Senior Courts Costs Office for assessment",
        "Payments that you took for work in earlier periods",
    )
    checklist = "Satisfied with the deputy’s costs?"

    charged = Choice("How did you charge for your work?", options=CHARGED, missing="Select how you charged")
    has_previous = YesNo(
        "Did you take payments in this period for work in earlier periods?",
        missing="Select yes if you took payments for earlier periods",
        last_year=False,
    )
    interim = YesNo(
        "Did you send interim bills under Practice Direction 19B?",
        when=ASSESSED,
        missing="Select yes if you sent interim bills",
        last_year=False,
    )
    bill1_on, bill1 = billed_on("first"), billed("first")
    bill2_on, bill2 = billed_on("second"), billed("second")
    bill3_on, bill3 = billed_on("third"), billed("third")
    fixed = Money(
        "How much did you charge for your work from {start} to {end}?",
        when=is_("charged", "fixed") | no("interim"),
        most=None,
        missing="Enter how much you charged",
        last_year=False,
    )
    to_assess = Money(
        "How much do you send to the Senior Courts Costs Office for assessment?",
        hint="Enter 0 if you send nothing for this period",
        when=ASSESSED,
        most=None,
        missing="Enter the amount that you send for assessment",
        last_year=False,
    )
    beyond_estimate = LongText(
        "If your costs are 20% or more above last year’s estimate, why? (optional)",
        hint=last_estimate,
        when=ASSESSED,
        required=False,
        last_year=False,
    )
    has_further = YesNo(
        "Were there any further costs?",
        hint="For example, for appointments, tax returns or conveyancing",
        missing="Select yes if there were any further costs",
        last_year=False,
    )
    appointments = further("Appointments")
    annual_reporting = further("Annual reporting")
    conveyancing = further("Conveyancing")
    tax_returns = further("Tax returns")
    disbursements = further("Disbursements")
    cost_draftsman = further("Costs draftsman")
    other = further("Other costs")
    other_details = LongText(
        "What were the other costs?",
        hint="Only if you entered an amount for other costs",
        rows=3,
        when=yes("has_further") & above_zero("other"),
        missing="Describe the other costs",
        last_year=False,
    )

    pages = (
        page("charged"),
        page("has_previous"),
        page("interim"),
        page(*(name for bill in BILLS for name in bill), title="Interim bills", intro="Enter up to 3 interim bills."),
        page("fixed"),
        page("to_assess", "beyond_estimate", title="Costs to be assessed"),
        page("has_further", *FURTHER, "other_details", title="Further costs"),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.family is Family.PROF

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        if "bill1" in at.questions:
            return bill_faults(values)
        if "has_further" in at.questions and values.get("has_further") == "yes" and not any_given(values, FURTHER):
            return {FURTHER[0]: NO_FURTHER}
        return {}

    def missing_answers(self) -> list[Missing]:
        found = super().missing_answers()
        if self.asked(self.questions()["bill1"]):
            found += [Missing(fault, self.page_of(name).slug) for name, fault in bill_faults(self.values()).items()]
        if self.has_further == "yes" and not any_given(self.values(), FURTHER):
            found.append(Missing(NO_FURTHER, self.page_of(FURTHER[0]).slug))
        return found

    def this_period(self) -> Decimal:
        """Interim bills, or else the one amount; and further costs. What is to be assessed is not charged yet."""
        asked = [question.name for question in self.asked_questions()]
        counted = {*(bill for _on, bill in BILLS), "fixed", *FURTHER}
        return added(self, counted.intersection(asked))

    def earlier_periods(self) -> Decimal:
        return super().total()

    def total(self) -> Decimal:
        return self.earlier_periods() + self.this_period()

    def count(self) -> int | None:
        return None

    def more_blocks(self) -> list[Block]:
        if self.missing():
            return []
        totals = (
            Row("Costs for earlier periods", pounds(self.earlier_periods()), kind="money"),
            Row("Costs for this period", pounds(self.this_period()), kind="money"),
            Row("Total costs", pounds(self.total()), kind="money"),
        )
        return [Rows(totals)]

    def fill(self, chance: Any) -> None:
        super().fill(chance)
        if self.has_further == "yes" and not any_given(self.values(), FURTHER):
            self.appointments = Decimal("75.00")


def bill_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """A bill needs its date and its amount, and there has to be one."""
    found = {}
    for on, amount in BILLS:
        if values.get(on) is None and values.get(amount) is not None:
            found[on] = "Enter the date of this bill"
        elif values.get(on) is not None and values.get(amount) is None:
            found[amount] = "Enter the amount of this bill"
    if not found and all(values.get(on) is None for on, _amount in BILLS):
        found[BILLS[0][0]] = "Enter the date and the amount of at least one bill"
    return found


class EarlierCost(Entry):
    """A payment taken in this period for work in an earlier one. It counts in this period's balance."""

    section = ProfDeputyCosts
    when = yes("has_previous")
    one, many = "payment for an earlier period", "payments for earlier periods"
    columns = ("start", "end", "amount")
    total = "amount"

    start = Date("When did that period start?", hint="For example, 27 3 2024", short="From", last_year=False)
    end = Date("When did that period end?", hint="For example, 26 3 2025", short="To", last_year=False)
    amount = Money(
        "How much was paid?",
        least=Decimal("0.01"),
        most=MOST_BILLED,
        short="Amount",
        missing="Enter how much was paid",
        last_year=False,
    )

    pages = (page("start", "end", "amount", title="Payment for an earlier period"),)

    @property
    def name(self) -> str:
        from_, to, _amount = self.cells()
        return f"{from_} to {to}" if from_ and to else f"New {self.one}"

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        start, end = values["start"], values["end"]
        if end < start:
            return {"end": "Enter an end date that is not before the start date"}
        if end > months_after(start, LONGEST_PERIOD):
            return {"end": f"Enter an end date no more than {LONGEST_PERIOD} months after the start date"}
        return {}
