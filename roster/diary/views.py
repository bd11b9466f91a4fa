"""An officer's own pages: month, day, notices, answers, settings. Only ever one's own."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.access import may
from foundation.web.numbers import number
from roster.absence.models import Sickness
from roster.diary import actions
from roster.diary.calendar import cells, length
from roster.diary.days import days_of
from roster.diary.forms import PauseForm, PreferenceForm
from roster.diary.models import Acknowledgement, Preference
from roster.diary.queries import next_duties, open_for_requests, open_questions
from roster.diary.sentences import month_end, months_later, sentence
from roster.establishment.models import Person
from roster.establishment.roles import person_of
from roster.timeline.changes import PUBLISHED
from roster.timeline.models import CORRECTIONS, Change
from roster.timeline.words import day_in_words, lines

YEARS = range(2000, 2101)
WHICH = {
    "NIGHT_FINISH": "the night that ends on this day", "DAY_FINISH": "the shift, without breaks",
    "OVERTIME_NIGHT_FINISH": "the overtime of the night before", "OVERTIME_DAY_FINISH": "the overtime",
}  # fmt: skip
"""What a length is of."""


def me(request: HttpRequest) -> Person:
    """Who is signed in, as a member of staff."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    return person


@may("diary.see")
@require_safe
def month(request: HttpRequest, year: int = 0, number: int = 0) -> HttpResponse:
    """What comes next, and the month from Monday to Sunday."""
    person, today = me(request), clock.today()
    if year and (year not in YEARS or not 1 <= number <= 12):
        raise Http404
    first = date(year, number, 1) if year else today.replace(day=1)
    last = month_end(first)
    questions = list(open_questions(person))
    asked = {question.change.shift_date for question in questions}
    context = {
        "first": first,
        "previous": months_later(first, -1),
        "next": months_later(first, 1),
        "offset": first.weekday(),
        "is_now": first == today.replace(day=1),
        "cells": cells(person, first, last, asked),
        "duties": next_duties(person) if first == today.replace(day=1) else [],
        "questions": questions,
        "open_for_requests": open_for_requests(person),
        "sick": Sickness.objects.open().filter(person=person).exists(),
        "unread": person.notices.filter(read_at=None).count(),
        "day_in_words": day_in_words,
    }
    return render(request, "diary/month.html", context)


@may("diary.see")
@require_safe
def day(request: HttpRequest, year: int, number: int, day: int) -> HttpResponse:
    """A day's details, and how it came to be so."""
    person = me(request)
    try:
        shown = date(year, number, day)
    except ValueError:
        raise Http404 from None
    if year not in YEARS:
        raise Http404
    told = [*PUBLISHED, *CORRECTIONS.values()]
    changes = Change.objects.filter(person=person, shift_date=shown, level__in=told).order_by("-pk")
    history = [
        (each, lines(shown, each.before), lines(shown, each.after), getattr(each, "acknowledgement", None))
        for each in changes.select_related("by", "acknowledgement")
    ]
    found = days_of(person.user_name, shown, shown)[0]
    lengths = [
        (WHICH[entry.display or ""], length(entry.finish_seconds))
        for entry in found.entries
        if entry.finish_seconds is not None
    ]
    context = {
        "day": found, "title": f"{day_in_words(shown)} {shown.year}", "history": history, "lengths": lengths,
        "previous": shown - timedelta(days=1), "next": shown + timedelta(days=1),
        "questions": open_questions(person).filter(change__shift_date=shown),
    }  # fmt: skip
    return render(request, "diary/day.html", context)


@may("diary.see")
def notices(request: HttpRequest) -> HttpResponse:
    """What has changed, newest first; read when the person says so."""
    person = me(request)
    if request.method == "POST":
        actions.mark_read(person.notices.filter(pk__lte=number(request.POST.get("newest", ""))))
        return redirect("notices")
    shown = [
        (each, sentence(each), lines(each.first_day, each.before), lines(each.first_day, each.after))
        for each in person.notices.all()
    ]
    unread = sum(each.read_at is None for each, *_ in shown)
    newest = max((each.pk for each, *_ in shown), default=0)
    context = {"notices": shown, "unread": unread, "newest": newest, "questions": list(open_questions(person))}
    return render(request, "diary/notices.html", context)


@may("diary.see")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A change at short notice: say that one has seen it, and whether one agrees."""
    person = me(request)
    mine = Acknowledgement.objects.filter(person=person).select_related("change__by")
    asked = get_object_or_404(mine, pk=pk)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        chosen, version = request.POST.get("agreed", ""), request.POST.get("version", "")
        if chosen not in {"yes", "no", "seen"}:
            errors = [{"text": "Select whether you agree with this change", "href": "#agreed"}]
        else:
            try:
                wish = {"yes": True, "no": False}.get(chosen)
                actions.answer(asked, wish, by=request.user, version=number(version))
            except actions.Changed as stale:
                asked = stale.now
                errors = [
                    {"text": "Your answer has changed meanwhile, perhaps on another device. Check it and answer again"}
                ]
            else:
                messages.success(request, "Your answer has been recorded.")
                return redirect("notices")
    change = asked.change
    context = {
        "asked": asked, "change": change, "errors": errors, "day": day_in_words(change.shift_date),
        "before": lines(change.shift_date, change.before), "after": lines(change.shift_date, change.after),
    }  # fmt: skip
    return render(request, "diary/answer.html", context)


@may("preferences.edit")
def preferences(request: HttpRequest) -> HttpResponse:
    person = me(request)
    kept = Preference.objects.filter(person=person).first()
    now = _shown(kept, person)
    form = PreferenceForm(request.POST or None, initial=now)
    other = None
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        try:
            actions.choose(
                person, email=wish["email"], sms=wish["sms"], channel=wish["channel"], by=request.user,
                version=wish["version"],
            )  # fmt: skip
        except actions.Changed as stale:
            other = stale.now
            form = PreferenceForm(request.POST.dict() | {"version": str(other.version)})
            form.add_error(None, "Your settings have changed meanwhile. Check both, then save again")
        else:
            messages.success(request, "Your settings have been saved.")
            return redirect("preferences")
    paused = kept.snooze_until if kept and kept.snooze_until and kept.snooze_until >= clock.today() else None
    context = {"form": form, "paused": paused, "pause": PauseForm(), "other": other}
    return render(request, "diary/preferences.html", context | _quiet())


def _shown(kept: Preference | None, person: Person) -> dict[str, Any]:
    """What is chosen; before any choice, the addresses of the staff record."""
    if kept is None:
        return {"channel": "NONE", "email": person.email, "sms": person.mobile, "version": 0}
    return {"channel": kept.channel, "email": kept.email, "sms": kept.sms, "version": kept.version}


def _quiet() -> dict[str, int]:
    return {
        "quiet_from": settings.QUIET_FROM, "quiet_until": settings.QUIET_UNTIL,
        "soon_hours": settings.NOTIFY_SOON_HOURS,
    }  # fmt: skip


@may("preferences.edit")
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Send nothing for a while, or again from now on."""
    person = me(request)
    if "end" in request.POST:
        actions.snooze(person, None, by=request.user)
        messages.success(request, "Messages are sent again.")
        return redirect("preferences")
    form = PauseForm(request.POST)
    if not form.is_valid():
        kept = Preference.objects.filter(person=person).first()
        context = {"form": PreferenceForm(initial=_shown(kept, person)), "paused": None, "pause": form, "other": None}
        errors = [{"text": str(text), "href": f"#id_{name}"} for name, texts in form.errors.items() for text in texts]
        return render(request, "diary/preferences.html", context | _quiet() | {"errors": errors}, status=400)
    actions.snooze(person, form.until(), by=request.user)
    messages.success(request, "You have paused messages.")
    return redirect("preferences")
