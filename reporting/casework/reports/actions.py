"""Managing a report: all that one page decides is done in one transaction, or nothing is (deputy-admin 6)."""

from typing import Any

from django.db import transaction

from foundation import audit, clock
from reporting.casework.checklists import actions as checklists
from reporting.casework.reports.forms import Plan, titles
from reporting.casework.reports.queries import seen
from reporting.engine.section import Answers
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.reports.statements.actions import follow_period
from reporting.submissions.actions import reopen


class Stale(Exception):
    """The report is not as the person saw it; ``stored`` is how it is now."""

    def __init__(self, stored: Report) -> None:
        self.stored = stored
        super().__init__("changed by somebody else")


@transaction.atomic
def manage(report: Report, plan: Plan, *, by: Any, version: str) -> None:
    """Do what was decided about a report that looked like ``version`` (``queries.seen``). Raises ``Stale``."""
    row = _locked(report)
    if seen(row) != version:
        raise Stale(row)
    if plan.close:
        _close(row, by=by)
        return
    back = row.submitted
    if back:
        reopen(row, list(plan.sections), by=by, due=plan.due)
    report_actions.change_type(row, plan.type, by=by)
    _set_dates(_locked(report), plan, by=by, was=row)
    if back:
        checklists.note(row, _note(plan), by=by)


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("client").get(pk=report.pk)


def _set_dates(row: Report, plan: Plan, *, by: Any, was: Report) -> None:
    """``was`` is the report before anything of this was done: sending it back moves its due date too."""
    moved = (was.start, was.end) != (plan.start, plan.end)
    row.start, row.end, row.due = plan.start, plan.end, plan.due
    row.version += 1
    row.save(update_fields=["start", "end", "due", "version"])
    if moved:
        before, after = _period(was.start, was.end), _period(plan.start, plan.end)
        audit.record("REPORT_PERIOD_CHANGED", by=by, subject=row, before=before, after=after)
        follow_period(Answers(row), by=by)
    if was.due != plan.due:
        before, after = {"due": str(was.due)}, {"due": str(plan.due)}
        audit.record("REPORT_DUE_DATE_CHANGED", by=by, subject=row, before=before, after=after)
    report_actions.touch(Answers(row))


def _period(start: Any, end: Any) -> dict[str, str]:
    return {"start": str(start), "end": str(end)}


def _note(plan: Plan) -> str:
    moment = clock.london(clock.now())
    return "\n".join(
        [
            f"Report sent back to the deputy on {moment:%-d %B %Y at %H:%M}.",
            f"Report type: OPG{plan.type}",
            f"Period: {plan.start:%-d %B %Y} to {plan.end:%-d %B %Y}",
            f"Due date: {plan.due:%-d %B %Y}",
            f"Sections that need changes: {', '.join(titles(plan.type, plan.sections))}",
        ]
    )


def _close(row: Report, *, by: Any) -> None:
    """Submitted again as it was: what counts is what was frozen then. Nothing new is made or sent."""
    before = {"reopened_at": row.reopened_at.isoformat() if row.reopened_at else "", "sections": row.changes_needed}
    row.submitted, row.reopened_at, row.changes_needed = True, None, []
    row.version += 1
    row.save(update_fields=["submitted", "reopened_at", "changes_needed", "version"])
    audit.record("REPORT_CLOSED", by=by, subject=row, before=before)
    moment = clock.london(clock.now())
    checklists.note(row, f"Report closed without a new submission on {moment:%-d %B %Y at %H:%M}.", by=by)
