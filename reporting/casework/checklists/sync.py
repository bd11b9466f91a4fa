"""The courier that takes a submitted checklist to the case system (deputy-operations 3.3).

It goes under the report's identifier there, so it waits for the report; a later submission of the same checklist
replaces the earlier one, so it waits for that too, and an earlier one that comes too late is not sent.
"""

import base64
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from foundation.clients import Rejected
from foundation.outbox import BaseCourier, Delivery, State, Wait, courier
from reporting.casework.checklists import printing
from reporting.casework.checklists.models import ChecklistSubmission, LodgingChecklist
from reporting.clients.case_system import PAPER_REPORT, case_system
from reporting.clients.payloads import File, checklist_payload
from reporting.submissions.models import Submission
from reporting.submissions.sync import SWITCHED_OFF, sent_case_number

OVERTAKEN = "A later submission of this checklist has arrived, which this one must not replace."
SETTLED = {State.DELIVERED, State.REFUSED, State.CANCELLED}


@courier("checklist")
class ChecklistCourier(BaseCourier):
    @property
    def honours_key(self) -> bool:  # type: ignore[override]
        return bool(settings.CASE_SYSTEM_HONOURS_KEY)

    def prepare(self, delivery: Delivery) -> Any:
        if not settings.CHECKLIST_SYNC:
            raise Wait(SWITCHED_OFF)
        signed = submission_of(delivery)
        if _deliveries(signed, number__gt=signed.number).filter(state=State.DELIVERED).exists():
            raise Rejected(OVERTAKEN)
        if _deliveries(signed, number__lt=signed.number).exclude(state__in=SETTLED).exists():
            raise Wait("Waits for the earlier submission of this checklist to arrive.")
        stored = signed.content
        payload = checklist_payload(
            submission_id=stored["submission"],
            start=date.fromisoformat(stored["start"]),
            end=date.fromisoformat(stored["end"]),
            report_type=stored["type"],
            submitter_email=stored["submitter"],
            file=File(
                printing.sent_name(stored),
                "application/pdf",
                source=base64.b64encode(printing.pdf(stored)).decode(),
            ),
        )
        return sent_case_number(stored["case_number"]), report_uuid(signed), payload, checklist_uuid(signed)

    def send(self, delivery: Delivery, prepared: Any) -> str:
        case_number, report, payload, known = prepared
        return case_system().send_checklist(case_number, report, payload, key=delivery.key, checklist_uuid=known)

    def arrived(self, delivery: Delivery, result: str) -> None:
        signed = submission_of(delivery)
        if not result and checklist_uuid(signed) is None:
            raise ValueError("A checklist is replaced under its identifier: the first cannot arrive without one.")
        if result:
            LodgingChecklist.objects.filter(report=signed.report).update(uuid=result)


def _deliveries(signed: ChecklistSubmission, **which: int) -> QuerySet[Delivery]:
    """Those of other submissions of the same report's checklists."""
    others = signed.report.checklist_submissions.filter(**which)
    return Delivery.objects.filter(key__in=[each.key for each in others])


def submission_of(delivery: Delivery) -> ChecklistSubmission:
    return ChecklistSubmission.objects.select_related("report__client").get(pk=delivery.payload["checklist"])


def checklist_uuid(signed: ChecklistSubmission) -> str | None:
    """The identifier of what was sent before, if anything was."""
    return LodgingChecklist.objects.filter(report=signed.report).values_list("uuid", flat=True).first() or None


def report_uuid(signed: ChecklistSubmission) -> str:
    """The report's identifier; that of paper reports, where somebody put the submission away before it was sent."""
    if signed.content["submission"] is None:
        return PAPER_REPORT
    submission = Submission.objects.get(pk=signed.content["submission"])
    if submission.uuid:
        return submission.uuid
    if submission.archived_at is not None:
        return PAPER_REPORT
    raise Wait("Waits for its report to arrive.")
