"""Every document of a client's reports, as a person who looks for one needs to see it."""

from dataclasses import dataclass
from typing import Any

from foundation.outbox import Delivery
from reporting.casework.submissions.queries import Line, may_download
from reporting.documents.models import Document
from reporting.people.models import Client
from reporting.reports.models import Report

SCANS = {
    Document.Kind.DEPUTY: "Scanned: no virus found",
    Document.Kind.REPORT: "Made by this service",
    Document.Kind.TRANSACTIONS: "Made by this service",
}
"""A file that a deputy adds is scanned before it is kept: what is here has passed."""


@dataclass(frozen=True)
class Kept:
    """A document with its delivery. ``downloadable`` for the person who asks."""

    line: Line
    scan: str
    downloadable: bool

    @property
    def document(self) -> Document:
        return self.line.document


def by_report(client: Client, user: Any) -> list[tuple[Report, list[Kept]]]:
    """The reports that have documents, newest first."""
    found = list(Document.objects.filter(report__client=client).select_related("submission", "created_by"))
    deliveries = Delivery.objects.in_bulk([str(each.token) for each in found], field_name="key")
    kept: dict[int, list[Kept]] = {}
    for each in found:
        submission = each.submission
        kept.setdefault(each.report_id, []).append(
            Kept(
                Line(each, deliveries.get(str(each.token))),
                SCANS[Document.Kind(each.kind)],
                submission is not None and submission.downloadable and may_download(user, each),
            )
        )
    reports = client.reports.filter(pk__in=kept).order_by("-end", "-pk")
    return [(report, kept[report.pk]) for report in reports]
