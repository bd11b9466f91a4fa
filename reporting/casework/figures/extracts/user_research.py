"""Deputies who would take part in research."""

from collections.abc import Iterable, Sequence

from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction, day
from reporting.casework.figures.metrics import answers
from reporting.people.roles import TITLES
from reporting.submissions.forms import LENGTHS, RESEARCH

YEARS, KINDS = dict(LENGTHS), dict(RESEARCH)


class UserResearch(Extraction):
    key = "user-research"
    title = "User research"
    about = "Deputies who agreed to take part in research, and how to reach them."
    asks = ("period",)
    columns = (
        "Score", "Comments", "Deputy Role", "Report Type", "Date", "Deputyship Length Years",
        "Agreed Research Types", "Has Videocall Access", "Email", "Phone",
    )  # fmt: skip

    def rows(self) -> Iterable[Sequence[Cell]]:
        found = answers(self.choices.period).exclude(deputyship_length="")
        found = found.select_related("submission__created_by__profile")
        for row in found.order_by("created_at").iterator():
            user = row.submission.created_by
            profile = getattr(user, "profile", None)
            yield (
                row.score, row.comments, TITLES.get(row.role, row.role), row.report_type,
                day(row.created_at), YEARS.get(row.deputyship_length, row.deputyship_length),
                ", ".join(KINDS.get(kind, kind) for kind in row.agreed_research),
                "Yes" if row.has_video_device else "No", user.email if user else "", profile.phone if profile else "",
            )  # fmt: skip
