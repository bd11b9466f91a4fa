"""Cases outside the gate with their records, and who is on call."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.access import may
from roster.day import cases as actions
from roster.day.cases import LISTS
from roster.day.duty_views import person_of_day
from roster.day.forms import OnCallForm, RecordForm
from roster.day.models import CaseRecord
from roster.day.sheet import Sheet
from roster.day.sheet_views import frame, me, place_of
from roster.demand.models import Case
from roster.timeline.models import Duty, Level
from roster.timeline.refusals import Refused


@may("day.see")
@require_GET
def cases(request: HttpRequest, place: str, day: date) -> HttpResponse:
    found = place_of(request, place)
    listed = [(case, len({s.person.pk for s in actions.stays(case)})) for case in
              actions.open_cases(found, Sheet(found, day))]  # fmt: skip
    return render(request, "day/cases.html", frame(request, found, day) | {"cases": listed})


@may("day.see")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, place: str, case_id: int) -> HttpResponse:
    """One case: who is on it shift by shift, its hours, its record."""
    found = place_of(request, place, "day.edit" if request.method == "POST" else "day.see")
    row = get_object_or_404(Case.objects.filter(establishment=found), pk=case_id)
    record = CaseRecord.objects.filter(case=row).first()
    form = RecordForm(request.POST or None, initial=_initial(record))
    stored = None
    if form.is_bound and form.is_valid():
        try:
            version = request.POST.get("version", "")
            actions.keep_record(
                row, version=int(version) if version.isdecimal() else 0, by=me(request), **form.cleaned_data
            )
        except actions.Stale as stale:
            stored = record = stale.stored
        else:
            messages.success(request, "The record has been saved.")
            return redirect("day_case", found.code, row.pk)
    stays = actions.stays(row)
    context = frame(request, found, clock.today()) | {
        "case": row, "record": record, "form": form, "stays": stays, "stored": stored,
        "hours": round(sum(one.minutes for one in stays) / 60, 2), "warnings": actions.before_leave(row, stays),
        "pairs": _pairs(row), "now": clock.now(),
    }  # fmt: skip
    return render(request, "day/case.html", context, status=400 if form.is_bound else 200)


def _initial(record: CaseRecord | None) -> dict[str, Any]:
    return {name: getattr(record, name) for name in RecordForm.Meta.fields} if record else {}


def _pairs(case: Case) -> str:
    """The suggested pattern: who changes when (staff-roster 9.4)."""
    return f"{case.people} people at a time, changing every 12 hours" if case.kind == Case.Kind.BEDWATCH else ""


@may("day.see")
@require_http_methods(["GET", "HEAD", "POST"])
def on_call(request: HttpRequest, place: str, day: date) -> HttpResponse:
    """The lists of a day; who runs the day puts people on them."""
    found = place_of(request, place, "day.edit" if request.method == "POST" else "day.see")
    form = OnCallForm(request.POST or None, place=found, lists=list(LISTS.items()))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            who = person_of_day(found, day, int(given["person"]))
            actions.put_on_call(found, who, given["rota"], day, given["days"], by=me(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{who.name} is on call.")
            return redirect("day_on_call", found.code, day)
    rows = Duty.objects.between(day, day).filter(level=Level.ON_CALL, unit__establishment=found)
    context = frame(request, found, day) | {"form": form, "rows": rows.select_related("person", "post")}
    return render(request, "day/on_call.html", context, status=400 if form.is_bound else 200)


@may("day.edit")
@require_POST
def off_call(request: HttpRequest, place: str, day: date, duty_id: int) -> HttpResponse:
    found = place_of(request, place, "day.edit")
    rows = Duty.objects.between(day, day).filter(level=Level.ON_CALL, unit__establishment=found)
    actions.take_off_call(found, get_object_or_404(rows, pk=duty_id), by=me(request))
    messages.success(request, "Taken off the list.")
    return redirect("day_on_call", found.code, day)
