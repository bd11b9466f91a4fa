"""What the deputy expects of the coming year, and concerns about the deputyship."""

from typing import Any

from reporting.engine.conditions import yes
from reporting.engine.questions import LongText, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Section, page


def expectation(owner: Any) -> str:
    """What the coming year may bring, by what the order covers (oddity 4)."""
    if owner.report.kind.health_and_welfare:
        return "Do you expect any changes in {client}’s circumstances in the next year?"
    return "Do you expect to make any significant financial decisions for {client} in the next year?"


class Actions(Section):
    key = "actions"
    title = "Actions you plan to take"
    group = "future"
    order = {"lay": 140, "pa": 70, "prof": 160}
    place = 190
    description = "What you expect in the next year, and any concerns"
    intro = "Tell us what you expect in the next year, and whether you have any concerns about being {client}’s deputy."
    checklist = "Satisfied with the plans and concerns?"

    expect = YesNo(expectation, last_year=False, missing="Select yes or no about the next year")
    expect_details = LongText("Tell us more", when=yes("expect"), missing="Describe what you expect", last_year=False)
    concerns = YesNo(
        "Do you have any concerns about being {client}’s deputy?",
        missing="Select yes if you have any concerns",
        last_year=False,
    )
    concern_details = LongText(
        "What are your concerns?", when=yes("concerns"), missing="Describe your concerns", last_year=False
    )

    pages = (
        page("expect", "expect_details", title="The next year", skip=True),
        page("concerns", "concern_details", title="Concerns", skip=True),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return True
