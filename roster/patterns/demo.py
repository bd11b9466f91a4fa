"""Patterns for a demonstration, with people on them: officers, operational support by day and night, managers."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from foundation import clock
from roster.activities.models import Template
from roster.establishment.demo import place
from roster.establishment.models import (
    Contract,
    Establishment,
    GradeHeld,
    Membership,
    Person,
    PersonalRule,
    PlanningUnit,
    here,
)
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
WEEKEND_NIGHTS = """
M M M RD RD L L
RD RD L L L RD RD
M M RD RD N N N
RD RD E M M RD RD
E A RD RD M M M
"""
OFFICERS_39 = """
M M M RD RD L L
RD RD L L L RD RD
N N N N RD RD RD
RD M M M M RD RD
M A RD RD M M M
"""
OFFICERS_41 = """
M M A RD RD L L
RD RD L L L RD RD
N N N N RD RD RD
M M M M M RD RD
M A RD RD M M M
"""
SUPPORT_DAYS = """
M M M RD RD L L
RD RD L L L RD RD
RD M M M M RD RD
E A RD RD M M M
"""
SUPPORT_NIGHTS = """
M M M RD RD L L
RD RD L L L RD RD
N2 N2 N2 N2 RD RD RD
RD M M M A RD RD
E A RD RD M M M
"""
MANAGERS = """
D D D RD RD RD RD
RD D D D D OO RD
RD RD D D D OO RD
RD D D D OO RD RD
D OO RD RD D D D
"""
SETS: list[tuple[str, str, list[str], int]] = [
    ("Officers, 37 hours", OFFICERS, ["OFF"], 37),
    ("Officers, 37 hours, weekend nights", WEEKEND_NIGHTS, ["OFF"], 37),
    ("Officers, 39 hours", OFFICERS_39, ["OFF"], 39),
    ("Officers, 41 hours", OFFICERS_41, ["OFF"], 41),
    ("Operational support, days", SUPPORT_DAYS, ["OSG"], 37),
    ("Operational support, with nights", SUPPORT_NIGHTS, ["OSG"], 37),
    ("Managers", MANAGERS, ["SO", "CM"], 37),
]
"""Name, lines, the grades of those who follow it, and the hours of their contract. Each keeps the rule book and comes
within a quarter of an hour of the contract; a test says so. Part-timers, and people with whom something else is
agreed, follow none: they are planned day by day.
"""


@transaction.atomic
def make(establishment: Establishment | None = None, today: date | None = None) -> None:
    """The patterns of a demo prison, in force since some weeks ago, and its people on them. Again changes nothing."""
    establishment = establishment or place()
    monday = (today or clock.today()) - timedelta(days=(today or clock.today()).weekday())
    first = monday - timedelta(weeks=WEEKS_BEFORE)
    for name, text, grades, weekly in SETS:
        if Pattern.objects.filter(establishment=establishment, name=name).exists():
            continue
        version = actions.create(establishment, name, weekly * 60, by=None, rows=rows(text))
        _in_force(version, first)
        alike = [each[0] for each in SETS if each[2:] == (grades, weekly)]
        shared = alike[alike.index(name) :]  # those before have taken theirs
        chosen = free(establishment, grades, monday, weekly)[:: len(shared)]
        if chosen:
            lines = actions.apart(chosen, 0, version.lines)
            actions.assign(version.pattern, lines, first, first, by=None)


def rows(text: str) -> list[list[Entry | None]]:
    """Lines of codes, as above."""
    national: dict[str, Any] = {each.code: each.pk for each in Template.objects.filter(establishment=None)}
    return [[Entry(national[code]) for code in line.split()] for line in text.strip().splitlines()]


def free(establishment: Establishment, grades: list[str], day: date, weekly: int) -> list[Person]:
    """Full-timers of these grades and hours in a unit of the establishment, without a rule of their own, who follow no
    pattern, unit by unit.
    """
    units = PlanningUnit.objects.filter(establishment=establishment)
    members = Membership.objects.on(day).filter(here("person__"), unit__in=units, priority=1)
    graded = GradeHeld.objects.on(day).filter(grade__code__in=grades).values("person")
    taken = Assignment.objects.on(day).values("person")
    contracted = Contract.objects.on(day).filter(weekly_minutes=weekly * 60, agreed_days=[]).values("person")
    agreed = PersonalRule.objects.on(day).values("person")
    found = (
        members.filter(person__in=graded)
        .filter(person__in=contracted)
        .exclude(person__in=taken)
        .exclude(person__in=agreed)
        .select_related("person")
    )
    return [each.person for each in found.order_by("unit__name", "person_id")]


def _in_force(version: PatternVersion, first: date) -> None:
    """As if it had been consulted on and approved long ago."""
    version.state, version.valid = PatternVersion.State.APPROVED, (first, None)
    version.consulted_on, version.approved_at = first - timedelta(days=35), clock.now()
    version.save()
