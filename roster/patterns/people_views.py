"""Pages that put people on a pattern: a group one line apart with the weeks to come first, and the end of one."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.access import may
from roster.establishment.models import PlanningUnit
from roster.patterns import actions, queries
from roster.patterns.actions import Refused
from roster.patterns.forms import AssignForm, RetireForm
from roster.patterns.models import Assignment, Pattern
from roster.patterns.views import find_pattern, seen


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_assign(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """A unit is chosen, then its people; the four weeks that follow are shown before anything is saved."""
    pattern = find_pattern(request, pattern_id, "pattern.edit")
    version = pattern.versions.filter(valid__isnull=False, valid__isempty=False).order_by("-valid").first()
    if version is None:
        messages.error(request, "People can follow a pattern once it has been approved.")
        return redirect("pattern", pattern.pk)
    units = list(pattern.establishment.units.filter(closed_on=None))
    unit = _chosen(request, units)
    form = AssignForm(request.POST if request.method == "POST" else None, version=version, unit=unit)
    context: dict[str, Any] = {"pattern": pattern, "units": units, "unit": unit, "form": form, "preview": []}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lines = actions.apart(list(given["people"]), given["line"], version.lines)
        first = given["first"]
        reference = first - timedelta(days=first.weekday())
        if request.POST.get("do") == "save":
            try:
                actions.assign(
                    pattern, lines, reference, first, by=request.user, last=given["last"],
                    agreed_days=given["agreed_days"],
                )  # fmt: skip
            except Refused as refused:
                form.add_error(refused.field, str(refused))
            else:
                messages.success(request, f"On this pattern now: {len(lines)}.")
                return redirect("pattern", pattern.pk)
        upper = given["last"] + timedelta(days=1) if given["last"] else None
        if upper is None or upper > first:
            planned = [
                Assignment(
                    pk=-number, person=person, pattern=pattern, start_line=line, reference=reference,
                    agreed_days=given["agreed_days"], valid=DateRange(first, upper),
                )
                for number, (person, line) in enumerate(lines.items(), 1)
            ]  # fmt: skip
            context["preview"] = queries.preview(planned, first)
        else:
            form.add_error("last", "The last day must not be before the first")
    return render(request, "patterns/assign.html", context, status=400 if form.is_bound and form.errors else 200)


def _chosen(request: HttpRequest, units: list[PlanningUnit]) -> PlanningUnit | None:
    typed = request.GET.get("unit", "")
    found = next((each for each in units if str(each.pk) == typed), None)
    return found or (units[0] if units else None)


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_end(request: HttpRequest, assignment_id: int) -> HttpResponse:
    rows = Assignment.objects.whole().filter(pattern__in=Pattern.objects.visible_to(request.user, "pattern.edit"))
    found = get_object_or_404(rows, pk=assignment_id)
    form = RetireForm(request.POST if request.method == "POST" else None, initial={"last": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_assignment(found, form.cleaned_data["last"], by=request.user, seen=seen(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"The pattern of {found.person.name} ends on that day.")
            return redirect("pattern", found.pattern_id)
    context = {"assignment": found, "form": form}
    return render(request, "patterns/end.html", context, status=400 if form.is_bound else 200)
