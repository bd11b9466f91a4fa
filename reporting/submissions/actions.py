"""Submitting a report, sending further documents with it, and taking it back for changes.

One transaction freezes the answers, records the submission, makes next year's report with what carries over, and
queues what has to be made and delivered. The report's row lock makes it happen once, whoever clicks how often.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from foundation import audit, clock, mails, outbox
from reporting.documents.models import Document, deputy_documents
from reporting.engine.periods import year_from
from reporting.engine.report_types import Family, ReportType
from reporting.engine.rows import Row
from reporting.engine.section import Answers
from reporting.mails.report_submitted import ReportSubmitted
from reporting.people.models import CourtOrder
from reporting.reports import actions as report_actions
from reporting.reports.creation import create_report, later_report
from reporting.reports.models import Report
from reporting.submissions import files
from reporting.submissions.carry import carry_over
from reporting.submissions.models import Submission
from reporting.submissions.snapshot import freeze

REPORT_FIRST, DOCUMENTS_AFTER = 0, 1
"""Order of deliveries: a report goes before its documents."""

AGREED = {
    Submission.Agreed.ONLY_DEPUTY: "I am the only deputy",
    Submission.Agreed.MORE_BEHALF: "There are several deputies, and I submit on behalf of all of them",
    Submission.Agreed.MORE_NOT_BEHALF: "There are several deputies, and not all of them agree with this report",
    Submission.Agreed.NOT_DEPUTY: "I am not the deputy, and I submit for the deputy with their authority",
}
LAY_STATEMENT = (
    "I have made this report to the best of my knowledge and belief, and what it says is true and complete. "
    "I understand that I may be asked for more information about it."
)
ORGANISATION_STATEMENT = (
    "This report has been made by the deputy or with the deputy’s authority. To the best of our knowledge and belief, "
    "what it says is true and complete. We understand that we may be asked for more information about it."
)


class NotReady(Exception):
    """The report cannot be submitted; the text says why, in words for the person."""


class ChangedMeanwhile(Exception):
    """Somebody changed the report after the person read it through."""


@dataclass(frozen=True)
class Declaration:
    """What the deputy declares. ``explanation`` only where other deputies do not agree."""

    agreed: str
    explanation: str = ""

    def rows(self, kind: ReportType, by: Any, at: Any) -> list[Row]:
        """ValueError if it is not one that deputies of this kind may make."""
        if self.agreed not in agreements(kind):
            raise ValueError(f"{self.agreed} cannot be declared for a report of type {kind}.")
        rows = [Row("Statement", statement(kind)), Row("Who agrees", AGREED[Submission.Agreed(self.agreed)])]
        if self.explanation:
            rows.append(Row("Why not all deputies agree", self.explanation))
        moment = clock.london(at)
        return [*rows, Row("Submitted by", by.name), Row("Submitted on", f"{moment:%-d %B %Y at %H:%M}")]


def agreements(kind: ReportType) -> dict[Submission.Agreed, str]:
    """What may be declared: a lay deputy submits in person."""
    lay = kind.family is Family.LAY
    return {agreed: words for agreed, words in AGREED.items() if not (lay and agreed == Submission.Agreed.NOT_DEPUTY)}


def statement(kind: ReportType) -> str:
    return LAY_STATEMENT if kind.family is Family.LAY else ORGANISATION_STATEMENT


def submit(report: Report, declaration: Declaration, *, by: Any, version: int) -> Submission:
    """Submit the report; a second click gets the submission that the first one made.

    ``version`` is the report's version that the person read through. Raises ``NotReady`` or ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("client").get(pk=report.pk)
        if row.submitted:
            return latest(row)
        if row.version != version:
            raise ChangedMeanwhile
        answers = Answers(row)
        _check(answers)
        at = clock.now()
        submission = Submission.objects.create(
            report=row,
            number=_next_number(row),
            snapshot=freeze(answers, by=by, at=at, declaration=declaration.rows(row.kind, by, at)),
            agreed=declaration.agreed,
            agreed_explanation=declaration.explanation,
            created_by=by,
            created_at=at,
        )
        again = row.submissions.filter(with_report=True).exclude(pk=submission.pk).exists()
        _close(row, by, at)
        made = files.plan(submission)
        deputy_documents(row).filter(submission=None).update(submission=submission)
        queue_deliveries(submission)
        following = _next_report(row, answers, by=by)
        audit.record(
            "REPORT_RESUBMITTED" if again else "REPORT_SUBMITTED",
            by=by,
            subject=row,
            after={"submission": submission.pk},
        )
        if following is not None:
            mails.send(ReportSubmitted(submission.pk, following.pk), key=str(submission.pk), subject=submission)
        transaction.on_commit(lambda: make_soon([document.pk for document in made]), robust=True)
        return submission


def _check(answers: Answers) -> None:
    """Finished and due: both are checked here, under the lock (oddity 21)."""
    if not answers.report.is_due():
        raise NotReady("You can submit this report after its period has ended.")
    unfinished = [str(section.title) for section in answers.sections() if not section.state().finished]
    if unfinished:
        raise NotReady(f"Finish these sections first: {', '.join(unfinished)}.")


def _close(report: Report, by: Any, at: Any) -> None:
    report.submitted, report.submitted_at, report.submitted_by = True, at, by
    report.reopened_at, report.changes_needed = None, []
    report.version += 1
    report.save()


def _next_number(report: Report) -> int:
    return (report.submissions.aggregate(last=Max("number"))["last"] or 0) + 1


def latest(report: Report) -> Submission:
    """The newest submission of the report itself, not of further documents."""
    return report.submissions.filter(with_report=True).order_by("-number")[0]


def _next_report(report: Report, answers: Answers, *, by: Any) -> Report | None:
    """Next year's report: made once, and given what carries over, also by a later submission of changes."""
    following = (
        report.next.order_by("pk").first()
        or Report.objects.filter(
            client=report.client, type=report.type, start=report.end + timedelta(days=1), previous=None
        )
        .exclude(pk=report.pk)
        .first()
        or later_report(report)
    )
    first = following is None
    if following is None:
        start, end = year_from(report.end + timedelta(days=1))
        orders = list(report.orders.filter(status=CourtOrder.ACTIVE))
        following = create_report(report.client, report.type, start, end, orders, previous=report, by=by)
    elif following.submitted:
        return None
    following = Report.objects.select_for_update(of=("self",)).select_related("client").get(pk=following.pk)
    new = Answers(following)
    if carry_over(answers, new) or first:
        report_actions.touch(new)
    return following


# Deliveries


def queue_deliveries(submission: Submission) -> None:
    """Queue the report and its documents for the case system; those queued before stay as they are."""
    if not settings.DOCUMENT_SYNC:
        return
    for document in submission.documents.all():
        is_report = document.kind == Document.Kind.REPORT
        outbox.queue(
            "report" if is_report else "document",
            str(document.token),
            subject=document,
            order=REPORT_FIRST if is_report else DOCUMENTS_AFTER,
            document=document.pk,
        )


def make_soon(documents: list[int]) -> None:
    """Ask a worker to make the files; the delivery makes them too, should this be lost."""
    from foundation.jobs import soon
    from reporting.submissions.tasks import make_file

    for document in documents:
        soon(make_file, document=document)


def send_documents(report: Report, *, by: Any) -> Submission | None:
    """Send documents that were added after the report was submitted; None if there are none (deputy-reports 6.5)."""
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not row.submitted:
            raise NotReady("The report has not been submitted yet: documents go with it.")
        waiting = deputy_documents(row).filter(submission=None)
        if not waiting.exists():
            return None
        submission = Submission.objects.create(report=row, number=_next_number(row), with_report=False, created_by=by)
        waiting.update(submission=submission)
        queue_deliveries(submission)
        audit.record("DOCUMENTS_SENT", by=by, subject=row, after={"submission": submission.pk})
        return submission


# Taking back


def reopen(report: Report, sections: list[str], *, by: Any, reason: str = "", due: date | None = None) -> None:
    """Send a submitted report back to its deputy with the sections to look at again (deputy-reports 7.7).

    What was submitted stays; next year's report stays. ValueError for a report that is open or a section that it
    does not have.
    """
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("client").get(pk=report.pk)
        known = {section.key for section in Answers(row).sections()}
        if not row.submitted:
            raise ValueError("The report is open already.")
        if not sections or set(sections) - known:
            raise ValueError(f"Name at least one section out of: {', '.join(sorted(known))}.")
        row.submitted, row.reopened_at, row.changes_needed = False, clock.now(), sorted(set(sections))
        row.due = due or max(row.due, row.end)
        row.version += 1
        row.save()
        report_actions.touch(Answers(row))
        audit.record("REPORT_UNSUBMITTED", by=by, subject=row, reason=reason, after={"sections": row.changes_needed})
