"""The demand board: four weeks of posts and sessions against who is there, and what could be done about a gap."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from foundation.accounts.models import User
from roster.dates import day_of
from roster.demand import actions, squares
from roster.demand.actions import Refused, Stale
from roster.demand.coverage import Coverage
from roster.demand.forms import CaseForm, RegimeForm, RequirementForm, initial
from roster.demand.models import Case, Half, Level, Regime, Requirement
from roster.demand.steps import steps
from roster.demand.usual import worked_in
from roster.establishment.models import Establishment, PlanningUnit
from roster.establishment.roles import establishments_for, reaches

DAYS = 28


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


@dataclass(frozen=True)
class Where:
    """An establishment's own demand, or that of one of its units, as the address says: ?place=1&unit=2."""

    place: Establishment
    unit: PlanningUnit | None

    @property
    def query(self) -> str:
        return f"place={self.place.pk}" + (f"&unit={self.unit.pk}" if self.unit else "")

    @property
    def name(self) -> str:
        return self.unit.name if self.unit else self.place.name


def where(request: HttpRequest, verb: str = "demand.see") -> Where | None:
    """None: the user has no establishment yet. What is not theirs is not found."""
    places = establishments_for(request.user, verb)
    wanted = request.GET.get("place", "")
    place = get_object_or_404(places, pk=_number(wanted)) if wanted else places.filter(units__isnull=False).first()
    if place is None:
        return None
    number = request.GET.get("unit", "")
    unit = get_object_or_404(place.units, pk=_number(number)) if number else None
    return Where(place, unit)


def at(request: HttpRequest, verb: str = "demand.see") -> Where:
    found = where(request, verb)
    if found is None:
        raise Http404
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@may("demand.see")
@require_GET
def demand(request: HttpRequest) -> HttpResponse:
    """Four weeks; rows are posts with their times, columns days."""
    places = establishments_for(request.user, "demand.see").filter(units__isnull=False).distinct()
    found = where(request)
    if found is None:
        return render(request, "demand/none.html", {})
    first = _day(request.GET.get("from", "")) or clock.today()
    coverage = Coverage(found.place, found.unit, first, first + timedelta(days=DAYS - 1))
    said = {
        (each.day, each.half): each
        for each in Regime.objects.of(found.place, found.unit).filter(day__range=(first, coverage.last))
    }
    confirmed = [
        (half, [(day, proposed, said.get((day, half))) for day, proposed in levels])
        for half, levels in squares.regimes(coverage)
    ]
    gaps = coverage.gaps()
    context = {
        "where": found, "places": places, "units": found.place.units.filter(closed_on=None), "days": coverage.days,
        "rows": squares.rows(coverage), "regimes": confirmed, "colours": squares.COLOURS, "gaps": gaps[:20],
        "Level": Level, "count": len(gaps), "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "cases": coverage.cases.values(), "may_edit": reaches(request.user, "demand.edit", found.place),
        "may_confirm": may_confirm(request.user, found),
        "may_open": reaches(request.user, "day.edit", found.place),
    }  # fmt: skip
    return render(request, "demand/board.html", context)


def _day(text: str) -> date | None:
    try:
        return day_of(text)
    except ValueError:
        return None


@may("demand.see")
@require_GET
def gap(request: HttpRequest, key: str, day: date) -> HttpResponse:
    """One post on one day, stretch by stretch, and for each that is short the cheapest steps."""
    found = at(request)
    coverage = Coverage(found.place, found.unit, day, day)
    number = int(key)
    listed = coverage.of(number, day)
    if not listed:
        raise Http404
    usual = worked_in(Q(unit=found.unit) if found.unit else Q(unit__establishment=found.place), day)
    rows = [
        (one, coverage.sentence(one), steps(coverage, one, usual=usual) if one.below_target else []) for one in listed
    ]
    context = {"where": found, "name": coverage.name(number), "day": day, "rows": rows}
    return render(request, "demand/gap.html", context)


def may_confirm(user: Any, found: Where) -> bool:
    """Governors, and the Orderly Officer on duty."""
    return any(reaches(user, verb, found.place) for verb in ("demand.approve", "demand.confirm"))


@may("demand.see")
@require_http_methods(["GET", "HEAD", "POST"])
def regime(request: HttpRequest, day: date, half: str) -> HttpResponse:
    """Confirm what regime will be run in half a day; the numbers propose one."""
    found = at(request)
    if half not in Half.values:
        raise Http404
    if not may_confirm(request.user, found):
        raise PermissionDenied
    proposed = Coverage(found.place, found.unit, day, day).level(day, Half(half))
    row = Regime.objects.of(found.place, found.unit).filter(day=day, half=half).first()
    form = RegimeForm(request.POST or None, initial={"level": row.level if row else int(proposed)})
    version = row.version if row else 0
    stored = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.confirm_regime(
                found.place, found.unit, day, Half(half), Level(given["level"]), proposed=proposed,
                reason=given["reason"], version=_number(request.POST.get("version", "")), by=me(request),
            )  # fmt: skip
        except Stale as stale:
            stored = stale.stored
        else:
            messages.success(request, "The regime has been confirmed.")
            return redirect(f"{reverse('demand')}?{found.query}")
    context = {
        "form": form, "heading": f"Regime on {day:%A} {day.day} {day:%B}, {Half(half).label.lower()}",
        "button": "Confirm", "about": found.name, "proposed": proposed, "version": version, "stored": stored,
        "where": found,
    }  # fmt: skip
    return render(request, "demand/regime.html", context, status=400 if form.is_bound else 200)


@may("demand.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def requirement(request: HttpRequest, requirement_id: int = 0) -> HttpResponse:
    """Add a requirement, or change one from a day on."""
    found = at(request, "demand.edit")
    row = None
    if requirement_id:
        row = get_object_or_404(Requirement.objects.of(found.place, found.unit), pk=requirement_id)
    given = {"first": clock.today().isoformat()} | (initial(row) if row else {})
    form = RequirementForm(request.POST or None, initial=given, place=found.place, unit=found.unit)
    stale = False
    if form.is_bound and form.is_valid():
        fields = form.cleaned_data
        try:
            if row is None:
                actions.add_requirement(found.place, found.unit, by=me(request), **fields)
            else:
                version = _number(request.POST.get("version", ""))
                actions.change_requirement(row, version=version, by=me(request), **fields)
        except Stale as refused:
            stale, row = True, refused.stored
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "The demand has been saved.")
            return redirect(f"{reverse('demand')}?{found.query}")
    context = {
        "form": form, "heading": "Change demand" if row else "Add demand", "button": "Save", "about": found.name,
        "row": row, "stale": stale, "where": found,
    }  # fmt: skip
    return render(request, "demand/requirement.html", context, status=400 if form.is_bound else 200)


@may("day.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """Open a bedwatch, an escort, a watch."""
    found = at(request, "day.edit")
    form = CaseForm(request.POST or None, initial={"people": 2})
    if form.is_bound and form.is_valid():
        try:
            actions.open_case(found.place, found.unit, by=me(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "The case is open and counts as demand.")
            return redirect(f"{reverse('demand')}?{found.query}")
    context = {"form": form, "heading": "Open a case", "button": "Open", "about": found.name, "where": found}
    return render(request, "demand/case.html", context, status=400 if form.is_bound else 200)


@may("day.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def case_end(request: HttpRequest, case_id: int) -> HttpResponse:
    """Asks first: a case that has ended is not opened again. ``?from=day``: back to the case, not to the board."""
    rows = Case.objects.filter(establishment__in=establishments_for(request.user, "day.edit"))
    row = get_object_or_404(rows.select_related("establishment", "unit"), pk=case_id)
    back = f"{reverse('demand')}?{Where(row.establishment, row.unit).query}"
    if request.GET.get("from") == "day":
        back = reverse("day_case", args=[row.establishment.code, row.pk])
    if row.ended_at is not None:
        messages.warning(request, "This case has ended already.")
        return redirect(back)
    if request.method != "POST":
        return render(request, "demand/case_end.html", {"row": row, "back": back, "begun": row.starts_at < clock.now()})
    try:
        actions.end_case(row, at=clock.now(), by=me(request))
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The case has ended.")
    return redirect(back)
