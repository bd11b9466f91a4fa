"""Nightly: call units by the names that begin today."""

from typing import Any

from foundation.jobs import overnight
from roster.establishment.unit_actions import call_by_todays_names


@overnight(at="00:05", done_by="01:00")
def unit_names() -> dict[str, Any]:
    return {"renamed": call_by_todays_names()}
