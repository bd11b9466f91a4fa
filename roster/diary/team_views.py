"""A line manager's team: who works when, what asks to be seen, hours and skills."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.access import may
from roster.absence.models import Sickness
from roster.diary.models import Acknowledgement
from roster.diary.week import monday
from roster.establishment.models import Person
from roster.establishment.queries import expiring
from roster.establishment.roles import team_of
from roster.hours.balance import balances
from roster.hours.statement import PERIOD, signed
from roster.timeline.days import NOTHING, Catalogue, published, span_of_days
from roster.timeline.words import day_in_words

SHOWN = timedelta(days=14)


@may("team.see")
@require_safe
def team(request: HttpRequest, day: date | None = None) -> HttpResponse:
    """Two weeks as published, and beside each person what the manager has to see."""
    first, today = monday(day or clock.today()), clock.today()
    last = first + SHOWN - timedelta(days=1)
    people = list(team_of(request.user).order_by("last_name", "first_name"))
    numbers = [person.pk for person in people]
    catalogue = Catalogue()
    plan = published(numbers, first, last)
    days = span_of_days(first, last)
    rows = [(person, [_cell(catalogue, plan.get((person.pk, on), NOTHING).day) for on in days]) for person in people]
    context = {
        "rows": rows, "days": days, "today": today, "seen": _to_be_seen(request.user, people, today),
        "balances": balances(numbers, today - PERIOD, today - timedelta(days=1), catalogue), "signed": signed,
        "previous": first - SHOWN, "next": first + SHOWN, "is_now": first <= today <= last,
    }  # fmt: skip
    return render(request, "diary/team.html", context)


def _cell(catalogue: Catalogue, what: Any) -> tuple[str, str]:
    """In short, and in words for a screen reader."""
    return " ".join(catalogue.codes(what)), catalogue.words(what)


def _to_be_seen(user: Any, people: list[Person], today: date) -> list[tuple[Person, str]]:
    """Sickness, interviews that are due, changes at short notice without an answer, skills that run out."""
    found: list[tuple[Person, str]] = []
    for row in Sickness.objects.filter(person__in=people, interviewed_on=None).select_related("person"):
        if row.is_open:
            words = f"Sick from {day_in_words(row.valid.lower)}; review {day_in_words(row.review_on)}"
            found.append((row.person, words))
        elif row.interview_due and row.interview_due >= today - timedelta(days=28):
            found.append((row.person, f"Return-to-work interview due by {day_in_words(row.interview_due)}"))
    asked = Acknowledgement.objects.filter(person__in=people, change__shift_date__gte=today)
    for each in asked.exclude(agreed=True).select_related("person", "change"):
        said = "does not agree with" if each.answered_at else "has not answered"
        found.append((each.person, f"{said} a change at short notice on {day_in_words(each.change.shift_date)}"))
    for skill in expiring(user, today).filter(person__in=people):
        if skill.last_day:
            ends = "ends" if skill.last_day >= today else "ended"
            found.append((skill.person, f"{skill.skill.name} {ends} on {day_in_words(skill.last_day)}"))
    return sorted(found, key=lambda pair: (pair[0].last_name, pair[0].first_name))
