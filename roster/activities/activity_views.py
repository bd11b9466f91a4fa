"""Pages of activities: the national set with those of the prison, one with its properties, the end of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from roster.activities import actions, queries
from roster.activities.actions import Refused, Stale
from roster.activities.closing import close, seen
from roster.activities.forms import ActivityForm, Place
from roster.activities.models import Activity
from roster.activities.phrases import day_type


def find(request: HttpRequest, activity_id: int) -> Activity:
    found: Activity = get_object_or_404(queries.activities(request.user), pk=activity_id)
    return found


@may("template.see")
@require_GET
def activities(request: HttpRequest) -> HttpResponse:
    rows = [(each, day_type(each.name).value) for each in queries.activities(request.user)]
    context = {"activities": rows, "today": clock.today(), "may_add": bool(queries.places(request.user, Activity))}
    return render(request, "activities/activities.html", context)


@may("template.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def activity_add(request: HttpRequest) -> HttpResponse:
    places = queries.places(request.user, Activity)
    if not places:
        raise PermissionDenied
    form = ActivityForm(request.POST if request.method == "POST" else None)
    form.fields = {"establishment": Place(places, Activity.everywhere), **form.fields}
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_activity(dict(form.cleaned_data), by=request.user)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{made.name} has been added.")
            return redirect("activities")
    context = {"form": form, "activity": None, "may_edit": True}
    return render(request, "activities/activity.html", context, status=400 if form.is_bound else 200)


@may("template.see")
@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Its properties, to change for those who may."""
    found = find(request, activity_id)
    may_edit = queries.may_edit(request.user, found)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = ActivityForm(posted, instance=Activity.objects.get(pk=found.pk))
    number = found.version if posted is None else seen(request)
    context: dict[str, Any] = {"form": form, "activity": found, "number": number, "may_edit": may_edit}
    if posted is not None and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.edit_activity(found, given, by=request.user, seen=seen(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        except Stale as stale:
            context |= {"number": stale.stored.version, "differences": _differences(form, stale.stored, given)}
        else:
            messages.success(request, f"{given['name']} has been saved.")
            return redirect("activities")
    status = 409 if context.get("differences") else 400 if form.is_bound else 200
    return render(request, "activities/activity.html", context, status=status)


def _differences(form: ActivityForm, stored: Activity, given: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"label": str(form.fields[name].label), "stored": str(getattr(stored, name)), "sent": str(value)}
        for name, value in given.items()
        if getattr(stored, name) != value
    ]


@may("template.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def activity_close(request: HttpRequest, activity_id: int) -> HttpResponse:
    found = find(request, activity_id)
    if not queries.may_edit(request.user, found):
        raise PermissionDenied
    return close(request, found)
