"""Saving a checklist, noting further information, submitting: each one transaction under the report's row lock."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.http import QueryDict

from foundation import audit, clock, outbox
from reporting.casework.checklists import printing, queries
from reporting.casework.checklists.forms import ChecklistForm
from reporting.casework.checklists.models import Checklist, ChecklistSubmission, FurtherInformation
from reporting.reports.models import Report

CHECKLISTS_LAST = 2
"""Order of deliveries: a checklist goes after the report and its documents."""


class Stale(Exception):
    """Somebody else saved the checklist since the page was shown; ``form`` holds both values."""

    def __init__(self, form: ChecklistForm) -> None:
        self.form = form
        super().__init__("changed by somebody else")


def save(
    report: Report, kind: str, data: QueryDict, *, by: Any, version: int, final: bool = False
) -> Checklist | ChecklistForm:
    """Save what was typed; with ``final`` submit it and queue it for the case system in the same transaction.

    Returns the form if something is wrong. Raises ``Stale``. The same page sent twice is saved and submitted once.
    """
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("client").get(pk=report.pk)
        checklist = queries.checklist_of(row, kind)
        form = ChecklistForm(checklist, data, by=by, final=final)
        if not form.is_valid():
            return form
        if checklist.version != version and form.differences():
            raise Stale(form)
        twice = checklist.version != version
        if not twice:
            form.apply()
            checklist.changed_by = by
            checklist.version += 1
            checklist.save()
            audit.record("CHECKLIST_SAVED", by=by, subject=row, after={"checklist": kind, "version": checklist.version})
        _note(row, form.information, by=by)
        if final and not (twice and _is_submitted(checklist)):
            _submit(checklist, by=by)
        return checklist


def _is_submitted(checklist: Checklist) -> bool:
    last = queries.last_submission(checklist.report, checklist.kind)
    return last is not None and last.version == checklist.version


def _submit(checklist: Checklist, *, by: Any) -> ChecklistSubmission:
    report: Any = checklist.report
    at = clock.now()
    last = report.checklist_submissions.aggregate(last=Max("number"))["last"]
    signed = ChecklistSubmission.objects.create(
        report=report,
        number=(last or 0) + 1,
        kind=checklist.kind,
        version=checklist.version,
        decision=checklist.decision,  # type: ignore[attr-defined]
        content=printing.content(report, by=by, at=at),
        created_at=at,
        created_by=by,
        role=by.role,
    )
    audit.record(
        "CHECKLIST_SUBMITTED",
        by=by,
        subject=report,
        after={"checklist": checklist.kind, "submission": signed.pk, "decision": signed.decision},
    )
    if settings.CHECKLIST_SYNC:
        outbox.queue("checklist", signed.key, subject=signed, order=CHECKLISTS_LAST, checklist=signed.pk)
    return signed


@transaction.atomic
def note(report: Report, text: str, *, by: Any) -> None:
    """Add to the further information of a report."""
    _note(report, text, by=by)


def _note(report: Report, text: str, *, by: Any) -> None:
    """The same words by the same person twice in a row are a double click."""
    last = report.further_information.order_by("pk").last()
    if text and (last is None or (last.text, last.created_by_id) != (text, by.pk)):
        added = FurtherInformation.objects.create(report=report, text=text, created_by=by)
        audit.record("CHECKLIST_INFORMATION_ADDED", by=by, subject=report, after={"information": added.pk})
