"""Finding checklists: those of one report, and those that did not arrive in the case system."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from foundation.access import can
from foundation.outbox import Delivery
from reporting.casework.checklists.models import (
    KINDS,
    Checklist,
    ChecklistSubmission,
    FullReviewChecklist,
    LodgingChecklist,
)
from reporting.casework.submissions.queries import Stage, Trouble, stage_of
from reporting.engine.section import Answers
from reporting.reports.models import Report

FOR_REVIEW = "for-review"


def visible_to(user: Any) -> QuerySet[Report]:
    """Reports that have been submitted, also if they were sent back since; for staff alone."""
    found = Report.objects.filter(submitted_at__isnull=False)
    return found if can(user, "checklist.fill") else found.none()


def report_of(user: Any, report_id: int) -> Report:
    return get_object_or_404(visible_to(user).select_related("client", "previous"), pk=report_id)


def checklist_of(report: Report, kind: str) -> Checklist:
    """The checklist as it is stored, or an empty one that is not; 404 for a full review that nobody asked for."""
    if kind not in KINDS or (kind == FullReviewChecklist.kind and not wants_full_review(report)):
        raise Http404("no such checklist")
    model = KINDS[kind]
    found: Checklist = model.objects.select_related("changed_by").filter(report=report).first() or model(report=report)
    found.report, found.answers = report, Answers(report)
    return found


def wants_full_review(report: Report) -> bool:
    """The lodging checklist was submitted, the last time with the decision for review; or a review has been begun."""
    if FullReviewChecklist.objects.filter(report=report).exists():
        return True
    last = last_submission(report, LodgingChecklist.kind)
    return last is not None and last.decision == FOR_REVIEW


def last_submission(report: Report, kind: str = "") -> ChecklistSubmission | None:
    found = report.checklist_submissions.select_related("created_by")
    return (found.filter(kind=kind) if kind else found).order_by("-number").first()


@dataclass(frozen=True)
class Progress:
    """How far a checklist has come. ``delivery`` is that of the newest submission of the report's checklists."""

    checklist: Checklist
    submission: ChecklistSubmission | None
    delivery: Delivery | None

    @property
    def words(self) -> str:
        """None, saved, submitted, or submitted and changed since."""
        if self.submission is None:
            return "Saved" if self.checklist.pk else "Not started"
        return "Submitted" if self.submission.version == self.checklist.version else "Submitted, then changed"

    @property
    def stage(self) -> Stage:
        return stage_of(self.delivery)


def progress(checklist: Checklist) -> Progress:
    newest = last_submission(checklist.report)
    delivery = Delivery.objects.filter(key=newest.key).first() if newest else None
    return Progress(checklist, last_submission(checklist.report, checklist.kind), delivery)


def troubles() -> list[tuple[Trouble, int]]:
    """How many checklists each applies to."""
    return [(each, each.among(["checklist"]).count()) for each in Trouble]


@dataclass(frozen=True)
class Undelivered:
    submission: ChecklistSubmission
    delivery: Delivery

    @property
    def stage(self) -> Stage:
        return stage_of(self.delivery)


def undelivered(trouble: str = "") -> list[Undelivered]:
    """The checklists that somebody has to look at, the oldest first; of one trouble or of any."""
    kinds = [Trouble(trouble)] if trouble else list(Trouble)
    found = {row.pk: row for each in kinds for row in each.among(["checklist"])}
    keys = _numbers(found.values())
    signed = ChecklistSubmission.objects.select_related("report__client", "created_by").in_bulk(keys)
    rows = [Undelivered(signed[keys[at]], row) for at, row in enumerate(found.values()) if keys[at] in signed]
    return sorted(rows, key=lambda row: row.submission.created_at)


def _numbers(deliveries: Iterable[Delivery]) -> list[int]:
    return [int(each.payload["checklist"]) for each in deliveries]
