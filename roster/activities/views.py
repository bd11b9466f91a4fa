"""Pages of shift templates: list, one with its versions, the designer, the end of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.access import may
from roster.activities import actions, queries, wall
from roster.activities.actions import Refused, Stale
from roster.activities.closing import close, seen
from roster.activities.designing import warnings
from roster.activities.expansion import expand, gross, net, resolved
from roster.activities.forms import DesignForm, Place, TemplateForm, initial, latest
from roster.activities.models import Template
from roster.establishment.models import Establishment


def find(request: HttpRequest, template_id: int, *, to_edit: bool = False) -> Template:
    found: Template = get_object_or_404(queries.templates(request.user), pk=template_id)
    if to_edit and not queries.may_edit(request.user, found):
        raise PermissionDenied
    return found


@may("template.see")
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    rows = queries.templates(request.user).prefetch_related("versions__items__activity")
    today = clock.today()
    listed = []
    for each in rows.order_by("establishment__name", "code"):
        version = next((v for v in each.versions.all() if v.holds_on(today)), None)
        begins = min((v.first_day for v in each.versions.all() if v.first_day and v.first_day > today), default=None)
        details = expand(version) if version else ()
        listed.append((each, version, details, begins))
    context = {
        "templates": listed, "today": today, "words": wall.words, "hours": wall.hours, "gross": gross, "net": net,
        "may_add": bool(queries.places(request.user, Template)),
    }  # fmt: skip
    return render(request, "activities/templates.html", context)


@may("template.see")
@require_GET
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """One template with its versions, the latest first."""
    found = find(request, template_id)
    versions = found.versions.filter(valid__isempty=False).order_by("-valid").prefetch_related("items__activity")
    context = {
        "template": found, "versions": [(each, expand(each)) for each in versions], "words": wall.words,
        "hours": wall.hours, "gross": gross, "net": net, "may_edit": queries.may_edit(request.user, found),
    }  # fmt: skip
    return render(request, "activities/template.html", context)


@may("template.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def template_add(request: HttpRequest) -> HttpResponse:
    """Name and design on one page."""
    places = queries.places(request.user, Template)
    if not places:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    named = TemplateForm(posted)
    named.fields = {"establishment": Place(places, Template.everywhere), **named.fields}
    place = _place(request, named, places)
    form = _design(request, place, initial={"first": clock.today()})
    if posted is not None and posted.get("do") == "save" and all([named.is_valid(), form.is_valid()]):
        given = named.cleaned_data
        try:
            made = actions.add_template(
                given["establishment"], given["code"], given["name"], form.cleaned_data["first"], form.design,
                by=request.user,
            )  # fmt: skip
        except Refused as refused:
            named.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{made.name} has been added.")
            return redirect("template", made.pk)
    return _page(request, form, {"named": named, "template": None})


def _place(request: HttpRequest, named: TemplateForm, places: list[Establishment | None]) -> Establishment | None:
    """Whose activities can be chosen: of the place that is typed, else of the first."""
    field: Any = named.fields["establishment"]
    found: Establishment | None = field.places.get(request.POST.get("establishment", ""), places[0])
    return found


@may("template.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def template_change(request: HttpRequest, template_id: int) -> HttpResponse:
    """A new version from a day on."""
    found = find(request, template_id, to_edit=True)
    version = latest(found)
    kept = initial(version) if version else {}
    form = _design(request, found.establishment, initial={"first": clock.today(), **kept})
    number = seen(request) if request.method == "POST" else found.version
    context: dict[str, Any] = {"named": None, "template": found, "number": number, "differences": []}
    if request.method == "POST" and request.POST.get("do") == "save" and form.is_valid():
        try:
            actions.change_template(
                found, form.cleaned_data["first"], form.design, by=request.user, seen=seen(request)
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        except Stale as stale:
            theirs = latest(stale.stored)
            stored = expand(theirs) if theirs else ()
            sent = resolved(form.found, form.frame.start, form.frame.end) if form.found else ()
            context["number"] = stale.stored.version
            context["differences"] = [{"label": "Made of", "stored": _said(stored), "sent": _said(sent)}]
        else:
            messages.success(request, f"{found.name} has been changed.")
            return redirect("template", found.pk)
    return _page(request, form, context)


def _said(items: Any) -> str:
    return ", ".join(f"{wall.words(i.start)} to {wall.words(i.end)} {i.activity.name}" for i in items)


def _design(request: HttpRequest, place: Establishment | None, *, initial: dict[str, Any]) -> DesignForm:
    choices = queries.open_activities(place, clock.today())
    return DesignForm(request.POST if request.method == "POST" else None, choices=choices, initial=initial)


def _page(request: HttpRequest, form: DesignForm, context: dict[str, Any]) -> HttpResponse:
    asked = form.is_bound and request.POST.get("do") != "row"
    named = context["named"]
    if asked:
        form.is_valid()
        errors = form.summary
        for name, found in named.errors.items() if named else ():
            errors += [{"text": str(error), "href": f"#{named[name].auto_id}"} for error in found]
    else:
        errors = []
    context |= {"form": form, "errors": errors, "asked": asked} | _look(form, asked)
    status = 409 if context.get("differences") else 400 if errors and request.POST.get("do") == "save" else 200
    return render(request, "activities/design.html", context, status=status)


def _look(form: DesignForm, asked: bool) -> dict[str, Any]:
    """What the typed design gives, where it is sound."""
    sound = asked and form.is_valid() and bool(form.found)
    details = resolved(form.found, form.frame.start, form.frame.end) if sound else ()
    return {
        "details": details, "words": wall.words, "hours": wall.hours, "gross": gross, "net": net,
        "warnings": warnings(form.frame, form.found) if sound else [],
        "faults": form.summary if asked and not sound else [],
    }  # fmt: skip


@may("template.edit")
@require_POST
def template_look(request: HttpRequest) -> HttpResponse:
    """What the form gives as it is typed; nothing is saved."""
    places = [each for each in queries.places(request.user, Template) if each]
    chosen = next((each for each in places if str(each.pk) == request.POST.get("establishment")), None)
    form = _design(request, chosen, initial={})
    return render(request, "activities/look.html", _look(form, True))


@may("template.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def template_close(request: HttpRequest, template_id: int) -> HttpResponse:
    return close(request, find(request, template_id, to_edit=True))
