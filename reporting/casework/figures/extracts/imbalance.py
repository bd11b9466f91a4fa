"""How many reports did not add up."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q

from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction
from reporting.casework.figures.metrics import BY_TYPE, FAMILIES
from reporting.engine.report_types import TYPES
from reporting.reports.models import Report
from reporting.sections.balance import Balance
from reporting.submissions.models import Submission


class Imbalance(Extraction):
    key = "imbalance"
    title = "Accounts that do not balance"
    about = (
        "Reports with a balance that were submitted in the period: in how many the deputy had to explain why the "
        "accounts do not balance."
    )
    asks = ("period",)
    by_default_last_month = True
    columns = ("Deputy Type", "No Imbalance Reported", "Imbalance Reported", "Imbalance %", "Total Submitted")

    def rows(self) -> Iterable[Sequence[Cell]]:
        first, after = self.choices.period.moments
        sent = Submission.objects.filter(created_at__gte=first, created_at__lt=after, with_report=True)
        with_balance = [code for code, kind in TYPES.items() if Balance.applies_to(kind)]
        explained = Balance.objects.exclude(explanation=None).exclude(explanation="")
        rows = (
            Report.objects.filter(pk__in=sent.values("report"), type__in=with_balance)
            .annotate(family=BY_TYPE)
            .order_by()
            .values_list("family")
            .annotate(total=Count("pk"), off=Count("pk", filter=Q(pk__in=explained.values("report"))))
        )
        counts = {family: (total, off) for family, total, off in rows}
        for family, title in FAMILIES.items():
            yield self._row(title, *counts.get(family.value, (0, 0)))
        yield self._row("All", sum(total for total, _ in counts.values()), sum(off for _, off in counts.values()))

    @staticmethod
    def _row(title: str, total: int, off: int) -> Sequence[Cell]:
        return title, total - off, off, round(100 * off / total) if total else 0, total
