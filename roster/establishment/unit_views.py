"""Pages about units: one with its members, make one, call it something else, put it elsewhere, close it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from roster.establishment import unit_actions
from roster.establishment.actions import Clash, Stale
from roster.establishment.models import Establishment, Membership, PlanningUnit, here
from roster.establishment.unit_forms import AddForm, CloseForm, PlaceForm, RenameForm
from roster.establishment.views import CHANGED, me, version_of


@may("unit.see")
@require_GET
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(PlanningUnit.objects.visible_to(request.user), pk=unit_id)
    today = clock.today()
    members = Membership.objects.on(today).filter(here("person__"), unit=found).select_related("person")
    editable = PlanningUnit.objects.visible_to(request.user, "staff.edit").filter(pk=found.pk).exists()
    context = {
        "unit": found, "today": today, "members": members.order_by("person__last_name", "person__first_name"),
        "may_edit": editable, "names": found.names.order_by("-valid"),
    }  # fmt: skip
    return render(request, "establishment/unit.html", context)


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_add(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Establishment.objects.visible_to(request.user, "staff.edit"), code=code)
    form = AddForm(request.POST if request.method == "POST" else None, establishment=place)
    if form.is_bound and form.is_valid():
        try:
            made = unit_actions.add_unit(place, **form.cleaned_data, by=me(request))
        except Clash as clash:
            form.add_error("name", str(clash))
        else:
            messages.success(request, f"{made.name} has been added.")
            return redirect("unit", made.pk)
    context = {"form": form, "place": place}
    return render(request, "establishment/unit_add.html", context, status=400 if form.is_bound else 200)


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = _editable(request, unit_id)
    now = {"name": found.name, "abbreviation": found.abbreviation}
    form = RenameForm(request.POST if request.method == "POST" else None, initial=now)

    def save(given: dict[str, Any], version: int) -> None:
        unit_actions.rename_unit(found, **given, by=me(request), version=version)

    return _changed(request, found, form, save, "rename", "name")


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_move(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = _editable(request, unit_id)
    now = {"function": found.function_id, "parent": found.parent_id}
    posted = request.POST if request.method == "POST" else None
    form = PlaceForm(posted, initial=now, establishment=found.establishment, besides=found.pk)

    def save(given: dict[str, Any], version: int) -> None:
        unit_actions.move_unit(found, **given, by=me(request), version=version)

    return _changed(request, found, form, save, "move", "parent")


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_close(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = _editable(request, unit_id)
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"day": clock.today().isoformat()})

    def save(given: dict[str, Any], version: int) -> None:
        unit_actions.close_unit(found, given["day"], by=me(request), version=version)

    return _changed(request, found, form, save, "close", "day")


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_open(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = _editable(request, unit_id)
    if found.closed_on is None:
        return redirect("unit", found.pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def save(given: dict[str, Any], version: int) -> None:
        unit_actions.open_again(found, by=me(request), version=version)

    return _changed(request, found, form, save, "open", "")


def _editable(request: HttpRequest, unit_id: int) -> PlanningUnit:
    return get_object_or_404(PlanningUnit.objects.visible_to(request.user, "staff.edit"), pk=unit_id)


def _changed(
    request: HttpRequest, unit: PlanningUnit, form: forms.Form, save: Callable[[dict[str, Any], int], None], what: str,
    field: str,
) -> HttpResponse:  # fmt: skip
    """A form about a unit: saved, or shown with what is in the way (at ``field``) and what holds now."""
    version = unit.version
    if form.is_bound:
        version = version_of(request)
        if form.is_valid():
            try:
                save(form.cleaned_data, version)
            except Stale as stale:
                form.add_error(None, CHANGED)
                unit, version = stale.stored, stale.stored.version
            except Clash as clash:
                form.add_error(field, str(clash))
            else:
                unit.refresh_from_db()
                messages.success(request, f"Saved: {unit.name}.")
                return redirect("unit", unit.pk)
    context = {"form": form, "unit": unit, "version": version, "what": what}
    return render(request, "establishment/unit_change.html", context, status=400 if form.is_bound else 200)
