"""Addresses of reports that were merged, and of sections that a split took elsewhere, lead to where they are now.

A page that somebody was filling in at that moment is not lost: what they sent becomes a draft at its new address.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from foundation import clock, drafts
from reporting.engine.section import section_by_slug
from reporting.reports.models import Report
from reporting.reports.split_merge.models import ReportChange

OFFERED = "This report was split or merged while you had it open. What you typed is on this page: save it again."
LOST = "This report was split or merged while you had it open. What you sent was not saved: enter it again."


class MovedReports:
    """Asks only about addresses that were not found, so others cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(exception, Http404) or match is None or "report_id" not in match.kwargs:
            return None
        report = now_in(request.user, match.kwargs)
        if report is None:
            return None
        page = reverse(match.view_name, kwargs=match.kwargs | {"report_id": report.pk})
        if request.method == "POST":
            offered = _offer(request, page)
            messages.warning(request, OFFERED if offered else LOST)
        return HttpResponseRedirect(page)


def now_in(user: Any, address: dict[str, Any]) -> Report | None:
    """The report that holds now what was at this address, if the person may see it."""
    number, section = address["report_id"], section_by_slug(address.get("section", ""))
    if number >= 2**63:
        return None
    visible = Report.objects.visible_to(user).open()
    merged = ReportChange.objects.filter(gone=number).order_by("-pk").first()
    if merged is not None:
        return visible.filter(pk=merged.report_id).first()
    if section is None:
        return None
    for change in ReportChange.objects.filter(what=ReportChange.What.SPLIT, report=number).order_by("-pk"):
        found = visible.filter(pk=change.other_id).first() if change.other_id else None
        if found is not None and section.applies_to(found.kind) and not section.applies_to(change.report.kind):
            return found
    return None


def _offer(request: HttpRequest, page: str) -> bool:
    """Keep what was sent as a draft of the page where it belongs now."""
    if not drafts.shown_at(page):
        return False
    known = drafts.find(request.user, page)
    newer = max(int(clock.now().timestamp() * 1000), known.sequence + 1 if known else 0)
    try:
        drafts.keep(request.user, page, request.POST, newer)
    except (drafts.TooLarge, drafts.TooMany):
        return False
    return True
