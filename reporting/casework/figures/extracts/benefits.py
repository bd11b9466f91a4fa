"""What deputies answered about the benefits check."""

from collections.abc import Iterable, Sequence

from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction, day
from reporting.casework.figures.metrics import FAMILIES
from reporting.engine.questions import Choice
from reporting.engine.report_types import report_type
from reporting.reports.models import Report
from reporting.sections.client_benefits_check import ClientBenefitsCheck
from reporting.submissions.models import Submission


def words(question: str, value: str | None) -> str:
    """The answer as the deputy saw it."""
    choice = ClientBenefitsCheck._meta.get_field(question)
    assert isinstance(choice, Choice)
    return choice.text(value)


class Benefits(Extraction):
    key = "benefits"
    title = "Benefits check"
    about = "The answers to the benefits check in reports that were submitted in the period."
    asks = ("period", "family")
    columns = (
        "Deputy Type", "When Last Checked Entitlement", "Do Others Receive Money", "Date Last Checked",
        "Never Checked Explanation", "Don't Know Explanation", "Created On",
    )  # fmt: skip

    def rows(self) -> Iterable[Sequence[Cell]]:
        first, after = self.choices.period.moments
        sent = Submission.objects.filter(created_at__gte=first, created_at__lt=after, with_report=True)
        reports = Report.objects.filter(pk__in=sent.values("report"))
        found = ClientBenefitsCheck.objects.filter(report__in=reports, report__submitted=True)
        for row in found.select_related("report").order_by("report").iterator():
            kind = report_type(row.report.type).family
            if self.choices.family in ("", kind.value):
                yield (
                    FAMILIES[kind], words("checked", row.checked), words("others_receive", row.others_receive),
                    f"{row.checked_on:%m/%Y}" if row.checked_on else "", row.never_checked or "", row.dont_know or "",
                    day(row.report.submitted_at),
                )  # fmt: skip
