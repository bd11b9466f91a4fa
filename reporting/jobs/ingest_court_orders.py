"""Every night at 04:59: read the court-order file of the case system (deputy-admin 9.4)."""

from typing import Any

from foundation.jobs import overnight
from reporting.home.ingest_reports import apply_court_orders
from reporting.people.ingest import court_orders
from reporting.people.ingest.run import ingest
from reporting.reports.split_merge.follow import follow_orders


@overnight(at="04:59", done_by="06:00")
def ingest_court_orders() -> dict[str, Any]:
    return dict(ingest(court_orders.layout(), apply_court_orders, then=follow_orders).counts)
