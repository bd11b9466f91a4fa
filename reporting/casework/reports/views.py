"""Managing one report, and its PDF for those who may have it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import audit
from foundation.access import may
from reporting.casework.clients.queries import deputies_of
from reporting.casework.reports import actions, queries
from reporting.casework.reports.forms import ManageForm, Plan
from reporting.documents.models import Document
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.submissions.files import printed
from reporting.submissions.pdf import render as render_pdf
from reporting.submissions.snapshot import preview

SENT_ALONG = {"csrfmiddlewaretoken", "confirm", "sure", "version"}


@may("report.manage")
@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest, report_id: int) -> HttpResponse:
    """Three steps at one address: the form, what would change, done. What was chosen travels in the page."""
    report = queries.report_of(request.user, report_id)
    if request.method != "POST":
        return _form(request, report, ManageForm(report=report), queries.seen(report))
    version = request.POST.get("version", "")
    form = ManageForm(request.POST, report=report)
    if version != queries.seen(report):
        return _stale(request, report)
    if not form.is_valid():
        return _form(request, report, form, version, status=400)
    plan = form.plan()
    if not plan.changes(report):
        messages.warning(request, "Nothing was changed: everything is as it was.")
        return redirect("client", report.client_id)
    sure = request.POST.get("sure", "")
    if "confirm" not in request.POST or (report.submitted and sure not in {"yes", "no"}):
        return _ask(request, report, plan, version, unanswered="confirm" in request.POST)
    if report.submitted and sure == "no":
        messages.success(request, "Nothing was changed.")
        return redirect("client", report.client_id)
    try:
        actions.manage(report, plan, by=request.user, version=version)
    except actions.Stale as stale:
        return _stale(request, stale.stored)
    messages.success(request, _done(report, plan))
    return redirect("client", report.client_id)


def _done(before: Report, plan: Plan) -> str:
    if plan.close:
        return "The report is closed: it counts as submitted again."
    return "The report is back with the deputy." if before.submitted else "The report has been changed."


def _form(
    request: HttpRequest,
    report: Report,
    form: ManageForm,
    version: str,
    *,
    differences: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "report": report,
        "client": report.client,
        "form": form,
        "version": version,
        "differences": differences,
        "errors": _errors(form),
    }
    return render(request, "casework/reports/manage.html", context, status=status)


def _errors(form: ManageForm) -> list[dict[str, str]]:
    """In the order of the page, each leading to the first box of its question."""
    first = {name: f"{name}-day" for name in ("start", "end", "due_on")}
    return [
        {"text": str(error), "href": f"#{first.get(name, name)}"}
        for name in form.fields
        for error in form.errors.get(name, [])
    ]


def _ask(request: HttpRequest, report: Report, plan: Plan, version: str, *, unanswered: bool) -> HttpResponse:
    context: dict[str, Any] = {
        "report": report,
        "client": report.client,
        "plan": plan,
        "changes": plan.changes(report),
        "version": version,
        "fields": [
            (name, value) for name, values in request.POST.lists() if name not in SENT_ALONG for value in values
        ],
        "too_early": plan.due < plan.end and not plan.close,
        "unanswered": unanswered,
        "errors": [{"text": "Select yes if you want to make these changes", "href": "#sure"}] if unanswered else [],
    }
    return render(request, "casework/reports/confirm.html", context, status=400 if unanswered else 200)


def _stale(request: HttpRequest, stored: Report) -> HttpResponse:
    """Somebody else managed the report meanwhile: both values, and the form as it was sent."""
    form = ManageForm(request.POST, report=stored)
    differences = [{"label": "Report", "stored": "It has changed since you opened the page", "sent": "Check it below"}]
    if form.is_valid():
        differences = [
            {"label": each["label"], "stored": each["before"], "sent": each["after"]}
            for each in form.plan().changes(stored)
        ] or differences
    return _form(request, stored, form, queries.seen(stored), differences=differences, status=409)


@may("submission.download_report")
@require_GET
def report_pdf(request: HttpRequest, report_id: int) -> HttpResponse:
    """The newest PDF that was submitted."""
    report = queries.report_of(request.user, report_id)
    submitted = Document.objects.filter(report=report, kind=Document.Kind.REPORT, submission__isnull=False)
    newest = submitted.order_by("-submission__number").first()
    if newest is None:
        raise Http404("never submitted")
    return redirect("submission_document", newest.token)


@may("submission.download_report")
@require_GET
def report_preview(request: HttpRequest, report_id: int) -> HttpResponse:
    """The report as it stands with the deputy now."""
    report = queries.report_of(request.user, report_id)
    if report.submitted:
        raise Http404("submitted")
    deputy = next((each.user for each in deputies_of(report.client) if each.user), request.user)
    data = render_pdf(printed(preview(Answers(report), by=deputy), notice="Preview: not submitted"))
    audit.record("REPORT_PREVIEWED", by=request.user, subject=report)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="report-preview-{report.end.year}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
