"""A deputy's clients and own details."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import drafts
from foundation.access import can, may
from foundation.accounts.models import User
from foundation.accounts.sign_in import same_site
from reporting.people import actions, queries
from reporting.people.actions import Stale
from reporting.people.forms import ArchiveForm, ClientForm, OrganisationClientForm, ProfileForm, country_name, initial
from reporting.people.models import Client, Profile
from reporting.people.organisations.forms import OwnDetailsForm
from reporting.people.organisations.queries import memberships
from reporting.people.roles import ORGANISATION, TITLES


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


@may("client.list")
@require_GET
def clients(request: HttpRequest) -> HttpResponse:
    """The person's clients; straight to the only one."""
    found = queries.clients_of(request.user)
    if len(found) == 1:
        return redirect("client", found[0].pk)
    return render(request, "people/clients.html", {"clients": found})


@may("client.edit")
@require_http_methods(["GET", "POST"])
@drafts.shown
def client_edit(request: HttpRequest, client_id: int) -> HttpResponse:
    """Change a client's details; goes back to where the person came from."""
    found = queries.client_of(request.user, client_id)
    back = same_site(request.POST.get("next") or request.GET.get("next")) or reverse("client", args=[found.pk])
    kind = OrganisationClientForm if person(request).role in ORGANISATION else ClientForm
    form = kind(request.POST or None, initial=initial(found, kind))
    draft = drafts.restore(request, form)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_client(found, form.cleaned_data, by=person(request), version=version_of(request))
            drafts.saved(request)
            messages.success(request, "The client’s details have been saved.")
            return redirect(back)
        except Stale as error:
            stale = found = error.stored
    version = drafts.sent(draft, "version", found.version)
    context = {
        "client": found, "form": form, "draft": draft, "version": version, "differences": differences(form, stale),
        "back": back, "told": kind is ClientForm,
    }  # fmt: skip
    return render(request, "people/client_edit.html", context)


@may("client.archive")
@require_http_methods(["GET", "POST"])
def client_archive(request: HttpRequest, client_id: int) -> HttpResponse:
    """Asks with a tick-box; afterwards only staff can bring the client back."""
    found = queries.client_of(request.user, client_id)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.archive_client(found, by=person(request), version=version_of(request))
            messages.success(request, f"{found.name} has been archived.")
            return redirect("dashboard")
        except Stale as error:
            found = error.stored
            form.add_error(None, "Somebody changed this client’s details meanwhile. Check them, then archive again")
    return render(request, "people/client_archive.html", {"client": found, "form": form})


@may("account.edit")
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """A person's own details; staff have only an account."""
    if not can(request.user, "own_details.edit"):
        return redirect("account")
    profile = queries.profile_of(request.user)
    context: dict[str, Any] = {"profile": profile, "country": country_name(profile.country)}
    if not can(request.user, "member.see"):
        return render(request, "people/settings.html", context)
    context |= {
        "organisations": memberships(request.user),
        "title": TITLES[person(request).role],
        "may_drop": can(request.user, "admin_right.drop"),
    }
    return render(request, "people/organisations/settings.html", context)


@may("own_details.edit")
@require_http_methods(["GET", "POST"])
@drafts.shown
def settings_edit(request: HttpRequest) -> HttpResponse:
    """Change one's own details; goes back to where the person came from (the declaration, for example)."""
    profile = queries.profile_of(request.user)
    back = same_site(request.POST.get("next") or request.GET.get("next")) or reverse("settings")
    kind = OwnDetailsForm if person(request).role in ORGANISATION else ProfileForm
    form = kind(request.POST or None, initial=initial(profile, kind))
    draft = drafts.restore(request, form)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(person(request), form.cleaned_data, by=person(request), version=version_of(request))
            drafts.saved(request)
            messages.success(request, "Your details have been saved.")
            return redirect(back)
        except Stale as error:
            stale = profile = error.stored
    version = drafts.sent(draft, "version", profile.version)
    context = {
        "form": form, "draft": draft, "version": version, "back": back, "differences": differences(form, stale),
        "told": kind is ProfileForm,
    }  # fmt: skip
    return render(request, "people/settings_edit.html", context)


def version_of(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def differences(form: Any, stored: Profile | Client | None) -> list[dict[str, str]]:
    """Both values of what somebody else changed meanwhile."""
    return both_values(form, initial(stored, type(form))) if stored is not None else []


def both_values(form: Any, theirs: dict[str, Any]) -> list[dict[str, str]]:
    """Of the fields of a form that differ: what is stored now, and what was sent."""
    return [
        {"label": field.label or "", "stored": _words(theirs[name]), "sent": _words(form.cleaned_data[name])}
        for name, field in form.fields.items()
        if theirs.get(name) != form.cleaned_data[name]
    ]


def _words(value: Any) -> str:
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value or "")
