"""What people wrote on the public feedback page."""

from collections.abc import Iterable, Sequence

from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction, day
from reporting.home.feedback.models import PublicFeedback


class PublicFeedbackExtract(Extraction):
    key = "feedback"
    title = "Feedback"
    about = "What people wrote on the feedback page, with their address if they left one."
    asks = ("period",)
    columns = ("Date", "About", "Page", "Score", "Comments", "Name", "Email", "Phone")

    def rows(self) -> Iterable[Sequence[Cell]]:
        first, after = self.choices.period.moments
        for row in PublicFeedback.objects.filter(created_at__gte=first, created_at__lt=after).order_by("pk").iterator():
            yield (
                day(row.created_at), row.get_about_display(), row.page, row.score or "", row.comments, row.name,
                row.email, row.phone,
            )  # fmt: skip
