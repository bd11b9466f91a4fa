"""An officer's own week, to look at, print and take along."""

from collections.abc import Callable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.access import may
from optimiser.words import hours
from roster.diary.calendar import calendar_of
from roster.diary.pdf import as_pdf
from roster.diary.views import YEARS, me
from roster.diary.week import Week, as_csv, monday, week_of
from roster.timeline.words import day_in_words

FILES: dict[str, tuple[str, Callable[[Week], bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "ics": (
        "text/calendar; charset=utf-8",
        lambda week: calendar_of(week.person, week.first, week.last, week.title),
    ),
}


def _week(request: HttpRequest, day: date) -> Week:
    if day.year not in YEARS:
        raise Http404
    return week_of(me(request), day)


@may("diary.see")
@require_safe
def week(request: HttpRequest, day: date | None = None) -> HttpResponse:
    today = clock.today()
    found = _week(request, day or today)
    context = {
        "week": found, "day_in_words": day_in_words, "hours": hours, "is_now": found.first == monday(today),
        "previous": found.first - timedelta(days=7), "next": found.first + timedelta(days=7), "today": today,
    }  # fmt: skip
    return render(request, "diary/week.html", context)


@may("diary.see")
@require_safe
def week_file(request: HttpRequest, day: date, form: str) -> HttpResponse:
    """The same week as PDF, CSV or calendar file."""
    if form not in FILES:
        raise Http404
    found = _week(request, day)
    kind, make = FILES[form]
    response = HttpResponse(make(found), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="roster-{found.first}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
