"""The client's health appointments and social life."""

from reporting.engine.conditions import no, yes
from reporting.engine.questions import LongText, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Section, page


class Lifestyle(Section):
    key = "lifestyle"
    title = "Health and lifestyle"
    group = "care"
    order = {"lay": 40, "pa": 40, "prof": 100}
    place = 70
    description = "{client}’s health, care appointments and activities"
    intro = "Tell us about {client}’s health and care appointments, and the social activities {client} takes part in."
    gather = ("Dates of {client}’s health and care appointments",)
    checklist = "Satisfied with the client’s health and lifestyle?"

    care = LongText(
        "What health and care appointments did {client} have?",
        hint="For example, with a doctor, a dentist, an optician or a social worker",
        missing="Describe {client}’s health and care appointments",
        last_year=False,
    )
    activities = YesNo(
        "Does {client} take part in social or leisure activities?",
        missing="Select yes if {client} takes part in activities",
    )
    which = LongText(
        "Which activities, and how often?", when=yes("activities"), rows=3, missing="Describe the activities"
    )
    why_none = LongText(
        "Why not?", when=no("activities"), rows=3, missing="Explain why {client} takes part in no activities"
    )

    pages = (page("care", skip=True), page("activities", "which", "why_none", title="Activities", skip=True))

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.health_and_welfare
