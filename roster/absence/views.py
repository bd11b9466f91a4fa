"""Sickness on the planners' face: who is away, reporting somebody, one spell with its return and interview."""

from datetime import date
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from foundation.accounts.models import User
from foundation.web.numbers import number
from roster.absence import actions
from roster.absence.forms import InterviewForm, ProlongForm, ReportForm, ReturnForm
from roster.absence.models import Sickness, handled
from roster.absence.queries import taken_back
from roster.absence.restoring import words
from roster.establishment.models import Membership


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


@may("day.sick")
@require_GET
def spells(request: HttpRequest) -> HttpResponse:
    """Who is sick now, whose review is due, and which interviews are still to be held."""
    rows = Sickness.objects.filter(person__in=handled(request.user)).select_related("person")
    today = clock.today()
    waiting = rows.filter(valid__endswith__isnull=False, interviewed_on=None, valid__endswith__lte=today)
    context = {
        "open": rows.open().order_by("review_on"), "waiting": waiting.order_by("valid__endswith")[:100], "today": today,
        "people": handled(request.user).count(), "taken_back": taken_back(request.user),
    }  # fmt: skip
    return render(request, "absence/spells.html", context)


@may("day.sick")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, person_id: int) -> HttpResponse:
    """Somebody has called: their shifts are marked and the gaps open at once."""
    person = get_object_or_404(handled(request.user), pk=person_id)
    given = {"first": _day(request.GET.get("from", "")) or clock.today(), "category": Sickness.Category.SICK}
    form = ReportForm(request.POST or None, initial=given, private=actions.may_read_reason(request.user, person))
    if form.is_bound and form.is_valid():
        try:
            row = actions.report_sick(person, by=me(request), **form.cleaned_data)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"{person.name} is reported sick. Their shifts to {_said(row.marked_to)} are marked."
            )
            unit = Membership.objects.on(row.valid.lower).filter(person=person).order_by("priority").first()
            if unit and row.valid.lower == clock.today():
                return redirect("day_sheet", unit.unit.establishment.code, row.valid.lower)
            return redirect("sickness", row.pk)
    context = {
        "form": form, "heading": "Report sick", "button": "Report sick", "about": person.name,
        "back": reverse("sicknesses"),
    }  # fmt: skip
    return render(request, "rules/form.html", context, status=400 if form.is_bound else 200)


FORMS: dict[str, Any] = {"return": ReturnForm, "prolong": ProlongForm, "interview": InterviewForm}


@may("day.sick")
@require_http_methods(["GET", "HEAD", "POST"])
def sickness(request: HttpRequest, sickness_id: int) -> HttpResponse:
    """One spell. Which form was sent says the button's ``do``."""
    row = get_object_or_404(
        Sickness.objects.visible_to(request.user).select_related("person", "reported_by"), pk=sickness_id
    )
    may_return = handled(request.user, "sick.return").filter(pk=row.person_id).exists()
    do = request.POST.get("do", "")
    forms = {name: kind(request.POST if name == do else None) for name, kind in FORMS.items()}
    form = forms.get(do)
    if form is not None and form.is_valid():
        try:
            _act(do, row, form.cleaned_data, request)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("sickness", row.pk)
    context = {
        "row": row, "person": row.person, "today": clock.today(), "may_return": may_return, "forms": forms,
        "may_read": actions.may_read_reason(request.user, row.person), "interview_days": settings.RETURN_INTERVIEW_DAYS,
        "form": form if form is not None else None,
    }  # fmt: skip
    return render(request, "absence/spell.html", context, status=400 if form is not None else 200)


def _act(do: str, row: Sickness, given: dict[str, Any], request: HttpRequest) -> None:
    text = request.POST.get("version", "")
    common: dict[str, Any] = {"by": me(request), "version": int(text) if text.isdecimal() else None}
    if do == "return":
        actions.end_sickness(row, last=given["last"], **common)
        messages.success(request, "The return is recorded. Shifts after the last day count again.")
    elif do == "prolong":
        actions.prolong(row, review_on=given["review_on"], fit_note_until=given["fit_note_until"], **common)
        messages.success(request, "The new review day is recorded.")
    else:
        actions.record_interview(row, on=given["on"], **common)
        messages.success(request, "The interview is recorded.")


@may("sick.return")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, sickness_id: int) -> HttpResponse:
    """It was entered by mistake: says what that takes back, and asks."""
    row = get_object_or_404(
        Sickness.objects.visible_to(request.user, "sick.return").select_related("person"), pk=sickness_id
    )
    errors = []
    if request.method == "POST":
        try:
            left = actions.withdraw(row, by=me(request), version=number(request.POST.get("version", "")))
        except actions.Refused as refused:
            errors = [{"text": str(refused)}]
            row.refresh_from_db()
        else:
            messages.success(request, f"The sickness of {row.person.name} is taken back. The shifts count again.")
            if left:
                said = f"Something else was put there meanwhile, and stays: {words(left)}. Look at it on the plan."
                messages.warning(request, said)
            return redirect("sicknesses")
    context = {"row": row, "person": row.person, "errors": errors}
    return render(request, "absence/withdraw.html", context, status=409 if errors else 200)


@may("day.sick")
@require_GET
def reason(request: HttpRequest, sickness_id: int) -> HttpResponse:
    """Why: for the person and their line manager; that it was read is kept. For others it is not there."""
    row = get_object_or_404(Sickness.objects.visible_to(request.user).select_related("person"), pk=sickness_id)
    if not actions.may_read_reason(request.user, row.person):
        return redirect("sickness", row.pk)
    context = {"row": row, "found": actions.read_reason(row, by=me(request))}
    return render(request, "absence/reason.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _said(day: date) -> str:
    return f"{day.day} {day:%B}"
