"""Nightly: shifts that were published into the days of an open spell of sickness are marked too (staff-roster 11.1)."""

from typing import Any

from foundation.jobs import overnight
from roster.absence.actions import mark_open


@overnight(at="04:21", done_by="05:00")
def mark_sickness() -> dict[str, Any]:
    return {"spells": mark_open()}
