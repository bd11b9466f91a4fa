"""Couriers to the case system: a report, and the documents that go under it (deputy-operations 3).

A document waits for the identifier that the case system gave to its report. A further sending without a report goes
under the newest earlier submission that has one. Without a key that the receiver honours, what was sent and not
answered stays unconfirmed until a person settles it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from foundation import audit, clock, outbox
from foundation.clients import Rejected
from foundation.outbox import BaseCourier, Delivery, State, Wait, courier
from reporting.clients.case_system import case_system
from reporting.clients.payloads import report_payload, stored_file, supporting_document_payload
from reporting.documents.models import Document
from reporting.submissions import files
from reporting.submissions.models import Submission

REPORT_FAILED = "The report itself was refused, so its documents cannot be filed."
SWITCHED_OFF = "Sending to the case system is switched off."


class CaseSystemCourier(BaseCourier):
    """What both have in common: the key, and archiving a submission when all of it has arrived."""

    @property
    def honours_key(self) -> bool:  # type: ignore[override]
        return bool(settings.CASE_SYSTEM_HONOURS_KEY)

    def document(self, delivery: Delivery) -> Document:
        if not settings.DOCUMENT_SYNC:
            raise Wait(SWITCHED_OFF)
        document = Document.objects.select_related("submission__report__client").get(pk=delivery.payload["document"])
        return files.make(document)

    def arrived(self, delivery: Delivery, result: str) -> None:
        document = Document.objects.get(pk=delivery.payload["document"])
        archive_if_delivered(document.submission_id)


@courier("report")
class ReportCourier(CaseSystemCourier):
    def prepare(self, delivery: Delivery) -> Any:
        document = self.document(delivery)
        submission: Submission = document.submission  # type: ignore[assignment]
        facts = submission.snapshot["report"]
        payload = report_payload(
            submission_id=submission.pk,
            start=datetime.fromisoformat(facts["start"]).date(),
            end=datetime.fromisoformat(facts["end"]).date(),
            submitted=clock.london(submission.created_at),
            report_type=facts["type"],
            court_orders=facts["court_orders"],
            file=stored_file(document.name, document.content_type, document.key),
        )
        return sent_case_number(facts["case_number"]), payload

    def send(self, delivery: Delivery, prepared: Any) -> str:
        case_number, payload = prepared
        return case_system().send_report(case_number, payload, key=delivery.key)

    def arrived(self, delivery: Delivery, result: str) -> None:
        if not result:
            raise ValueError("Documents go under the report's identifier: it cannot arrive without one.")
        submission = Submission.objects.select_for_update().get(documents=delivery.payload["document"])
        submission.uuid = result
        submission.save(update_fields=["uuid"])
        documents_under(submission).filter(state=State.QUEUED).update(next_at=clock.now())
        super().arrived(delivery, result)

    def failed(self, delivery: Delivery) -> None:
        submission = Submission.objects.get(documents=delivery.payload["document"])
        held = documents_under(submission).filter(state=State.QUEUED)
        held.update(state=State.REFUSED, error=REPORT_FAILED, done_at=clock.now())


def resend(delivery: Delivery, *, by: Any, version: str | None = None) -> int:
    """Send again what was refused or unconfirmed; with a report go the documents that only failed because it did.

    Returns how many were queued; raises ``outbox.Changed`` if the delivery is not as the person saw it.
    """
    with transaction.atomic():
        outbox.resend(delivery, by=by, version=version)
        if delivery.kind != "report":
            return 1
        submission = Submission.objects.get(documents=delivery.payload["document"])
        held = list(documents_under(submission).filter(state=State.REFUSED, error=REPORT_FAILED))
        for each in held:
            outbox.resend(each, by=by)
        return 1 + len(held)


@courier("document")
class DocumentCourier(CaseSystemCourier):
    def prepare(self, delivery: Delivery) -> Any:
        document = self.document(delivery)
        submission: Submission = document.submission  # type: ignore[assignment]
        uuid = parent_uuid(submission)
        payload = supporting_document_payload(
            submission_id=submission.pk, file=stored_file(document.name, document.content_type, document.key)
        )
        return sent_case_number(submission.report.client.case_number), uuid, payload

    def send(self, delivery: Delivery, prepared: Any) -> str:
        case_number, uuid, payload = prepared
        return case_system().send_supporting_document(case_number, uuid, payload, key=delivery.key)


def parent_uuid(submission: Submission) -> str:
    """The identifier of the report that a document goes under; raises ``Wait`` until there is one."""
    owner = parent_of(submission)
    if owner is None:
        raise Rejected("There is no report to file the document under.")
    if not owner.uuid:
        if report_refused(owner):
            raise Rejected(REPORT_FAILED)
        raise Wait("Waits for its report to arrive.")
    return owner.uuid


def parent_of(submission: Submission) -> Submission | None:
    """The submission whose report the documents go under: itself, or for further documents the newest before it."""
    if submission.with_report:
        return submission
    earlier = submission.report.submissions.filter(with_report=True, number__lt=submission.number)
    return earlier.order_by("-number").first()


def report_refused(submission: Submission) -> bool:
    return deliveries_of(submission).filter(kind="report", state=State.REFUSED).exists()


def documents_under(submission: Submission) -> QuerySet[Delivery]:
    """Deliveries of all documents that go under this submission's report, those of further sendings too."""
    later = submission.report.submissions.filter(number__gt=submission.number)
    following = later.filter(with_report=True).order_by("number").first()
    further = later.filter(with_report=False)
    if following is not None:
        further = further.filter(number__lt=following.number)
    return deliveries_of(submission, *further).filter(kind="document")


def deliveries_of(*submissions: Submission) -> QuerySet[Delivery]:
    """The deliveries of the report and documents of these submissions."""
    tokens = Document.objects.filter(submission__in=submissions).values_list("token", flat=True)
    return Delivery.objects.filter(key__in=[str(token) for token in tokens])


def archive_if_delivered(submission_id: Any) -> None:
    """A submission of which everything has arrived goes to the archive, by nobody (deputy-admin 7)."""
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    # The row that is being settled counts as delivered: it is saved in this transaction.
    delivered = deliveries_of(submission).filter(state=State.DELIVERED).count()
    if submission.archived_at is None and delivered == submission.documents.count():
        submission.archived_at = clock.now()
        submission.save(update_fields=["archived_at"])
        audit.record("SUBMISSION_ARCHIVED", subject=submission, reason="everything was delivered")


def sent_case_number(number: str) -> str:
    """The case system's contract knows eight characters; a longer number is sent without its last two (D-054)."""
    return number.upper()[:8]
