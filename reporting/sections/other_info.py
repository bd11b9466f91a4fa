"""Anything else that the deputy wants to say."""

from reporting.engine.conditions import yes
from reporting.engine.questions import LongText, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Section, page


class OtherInfo(Section):
    key = "otherInfo"
    title = "Any other information"
    group = "future"
    order = {"lay": 150, "pa": 80, "prof": 170}
    place = 200
    description = "Anything else that you want to tell us"
    intro = "If there is anything else you want to tell us about {client} or your deputyship, you can do so here."
    checklist = "Is there other information to act on?"

    more = YesNo(
        "Is there anything else you want to tell us?", missing="Select yes if there is anything else", last_year=False
    )
    details = LongText("Tell us more", when=yes("more"), missing="Enter what you want to tell us", last_year=False)

    pages = (page("more", "details", title="Any other information"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return True
