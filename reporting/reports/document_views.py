"""Adding, removing and fetching the documents of a report.

Choosing files sends them at once where the browser runs our script (static/documents/upload.js); it shows the page
that comes back, so that both ways have the same words. Without script it is an ordinary form.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import audit
from foundation.access import may
from foundation.clients import Unavailable
from foundation.clients.storage import Missing
from reporting.documents import rules
from reporting.documents.actions import NotAdded, NotRemoved
from reporting.documents.models import Document, deputy_documents
from reporting.documents.queries import missing_files, new_documents, sent_documents
from reporting.documents.views import attachment
from reporting.reports import document_actions, queries
from reporting.reports.models import Report
from reporting.sections.documents import Documents

FIELD = "files"


@may("report.fill")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, report_id: int) -> HttpResponse:
    """Add documents to an open report."""
    report = queries.open_report(request.user, report_id)
    return _adding(request, report, "documents/upload.html", {"documents": deputy_documents(report)})


@may("report.fill")
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, report_id: int) -> HttpResponse:
    """Add documents to a report that was submitted; they are sent from the same page (6.5)."""
    report = queries.held_report(request.user, report_id)
    if not report.submitted:
        return redirect("documents_upload", report.pk)
    lists = {"new": new_documents(report), "sent": sent_documents(report)}
    return _adding(request, report, "documents/attach.html", lists)


@may("report.fill")
@require_POST
def remove(request: HttpRequest, report_id: int, token: UUID) -> HttpResponse:
    """Remove a document at once; one that was sent stays."""
    report = queries.held_report(request.user, report_id)
    document = deputy_documents(report).filter(token=token).first()
    if document is not None:
        try:
            document_actions.remove(document, by=request.user)
        except NotRemoved as stays:
            messages.error(request, f"{stays}.")
        else:
            messages.success(request, f"{document.name} has been removed.")
    return redirect(_after_removal(report, request.POST.get("from", "")))


@may("report.fill")
@require_GET
def missing(request: HttpRequest, report_id: int) -> HttpResponse:
    """Documents whose files are gone: each has to be removed, and added again if it still matters (6.6)."""
    report = queries.open_report(request.user, report_id)
    gone = missing_files(report)
    return render(request, "documents/missing.html", {"report": report, "documents": gone})


@may("document.download")
@require_GET
def download(request: HttpRequest, token: UUID) -> HttpResponseBase:
    """A document, or the report itself, of a report that the person may see."""
    kinds = [Document.Kind.DEPUTY, Document.Kind.REPORT]
    document = get_object_or_404(Document.objects.select_related("report"), token=token, made=True, kind__in=kinds)
    find = queries.report_of if document.is_sent else queries.held_report
    report = find(request.user, document.report_id)
    try:
        response = attachment(document)
    except Missing:
        raise Http404("the file is gone") from None
    except Unavailable:
        messages.error(request, f"We cannot fetch {document.name} just now. Try again in a few minutes.")
        return redirect("report_review", report.pk)
    audit.record("DOCUMENT_DOWNLOADED", by=request.user, subject=document)
    return response


def _adding(request: HttpRequest, report: Report, template: str, lists: dict[str, Any]) -> HttpResponse:
    refusals: list[rules.Refused] = []
    if request.method == "POST":
        try:
            added = _add(request, report)
        except NotAdded as error:
            refusals = error.refusals
        else:
            names = added[0].name if len(added) == 1 else f"{len(added)} documents"
            messages.success(request, f"{names} {'has' if len(added) == 1 else 'have'} been added.")
            return redirect(request.path)
    context = {
        "report": report,
        "field": FIELD,
        "errors": [{"text": refusal.message, "href": f"#{FIELD}"} for refusal in refusals],
        "accept": ",".join(f".{each}" for endings in rules.EXTENSIONS.values() for each in endings),
        "limit": rules.megabytes(settings.DOCUMENT_MAX_BYTES),
        "max_bytes": settings.DOCUMENT_MAX_BYTES,
    }
    return render(request, template, context | lists)


def _add(request: HttpRequest, report: Report) -> list[Document]:
    """The script does not send a file that is too large, only its name: the answer is the same and comes sooner."""
    unsent = request.POST.getlist("too_large")[: settings.REQUEST_MAX_FILES]
    if unsent:
        raise NotAdded([rules.too_large(name, settings.DOCUMENT_MAX_BYTES) for name in unsent])
    return document_actions.add(report, request.FILES.getlist(FIELD), by=request.user)  # type: ignore[arg-type]


def _after_removal(report: Report, page: str) -> str:
    if report.submitted:
        return reverse("documents_attach", args=[report.pk])
    if page == "summary":
        return reverse("section", args=[report.pk, Documents.slug]) + "?summary"
    return reverse("documents_missing" if page == "missing" else "documents_upload", args=[report.pk])
