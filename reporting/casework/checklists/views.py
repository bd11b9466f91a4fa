"""Pages of the checklists: fill in, save, submit, the page after that, the PDF; and what did not arrive."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import audit, drafts, outbox
from foundation.access import can, may
from foundation.outbox import Delivery, State
from reporting.casework.checklists import actions, printing, queries, sync
from reporting.casework.checklists.beside import Beside
from reporting.casework.checklists.forms import INFORMATION, ChecklistForm
from reporting.casework.checklists.models import Checklist, ChecklistSubmission, FullReviewChecklist, LodgingChecklist
from reporting.casework.submissions.forms import ConfirmForm
from reporting.casework.submissions.queries import Trouble
from reporting.people.views import version_of
from reporting.reports.models import Report

ROUTES = {LodgingChecklist.kind: "checklist", FullReviewChecklist.kind: "checklist_full_review"}
CHANGED = "Nothing was done: this checklist has changed since you opened the page. Look at its state now."


@may("checklist.fill")
@require_http_methods(["GET", "POST"])
@drafts.shown
def lodging(request: HttpRequest, report_id: int) -> HttpResponse:
    return _checklist(request, report_id, LodgingChecklist.kind)


@may("checklist.fill")
@require_http_methods(["GET", "POST"])
@drafts.shown
def full_review(request: HttpRequest, report_id: int) -> HttpResponse:
    return _checklist(request, report_id, FullReviewChecklist.kind)


def _checklist(request: HttpRequest, report_id: int, kind: str) -> HttpResponse:
    report = queries.report_of(request.user, report_id)
    checklist = queries.checklist_of(report, kind)
    beside = Beside(report)
    if request.method == "POST":
        return _save(request, checklist, beside)
    audit.record("REPORT_VIEWED", by=request.user, subject=report, after={"checklist": kind})
    draft = drafts.find(request.user, request.path)
    typed = draft.data if draft else None
    form = ChecklistForm(
        checklist, typed, by=request.user, draft=typed is not None, initial=_offered(checklist, beside)
    )
    return _page(request, checklist, beside, form, drafts.sent(draft, "version", checklist.version), draft=draft)


def _offered(checklist: Checklist, beside: Beside) -> dict[str, Any]:
    """The deputy's own answers to questions that nobody has answered yet."""
    if not isinstance(checklist, LodgingChecklist):
        return {}
    return {name: value for name, value in beside.offered().items() if value and getattr(checklist, name) is None}


def _save(request: HttpRequest, checklist: Checklist, beside: Beside) -> HttpResponse:
    report: Report = checklist.report
    final = request.POST.get("do") == "submit"
    try:
        saved = actions.save(
            report, checklist.kind, request.POST, by=request.user, version=version_of(request), final=final
        )
    except actions.Stale as stale:
        form = stale.form
        found: Any = form.owner
        return _page(request, found, beside, form, found.version, differences=form.differences(), status=409)
    if isinstance(saved, ChecklistForm):
        return _page(request, checklist, beside, saved, version_of(request), status=400)
    drafts.saved(request)
    if final:
        return redirect("checklist_submitted", report.pk)
    if request.POST.get("do") == INFORMATION:
        messages.success(request, "The further information has been added, and the checklist has been saved.")
    else:
        messages.success(request, "The checklist has been saved.")
    return redirect(ROUTES[checklist.kind], report.pk)


def _page(
    request: HttpRequest,
    checklist: Checklist,
    beside: Beside,
    form: ChecklistForm,
    version: Any,
    *,
    draft: drafts.Draft | None = None,
    differences: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    report: Report = checklist.report
    asked = {question.name: question for question in form.questions}
    groups = [
        (
            group,
            [asked[name] for name in group.questions if name in asked],
            beside.sections(group),
            beside.facts(group),
        )
        for group in checklist.groups
    ]
    context: dict[str, Any] = {
        "report": report,
        "client": report.client,
        "checklist": checklist,
        "form": form,
        "errors": form.summary(),
        "groups": [each for each in groups if each[1]],
        "version": version,
        "draft": draft,
        "differences": differences,
        "progress": queries.progress(checklist),
        "information": report.further_information.select_related("created_by"),
        "typed_information": form["information"].value() or "",
        "full_review": queries.wants_full_review(report),
        "kinds": {"lodging": LodgingChecklist.kind, "full_review": FullReviewChecklist.kind},
        "has_last_year": bool(beside.before),
        "may_settle": can(request.user, "submission.resend"),
    }
    return render(request, "casework/checklists/checklist.html", context, status=status)


@may("checklist.fill")
@require_GET
def submitted(request: HttpRequest, report_id: int) -> HttpResponse:
    """The page after a checklist was submitted. Looking at it changes nothing."""
    report = queries.report_of(request.user, report_id)
    newest = queries.last_submission(report)
    if newest is None:
        return redirect("checklist", report.pk)
    context = {
        "report": report,
        "client": report.client,
        "submission": newest,
        "progress": queries.progress(queries.checklist_of(report, LodgingChecklist.kind)),
        "full_review": queries.wants_full_review(report) and newest.kind == LodgingChecklist.kind,
    }
    return render(request, "casework/checklists/submitted.html", context)


@may("checklist.fill")
@require_GET
def pdf(request: HttpRequest, report_id: int) -> HttpResponse:
    report = queries.report_of(request.user, report_id)
    audit.record("CHECKLIST_DOWNLOADED", by=request.user, subject=report)
    response = HttpResponse(printing.current_pdf(report), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{printing.file_name(report)}"'
    response["Cache-Control"] = "private, no-store"
    return response


# Checklists that did not arrive


@may("checklist.fill")
@require_GET
def checklists(request: HttpRequest) -> HttpResponse:
    """Those that were submitted and have not arrived in the case system as they should."""
    trouble = request.GET.get("trouble", "")
    trouble = trouble if trouble in {each.value for each in Trouble} else ""
    context = {
        "rows": queries.undelivered(trouble),
        "trouble": Trouble(trouble).words if trouble else "",
        "states": State,
        "may_settle": can(request.user, "submission.resend"),
    }
    return render(request, "casework/checklists/undelivered.html", context)


@may("submission.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """ "It has arrived": somebody found an unconfirmed checklist in the case system."""
    delivery, signed = _delivery(request, delivery_id)
    needed = "" if sync.checklist_uuid(signed) else "Enter the checklist's identifier from the case system"
    form = ConfirmForm(request.POST if request.method == "POST" else None, needed=needed)
    if request.method == "GET" and delivery.state != State.UNCONFIRMED:
        return _changed(request, signed)
    if request.method != "POST" or not form.is_valid():
        context = _about(delivery, signed) | {"form": form, "typed": request.POST, "needed": needed}
        status = 400 if request.method == "POST" else 200
        return render(request, "casework/checklists/confirm.html", context, status=status)
    given = form.cleaned_data
    try:
        outbox.confirm(delivery, by=request.user, result=given["identifier"], version=given["version"])
    except outbox.Changed:
        return _changed(request, signed)
    messages.success(request, "The checklist is marked as delivered.")
    return redirect("checklist", signed.report_id)


@may("submission.resend")
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """ "Send it again": what was refused, or what somebody did not find in the case system."""
    delivery, signed = _delivery(request, delivery_id)
    if request.method != "POST":
        if delivery.state not in {State.UNCONFIRMED, State.REFUSED}:
            return _changed(request, signed)
        return render(request, "casework/checklists/resend.html", _about(delivery, signed))
    try:
        outbox.resend(delivery, by=request.user, version=request.POST.get("version", ""))
    except outbox.Changed:
        return _changed(request, signed)
    messages.success(request, "The checklist is queued.")
    return redirect("checklist", signed.report_id)


def _delivery(request: HttpRequest, delivery_id: int) -> tuple[Delivery, ChecklistSubmission]:
    delivery = get_object_or_404(Delivery, pk=delivery_id, kind="checklist")
    signed = sync.submission_of(delivery)
    if not queries.visible_to(request.user).filter(pk=signed.report_id).exists():
        raise Http404("not theirs")
    return delivery, signed


def _about(delivery: Delivery, signed: ChecklistSubmission) -> dict[str, Any]:
    return {"delivery": delivery, "submission": signed, "report": signed.report, "client": signed.report.client}


def _changed(request: HttpRequest, signed: ChecklistSubmission) -> HttpResponse:
    messages.error(request, CHANGED)
    return redirect("checklist", signed.report_id)
