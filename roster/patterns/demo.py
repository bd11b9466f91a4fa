"""Patterns for a demonstration, with people on them: officers, operational support by day and night, managers."""

from datetime import date, timedelta
from typing import Any, NamedTuple

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
"""The worked example of staff-roster 6: 36:57 a week, and no late on Monday or Tuesday. Staff are asked about it."""
EVERY_DAY_ALIKE = """
N N RD RD RD L L
L L L RD RD M M
M RD RD M M RD RD
RD RD M M M M A
RD RD RD M M RD RD
M M M RD RD M M
M M RD RD RD N N
RD RD A L L RD RD
L L L L L RD RD
RD A N N N RD RD
"""
DAYS = """
RD RD RD M M RD RD
M M M M M RD RD
M M M M M RD RD
M M A RD RD M M
M RD RD RD RD M A
"""
OFFICERS_39 = """
L L L RD RD N N
RD RD M M M M M
M RD RD L L RD RD
N N N N RD RD RD
RD M M RD RD L L
"""
OFFICERS_41 = """
L L L L L RD RD
M M M RD RD L L
RD RD M M M M M
M RD RD N N RD RD
M M M M M RD RD
"""
SUPPORT = """
N N N RD RD M M
M RD RD RD A L L
L L L RD RD RD RD
M M M M RD RD RD
L L RD RD M M M
A RD RD N N N N
RD RD RD L L L L
RD RD M M RD RD RD
RD A L L L RD RD
"""
MANAGERS = """
OO RD RD RD RD OO N
N RD RD D D RD RD
D D D D D RD RD
D OO RD RD D D OO
RD RD RD OO N N RD
RD D D D D D D
RD RD D D D RD RD
D D D D RD RD RD
RD N N N RD RD RD
D D D D OO RD RD
D D OO RD RD D D
"""
"""Of each shift about as many on every day, where each line has its people; one Orderly Officer, one night manager."""
OFFICE = "D D D D E RD RD"


class Rota(NamedTuple):
    """A pattern and who follows it: full-timers of these grades and hours, of these units where any is named."""

    name: str
    lines: str
    grades: tuple[str, ...]
    weekly: int
    units: tuple[str, ...] = ()


ROTAS = [
    Rota("Visits and reception", DAYS, ("OFF",), 37, ("Visits and Reception",)),
    Rota("Officers, 37 hours", EVERY_DAY_ALIKE, ("OFF",), 37),
    Rota("Officers, 39 hours", OFFICERS_39, ("OFF",), 39),
    Rota("Officers, 41 hours", OFFICERS_41, ("OFF",), 41),
    Rota("Operational support", SUPPORT, ("OSG",), 37),
    Rota("Managers", MANAGERS, ("SO", "CM"), 37),
    Rota("Specialists and senior managers", OFFICE, ("SPEC", "HOF", "GOV"), 37),
]
"""Each keeps the rule book and comes within a quarter of an hour of the contract; a test says so. Part-timers, and
people with whom something else is agreed, follow none: they are planned day by day.
"""
CONSULTED, COMMENTS = "Officers, five lines", [
    ("Nobody is on a late on Monday or Tuesday. Who locks up?", ""),
    ("We like the two whole weekends off in a row.", "The staff of Residential 1"),
]  # fmt: skip


@transaction.atomic
def make(establishment: Establishment | None = None, today: date | None = None) -> None:
    """The patterns of a demo prison, in force since some weeks ago, and its people on them. Again changes nothing."""
    establishment = establishment or place()
    monday = (today or clock.today()) - timedelta(days=(today or clock.today()).weekday())
    first = monday - timedelta(weeks=WEEKS_BEFORE)
    for rota in ROTAS:
        if Pattern.objects.filter(establishment=establishment, name=rota.name).exists():
            continue
        version = actions.create(establishment, rota.name, rota.weekly * 60, by=None, rows=rows(rota.lines))
        _in_force(version, first)
        if chosen := free(establishment, rota, monday):
            lines = actions.apart(chosen, 0, version.lines)
            actions.assign(version.pattern, lines, first, first, by=None)


def ask_staff(establishment: Establishment | None = None) -> None:
    """A copy that staff are asked about since some days ago, with what they said."""
    establishment = establishment or place()
    if Pattern.objects.filter(establishment=establishment, name=CONSULTED).exists():
        return
    version = actions.create(establishment, CONSULTED, 37 * 60, by=None, rows=rows(OFFICERS))
    actions.consult(version, by=None, seen=version.version)
    PatternVersion.objects.filter(pk=version.pk).update(consulted_on=clock.today() - timedelta(days=10))
    for text, on_behalf_of in COMMENTS:
        actions.comment(version, text, by=None, on_behalf_of=on_behalf_of)


def rows(text: str) -> list[list[Entry | None]]:
    """Lines of codes, as above."""
    national: dict[str, Any] = {each.code: each.pk for each in Template.objects.filter(establishment=None)}
    return [[Entry(national[code]) for code in line.split()] for line in text.strip().splitlines()]


def free(establishment: Establishment, rota: Rota, day: date) -> list[Person]:
    """Those whom the rota is for, without a rule of their own, who follow no pattern, unit by unit."""
    units = PlanningUnit.objects.filter(establishment=establishment)
    if rota.units:
        units = units.filter(abbreviation__in=rota.units)
    members = Membership.objects.on(day).filter(here("person__"), unit__in=units, priority=1)
    graded = GradeHeld.objects.on(day).filter(grade__code__in=rota.grades).values("person")
    taken = Assignment.objects.on(day).values("person")
    contracted = Contract.objects.on(day).filter(weekly_minutes=rota.weekly * 60, agreed_days=[]).values("person")
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
