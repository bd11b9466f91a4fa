"""Finding reports, for staff."""

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from foundation.access import can
from reporting.reports.models import Report


def visible_to(user: Any) -> QuerySet[Report]:
    """Staff see every report; nobody else sees any here."""
    return Report.objects.all() if can(user, "report.manage") else Report.objects.none()


def report_of(user: Any, report_id: int) -> Report:
    return get_object_or_404(visible_to(user).select_related("client", "previous"), pk=report_id)


def seen(report: Report) -> str:
    """How a report looked to somebody who manages it. A deputy who fills it in meanwhile changes none of this."""
    state = (report.submitted, report.reopened_at, report.changes_needed)
    looked = (report.type, report.start, report.end, report.due, *state)
    return hashlib.sha256(repr(looked).encode()).hexdigest()[:16]
