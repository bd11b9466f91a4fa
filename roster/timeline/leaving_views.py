"""Somebody leaves: first a page that shows what will happen, then it is done. Or they stay after all."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.access import may
from foundation.web.numbers import number
from roster.establishment import actions as establishment
from roster.establishment import queries
from roster.establishment.forms import LeaveForm
from roster.establishment.models import Person
from roster.establishment.views import CHANGED, me, version_of
from roster.timeline import leaving
from roster.timeline.content import stored
from roster.timeline.models import Duty, Level
from roster.timeline.words import times


def _person(request: HttpRequest, person_id: int) -> Person:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_id)
    if not queries.may_edit(request.user, person):
        raise PermissionDenied
    return person


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_leave(request: HttpRequest, person_id: int) -> HttpResponse:
    """The last day; then what is withdrawn by it, to confirm; then it is done."""
    person = _person(request, person_id)
    initial = {"last_day": (person.left_on or clock.today()).isoformat()}
    form = LeaveForm(request.POST if request.method == "POST" else None, initial=initial)
    version = person.version if not form.is_bound else version_of(request)
    if form.is_bound and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        duties = leaving.later_duties(person, last_day)
        if number(request.POST.get("withdraws", ""), -1) != len(duties):
            return _ask(request, person, last_day, duties, version)
        try:
            withdrawn = leaving.leave(person, last_day, by=me(request), version=version)
        except establishment.Stale as stale:
            form.add_error(None, CHANGED)
            version = stale.stored.version
        except establishment.Clash as clash:
            form.add_error("last_day", str(clash))
        else:
            messages.success(request, f"{person.name} leaves on {last_day:%-d %B %Y}. {_said(withdrawn)}")
            seen = Person.objects.visible_to(request.user).filter(pk=person.pk).exists()
            return redirect("person", person.pk) if seen else redirect("staff")
    context = {"form": form, "person": person, "version": version}
    return render(request, "timeline/leave.html", context, status=400 if form.is_bound else 200)


def _ask(request: HttpRequest, person: Person, last_day: date, duties: list[Duty], version: int) -> HttpResponse:
    """What will happen. Asked again where the duties have changed since."""
    rows = [
        (each.shift_date, Level(each.level).label, content.name, times(each.shift_date, _frame(each)), each.unit.name)
        for each in duties for content in [stored(each)]
    ]  # fmt: skip
    context = {
        "person": person, "last_day": last_day, "rows": rows, "version": version, "number": len(duties),
        "again": "withdraws" in request.POST,
    }  # fmt: skip
    return render(request, "timeline/leave_confirm.html", context)


def _frame(duty: Duty) -> dict[str, int | None]:
    return {"start": duty.start, "end": duty.end}


def _said(withdrawn: int) -> str:
    if not withdrawn:
        return "Nothing was published for later days."
    days = "1 published day was" if withdrawn == 1 else f"{withdrawn} published days were"
    return f"{days} withdrawn; where they were needed there is a gap now."


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_stay(request: HttpRequest, person_id: int) -> HttpResponse:
    """They stay after all: a page that says what goes on and what does not come back, and a POST."""
    person = _person(request, person_id)
    if person.left_on is None:
        return redirect("person", person.pk)
    if request.method == "POST":
        try:
            establishment.stay(person, by=me(request), version=version_of(request))
        except establishment.Stale:
            messages.error(request, CHANGED)
            return redirect("staff_stay", person.pk)
        messages.success(
            request, f"{person.name} stays. Duties that were withdrawn have not come back: plan them anew."
        )
        return redirect("person", person.pk)
    return render(request, "timeline/stay.html", {"person": person})
