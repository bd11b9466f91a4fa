"""What deputies answered after submitting."""

from collections.abc import Iterable, Sequence

from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction, day
from reporting.casework.figures.metrics import answers
from reporting.people.roles import TITLES


class Satisfaction(Extraction):
    key = "satisfaction"
    title = "Satisfaction"
    about = "How satisfied deputies were after submitting, with their comments."
    asks = ("period",)
    columns = ("Score", "Comments", "Deputy Role", "Report Type", "Date Provided")

    def rows(self) -> Iterable[Sequence[Cell]]:
        for row in answers(self.choices.period).order_by("created_at").iterator():
            yield row.score, row.comments, TITLES.get(row.role, row.role), row.report_type, day(row.created_at)
