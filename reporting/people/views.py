"""A deputy's clients and own details."""

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
from reporting.people.forms import ClientForm, ProfileForm, country_name, initial
from reporting.people.models import Client, Profile


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


@may("client.see")
@require_GET
def clients(request: HttpRequest) -> HttpResponse:
    """The person's clients; straight to the only one."""
    found = queries.clients_of(request.user)
    if len(found) == 1:
        return redirect("client", found[0].pk)
    return render(request, "people/clients.html", {"clients": found})


@may("client.see")
@require_GET
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    found = queries.client_of(request.user, client_id)
    context = {
        "client": found,
        "country": country_name(found.country),
        "several": len(queries.clients_of(request.user)) > 1,
    }
    return render(request, "people/client.html", context)


@may("client.edit")
@require_http_methods(["GET", "POST"])
@drafts.shown
def client_edit(request: HttpRequest, client_id: int) -> HttpResponse:
    found = queries.client_of(request.user, client_id)
    form = ClientForm(request.POST or None, initial=initial(found, ClientForm))
    draft = drafts.restore(request, form)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_client(found, form.cleaned_data, by=person(request), version=_version(request))
            drafts.saved(request)
            messages.success(request, "The client’s details have been saved.")
            return redirect("client", found.pk)
        except Stale as error:
            stale = found = error.stored
    version = drafts.sent(draft, "version", found.version)
    context = {
        "client": found, "form": form, "draft": draft, "version": version, "differences": differences(form, stale),
    }  # fmt: skip
    return render(request, "people/client_edit.html", context)


@may("account.edit")
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """A person's own details; staff have only an account."""
    if not can(request.user, "client.see"):
        return redirect("account")
    profile = queries.profile_of(request.user)
    return render(request, "people/settings.html", {"profile": profile, "country": country_name(profile.country)})


@may("account.edit")
@require_http_methods(["GET", "POST"])
@drafts.shown
def settings_edit(request: HttpRequest) -> HttpResponse:
    """Change one's own details; goes back to where the person came from (the declaration, for example)."""
    profile = queries.profile_of(request.user)
    back = same_site(request.POST.get("next") or request.GET.get("next")) or reverse("settings")
    form = ProfileForm(request.POST or None, initial=initial(profile, ProfileForm))
    draft = drafts.restore(request, form)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(person(request), form.cleaned_data, by=person(request), version=_version(request))
            drafts.saved(request)
            messages.success(request, "Your details have been saved.")
            return redirect(back)
        except Stale as error:
            stale = profile = error.stored
    version = drafts.sent(draft, "version", profile.version)
    context = {
        "form": form, "draft": draft, "version": version, "back": back, "differences": differences(form, stale),
    }  # fmt: skip
    return render(request, "people/settings_edit.html", context)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def differences(form: Any, stored: Profile | Client | None) -> list[dict[str, str]]:
    """Both values of what somebody else changed meanwhile."""
    if stored is None:
        return []
    theirs = initial(stored, type(form))
    return [
        {"label": field.label or "", "stored": str(theirs[name] or ""), "sent": str(form.cleaned_data[name] or "")}
        for name, field in form.fields.items()
        if theirs.get(name) != form.cleaned_data[name]
    ]
