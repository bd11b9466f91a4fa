"""Pages about clients: search, one client with deputies, orders, reports and documents, discharge and un-archiving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import audit
from foundation.access import can, may
from reporting.casework.clients import actions, documents, queries
from reporting.casework.forms import WordsForm
from reporting.people.actions import Stale
from reporting.people.models import Client
from reporting.people.views import version_of


@may("client.search")
@require_GET
def client_search(request: HttpRequest) -> HttpResponse:
    """Clients by name or case number, also archived and discharged ones."""
    form = WordsForm(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    found = queries.search(queries.visible_to(request.user), text)
    context = {
        "form": form,
        "typed": request.GET,
        "looked": bool(text.strip()),
        "clients": found,
        "starts": queries.active_from(found),
        "most": queries.MOST,
    }
    return render(request, "casework/clients/search.html", context)


@may("client.search")
@require_GET
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    found = _client(request, client_id)
    if _is_archived(found):
        return redirect("client_archived", found.pk)
    audit.record("CLIENT_VIEWED", by=request.user, subject=found)
    return render(request, "casework/clients/client.html", _context(request, found))


@may("client.search")
@require_GET
def client_archived(request: HttpRequest, client_id: int) -> HttpResponse:
    found = _client(request, client_id)
    if not _is_archived(found):
        return redirect("client", found.pk)
    audit.record("CLIENT_VIEWED", by=request.user, subject=found)
    return render(request, "casework/clients/archived.html", _context(request, found))


@may("client.search")
@require_GET
def client_by_case_number(request: HttpRequest, case_number: str) -> HttpResponse:
    """To the live client of this case, or else to the one that was discharged last."""
    number = case_number.strip().upper()
    found = queries.visible_to(request.user).filter(case_number=number)
    newest = found.order_by(F("discharged_at").desc(nulls_first=True), "-pk").first()
    if newest is None:
        raise Http404("no such case")
    return redirect("client", newest.pk)


@may("client.search")
@require_GET
def client_documents(request: HttpRequest, client_id: int) -> HttpResponse:
    """Every document of the client's reports: whether it was scanned, and how far it has come."""
    found = _client(request, client_id)
    return render(
        request,
        "casework/clients/documents.html",
        {"client": found, "reports": documents.by_report(found, request.user)},
    )


@may("client.discharge")
@require_http_methods(["GET", "POST"])
def client_discharge(request: HttpRequest, client_id: int) -> HttpResponse:
    return _decide(request, client_id, actions.discharge, "discharge", "discharged")


@may("client.discharge")
@require_http_methods(["GET", "POST"])
def client_unarchive(request: HttpRequest, client_id: int) -> HttpResponse:
    return _decide(request, client_id, actions.unarchive, "unarchive", "active again")


def _decide(
    request: HttpRequest, client_id: int, action: Callable[..., bool], template: str, done: str
) -> HttpResponse:
    """A page that says what will happen; and the deed, if the client is still as that page showed it."""
    found = _client(request, client_id)
    if request.method == "POST":
        try:
            if action(found, by=request.user, version=version_of(request)):
                messages.success(request, f"{found.name} is {done}.")
            else:
                messages.warning(request, f"{found.name} was {done} already.")
            return redirect("client", found.pk)
        except Stale as error:
            found = error.stored
            messages.error(request, "Somebody changed this client since you opened the page. Check what it says now.")
    context = {"client": found, "deputies": queries.deputies_of(found)}
    return render(request, f"casework/clients/{template}.html", context)


def _client(request: HttpRequest, client_id: int) -> Client:
    found = queries.visible_to(request.user).select_related("organisation", "deputy__user")
    return get_object_or_404(found, pk=client_id)


def _is_archived(client: Client) -> bool:
    return client.archived_at is not None and client.discharged_at is None


def _context(request: HttpRequest, client: Client) -> dict[str, Any]:
    return {
        "client": client,
        "deputies": queries.deputies_of(client),
        "orders": queries.orders_of(client),
        "reports": queries.reports_of(client),
        "may_discharge": can(request.user, "client.discharge"),
        "may_download": can(request.user, "submission.download_report"),
    }
