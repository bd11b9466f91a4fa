"""A client's page: for a lay deputy what we know of the client, for an organisation also reports, notes, the deputy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.access import can, may
from reporting.home import orders
from reporting.people import queries
from reporting.people.forms import country_name
from reporting.people.models import Client
from reporting.people.notes.models import Note
from reporting.reports.models import Report


@may("client.see")
@require_GET
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    found = queries.client_of(request.user, client_id)
    if can(request.user, "dashboard.see"):
        return _profile(request, found)
    several = len(queries.clients_of(request.user)) > 1
    context = {"client": found, "country": country_name(found.country), "several": several}
    return render(request, "people/client.html", context)


def _profile(request: HttpRequest, found: Client) -> HttpResponse:
    reports = Report.objects.visible_to(request.user).filter(client=found).order_by("-end", "-pk")
    context = {
        "client": found,
        "reports": orders.sorted_by_state(list(reports.select_related("client"))),
        "due_in": orders.due_in,
        "notes": Note.objects.visible_to(request.user)
        .filter(client=found)
        .select_related("created_by", "changed_by")
        .order_by("-created_at", "-pk"),
    }
    return render(request, "home/client_profile.html", context)
