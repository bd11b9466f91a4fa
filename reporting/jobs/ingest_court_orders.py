"""Every night at 04:59: read the court-order file of the case system (deputy-admin 9.4)."""

from typing import Any

from foundation.jobs import overnight
from reporting.home.nightly_files import read


@overnight(at="04:59", done_by="06:00")
def ingest_court_orders() -> dict[str, Any]:
    return dict(read("court_orders").counts)
