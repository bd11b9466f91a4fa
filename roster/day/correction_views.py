"""Corrections of closed days: ask for one, see what waits, approve it or not."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.access import may
from optimiser.words import hours as in_hours
from roster.absence.models import handled
from roster.activities.wall import typed
from roster.day import correcting
from roster.day.duty_views import person_of_day
from roster.day.forms import CorrectionForm
from roster.day.judging import seen
from roster.day.models import Correction
from roster.day.sheet_views import frame, me, place_of
from roster.establishment.models import Person
from roster.hours.statement import signed
from roster.timeline.clock import DAY
from roster.timeline.days import Catalogue, Day
from roster.timeline.models import Level
from roster.timeline.refusals import Refused

WHAT = {"hours": Level.PLAN, "overtime": Level.OVERTIME}
"""What is corrected, as the address says it."""


@may("correction.ask")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, place: str, day: date, person_id: int, what: str) -> HttpResponse:
    found = place_of(request, place)
    who = person_of_day(found, day, person_id)
    if what not in WHAT or not correcting.may(request.user, "correction.ask", found, who):
        raise Http404
    level = WHAT[what]
    causes = _knows(request, who)
    now = correcting.counts(who, day, level)
    form = CorrectionForm(
        request.POST or None, initial=_initial(now), place=found, on=day, corrects=level, causes=causes
    )
    if form.is_bound and form.is_valid():
        wanted = form.wanted(seen(who, day, level).day)
        try:
            row = correcting.ask(found, who, day, level, wanted, by=me(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The correction waits for somebody to approve it.")
            return redirect("correction", row.pk)
    context = frame(request, found, day) | {
        "form": form, "heading": f"Correct the {what}", "button": "Ask for this correction", "about": who.name,
        "person": who, "counts": _words(causes).words(now),
    }  # fmt: skip
    return render(request, "day/correct.html", context, status=400 if form.is_bound else 200)


@may("correction.approve")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What this person may decide on, the longest waiting first."""
    return render(request, "day/corrections.html", {"rows": correcting.waiting_for(request.user)})


@may("day.see")
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """What was asked for and what came of it; decided on by somebody else than who asked."""
    rows = Correction.objects.visible_to(request.user).select_related(
        "person", "establishment", "asked_by", "decided_by"
    )
    row = get_object_or_404(rows, pk=correction_id)
    error: dict[str, str] = {}
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, row))
            return redirect("correction", row.pk)
        except Refused as refused:
            error = {"text": str(refused)}
            if request.POST.get("do") == "refuse":
                error["href"] = "#note"
            row.refresh_from_db()
    catalogue = _words(_knows(request, row.person))
    open_ = row.state == Correction.State.ASKED
    context = {
        "row": row, "place": row.establishment, "errors": [error] if error else [],
        "typed": request.POST.get("note", ""), "after": catalogue.words(correcting.wanted(row)),
        "before": catalogue.words(Day.from_json(row.before)),
        "effect": correcting.effect(row, catalogue) if open_ else None, "in_hours": in_hours, "signed": signed,
        "may_decide": open_ and correcting.may_decide(row, request.user),
        "may_withdraw": open_ and row.asked_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "day/correction.html", context, status=400 if error else 200)


def _decide(request: HttpRequest, row: Correction) -> str:
    """Do what was chosen, and say it."""
    chosen = request.POST.get("do", "")
    if chosen == "approve":
        correcting.approve(row, by=me(request))
        return "Approved: the day counts so from now on. The officer is told at the end of the day."
    if chosen == "refuse":
        correcting.refuse(row, by=me(request), note=request.POST.get("note", ""))
        return "Not approved: the day counts as it did."
    if chosen == "withdraw":
        correcting.withdraw(row, by=me(request))
        return "Taken back."
    raise Refused("Choose what to do.")


def _initial(now: Day) -> dict[str, Any]:
    """The shift that counts now, to be altered; nothing where the day is not one shift with at most one break."""
    if len(now.shifts) != 1 or now.status:
        return {}
    made = Catalogue().content(now.shifts[0])
    work = [item for item in made.items if not item.is_break]
    breaks = [item for item in made.items if item.unpaid_break]
    if not work or len(breaks) > 1:
        return {}
    given: dict[str, Any] = {"activity": work[0].activity.pk}
    times = {"start": made.start, "end": made.end}
    times |= {"rest_from": breaks[0].start, "rest_to": breaks[0].end} if breaks else {}
    return given | {name: typed((seconds or 0) % DAY) for name, seconds in times.items()}


def _knows(request: HttpRequest, person: Person) -> bool:
    """Why somebody is away is for those to read who handle their absences."""
    return bool(handled(request.user).filter(pk=person.pk).exists())


def _words(causes: bool) -> Catalogue:
    """What a day means, as far as this reader may know."""
    return Catalogue() if causes else Catalogue().veiled()
