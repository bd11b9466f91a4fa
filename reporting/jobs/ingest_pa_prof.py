"""Every night at 02:30: read the PA/PROF file of the case system (deputy-admin 9.3)."""

from typing import Any

from foundation.jobs import overnight
from reporting.home.nightly_files import read


@overnight(at="02:30", done_by="04:00")
def ingest_pa_prof() -> dict[str, Any]:
    return dict(read("pa_prof").counts)
