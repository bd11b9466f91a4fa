"""Checklists for tests: reports of two years, and answers that make a checklist whole."""

from datetime import timedelta
from typing import Any

from django.http import QueryDict

from foundation.accounts.models import User
from reporting.casework.checklists import actions as checklist_actions
from reporting.casework.checklists import queries
from reporting.casework.checklists.models import Checklist, ChecklistSubmission, LodgingChecklist
from reporting.engine.section import Answers
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.sections.bank_accounts import BankAccount
from reporting.submissions import actions
from reporting.submissions.actions import Declaration
from tests.reporting.conftest import make_deputy, make_report
from tests.reporting.submissions.test_submit import finish

LODGING = LodgingChecklist.kind


def submitted(code: str = "102", deputy: User | None = None, report: Report | None = None, seed: int = 1) -> Report:
    """A report of this type that was submitted."""
    deputy = deputy or make_deputy()
    report = finish(report or make_report(deputy, code), seed)
    actions.submit(report, Declaration("only_deputy"), by=deputy, version=report.version)
    report.refresh_from_db()
    return report


def next_year(report: Report, deputy: User, seed: int = 2) -> Report:
    """The report after this one, submitted too."""
    following = report.next.get()
    # Both periods have ended, and still follow each other.
    for each in (report, following):
        each.start, each.end = each.start - timedelta(days=400), each.end - timedelta(days=400)
        each.save(update_fields=["start", "end"])
    for account in Answers(following).entries(BankAccount):
        account.closing = account.closing if account.closing is not None else account.opening
        account.save()
    report_actions.touch(Answers(following))
    return submitted(deputy=deputy, report=following, seed=seed)


def whole(checklist: Checklist, **answers: str) -> dict[str, Any]:
    """What a browser sends of a checklist in which everything is answered."""
    found: dict[str, Any] = {}
    for question in checklist.asked_questions():
        kind = question.kind
        options = question.options_for(checklist) if kind == "radios" else ()
        found[question.name] = "on" if kind == "tick" else options[0].value if options else "All is well."
    return {**found, "decision": "satisfied", "version": checklist.version, "do": "submit", **answers}


def of(report: Report, kind: str = LODGING) -> Checklist:
    return queries.checklist_of(Report.objects.get(pk=report.pk), kind)


def sign(report: Report, by: User, **answers: str) -> ChecklistSubmission:
    """The lodging checklist of a report, submitted by somebody."""
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in whole(of(report), **answers).items()})
    checklist_actions.save(report, LODGING, data, by=by, version=0, final=True)
    return ChecklistSubmission.objects.get(report=report)
