"""How the deputy keeps in touch with the client, and how the client is cared for."""

from reporting.engine.conditions import no, yes
from reporting.engine.questions import Choice, LongText, MonthYear, Option, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Section, page


class VisitsCare(Section):
    key = "visitsCare"
    title = "Visits and care"
    group = "care"
    order = {"lay": 30, "pa": 30, "prof": 30}
    place = 60
    description = "How you keep in touch, who cares for {client} and how it is paid for"
    intro = "Tell us how you keep in touch with {client}, who provides care and whether there is a care plan."
    gather = ("The month in which {client}’s care plan was last reviewed",)
    checklist = "Satisfied with visits and care?"

    live_together = YesNo("Do you live with {client}?", missing="Select yes if you live with {client}")
    contact = LongText(
        "How often do you visit or contact {client}?",
        when=no("live_together"),
        rows=3,
        missing="Tell us how often you visit or contact {client}",
    )
    paid_care = YesNo(
        "Does {client} receive care that is paid for?", missing="Select yes if {client} receives care that is paid for"
    )
    funding = Choice(
        "How is the care paid for?",
        when=yes("paid_care"),
        missing="Select how the care is paid for",
        options=(
            Option("client_pays_for_all", "All of it with the client’s money"),
            Option("client_gets_financial_help", "Partly with the client’s money, with financial help"),
            Option("all_care_is_paid_by_someone_else", "All of it by somebody else"),
        ),
    )
    carers = LongText("Who cares for {client}?", rows=3, missing="Tell us who cares for {client}")
    care_plan = YesNo("Does {client} have a care plan?", missing="Select yes if {client} has a care plan")
    plan_reviewed = MonthYear(
        "When was the care plan last reviewed?",
        hint="For example, 3 2026",
        when=yes("care_plan"),
        not_future=True,
        missing="Enter the month in which the care plan was last reviewed",
    )

    pages = (
        page("live_together", "contact", title="Visits", skip=True),
        page("paid_care", "funding", title="Paid care", skip=True),
        page("carers", skip=True),
        page("care_plan", "plan_reviewed", title="Care plan", skip=True),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return True
