"""From the last look to the submitted report: details, declaration, confirmation, feedback; further documents."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import audit, drafts
from foundation.access import may
from foundation.web.numbers import number
from reporting.documents.models import Document
from reporting.documents.queries import missing_files
from reporting.engine.section import Answers
from reporting.reports import queries
from reporting.reports.models import Report
from reporting.submissions import actions
from reporting.submissions.files import printed
from reporting.submissions.forms import LENGTHS, RESEARCH, SCORES, YES_NO, DeclarationForm, FeedbackForm, ResearchForm
from reporting.submissions.models import Feedback, Submission
from reporting.submissions.pdf import render as render_pdf
from reporting.submissions.snapshot import blocks_from, client_rows, deputy_rows, named_deputy, preview, rows_from


@may("report.see")
@require_GET
def review(request: HttpRequest, report_id: int) -> HttpResponse:
    """The whole report as a page: a preview, the last look before submitting, or what was submitted."""
    report = queries.report_of(request.user, report_id)
    if report.submitted:
        return _submitted(request, report)
    if missing_files(report):
        return redirect("documents_missing", report.pk)
    answers = Answers(report)
    sections = sorted(answers.sections(), key=lambda section: section.place)
    states = [section.state() for section in sections]
    finished = all(state.finished for state in states)
    context = {
        "report": report,
        "answers": answers,
        "parts": [
            {"title": section.title, "blocks": section.blocks(), "state": state}
            for section, state in zip(sections, states, strict=True)
        ],
        "ready": finished and report.is_due(),
        "finished": finished,
    }
    return render(request, "submissions/review.html", context)


def _submitted(request: HttpRequest, report: Report) -> HttpResponse:
    """What was submitted, from what was frozen then."""
    submission = actions.latest(report)
    frozen = submission.snapshot
    parts = [
        {"title": part["title"], "blocks": blocks_from(part["blocks"]), "state": None} for part in frozen["sections"]
    ]
    if frozen["financial"]:
        parts.append({"title": "Financial summary", "blocks": blocks_from(frozen["financial"]), "state": None})
    context = {
        "report": report,
        "submission": submission,
        "parts": parts,
        "declaration": rows_from(frozen["declaration"]),
        "held": Report.objects.held_by(request.user).filter(pk=report.pk).exists(),
        "pdf": submission.documents.filter(kind=Document.Kind.REPORT).first(),
        "ready": False,
        "finished": True,
    }
    return render(request, "submissions/review.html", context)


@may("report.see")
@require_GET
def preview_pdf(request: HttpRequest, report_id: int) -> HttpResponse:
    """The report as it stands, as a PDF that says that it has not been submitted."""
    report = queries.open_report(request.user, report_id)
    snapshot = preview(Answers(report), by=request.user)
    data = render_pdf(printed(snapshot, notice="Preview: not submitted"))
    audit.record("REPORT_PREVIEWED", by=request.user, subject=report)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="report-preview-{report.end.year}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@may("report.submit")
@require_GET
def confirm_details(request: HttpRequest, report_id: int) -> HttpResponse:
    """Names, addresses and phone numbers of client and deputy, to be changed if they are out of date."""
    report = queries.open_report(request.user, report_id)
    if not _may_submit(report):
        return redirect("report_overview", report.pk)
    context = {
        "report": report,
        "named": named_deputy(report),
        "deputy": deputy_rows(report, request.user),
        "client": client_rows(report),
    }
    return render(request, "submissions/confirm_details.html", context)


@may("report.submit")
@require_http_methods(["GET", "POST"])
@drafts.shown
def declaration(request: HttpRequest, report_id: int) -> HttpResponse:
    """The declaration; sending it submits the report."""
    report = queries.held_report(request.user, report_id)
    if report.submitted:
        # A second click, or a co-deputy who was faster: one submission, and this is where it is confirmed.
        if request.method == "POST":
            messages.info(request, "This report has been submitted already. It was not sent a second time.")
        return redirect("submitted", report.pk)
    if not _may_submit(report):
        return redirect("report_overview", report.pk)
    form = DeclarationForm(request.POST if request.method == "POST" else None, kind=report.kind)
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        answer = _submit(request, report, form)
        if answer is not None:
            return answer
        report.refresh_from_db()
    context = {
        "report": report,
        "form": form,
        "agreed": actions.agreements(report.kind),
        "statement": actions.statement(report.kind),
        "draft": draft,
        "chosen": {
            name: drafts.sent(draft, name, request.POST.get(name, "")) for name in ("agree", "agreed", "explanation")
        },
    }
    return render(request, "submissions/declaration.html", context)


def _submit(request: HttpRequest, report: Report, form: DeclarationForm) -> HttpResponse | None:
    version = request.POST.get("version", "")
    try:
        actions.submit(report, form.declaration(), by=request.user, version=number(version))
    except actions.ChangedMeanwhile:
        form.add_error(
            None, "The report was changed after you opened this page. Read it through again, then submit it."
        )
        return None
    except actions.NotReady as reason:
        messages.error(request, str(reason))
        return redirect("report_overview", report.pk)
    drafts.saved(request)
    return redirect("submitted", report.pk)


def _may_submit(report: Report) -> bool:
    """Finished and due; asked again under the lock when it is submitted."""
    return report.is_due() and all(section.state().finished for section in Answers(report).sections())


@may("report.submit")
@require_http_methods(["GET", "POST"])
def submitted(request: HttpRequest, report_id: int) -> HttpResponse:
    """The confirmation, with a question about satisfaction that can be left out."""
    report = queries.held_report(request.user, report_id)
    if not report.submitted:
        return redirect("report_overview", report.pk)
    submission = actions.latest(report)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        Feedback.objects.update_or_create(
            submission=submission,
            defaults={
                "score": int(form.cleaned_data["score"]),
                "comments": form.cleaned_data["comments"],
                "role": request.user.role,  # type: ignore[union-attr]
                "report_type": report.type,
            },
        )
        return redirect("research", report.pk)
    following = report.next.order_by("pk").first()
    context = {"report": report, "submission": submission, "form": form, "scores": SCORES, "following": following}
    return render(request, "submissions/submitted.html", context | {"typed": request.POST})


@may("report.submit")
@require_http_methods(["GET", "POST"])
def research(request: HttpRequest, report_id: int) -> HttpResponse:
    """Whether the deputy would take part in research; can be left out."""
    report = queries.held_report(request.user, report_id)
    feedback = get_object_or_404(Feedback, submission__in=report.submissions.all(), submission=_latest_or_none(report))
    form = ResearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        feedback.deputyship_length = form.cleaned_data["deputyship_length"]
        feedback.agreed_research = form.cleaned_data["agreed_research"]
        feedback.has_video_device = form.cleaned_data["has_video_device"] == "yes"
        feedback.save()
        return redirect("thank_you", report.pk)
    context: dict[str, Any] = {"report": report, "form": form, "lengths": LENGTHS, "kinds": RESEARCH, "yes_no": YES_NO}
    return render(request, "submissions/research.html", context | {"typed": request.POST})


def _latest_or_none(report: Report) -> Submission | None:
    return report.submissions.filter(with_report=True).order_by("-number").first()


@may("report.submit")
@require_GET
def thank_you(request: HttpRequest, report_id: int) -> HttpResponse:
    return render(request, "submissions/thank_you.html", {"report": queries.held_report(request.user, report_id)})


@may("report.submit")
@require_POST
def send_documents(request: HttpRequest, report_id: int) -> HttpResponse:
    """Send the documents that were added after the report was submitted."""
    report = queries.held_report(request.user, report_id)
    try:
        submission = actions.send_documents(report, by=request.user)
    except actions.NotReady as reason:
        messages.error(request, str(reason))
        return redirect("report_overview", report.pk)
    if submission is None:
        messages.info(request, "There are no new documents to send.")
    else:
        count = submission.documents.count()
        messages.success(request, f"{count} {'document has' if count == 1 else 'documents have'} been sent.")
    return redirect("documents_attach", report.pk)
