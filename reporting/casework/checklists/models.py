"""The checklists that staff fill in about a submitted report (deputy-admin 5): what is asked, saved and submitted.

A checklist is declared as a section of the report is: its model fields are the questions (docs/adr/0012). The engine
gives it its form, its check for stale saves, its rows for the PDF and its row history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from foundation import clock
from reporting.casework.checklists.questions import Check, CheckOrNot, Confirmed, Decision, Written
from reporting.engine.answered import Answered, Page
from reporting.engine.questions import Option
from reporting.reports.models import Report

PA_FEES = "paDeputyExpenses"
BANK = "bankAccounts"
COSTS = "profDeputyCosts"
ESTIMATE = "profDeputyCostsEstimate"


@dataclass(frozen=True)
class Group:
    """Questions under one heading, and the sections of the report whose answers are shown beside them."""

    title: str
    questions: tuple[str, ...]
    sections: tuple[str, ...] = ()


class Checklist(Answered):
    """What both checklists have in common. ``version`` counts the saves; a submission remembers its own."""

    kind: ClassVar[str]
    groups: ClassVar[Sequence[Group]]

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} checklist of report {self.report_id}"

    @classmethod
    def page_of_all(cls) -> Page:
        return cls.pages[0]


def _pages(groups: Sequence[Group]) -> tuple[Page, ...]:
    return (Page(tuple(name for group in groups for name in group.questions)),)


class LodgingChecklist(Checklist):
    """Is the report as it should be? ``uuid`` is the case system's identifier of the checklist."""

    kind = "lodging"
    title = "Lodging checklist"
    impersonal = frozenset({"uuid"})

    period_accurate = Check("L1.1", "Is the reporting period right?")
    contact_details = Confirmed("L1.2", "The contact details of the deputy and the client are up to date")
    deputy_name = Confirmed("L1.3", "The deputy’s full name is the same in Sirius", without={PA_FEES})
    decisions = Check("L2.1", "Are the decisions satisfactory?")
    consultations = Check("L3.1", "Were the right people consulted?")
    care = Check("L4.1", "Are the care arrangements satisfactory?")
    lifestyle = Check("L5.1", "Are you satisfied with the client’s health and lifestyle?", sections={"lifestyle"})
    assets = CheckOrNot("L6.1", "Are the assets declared and managed well?", sections={BANK})
    debts = CheckOrNot("L6.2", "Are the debts managed well?", sections={BANK})
    benefits = CheckOrNot("L7.1", "Has the deputy checked the client’s benefits?", sections={"clientBenefitsCheck"})
    balances_match = CheckOrNot("L8.1", "Are the opening balances the closing balances of last year?", sections={BANK})
    accounts_balance = CheckOrNot("L8.2", "Do the accounts balance?", sections={BANK, "balance"})
    money_movements = Check("L8.3", "Are the movements of money acceptable?", sections={BANK})
    bond_adequate = CheckOrNot("L9.1", "Is the security bond high enough?", sections={BANK}, without={PA_FEES})
    bond_order = CheckOrNot("L9.2", "Is the bond order the same in Sirius?", sections={BANK}, without={PA_FEES})
    costs_certificate = CheckOrNot("L10.1", "Do the payments match the final cost certificate?", sections={COSTS})
    costs_reasonable = CheckOrNot("L10.2", "Are the costs reasonable and proportionate?", sections={COSTS})
    costs_estimate = CheckOrNot("L10.3", "Is the charge higher than the estimate of last year?", sections={COSTS})
    next_costs = Check("L11.1", "Is the estimate for the next period satisfactory?", sections={ESTIMATE})
    charge_allowed = Check("L12.1", "Does the court allow the deputy to charge?", sections={PA_FEES, BANK})
    fees_satisfactory = CheckOrNot("L12.2", "Are you satisfied with the fees and expenses?", sections={PA_FEES, BANK})
    future_decisions = Check("L13.1", "Does the deputy expect significant decisions or changes?")
    concerns = Check("L13.2", "Has the deputy raised concerns?")
    satisfied = Check("L14.1", "Are you satisfied with this report?")
    summary = Written("", "Lodging summary", missing="Write the lodging summary")
    decision = Decision(
        "",
        "Final decision",
        options=(
            Option("for-review", "Send for full review"),
            Option("incomplete", "Report is incomplete"),
            Option("further-casework-required", "Further casework is required"),
            Option("satisfied", "Satisfied: no further action"),
        ),
        missing="Select the final decision",
    )
    uuid = models.CharField(max_length=36, blank=True, help_text="the case system's identifier")

    groups = (
        Group("Report, deputy and client", ("period_accurate", "contact_details", "deputy_name")),
        Group("Decisions", ("decisions",), ("decisions",)),
        Group("People consulted", ("consultations",), ("contacts",)),
        Group("Visits and care", ("care",), ("visitsCare",)),
        Group("Health and lifestyle", ("lifestyle",), ("lifestyle",)),
        Group("Assets and debts", ("assets", "debts"), ("assets", "debts")),
        Group("Benefits", ("benefits",), ("clientBenefitsCheck",)),
        Group(
            "Money",
            ("balances_match", "accounts_balance", "money_movements"),
            (BANK, "balance", "moneyTransfers", "moneyIn", "moneyInShort", "moneyOut", "moneyOutShort", "gifts",
             "deputyExpenses"),
        ),
        Group("Bonds", ("bond_adequate", "bond_order")),
        Group("Costs of a professional deputy", ("costs_certificate", "costs_reasonable", "costs_estimate"), (COSTS,)),
        Group("Estimate of the next costs", ("next_costs",), (ESTIMATE,)),
        Group("Fees and expenses of a public authority", ("charge_allowed", "fees_satisfactory"), (PA_FEES,)),
        Group("Next year", ("future_decisions", "concerns"), ("actions",)),
        Group("Conclusion", ("satisfied", "summary", "decision"), ("otherInfo", "documents")),
    )  # fmt: skip
    pages = _pages(groups)


class FullReviewChecklist(Checklist):
    """A closer look at a report whose lodging checklist asked for it. Only the decision has to be made."""

    kind = "full-review"
    title = "Full review checklist"

    statements = CheckOrNot("R1.1", "Are there full bank statements?", required=False)
    lodging_concerns = CheckOrNot("R2.1", "Did lodging raise concerns?", required=False)
    spending = CheckOrNot("R3.1", "Is the spending acceptable?", required=False)
    expenses = CheckOrNot("R3.2", "Are the expenses reasonable?", required=False)
    gifts = CheckOrNot("R3.3", "Are the gifts reasonable?", required=False)
    debts = CheckOrNot("R3.4", "Are the debts manageable?", required=False)
    spending_concerns = CheckOrNot("R3.5", "Are there concerns about the spending?", required=False)
    referral = Check("R4.1", "Does this need a referral?", required=False)
    decision = Decision(
        "",
        "Decision",
        options=(
            Option("satisfied", "Satisfied: no further action"),
            Option("further-casework-required", "Further casework is required"),
            Option("escalate", "Escalate"),
        ),
        missing="Select the decision",
    )
    explanation = Written("", "Explain the decision", required=False)

    groups = (
        Group("Bank statements", ("statements",), (BANK, "documents")),
        Group("Lodging", ("lodging_concerns",)),
        Group(
            "Spending",
            ("spending", "expenses", "gifts", "debts", "spending_concerns"),
            ("balance", "moneyOut", "moneyOutShort", "deputyExpenses", PA_FEES, COSTS, "gifts", "debts"),
        ),
        Group("Conclusion", ("referral", "decision", "explanation")),
    )
    pages = _pages(groups)


KINDS: dict[str, type[LodgingChecklist] | type[FullReviewChecklist]] = {
    kind.kind: kind for kind in (LodgingChecklist, FullReviewChecklist)
}


class FurtherInformation(models.Model):
    """What staff learned about a report, and what they did with it: a history that only grows."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="further_information")
    text = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"further information {self.pk}"


class ChecklistSubmission(models.Model):
    """A checklist that somebody signed off, with its ``content`` as it was printed and sent; never changed.

    ``number`` counts those of one report, lodging and full review together; ``version`` is the checklist's.
    """

    impersonal = frozenset({"decision", "role"})

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="checklist_submissions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(key, kind.title) for key, kind in KINDS.items()])
    version = models.PositiveIntegerField()
    decision = models.CharField(max_length=60)
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=40, help_text="of the person who signed it off")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="checklist_number_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"checklist submission {self.pk}"

    @property
    def key(self) -> str:
        """The key of its delivery."""
        return f"checklist-{self.pk}"


def signer(user: Any) -> str:
    """Who did it; the account may be gone since (D-205)."""
    return user.name if user else "Deleted User"
