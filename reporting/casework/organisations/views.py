"""Pages about organisations, for staff: list, one with its users and clients, add, edit, delete, members."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.access import can, may
from foundation.accounts.models import User
from foundation.web.paging import pagination
from reporting.casework.organisations import queries
from reporting.casework.organisations.forms import (
    MemberForm,
    NewOrganisationForm,
    OrganisationForm,
    OrganisationSearchForm,
)
from reporting.people import roles
from reporting.people.actions import Stale
from reporting.people.organisations import actions
from reporting.people.organisations.actions import Refused
from reporting.people.organisations.models import Organisation
from reporting.people.roles import Act, may_act_on

TABS = ("users", "clients")


def _organisation(request: HttpRequest, organisation_id: int) -> Organisation:
    return get_object_or_404(queries.visible_to(request.user), pk=organisation_id)


def _staff(request: HttpRequest) -> User:
    return cast(User, request.user)


@may("organisation.search")
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    form = OrganisationSearchForm(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    found = queries.search(queries.visible_to(request.user), text)
    page = Paginator(found, queries.ORGANISATIONS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "typed": request.GET,
        "page": page,
        "text": text,
        "pagination": pagination(page, reverse("organisations"), {"text": text} if text else {}),
    }
    return render(request, "casework/organisations/organisations.html", context)


@may("organisation.search")
@require_GET
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation: its users or its clients, 15 a page."""
    found = _organisation(request, organisation_id)
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else TABS[0]
    rows = queries.users_of(found) if tab == "users" else queries.clients_of(found)
    page = Paginator(rows, queries.PER_PAGE).get_page(request.GET.get("page"))
    address = reverse("organisation", args=[found.pk])
    context = {
        "organisation": found,
        "counts": queries.counts(found),
        "tab": tab,
        "address": address,
        "page": page,
        "pagination": pagination(page, address, {"tab": str(tab)}),
        "titles": roles.TITLES,
        "may_manage": can(request.user, "organisation.manage"),
        "may_delete": can(request.user, "organisation.delete"),
    }
    return render(request, "casework/organisations/organisation.html", context)


@may("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_add(request: HttpRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.create(
                given["name"], given["identifier"], is_activated=given["active"] == "yes", by=_staff(request)
            )
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{made.name} has been added.")
            return redirect("organisation", made.pk)
    return render(request, "casework/organisations/add.html", {"form": form}, status=400 if form.is_bound else 200)


@may("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest, organisation_id: int) -> HttpResponse:
    found = _organisation(request, organisation_id)
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=_values(found))
    version = request.POST.get("version", "") if form.is_bound else found.version
    context = {"form": form, "organisation": found, "version": version, "differences": []}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            saved = actions.update(
                found, name=given["name"], is_activated=given["active"] == "yes", by=_staff(request),
                version=_number(request),
            )  # fmt: skip
        except Stale as stale:
            context |= {"version": stale.stored.version, "differences": _differences(form, stale.stored)}
        else:
            messages.success(request, f"{saved.name} has been saved.")
            return redirect("organisation", saved.pk)
    return render(request, "casework/organisations/edit.html", context, status=400 if form.is_bound else 200)


def _values(row: Organisation) -> dict[str, str]:
    return {"name": row.name, "active": "yes" if row.is_activated else "no"}


def _differences(form: OrganisationForm, stored: Organisation) -> list[dict[str, str]]:
    """Both values of what somebody else changed meanwhile."""
    theirs = _values(stored)
    return [
        {"label": str(field.label or ""), "stored": theirs[name], "sent": form.cleaned_data[name]}
        for name, field in form.fields.items()
        if theirs[name] != form.cleaned_data[name]
    ]


def _number(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


@may("organisation.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_delete(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Only where nobody and no active client is left."""
    found = _organisation(request, organisation_id)
    if request.method != "POST":
        context = {"organisation": found, "counts": queries.counts(found)}
        return render(request, "casework/organisations/delete.html", context)
    try:
        actions.delete(found, by=_staff(request))
    except Refused as refused:
        messages.error(request, f"{refused}.")
        return redirect("organisation", found.pk)
    messages.success(request, f"{found.name} has been deleted.")
    return redirect("organisations")


# Its users


@may("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_user_add(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """An account that exists, by its address."""
    found = _organisation(request, organisation_id)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(email=form.cleaned_data["email"]).first()
        try:
            if user is None:
                raise Refused("There is no account with this email address", "email")
            actions.add_member(found, user, by=_staff(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{user.name} is in {found.name} now.")
            return redirect("organisation", found.pk)
    context = {"form": form, "organisation": found}
    return render(request, "casework/organisations/user_add.html", context, status=400 if form.is_bound else 200)


@may("organisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_user_remove(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    """Take somebody out; the account stays."""
    found = _organisation(request, organisation_id)
    member = get_object_or_404(found.users, pk=user_id)
    if not may_act_on(request.user, member, Act.REMOVE):
        raise PermissionDenied
    if request.method != "POST":
        context = {"organisation": found, "member": member}
        return render(request, "casework/organisations/user_remove.html", context)
    actions.remove_member(found, member, by=_staff(request))
    messages.success(request, f"{member.name} is no longer in {found.name}.")
    return redirect("organisation", found.pk)
