"""Nightly: drop notices older than three months (R-049)."""

from typing import Any

from foundation.jobs import overnight
from roster.diary import actions


@overnight(at="03:37", done_by="04:30")
def tidy_notices() -> dict[str, Any]:
    return {"dropped": actions.tidy_notices()}
