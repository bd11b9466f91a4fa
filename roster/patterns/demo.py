"""Patterns for a demonstration, with people on them: officers, operational support by day and night, managers."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from foundation import clock
from roster.activities.models import Template
from roster.establishment.demo import place
from roster.establishment.models import Establishment, GradeHeld, Membership, Person, PlanningUnit, here
from roster.patterns import actions
from roster.patterns.actions import Entry
from roster.patterns.models import Assignment, Pattern, PatternVersion

WEEKS_BEFORE, WEEKS_AFTER = 12, 52
OFFICERS = """
M M M RD RD L L
RD RD L L L RD RD
N N N N RD RD RD
RD M M M M RD RD
E E RD RD M M M
"""
"""The worked example of staff-roster 6: 36:57 a week, and no late on Monday or Tuesday."""
SUPPORT_DAYS = """
M M M RD L RD RD
L L RD M M RD RD
RD RD L L RD M M
E L M M RD RD RD
"""
SUPPORT_NIGHTS = """
N2 N2 N2 N2 RD RD RD
RD RD RD RD N2 N2 N2
N2 N2 N2 N2 RD RD RD
RD N2 N2 N2 N2 N2 RD
"""
MANAGERS = """
D D D D D RD RD
OO RD OO OO RD RD RD
RD RD D D OO RD RD
D D RD RD D OO RD
RD OO D D RD RD OO
"""
SETS: list[tuple[str, str, list[str], int]] = [
    ("Officers, five lines", OFFICERS, ["OFF"], 4),
    ("Operational support, days", SUPPORT_DAYS, ["OSG"], 3),
    ("Operational support, nights", SUPPORT_NIGHTS, ["OSG"], 4),
    ("Managers", MANAGERS, ["SO", "CM"], 4),
]
"""Name, lines, the grades of those who follow it, and how many of every four of them who have no pattern yet."""
WEEKLY = 37 * 60


@transaction.atomic
def make(establishment: Establishment | None = None, today: date | None = None) -> None:
    """The patterns of a demo prison, in force since some weeks ago, and its people on them. Again changes nothing."""
    establishment = establishment or place()
    monday = (today or clock.today()) - timedelta(days=(today or clock.today()).weekday())
    first = monday - timedelta(weeks=WEEKS_BEFORE)
    for name, text, grades, of_four in SETS:
        if Pattern.objects.filter(establishment=establishment, name=name).exists():
            continue
        version = actions.create(establishment, name, WEEKLY, by=None, rows=rows(text))
        _in_force(version, first)
        chosen = [p for number, p in enumerate(free(establishment, grades, monday)) if number % 4 < of_four]
        if chosen:
            lines = actions.apart(chosen, 0, version.lines)
            actions.assign(version.pattern, lines, first, first, by=None)


def rows(text: str) -> list[list[Entry | None]]:
    """Lines of codes, as above."""
    national: dict[str, Any] = {each.code: each.pk for each in Template.objects.filter(establishment=None)}
    return [[Entry(national[code]) for code in line.split()] for line in text.strip().splitlines()]


def free(establishment: Establishment, grades: list[str], day: date) -> list[Person]:
    """People of these grades in a unit of the establishment who follow no pattern, unit by unit."""
    units = PlanningUnit.objects.filter(establishment=establishment)
    members = Membership.objects.on(day).filter(here("person__"), unit__in=units, priority=1)
    graded = GradeHeld.objects.on(day).filter(grade__code__in=grades).values("person")
    taken = Assignment.objects.on(day).values("person")
    found = members.filter(person__in=graded).exclude(person__in=taken).select_related("person")
    return [each.person for each in found.order_by("unit__name", "person_id")]


def _in_force(version: PatternVersion, first: date) -> None:
    """As if it had been consulted on and approved long ago."""
    version.state, version.valid = PatternVersion.State.APPROVED, (first, None)
    version.consulted_on, version.approved_at = first - timedelta(days=35), clock.now()
    version.save()
