"""What staff see and press: the submissions list, one submission, and decisions about single deliveries.

A decision is a page that says what will happen, and a POST that carries the version of what was seen: if somebody
else was faster nothing happens, and the person is told.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import audit, clock, outbox
from foundation.access import can, may
from foundation.clients import Unavailable
from foundation.clients.storage import Missing
from foundation.outbox import Delivery, State
from reporting.casework.submissions import actions, downloads, queries
from reporting.casework.submissions.forms import ConfirmForm, SearchForm
from reporting.casework.submissions.queries import Tab
from reporting.documents.models import Document
from reporting.documents.views import attachment
from reporting.submissions import sync
from reporting.submissions.actions import make_soon
from reporting.submissions.models import Submission

CHANGED = "Nothing was done: this document has changed since you opened the page. Look at its state now."


# The list


@may("submission.see")
@require_GET
def submissions(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    found = queries.visible_to(request.user).select_related("report__client", "created_by", "archived_by")
    wanted = {"text": "", "realm": "", "trouble": ""}
    if form.is_valid():
        wanted = form.cleaned_data
        found = queries.search(found, **wanted)
    tab = _tab(request.GET.get("tab", ""))
    page = Paginator(queries.in_tab(found, tab), queries.PER_PAGE).get_page(request.GET.get("page"))
    query = {name: value for name, value in wanted.items() if value}
    context = {
        "form": form,
        "typed": request.GET,
        "tab": tab,
        "tabs": [(each, queries.in_tab(found, each).count(), _list(each, query)) for each in queries.tabs()],
        "rows": queries.progress(page.object_list),
        "page": page,
        "pagination": _pagination(page, tab, query),
        "query": query,
        "troubles": queries.troubles(),
        "may_synchronise": settings.DOCUMENT_SYNC and can(request.user, "submission.resend"),
    }
    return render(request, "casework/submissions/list.html", context)


def _tab(value: str) -> Tab:
    return Tab(value) if value in queries.tabs() else Tab.PENDING


def _list(tab: Tab, query: dict[str, str], **more: Any) -> str:
    return f"{reverse('submissions')}?{urlencode({'tab': tab.value, **query, **more})}"


def _pagination(page: "Page[Submission]", tab: Tab, query: dict[str, str]) -> dict[str, Any]:
    """What the pagination component takes; empty when there is one page."""
    if page.paginator.num_pages == 1:
        return {}
    items: list[dict[str, Any]] = [
        {"number": number, "href": _list(tab, query, page=number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    result: dict[str, Any] = {"items": items}
    if page.has_previous():
        result["previous"] = {"href": _list(tab, query, page=page.previous_page_number())}
    if page.has_next():
        result["next"] = {"href": _list(tab, query, page=page.next_page_number())}
    return result


# Several at once


@may("submission.archive")
@require_POST
def archive(request: HttpRequest) -> HttpResponse:
    """Put the ticked submissions away: first asks, then does."""
    chosen = _chosen(request)
    if not chosen:
        return _nothing_chosen(request)
    if "sure" not in request.POST:
        return _ask(request, "casework/submissions/archive.html", chosen)
    done = actions.archive(chosen, by=request.user)
    if done:
        messages.success(request, f"Archived: {_count(done, 'submission')}.")
    if before := len(chosen) - done:
        messages.warning(request, f"Archived already by somebody else: {_count(before, 'submission')}.")
    return redirect("submissions")


@may("submission.resend")
@require_POST
def synchronise(request: HttpRequest) -> HttpResponse:
    """Queue what the ticked submissions still have to send: first asks, then does."""
    if not settings.DOCUMENT_SYNC:
        raise PermissionDenied
    chosen = _chosen(request)
    if not chosen:
        return _nothing_chosen(request)
    if "sure" not in request.POST:
        return _ask(request, "casework/submissions/synchronise.html", chosen)
    if queued := actions.synchronise(chosen, by=request.user):
        messages.success(request, f"Queued: {_count(queued, 'document')}.")
    else:
        messages.warning(request, "There was nothing to queue: no document was refused or without a state.")
    return redirect("submissions")


@may("submission.download_document")
@require_POST
def download_selected(request: HttpRequest) -> HttpResponseBase:
    """The files of the ticked submissions as one ZIP; if some are missing, first a page that lists them."""
    chosen = _chosen(request)
    if not chosen:
        return _nothing_chosen(request)
    parcels = downloads.parcels(chosen, request.user)
    documents = [document for parcel in parcels for document in parcel.documents]
    try:
        gone = downloads.missing(documents)
    except Unavailable:
        messages.error(request, "We cannot fetch files just now. Try again in a few minutes.")
        return redirect("submissions")
    closed = [each for each in chosen if not each.downloadable]
    if (gone or closed) and "sure" not in request.POST:
        left = len(documents) - len(gone)
        return _ask(request, "casework/submissions/missing.html", chosen, gone=gone, closed=closed, left=left)
    for parcel in parcels:
        sent = [document.pk for document in parcel.documents if document not in gone]
        audit.record("SUBMISSION_DOWNLOADED", by=request.user, subject=parcel.submission, after={"documents": sent})
    name = f"submissions-{clock.today():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        downloads.stream(parcels),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _chosen(request: HttpRequest) -> list[Submission]:
    """The submissions that were ticked: at most a page of them."""
    numbers = [int(value) for value in request.POST.getlist("submission") if value.isdecimal() and len(value) < 19]
    found = queries.visible_to(request.user).filter(pk__in=numbers[: queries.PER_PAGE])
    return list(found.select_related("report__client", "created_by"))


def _nothing_chosen(request: HttpRequest) -> HttpResponse:
    messages.warning(request, "Select at least one submission.")
    return redirect("submissions")


def _ask(request: HttpRequest, template: str, chosen: list[Submission], **more: Any) -> HttpResponse:
    return render(request, template, {"rows": queries.progress(chosen), **more})


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


# One submission


@may("submission.see")
@require_GET
def submission(request: HttpRequest, submission_id: int) -> HttpResponse:
    found = queries.visible_to(request.user).select_related("report__client", "created_by", "archived_by")
    row = get_object_or_404(found, pk=submission_id)
    (progress,) = queries.progress([row])
    context = {
        "submission": row,
        "progress": progress,
        "states": State,
        "parent": sync.parent_of(row),
        "downloadable": {
            line.document.pk
            for line in progress.lines
            if row.downloadable and queries.may_download(request.user, line.document)
        },
        "may_make_again": can(request.user, "submission.download_report"),
        "may_confirm": can(request.user, "submission.confirm"),
        "may_resend": can(request.user, "submission.resend"),
    }
    return render(request, "casework/submissions/submission.html", context)


@may("submission.download_document")
@require_GET
def download(request: HttpRequest, token: UUID) -> HttpResponseBase:
    """One file, as an attachment."""
    found = Document.objects.select_related("submission").filter(submission__in=queries.visible_to(request.user))
    document = get_object_or_404(found, token=token)
    row: Submission = document.submission  # type: ignore[assignment]
    if not queries.may_download(request.user, document):
        raise PermissionDenied
    if not row.downloadable:
        raise Http404("not kept for download")
    if not document.made:
        make_soon([document.pk])
        messages.warning(request, f"{document.name} is being made. Try again in a minute.")
        return redirect("submission", row.pk)
    try:
        response = attachment(document)
    except Missing:
        messages.error(request, f"{document.name} is not in the storage any more.")
        return redirect("submission", row.pk)
    except Unavailable:
        messages.error(request, f"We cannot fetch {document.name} just now. Try again in a few minutes.")
        return redirect("submission", row.pk)
    audit.record("DOCUMENT_DOWNLOADED", by=request.user, subject=document)
    return response


@may("submission.download_report")
@require_POST
def make_again(request: HttpRequest, token: UUID) -> HttpResponse:
    """The report or its transactions once more from what was frozen: nothing is sent, nothing else changes."""
    found = Document.objects.filter(submission__in=queries.visible_to(request.user))
    document = get_object_or_404(found.exclude(kind=Document.Kind.DEPUTY), token=token)
    actions.make_again(document, by=request.user)
    messages.success(request, f"{document.name} is being made again.")
    return redirect("submission", document.submission_id)


# One delivery


@may("submission.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """ "It has arrived": somebody found an unconfirmed document in the case system."""
    delivery, document, row = _delivery(request, delivery_id)
    about = row if delivery.kind == "report" else None
    needed = "Enter the report's identifier from the case system" if about else ""
    form = ConfirmForm(request.POST if request.method == "POST" else None, needed=needed, submission=about)
    context = {"delivery": delivery, "document": document, "submission": row, "form": form, "typed": request.POST}
    if request.method != "POST":
        if delivery.state != State.UNCONFIRMED:
            return _changed(request, row)
        return render(request, "casework/submissions/confirm.html", context)
    if not form.is_valid():
        return render(request, "casework/submissions/confirm.html", context, status=400)
    given = form.cleaned_data
    try:
        outbox.confirm(delivery, by=request.user, result=given["identifier"], version=given["version"])
    except outbox.Changed:
        return _changed(request, row)
    messages.success(request, f"{document.name} is marked as delivered.")
    return redirect("submission", row.pk)


@may("submission.resend")
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """ "Send it again": what was refused, or what somebody did not find in the case system."""
    delivery, document, row = _delivery(request, delivery_id)
    if request.method != "POST":
        if delivery.state not in {State.UNCONFIRMED, State.REFUSED}:
            return _changed(request, row)
        context = {"delivery": delivery, "document": document, "submission": row}
        return render(request, "casework/submissions/resend.html", context)
    try:
        queued = sync.resend(delivery, by=request.user, version=request.POST.get("version", ""))
    except outbox.Changed:
        return _changed(request, row)
    with_it = f", and with it {_count(queued - 1, 'document')}" if queued > 1 else ""
    messages.success(request, f"{document.name} is queued{with_it}.")
    return redirect("submission", row.pk)


def _delivery(request: HttpRequest, delivery_id: int) -> tuple[Delivery, Document, Submission]:
    delivery = get_object_or_404(Delivery, pk=delivery_id, kind__in=queries.KINDS)
    row = get_object_or_404(
        queries.visible_to(request.user).select_related("report__client"), documents__token=delivery.key
    )
    return delivery, row.documents.get(token=delivery.key), row


def _changed(request: HttpRequest, row: Submission) -> HttpResponse:
    messages.error(request, CHANGED)
    return redirect("submission", row.pk)
