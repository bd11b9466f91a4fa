"""Nightly: give rest that is owed its gap in the plan as it is now, and clear what has been had (staff-roster 16.1)."""

from typing import Any

from foundation.jobs import overnight
from roster.hours.actions import settle


@overnight(at="04:11", done_by="05:00")
def rest_owed() -> dict[str, Any]:
    return {"cleared": settle()}
