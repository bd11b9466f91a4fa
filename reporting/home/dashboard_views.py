"""The dashboard of an organisation."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from foundation.access import may
from foundation.web.paging import pagination
from reporting.home import dashboard
from reporting.home.dashboard import SORTS, Status, Wanted
from reporting.home.orders import due_in
from reporting.home.registration import missing_step
from reporting.people.organisations.queries import memberships
from reporting.people.views import person


@may("dashboard.see")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Where a member of an organisation lands: what is to be reported, soonest first."""
    if step := missing_step(person(request)):
        return redirect(step)
    wanted = Wanted.from_query(request.GET)
    found = dashboard.search(dashboard.reports_of(request.user), wanted.text)
    counts = dashboard.counts(found)
    everything = sum(counts.values())
    total = everything if wanted.status is None else counts[wanted.status]
    page = dashboard.page_of(found, wanted, total, request.GET.get("page"))
    organisations = memberships(request.user)
    context = {
        "wanted": wanted,
        "page": page,
        "rows": [{"report": report, "status": Status(report.status), "due_in": due_in(report)} for report in page],
        "filters": filters(wanted, counts, everything),
        "sorts": [(name, words) for name, (words, _order) in SORTS.items()],
        "pagination": pagination(page, request.path, wanted.query()),
        "total": total,
        "organisations": organisations,
        "several": sum(each.is_activated for each in organisations) > 1,
        "empty": not everything and not wanted.text and not dashboard.has_clients(request.user),
    }
    return render(request, "home/dashboard.html", context)


def filters(wanted: Wanted, counts: dict[Status, int], everything: int) -> list[dict[str, Any]]:
    """A tab for every report and for each status, with how many there are."""
    tabs: list[tuple[Status | None, str, int]] = [(None, "All", everything)]
    tabs += [(status, status.words, counts[status]) for status in Status]
    return [
        {
            "text": f"{words} ({count})",
            "href": address(wanted.query(status=status or "")),
            "current": status == wanted.status,
        }
        for status, words, count in tabs
    ]


def address(query: dict[str, str]) -> str:
    path = reverse("dashboard")
    return f"{path}?{urlencode(query)}" if query else path
