"""Every morning: try again what the case system refused for a reason that may be gone (deputy-operations 3.4).

That is: it forbade us the way in, or the submission is young. Documents that failed only because their report did go
again with it. What is unconfirmed is never touched, nor what somebody has archived.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, Value, When

from foundation import clock
from foundation.jobs import overnight
from foundation.outbox import Delivery, State
from reporting.casework.submissions.actions import resend_refused
from reporting.casework.submissions.queries import KINDS
from reporting.documents.models import Document
from reporting.submissions import sync

YOUNG = timedelta(days=3)
FORBIDDEN = "OPGDATA-API-FORBIDDEN"


@overnight(at="08:00", done_by="09:00", enabled="DOCUMENT_SYNC")
def resync_documents() -> dict[str, int]:
    counts = {"queued": 0, "left_refused": 0}
    for document in _of_refused():
        if counts["queued"] < settings.DOCUMENT_SYNC_ROW_LIMIT and (queued := _again(document)):
            counts["queued"] += queued
    counts["left_refused"] = _of_refused().count()
    counts["left_unconfirmed"] = Delivery.objects.filter(kind__in=KINDS, state=State.UNCONFIRMED).count()
    return counts


def _of_refused() -> QuerySet[Document]:
    """The documents whose delivery was refused: reports first, then by submission."""
    keys = list(Delivery.objects.filter(kind__in=KINDS, state=State.REFUSED).values_list("key", flat=True))
    reports_first = Case(When(kind=Document.Kind.REPORT, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Document.objects.filter(token__in=keys, submission__archived_at=None).select_related("submission__report")
    return found.order_by(reports_first, "submission_id", "pk")


def _again(document: Document) -> int:
    """Queue it if the reason may be gone; returns how many documents were queued."""
    delivery = Delivery.objects.get(key=str(document.token))
    if delivery.state == State.REFUSED and _may_be_gone(document, delivery):
        return resend_refused(delivery, by=None)
    return 0


def _may_be_gone(document: Document, delivery: Delivery) -> bool:
    submission = document.submission
    assert submission is not None
    if delivery.error == sync.REPORT_FAILED:
        parent = sync.parent_of(submission)
        return parent is not None and not sync.report_refused(parent)
    return FORBIDDEN in delivery.error or submission.created_at > clock.now() - YOUNG
