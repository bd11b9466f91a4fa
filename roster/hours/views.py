"""Pages about hours: balances of a unit, one person's with its adjustments, rest that is owed, permitting a breach."""

from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from foundation.accounts.models import User
from optimiser.words import hours as in_hours
from roster.establishment import queries
from roster.establishment.models import Membership, Person, PlanningUnit
from roster.establishment.roles import establishments_for
from roster.hours import actions, rest
from roster.hours.balance import balances
from roster.hours.forms import AdjustmentForm, PermitForm
from roster.hours.models import RestOwed
from roster.hours.statement import signed as words
from roster.hours.statement import statement
from roster.rules.actions import Refused
from roster.rules.check import Checker, Finding
from roster.timeline.days import published

WEEKS = timedelta(days=28)


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _places(request: HttpRequest, verb: str = "plan.see") -> Any:
    return establishments_for(request.user, verb)


def _person(request: HttpRequest, person_id: int, verb: str = "plan.see") -> Person:
    """A member of staff of a place of the user."""
    return get_object_or_404(Person.objects.visible_to(request.user, verb), pk=person_id)


@may("plan.see")
@require_GET
def hours(request: HttpRequest) -> HttpResponse:
    """Balances of one unit over the last four weeks, furthest from 0 first."""
    units = PlanningUnit.objects.filter(establishment__in=_places(request), closed_on=None)
    wanted = request.GET.get("unit", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
    unit = get_object_or_404(units, pk=number) if wanted else units.first()
    last = clock.today() - timedelta(days=1)
    rows = Membership.objects.on(last).filter(unit=unit, priority=1).select_related("person") if unit else []
    people = {row.person_id: row.person for row in rows}
    found = balances(people, last - WEEKS + timedelta(days=1), last)
    listed = sorted(((people[pk], one) for pk, one in found.items()), key=lambda pair: -abs(pair[1].minutes))
    context = {"units": units, "unit": unit, "listed": listed, "words": words, "in_hours": in_hours, "last": last}
    return render(request, "hours/hours.html", context)


@may("plan.see")
@require_http_methods(["GET", "HEAD", "POST"])
def person_hours(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's balance and adjustments; hub managers add one."""
    person = _person(request, person_id)
    may_adjust = queries.may_edit(request.user, person, "hours.adjust")
    if request.method == "POST" and not may_adjust:
        raise PermissionDenied
    form = AdjustmentForm(request.POST or None, initial={"day": clock.today().isoformat(), "kind": "other"})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.adjust(
                person, day=given["day"], minutes=round(given["hours"] * 60), kind=given["kind"],
                reason=given["reason"], by=me(request),
            )  # fmt: skip
        except Refused as refused:
            form.add_error({"minutes": "hours"}.get(refused.field or "", refused.field), str(refused))
        else:
            messages.success(request, "The balance has been adjusted.")
            return redirect("person_hours", person.pk)
    context = {
        "person": person, "found": statement(person, clock.today() - timedelta(days=1)), "words": words,
        "in_hours": in_hours, "form": form, "may_adjust": may_adjust,
    }  # fmt: skip
    return render(request, "hours/person.html", context, status=400 if form.is_bound else 200)


@may("rules.see")
@require_GET
def rest_owed(request: HttpRequest) -> HttpResponse:
    """Who is owed rest, until when, and the gap in which they will have it; and what has been made up lately."""
    seen = RestOwed.objects.visible_to(request.user).select_related("person", "exception")
    context = {
        "rows": seen.open(), "had": seen.had()[:50], "today": clock.today(), "in_hours": in_hours,
        "gap": lambda row: rest.words((row.assigned.lower, row.assigned.upper)) if row.assigned else "",
    }  # fmt: skip
    return render(request, "hours/rest_owed.html", context)


@may("rules.see")
@require_GET
def breaches(request: HttpRequest, person_id: int, day: date) -> HttpResponse:
    """What the published plan breaks around a person's day, and who may permit it."""
    person = _person(request, person_id, "rules.see")
    context = {"person": person, "day": day, "found": _findings(person, day)}
    return render(request, "hours/breaches.html", context)


@may("rules.see")
@require_http_methods(["GET", "HEAD", "POST"])
def permit(request: HttpRequest, person_id: int, day: date, rule: str) -> HttpResponse:
    person = _person(request, person_id, "rules.see")
    finding = next((each for each in _findings(person, day) if each.rule == rule and each.blocks), None)
    if finding is None:
        raise Http404
    form = PermitForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.permit(finding, reason=form.cleaned_data["reason"], by=me(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The breach has been permitted.")
            return redirect("breaches", person.pk, day)
    context = {
        "form": form, "heading": "Permit a breach", "button": "Permit", "about": person.name, "finding": finding,
        "person": person, "day": day,
    }  # fmt: skip
    return render(request, "hours/permit.html", context, status=400 if form.is_bound else 200)


def _findings(person: Person, day: date) -> list[Finding]:
    """Of the published plan: two weeks either side are enough for every rule but the averages, which bring history."""
    first, last = day - timedelta(days=14), day + timedelta(days=14)
    plan = published([person.pk], first, last)
    planned = {on: each.day for (_, on), each in plan.items()}
    return Checker([person.pk], first, last).check_edit(person.pk, planned, day)
