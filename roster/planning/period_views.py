"""Periods: which there are, open one, take it through its states, compare drafts."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.access import may
from foundation.web.numbers import number
from foundation.web.offering import offer_rows
from roster.dates import Day, day_of
from roster.establishment.models import PlanningUnit
from roster.establishment.roles import establishments_for, reaches
from roster.planning import actions, publishing
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.by_person import by_person
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.sheet import Sheet, proposed
from roster.planning.views import draft_of, period_of, require
from roster.wording import Worded

State = PlanningPeriod.State


class OpenForm(Worded, forms.Form):
    unit = forms.ModelChoiceField(PlanningUnit.objects.none(), error_messages={"required": "Choose a unit"})
    first = Day("First day, a Monday", "Enter the first day")

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = establishments_for(by, "plan.edit")
        units = PlanningUnit.objects.filter(establishment__in=places, closed_on=None)
        self.units = units.select_related("establishment").order_by("establishment__name", "name")
        offer_rows(self, "unit", self.units)

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first.weekday() != 0:
            raise forms.ValidationError("A period begins on a Monday")
        if not timedelta(days=-60) < first - clock.today() < timedelta(days=400):
            raise forms.ValidationError("Choose a day within the next year")
        return first


class CopyForm(Worded, forms.Form):
    name = forms.CharField(
        required=False, max_length=60, error_messages={"max_length": "Enter a name of 60 characters or fewer"}
    )


class UntilForm(Worded, forms.Form):
    requests_until = Day("Requests until", "Enter the last day for requests")


@may("plan.see")
@require_http_methods(["GET", "POST"])
def periods(request: HttpRequest) -> HttpResponse:
    """Every unit's periods that are not over long since, and a form to open the next."""
    form = OpenForm(request.POST or None, by=request.user)
    begins = _begins(form.units)
    form.initial["first"] = min(begins.values(), default=None)
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        try:
            period = actions.open_period(unit, form.cleaned_data["first"], by=request.user)
            return redirect("plan_board", period.pk)
        except Refused as refused:
            form.add_error("first", str(refused))
    lately = Q(valid__endswith__gt=clock.today() - timedelta(days=60))
    found = PlanningPeriod.objects.visible_to(request.user).filter(lately | Q(state=State.PUBLISHED))
    planned: dict[PlanningUnit, list[PlanningPeriod]] = {unit: [] for unit in form.units}
    for period in found.select_related("unit__establishment").order_by("valid"):
        planned.setdefault(period.unit, []).append(period)
    context = {
        "form": form,
        "units": sorted(planned.items(), key=lambda row: (row[0].establishment.name, row[0].name)),
        "begins": begins,
        "may_open": bool(begins),
    }
    return render(request, "planning/periods.html", context)


def _begins(units: QuerySet[PlanningUnit]) -> dict[int, date]:
    """Where the next period of each unit begins: the day after its last one, so that no week is left out; where there
    is none, as late as a plan should be published.
    """
    this_week = clock.today() - timedelta(days=clock.today().weekday())
    last = {period.unit_id: period.last for period in PlanningPeriod.objects.filter(unit__in=units).order_by("valid")}
    return {
        unit.pk: max(last[unit.pk] + timedelta(days=1), this_week)
        if unit.pk in last
        else this_week + timedelta(weeks=8)
        for unit in units
    }


@may("plan.see")
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, period_id: int) -> HttpResponse:
    """Where a period stands (staff-roster 8.2), and what may be done next."""
    period = period_of(request, period_id)
    errors = []
    if request.POST.get("state") == State.FINALISED and "sure" not in request.POST:
        return render(request, "planning/finalise.html", {"period": period, "waiting": _not_published(period)})
    if request.method == "POST":
        try:
            _move(request, period)
            return redirect("plan_progress", period.pk)
        except Refused as refused:
            errors = [{"text": str(refused)}]
            if request.POST.get("state") == State.REQUESTS:
                errors[0]["href"] = "#requests_until"
            period.refresh_from_db()
    latest = publishing.standing(period).first() or period.publications.first()
    place = period.unit.establishment
    context = {
        "period": period,
        "errors": errors,
        "until": request.POST.get("requests_until", ""),
        "next": [State(each) for each in PlanningPeriod.NEXT[State(period.state)] if _may_follow(period, each)],
        "waiting": _not_published(period),
        "not_published": publishing.not_published(period),
        "drafts": period.drafts.filter(closed_at=None).exclude(kind=Draft.Kind.WORKING),
        "may_edit": reaches(request.user, "plan.edit", place),
        "may_sign": period.state == State.APPROVING and reaches(request.user, "plan.sign", place),
        "may_publish": reaches(request.user, "plan.publish", place),
        "latest": latest,
        "may_take_back": latest is not None and publishing.can_be_taken_back(latest),
        "lead": (period.first - clock.today()).days,
        "publish_ahead": settings.PUBLISH_AHEAD_DAYS,
    }
    return render(request, "planning/progress.html", context)


def _not_published(period: PlanningPeriod) -> int:
    """How many days the draft has otherwise than staff see them."""
    return sum(cell.differs for cell in Sheet(actions.working(period)).differing())


def _may_follow(period: PlanningPeriod, state: str) -> bool:
    """Publishing has a page of its own; what is still being worked is not finalised."""
    return state != State.PUBLISHED and (state != State.FINALISED or clock.today() > period.last)


def _move(request: HttpRequest, period: PlanningPeriod) -> None:
    version = number(request.POST.get("version", ""))
    state = request.POST.get("state", "")
    if state == "sign":
        require(request, "plan.sign", period)
        actions.sign(period, by=request.user, version=version)
        messages.success(request, "The plan is signed and can be published.")
    elif state in State.values:
        require(request, "plan.edit", period)
        until = _requests_until(request, period) if state == State.REQUESTS else None
        actions.move_on(period, state, by=request.user, version=version, requests_until=until)
    else:
        raise Refused("Choose what to do next.")


def _requests_until(request: HttpRequest, period: PlanningPeriod) -> date:
    """The last day on which staff may ask for something in this period."""
    form = UntilForm(request.POST)
    last = form.cleaned_data["requests_until"] if form.is_valid() else None
    if last is None or not clock.today() <= last < period.first:
        raise Refused("Enter until when staff may make requests: today or later, and before the first day.")
    return last  # type: ignore[no-any-return]


@may("plan.edit")
@require_POST
def copy(request: HttpRequest, period_id: int) -> HttpResponse:
    """A what-if of the draft that is open."""
    draft = draft_of(request, period_id)
    require(request, "plan.edit", draft.period)
    form = CopyForm(request.POST)
    if not form.is_valid():
        messages.warning(request, f"The copy was not made. {form.errors['name'][0]}.")
        return redirect(f"{reverse('plan_board', args=[period_id])}?draft={draft.pk}")
    made = actions.copy(draft, by=request.user, name=form.cleaned_data["name"] or "What if")
    return redirect(f"{reverse('plan_board', args=[period_id])}?draft={made.pk}")


@may("plan.see")
@require_GET
def compare(request: HttpRequest, period_id: int) -> HttpResponse:
    """What a what-if or a proposal would change in the working draft."""
    draft = draft_of(request, period_id)
    into = actions.working(draft.period)
    page = Board(draft, user=request.user)
    found = proposed(Sheet(into), Sheet(draft))
    context = {
        "period": draft.period,
        "draft": draft,
        "run": getattr(draft, "run", None),
        "into": into,
        "changes": by_person(page, found, number(request.GET.get("person", ""))),
        "days": sorted({each.shift_date for each in found}),
        "may_edit": reaches(request.user, "plan.edit", draft.period.unit.establishment),
    }
    return render(request, "planning/compare.html", context)


@may("plan.edit")
@require_POST
def accept(request: HttpRequest, period_id: int) -> HttpResponse:
    """Take a proposal over: all of it, one person's, or one day's."""
    draft = draft_of(request, period_id)
    require(request, "plan.edit", draft.period)
    person, day = request.POST.get("person", ""), request.POST.get("day", "")
    try:
        step = actions.accept(
            draft, actions.working(draft.period), by=request.user, seen=number(request.POST.get("revision", "")),
            person=number(person) if person else None, day=day_of(day) if day else None,
        )  # fmt: skip
        taken = len(step.days) if step else 0
        if taken:
            messages.success(request, f"{taken} {'day' if taken == 1 else 'days'} taken over into the working draft.")
        else:
            messages.warning(request, "Nothing was taken over: no such day differs.")
    except (Refused, ValueError) as refused:
        messages.warning(request, str(refused) if isinstance(refused, Refused) else "Choose a real day.")
    return redirect(f"{reverse('plan_compare', args=[period_id])}?draft={draft.pk}")


@may("plan.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, period_id: int, draft_id: int) -> HttpResponse:
    """Asks first: what was tried out is lost."""
    period = period_of(request, period_id)
    require(request, "plan.edit", period)
    tried = period.drafts.filter(closed_at=None).exclude(kind=Draft.Kind.WORKING)
    draft = get_object_or_404(tried.select_related("period__unit__establishment"), pk=draft_id)
    if request.method != "POST":
        total = len(proposed(Sheet(actions.working(draft.period)), Sheet(draft)))
        return render(request, "planning/discard.html", {"period": draft.period, "draft": draft, "total": total})
    try:
        actions.discard(draft, by=request.user)
        messages.success(request, "The draft is put away.")
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("plan_progress", period_id)
