"""One establishment: its functions with their units, and the units that were closed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from roster.establishment import unit_actions
from roster.establishment.actions import Clash
from roster.establishment.models import Establishment, Function, PlanningUnit
from roster.establishment.roles import reaches
from roster.establishment.unit_forms import FunctionForm
from roster.establishment.views import me


@may("unit.see")
@require_GET
def establishment(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Establishment.objects.visible_to(request.user), code=code)
    units = place.units.select_related("parent")
    by_function: dict[int | None, list[PlanningUnit]] = {}
    for unit in units.open():
        by_function.setdefault(unit.function_id, []).append(unit)
    context = {
        "place": place, "today": clock.today(), "functions": place.functions.all(), "by_function": by_function,
        "closed": units.filter(closed_on__lte=clock.today()).order_by("-closed_on"),
        "may_edit": reaches(request.user, "staff.edit", place),
    }  # fmt: skip
    return render(request, "establishment/establishment.html", context)


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def function_add(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Establishment.objects.visible_to(request.user, "staff.edit"), code=code)
    form = FunctionForm(request.POST if request.method == "POST" else None)

    def save(name: str) -> Any:
        return unit_actions.add_function(place, name, by=me(request))

    return _named(request, place, form, save, f"Add a function to {place.name}")


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def function_rename(request: HttpRequest, function_id: int) -> HttpResponse:
    places = Establishment.objects.visible_to(request.user, "staff.edit")
    found = get_object_or_404(
        Function.objects.select_related("establishment"), pk=function_id, establishment__in=places
    )
    form = FunctionForm(request.POST if request.method == "POST" else None, initial={"name": found.name})

    def save(name: str) -> Any:
        unit_actions.rename_function(found, name, by=me(request))

    return _named(request, found.establishment, form, save, f"What is {found.name} called from now on?")


def _named(
    request: HttpRequest, place: Establishment, form: FunctionForm, save: Callable[[str], Any], heading: str
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            save(name)
        except Clash as clash:
            form.add_error("name", str(clash))
        else:
            messages.success(request, f"Saved: {name}.")
            return redirect("establishment", place.code)
    context = {"form": form, "place": place, "heading": heading}
    return render(request, "establishment/function.html", context, status=400 if form.is_bound else 200)
