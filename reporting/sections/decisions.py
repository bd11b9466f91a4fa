"""Mental capacity, and the significant decisions made for the client."""

from typing import Any

from reporting.engine.conditions import is_, no, yes
from reporting.engine.questions import Choice, LongText, MonthYear, Option, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Entry, Section, page


def kind_of_decision(owner: Any) -> str:
    """The words for the decisions that the court order covers (oddity 4: all 104 types are health and welfare)."""
    kind = owner.report.kind
    if kind.hybrid:
        return "financial or health and welfare"
    return "health and welfare" if kind.health_and_welfare else "financial"


class Decisions(Section):
    key = "decisions"
    title = "Decisions"
    group = "decisions"
    order = {"lay": 10, "pa": 10, "prof": 10}
    place = 30
    description = "{client}’s mental capacity, and the significant decisions you made"
    intro = (
        "Tell us whether {client}’s mental capacity has changed, and about the significant decisions you made for "
        "{client} from {start} to {end}."
    )
    gather = (
        "The month of the last assessment of {client}’s mental capacity",
        "Notes of the significant decisions you made, and how {client} was involved",
    )
    checklist = "Satisfied with the decisions made?"

    capacity = Choice(
        "Has {client}’s mental capacity changed since the last report?",
        options=(Option("changed", "It has changed"), Option("stayedSame", "It has stayed the same")),
        missing="Select whether {client}’s mental capacity has changed",
        last_year=False,
    )
    capacity_details = LongText(
        "How has it changed?",
        when=is_("capacity", "changed"),
        missing="Describe how {client}’s mental capacity has changed",
        last_year=False,
    )
    assessed = MonthYear(
        "When was {client}’s mental capacity last assessed?",
        hint="For example, 3 2026",
        not_future=True,
        missing="Enter the month in which {client}’s mental capacity was last assessed",
    )
    made = YesNo(
        lambda section: f"Did you make any significant {kind_of_decision(section)} decisions for {{client}}?",
        hint="For example, selling a home, a large purchase, or a change of care",
        last_year=False,
        missing="Select yes if you made any significant decisions",
    )
    reason = LongText(
        "Why were there no significant decisions?",
        when=no("made"),
        last_year=False,
        missing="Explain why there were no significant decisions",
    )

    pages = (
        page("capacity", "capacity_details", title="Mental capacity", skip=True),
        page("assessed", skip=True),
        page("made", "reason", title="Significant decisions"),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return True


class Decision(Entry):
    section = Decisions
    when = yes("made")
    one, many = "decision", "decisions"
    columns = ("description", "involved")

    description = LongText(
        "What was the decision, and why did you make it?",
        min_length=2,
        short="Decision",
        missing="Describe the decision",
        samples=(
            "A new carer for three mornings a week, as getting up had become hard.",
            "Changed the gas supplier: it saves about £15 a month.",
            "A stairlift was put in – two estimates were compared.",
        ),
    )
    involved = YesNo(
        "Was {client} involved in the decision?",
        short="Was the client involved?",
        missing="Select yes if {client} was involved in the decision",
    )
    involvement = LongText(
        "How was {client} involved, or why not?",
        min_length=2,
        rows=3,
        missing="Explain how {client} was involved, or why not",
        samples=("We talked it over twice.", "By looking at pictures & choosing.", "It was too upsetting to discuss."),
    )

    pages = (page("description", "involved", "involvement", title="Decision"),)
