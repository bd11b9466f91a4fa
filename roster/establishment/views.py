"""Pages about the organisation and its people: start, staff, one person, skills that run out."""

from datetime import date
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import audit, clock
from foundation.access import can, may
from foundation.accounts.models import User
from foundation.web.numbers import number
from foundation.web.paging import pagination
from roster.establishment import actions, queries
from roster.establishment.forms import (
    CHANGES,
    TITLES,
    VERB,
    WEEKDAYS,
    DatedForm,
    DetailsForm,
    EndForm,
    StaffSearchForm,
)
from roster.establishment.models import Establishment, Person, PersonalRule, PlanningUnit, RoleHeld
from roster.establishment.roles import reaches
from roster.waiting import waiting

PAGE = 50
CHANGED = "Somebody changed this since you opened the page. Look at what holds now, then save again"


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


@may("unit.see")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, the establishments they work with, and their units."""
    known = list(Establishment.objects.visible_to(request.user).order_by("name"))
    units = queries.units_of(known)
    mine = [place for place in known if reaches(request.user, "staff.edit", place)]
    context = {
        "waiting": waiting(request.user), "today": clock.today(), "may_see_reports": can(request.user, "report.see"),
        "with_a_day": {place for place in known if reaches(request.user, "day.see", place)},
        "places": units.items(), "may_add_to": set(mine), "empty": [place for place in mine if place not in units],
        "any": bool(known),
        "may_import": can(request.user, "staff.import"), "may_see_settings": can(request.user, "settings.see"),
        "may_plan": can(request.user, "plan.publish"), "may_draw": can(request.user, "pattern.edit"),
    }  # fmt: skip
    return render(request, "establishment/home.html", context)


@may("unit.see")
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    form = StaffSearchForm(request.GET, user=request.user)
    wanted = form.cleaned_data if form.is_valid() else {}
    day: date = wanted.get("on") or clock.today()
    unit: PlanningUnit | None = wanted.get("unit")
    found = queries.staff(request.user, day, text=wanted.get("text", ""), unit=unit)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = {name: request.GET[name] for name in ("text", "unit", "on") if request.GET.get(name)}
    context = {
        "form": form, "page": page, "day": day, "pagination": pagination(page, request.path, query),
        "searched": bool(query), "may_import": can(request.user, "staff.import"),
        "may_add": can(request.user, "staff.edit"),
    }  # fmt: skip
    return render(request, "establishment/staff.html", context)


def _person(request: HttpRequest, person_id: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user), pk=person_id)


@may("unit.see")
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    found = _person(request, person_id)
    context = {
        "person": found, "today": clock.today(), "titles": TITLES, "weekdays": dict(WEEKDAYS),
        "may": {kind for kind in [*CHANGES, "details"] if _may(request, found, kind)},
        "may_see_history": can(request.user, "audit.see"),
        "may_see_changes": queries.may_see_changes(request.user, found),
        "endable": set(actions.ENDS), "why": _why(request, found), **queries.record(found),
    }  # fmt: skip
    return render(request, "establishment/person.html", context)


def _why(request: HttpRequest, person: Person) -> dict[int, str]:
    """Reasons of what was agreed with a person, for their line manager of today; that they were shown is kept."""
    rules = [rule for rule in person.rules.all() if rule.reason]
    if not rules or not queries.leads(request.user, person):
        return {}
    audit.record("ADJUSTMENT_REASON_READ", by=me(request), subject=person)
    words = dict(PersonalRule.Reason.choices)
    return {rule.pk: words.get(rule.reason, rule.reason) for rule in rules}


def _may(request: HttpRequest, person: Person, kind: str) -> bool:
    return queries.may_edit(request.user, person, VERB.get(kind, "staff.edit"))


def _to_change(request: HttpRequest, person_id: int, kind: str, kinds: Any) -> Person:
    """The person, if this is something of theirs that the user may change."""
    found = _person(request, person_id)
    if kind not in kinds:
        raise Http404
    if not _may(request, found, kind):
        raise PermissionDenied
    return found


def version_of(request: HttpRequest) -> int:
    return number(request.POST.get("version", ""))


@may("unit.see")
@require_http_methods(["GET", "HEAD", "POST"])
def person_change(request: HttpRequest, person_id: int, kind: str) -> HttpResponse:
    """A contract, grade, unit, manager, skill or role from a day on."""
    found = _to_change(request, person_id, kind, CHANGES)
    form = CHANGES[kind](request.POST if request.method == "POST" else None, user=request.user, person=found)
    version = found.version
    if request.method == "POST":
        version = version_of(request)
        if form.is_valid() and _granted(form, request.user):
            try:
                actions.change(found, kind, form.cleaned_data, by=me(request), version=version)
            except actions.Stale as stale:
                form.add_error(None, CHANGED)
                version = stale.stored.version
            except actions.Clash as clash:
                form.add_error(None, str(clash))
            else:
                messages.success(request, f"Saved: {found.name}.")
                return redirect("person", found.pk)
    context = {
        "form": form,
        "person": found,
        "kind": kind,
        "version": version,
        "now": queries.record(found)[f"{kind}s"],
    }
    context |= {"heading": form.heading, "titles": TITLES, "weekdays": dict(WEEKDAYS)}
    return render(request, "establishment/change.html", context, status=400 if form.is_bound else 200)


def _granted(form: DatedForm, user: Any) -> bool:
    if form.verb != "roles.edit":
        return True
    if queries.may_grant(user, form.cleaned_data["role"], form.cleaned_data["establishment"]):
        return True
    form.add_error("establishment", "You cannot give this role there")
    return False


@may("unit.see")
@require_http_methods(["GET", "HEAD", "POST"])
def person_end(request: HttpRequest, person_id: int, kind: str, row_id: int) -> HttpResponse:
    """The last day of a unit, skill, role or manager: a page that asks, and a POST."""
    found = _to_change(request, person_id, kind, actions.ENDS)
    row = get_object_or_404(actions.ENDS[kind], pk=row_id, person=found)
    if isinstance(row, RoleHeld) and not queries.may_grant(request.user, row.role, row.establishment):
        raise PermissionDenied
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": clock.today().isoformat()})
    version = found.version
    if request.method == "POST":
        version = version_of(request)
        if form.is_valid():
            try:
                actions.end(found, kind, row.pk, form.cleaned_data["last_day"], by=me(request), version=version)
            except actions.Stale as stale:
                form.add_error(None, CHANGED)
                version = stale.stored.version
            except actions.Clash as clash:
                form.add_error("last_day", str(clash))
            else:
                messages.success(request, f"Saved: {found.name}.")
                return redirect("person", found.pk)
    context = {"form": form, "person": found, "kind": kind, "row": row, "version": version, "titles": TITLES}
    return render(request, "establishment/end.html", context, status=400 if form.is_bound else 200)


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def person_details(request: HttpRequest, person_id: int) -> HttpResponse:
    found = _to_change(request, person_id, "details", ["details"])
    form = DetailsForm(request.POST if request.method == "POST" else None, instance=found)
    version, differences = found.version, []
    if request.method == "POST":
        version = version_of(request)
        if form.is_valid():
            try:
                actions.save_details(found, form.cleaned_data, by=me(request), version=version)
            except actions.Stale as stale:
                version, differences = stale.stored.version, _differences(form, stale.stored)
                form.add_error(None, CHANGED)
            else:
                messages.success(request, "The details have been saved.")
                return redirect("person", found.pk)
    context = {"form": form, "person": found, "version": version, "differences": differences}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "establishment/details.html", context, status=status)


def _differences(form: DetailsForm, stored: Person) -> list[dict[str, Any]]:
    """Both values of what somebody else changed meanwhile."""
    sent = form.cleaned_data
    return [
        {"label": field.label, "stored": getattr(stored, name), "sent": sent[name]}
        for name, field in form.fields.items()
        if getattr(stored, name) != sent[name]
    ]


@may("unit.see")
@require_GET
def skills_expiring(request: HttpRequest) -> HttpResponse:
    """Skills that end soon or have ended lately, the first first."""
    today = clock.today()
    page = Paginator(queries.expiring(request.user, today), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "pagination": pagination(page, request.path, {}), "days": settings.SKILL_WARN_DAYS}
    context |= {"today": today}
    return render(request, "establishment/skills_expiring.html", context)
