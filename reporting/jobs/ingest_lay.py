"""Every night at 02:00: read the lay file of the case system (deputy-admin 9.2)."""

from typing import Any

from foundation.jobs import overnight
from reporting.home.nightly_files import read


@overnight(at="02:00", done_by="03:00")
def ingest_lay() -> dict[str, Any]:
    return dict(read("lay").counts)
