"""What staff do with submissions: put them away, and send again what has not arrived."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from foundation import audit, clock, outbox
from foundation.outbox import Delivery, State
from reporting.documents.models import Document
from reporting.submissions import sync
from reporting.submissions.actions import make_soon, queue_deliveries
from reporting.submissions.models import Submission


def archive(submissions: Iterable[Submission], *, by: Any) -> int:
    """Put these among the synchronised ones; returns how many were not there yet."""
    done = 0
    for submission in submissions:
        with transaction.atomic():
            row = Submission.objects.select_for_update().get(pk=submission.pk)
            if row.archived_at is not None:
                continue
            row.archived_at, row.archived_by = clock.now(), by
            row.save(update_fields=["archived_at", "archived_by"])
            audit.record("SUBMISSION_ARCHIVED", by=by, subject=row, reason="by hand")
            done += 1
    return done


def synchronise(submissions: Iterable[Submission], *, by: Any) -> int:
    """Queue what was never queued or was refused; returns how many documents.

    What is unconfirmed stays: only a look into the case system can tell whether it may be sent again.
    """
    return sum(_synchronise(submission, by=by) for submission in submissions)


def _synchronise(submission: Submission, *, by: Any) -> int:
    with transaction.atomic():
        deliveries = sync.deliveries_of(submission)
        before = deliveries.count()
        queue_deliveries(submission)
        queued = deliveries.count() - before
        if queued:
            audit.record("SUBMISSION_SYNCHRONISED", by=by, subject=submission, after={"documents": queued})
        # The report first: with it go the documents that only failed because it did.
        for delivery in deliveries.filter(state=State.REFUSED).order_by("order", "pk"):
            queued += resend_refused(delivery, by=by)
        return queued


def resend_refused(delivery: Delivery, *, by: Any) -> int:
    """Send a refused delivery again; returns how many were queued, none if somebody was faster."""
    delivery.refresh_from_db()
    if delivery.state != State.REFUSED:
        return 0
    try:
        return sync.resend(delivery, by=by, version=delivery.version)
    except outbox.Changed:
        return 0


@transaction.atomic
def make_again(document: Document, *, by: Any) -> None:
    """Make a file of the service anew from what was frozen, if it is lost or damaged: the same bytes come of it."""
    row = Document.objects.select_for_update().get(pk=document.pk)
    if not is_made_here(row):
        raise ValueError("Only the service's own files can be made again.")
    row.made = False
    row.save(update_fields=["made"])
    audit.record("DOCUMENT_MADE_AGAIN", by=by, subject=row)
    transaction.on_commit(lambda: make_soon([row.pk]), robust=True)


def is_made_here(document: Document) -> bool:
    return document.kind != Document.Kind.DEPUTY and document.submission_id is not None
