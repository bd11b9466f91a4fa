"""The dashboard of figures, and extracts: choose, wait, download."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import audit, clock
from foundation.access import can, may
from foundation.accounts.models import User
from foundation.clients import Rejected, Unavailable
from foundation.clients.storage import store
from reporting.casework.figures import actions
from reporting.casework.figures.extract import Extraction, extractions
from reporting.casework.figures.forms import DashboardForm, ExtractForm, proposed
from reporting.casework.figures.metrics import FAMILIES, METRICS, steps, submitted_by_month
from reporting.casework.figures.models import Extract
from reporting.casework.figures.period import WORDS, Span, period_of
from reporting.people.roles import STAFF


@may("figures.see")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    form = DashboardForm(request.GET)
    period = form.chosen() if form.is_valid() else period_of(Span.MONTH)
    months = submitted_by_month(period)
    context = {
        "form": form,
        "typed": request.GET,
        "span": request.GET.get("span", Span.MONTH.value),
        "spans": WORDS,
        "period": period,
        "families": FAMILIES.values(),
        "rows": [(each, each.measure(period)) for each in METRICS],
        "months": months,
        "axis": steps(max((bar.value for bar in months), default=0)),
        "extracts": allowed(request.user),
    }
    return render(request, "figures/figures.html", context)


def allowed(user: Any) -> list[type[Extraction]]:
    """The kinds of extract that the person may have."""
    return [kind for kind in extractions().values() if can(user, kind.verb)]


@may("figures.extract_documents")
@require_GET
def extracts(request: HttpRequest) -> HttpResponse:
    """What can be had, and what this person asked for lately."""
    assert isinstance(request.user, User)
    since = clock.now() - timedelta(days=30)
    asked = Extract.objects.filter(asked_by=request.user, asked_at__gte=since)
    kinds = extractions()
    rows = [(kinds[each.kind], each, actions.may_have(request.user, each)) for each in asked if each.kind in kinds]
    return render(request, "figures/extracts.html", {"kinds": allowed(request.user), "rows": rows})


@may("figures.extract_documents")
@require_http_methods(["GET", "POST"])
def extract_ask(request: HttpRequest, key: str) -> HttpResponse:
    """Choose what the file shall hold, and have it made."""
    assert isinstance(request.user, User)
    kind = extractions().get(key)
    if kind is None or not can(request.user, kind.verb):
        raise Http404("no such extract")
    form = ExtractForm(kind, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        extract = actions.ask(kind, form.choices(), by=request.user)
        return redirect("extract", extract.token)
    typed = request.POST if request.method == "POST" else proposed(kind)
    return render(request, "figures/ask.html", {"kind": kind, "form": form, "typed": typed})


def _mine(request: HttpRequest, token: str) -> Extract:
    return get_object_or_404(Extract, token=token, asked_by=request.user)


@may("figures.extract_documents")
@require_GET
def extract(request: HttpRequest, token: str) -> HttpResponse:
    """How far a file is, and the link to it."""
    found = _mine(request, token)
    kind = extractions().get(found.kind)
    if kind is None:
        raise Http404("this kind of extract is gone")
    context = {"extract": found, "kind": kind, "ready": actions.may_have(request.user, found)}
    return render(request, "figures/extract.html", context | {"hours": settings.EXTRACT_HOURS})


@may("figures.extract_documents")
@require_GET
def extract_download(request: HttpRequest, token: str) -> HttpResponseBase:
    found = _mine(request, token)
    if not actions.may_have(request.user, found):
        raise Http404("not ready, or expired")
    try:
        file = store().open(found.key)
    except (Rejected, Unavailable):
        context = {"extract": found, "kind": extractions()[found.kind], "ready": False, "unreadable": True}
        return render(request, "figures/extract.html", context | {"hours": settings.EXTRACT_HOURS}, status=503)
    audit.record("EXTRACT_DOWNLOADED", by=request.user, subject=found, after={"kind": found.kind, **found.choices})
    response = FileResponse(file, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Cache-Control"] = "private, no-store"
    return response


DORMANT = timedelta(days=90)
UNUSED = timedelta(days=60)


@may("figures.extract")
@require_GET
def staff_accounts(request: HttpRequest) -> HttpResponse:
    """How many accounts of staff there are, and how many of them are used (deputy-admin 8.2)."""
    staff, now = User.objects.filter(role__in=STAFF), clock.now()
    rows = [
        ("Accounts of staff", staff.count()),
        ("Never activated, made more than 60 days ago",
         staff.filter(registered_at=None, created_at__lt=now - UNUSED).count()),
        ("Activated", staff.filter(is_active=True).count()),
        ("Activated, not used for 90 days",
         staff.filter(is_active=True).exclude(last_login__gte=now - DORMANT).count()),
        ("Used in the last 90 days", staff.filter(is_active=True, last_login__gte=now - DORMANT).count()),
    ]  # fmt: skip
    return render(request, "figures/staff_accounts.html", {"rows": rows})
