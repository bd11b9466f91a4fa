"""What clients own in all, by kind of deputy."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from foundation import clock
from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction
from reporting.casework.figures.metrics import FAMILIES
from reporting.engine.report_types import Family, report_type
from reporting.reports.models import Report
from reporting.sections.assets import LIQUID, Asset, Assets
from reporting.sections.bank_accounts import BankAccount

PIECE = 500


class TotalAssets(Extraction):
    key = "total-assets"
    title = "Total assets"
    about = (
        "The assets in reports submitted during the last 12 months: liquid (money in accounts, investments, savings) "
        "and not liquid. Of a shared property the client's part counts."
    )
    columns = (
        "Lay Liquid", "Lay Non-Liquid", "Prof Liquid", "Prof Non-Liquid", "PA Liquid", "PA Non-Liquid", "Grand Total",
    )  # fmt: skip

    def rows(self) -> Iterable[Sequence[Cell]]:
        sums = {(family, liquid): Decimal("0.00") for family in FAMILIES for liquid in (True, False)}
        since = clock.now() - timedelta(days=365)
        reports = Report.objects.filter(submitted=True, submitted_at__gte=since)
        kinds = {pk: report_type(code).family for pk, code in reports.values_list("pk", "type")}
        accounts = BankAccount.objects.filter(report__in=reports).exclude(closing=None)
        for report, closing in accounts.values_list("report", "closing").iterator():
            sums[kinds[report], True] += closing or 0
        owned = Assets.objects.filter(own="yes").values("report")
        for asset in Asset.objects.filter(report__in=reports).filter(report__in=owned).iterator(PIECE):
            sums[kinds[asset.report_id], asset.kind in LIQUID] += asset.worth()
        order = (Family.LAY, Family.PROF, Family.PA)
        yield [*(sums[family, liquid] for family in order for liquid in (True, False)), sum(sums.values(), Decimal(0))]
