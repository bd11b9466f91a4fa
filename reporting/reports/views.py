"""A report as a whole: its overview, its period, and reading it through before it is submitted."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from foundation.web.numbers import number
from reporting.engine.rows import State
from reporting.engine.section import Answers, Section, sections_of
from reporting.reports import actions, calendar, progress, queries
from reporting.reports.models import ReportSeen
from reporting.reports.period import PeriodForm
from reporting.reports.split_merge.notices import notices
from reporting.reports.statements.actions import follow_period

GROUPS = {
    "decisions": "Decisions and people",
    "care": "Care and daily life",
    "money": "Money and property",
    "future": "Next year and anything else",
    "documents": "Documents",
}
"""Groups of the overview in their order (deputy-reports 2)."""

COLOURS = {
    "not-started": "grey",
    "incomplete": "yellow",
    "done": "green",
    "low-assets-done": "green",
    "not-matching": "blue",
    "explained": "blue",
}


@dataclass(frozen=True)
class Item:
    """One section on the overview."""

    section: Section
    state: State
    colour: str
    changes_needed: bool
    changed: bool
    """Somebody else changed it since the person last looked."""


@may("report.see")
@require_GET
def overview(request: HttpRequest, report_id: int) -> HttpResponse:
    """Every section with its state and what is missing in words; the due date; the way on."""
    report = queries.report_of(request.user, report_id)
    if report.submitted:
        return redirect("report_review", report.pk)
    answers = Answers(report)
    user: Any = request.user
    seen = ReportSeen.objects.filter(report=report, user=user).first()
    items = [_item(kind, answers, user, seen) for kind in sections_of(report.kind)]
    groups = [(title, [item for item in items if item.section.group == key]) for key, title in GROUPS.items()]
    ReportSeen.objects.bulk_create(
        [ReportSeen(report=report, user=user, at=clock.now())],
        update_conflicts=True, unique_fields=["report", "user"], update_fields=["at"],
    )  # fmt: skip
    return render(
        request,
        "reports/overview.html",
        {
            "report": report,
            "answers": answers,
            "groups": [(title, members) for title, members in groups if members],
            "finished": sum(item.state.finished for item in items),
            "items": items,
            "ready": all(item.state.finished for item in items),
            "is_due": report.is_due(),
            "days_left": (report.due - clock.today()).days,
            "co_deputy_changes": [item for item in items if item.changed],
            "notices": notices(report, user),
        },
    )


def _item(kind: type[Section], answers: Answers, user: Any, seen: "ReportSeen | None") -> Item:
    """As it was written down; only what is not finished is read, to say what is still needed."""
    report = answers.report
    stored = report.progress.get(kind.key)
    if stored is None:
        stored = progress.compute(answers, [kind])[kind.key]
    state, section = progress.state_of(stored), answers.unread(kind)
    if state.key in {"incomplete", "not-matching"}:
        section = answers[kind]
        state = section.state()
    return Item(
        section,
        state,
        COLOURS[state.key],
        report.reopened_at is not None and kind.key in report.changes_needed,
        seen is not None and progress.changed_by_another(stored, user, seen.at),
    )


@may("report.fill")
@require_http_methods(["GET", "POST"])
def period(request: HttpRequest, report_id: int) -> HttpResponse:
    """Change the reporting period of an open report."""
    report = queries.open_report(request.user, report_id)
    form = PeriodForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        if number(version) != report.version:
            form.add_error(
                None,
                f"Somebody changed this report: the period is now {report.start:%-d %B %Y} to {report.end:%-d %B %Y}",
            )
        else:
            actions.set_period(
                report,
                form.cleaned_data["start"],
                form.cleaned_data["end"],
                by=request.user,
                version=int(version),
                then=partial(follow_period, by=request.user),
            )
            messages.success(request, "The reporting period has been changed.")
            return redirect("report_overview", report.pk)
    return render(request, "reports/period.html", {"report": report, "form": form})


@may("report.see")
@require_GET
def gather(request: HttpRequest, report_id: int) -> HttpResponse:
    """A list to print of what to have at hand, made from the sections' declarations."""
    report = queries.report_of(request.user, report_id)
    return render(request, "reports/gather.html", {"report": report, "answers": Answers(report)})


@may("report.see")
@require_GET
def due_date_calendar(request: HttpRequest, report_id: int) -> HttpResponse:
    """The due date for a calendar, with reminders before it."""
    report = queries.report_of(request.user, report_id)
    if report.submitted:
        raise Http404("nothing is due")
    address = request.build_absolute_uri(reverse("report_overview", args=[report.pk]))
    response = HttpResponse(calendar.due_date(report, address), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="report-due-date.ics"'
    return response
