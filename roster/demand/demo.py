"""Demand of the demo prison: bands of the day as the handbook's example has them, numbers as its own rota can give.

A prison's demand and its staffing have grown together. So the numbers are read from what is published: the minimum is
what the leanest day of the next weeks has, the target what most have. What then goes short does so because
somebody is away who was counted on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from foundation import clock
from roster.activities.models import Activity
from roster.demand.coverage import Coverage
from roster.demand.models import DayType, Post, Requirement
from roster.demand.seeds import EVERY, FROM, POSTS, UNIT, WEEK, WEEKEND, seconds
from roster.establishment.demo import place
from roster.establishment.models import Establishment, PlanningUnit, Skill

WEEKS = 7
USUAL = 8
"""On so many of these days the target may be missed."""
Band = tuple[str, str, str, list[DayType], dict[str, Any]]
"""Name, from, to, kinds of day, and who counts."""


def _posts(name: str, code: str, *times: tuple[str, str, list[DayType]]) -> list[Band]:
    return [(name, start, end, days, {"post": code}) for start, end, days in times]


OF_UNITS: dict[str, list[Band]] = {
    "Residential": [(name, start, end, days, {"highest_band": 3}) for name, start, end, days, _, _ in UNIT],
    "OSG": [
        ("Gate and control room", "07:30", "20:45", EVERY, {}),
        ("Gate and control room, night", "20:45", "31:30", EVERY, {}),
    ],
    "Supervising Officers": [
        ("Regime officers, morning", "08:00", "12:00", WEEK, {"lowest_band": 4}),
        ("Regime officers, afternoon", "13:00", "17:00", WEEK, {"lowest_band": 4}),
        ("Regime officers, weekend morning", "08:00", "12:00", WEEKEND, {"lowest_band": 4}),
    ],
}
"""By how the unit's abbreviation begins. Where everybody takes a meal break at once, nothing is asked."""
OF_THE_WHOLE: list[Band] = [
    *_posts("Orderly Officer", "OO", ("07:30", "12:30", EVERY), ("13:00", "17:00", EVERY), ("17:30", "20:15", EVERY)),
    ("Night manager", "20:45", "31:30", EVERY, {"post": "OO", "lowest_band": 4}),
    *_posts("Control room", "CTRL", ("07:30", "20:45", EVERY), ("20:45", "31:30", EVERY)),
    *_posts("Gate", "GATE", ("07:30", "20:45", EVERY), ("20:45", "31:30", EVERY)),
    *_posts("Reception", "RECP", ("08:00", "12:30", WEEK), ("13:30", "17:00", WEEK)),
    *_posts("Visits", "VIS", ("13:30", "16:30", EVERY)),
    *_posts("Segregation", "SEG", ("07:30", "12:30", EVERY), ("12:30", "20:45", EVERY), ("20:45", "31:30", EVERY)),
    ("First aider", "07:30", "20:45", EVERY, {"skill": "FA", "alongside": True}),
    ("First aider, night", "20:45", "31:30", EVERY, {"skill": "FA", "alongside": True}),
    ("C&R trained", "07:30", "20:45", EVERY, {"skill": "CR", "alongside": True}),
    ("C&R trained, night", "20:45", "31:30", EVERY, {"skill": "CR", "alongside": True}),
]


@transaction.atomic
def posts(establishment: Establishment) -> dict[str, Post]:
    """The posts of the whole establishment, by code; made where they are not there yet."""
    found = {}
    for code, name, activity, _, _, skill in POSTS:
        found[code], made = Post.objects.get_or_create(
            establishment=establishment, code=code,
            defaults={"name": name, "activity": Activity.objects.get(name=activity)},
        )  # fmt: skip
        if made and skill:
            found[code].skills.add(Skill.objects.get(code=skill))
    return found


@transaction.atomic
def make(establishment: Establishment | None = None) -> None:
    """Needs the published plan. What has demand already is left as it is."""
    found = establishment or place()
    at = posts(found)
    _ask(found, None, OF_THE_WHOLE, at)
    for unit in found.units.filter(closed_on=None):
        for begins, bands in OF_UNITS.items():
            if unit.abbreviation.startswith(begins):
                _ask(found, unit, bands, at)


def _ask(establishment: Establishment, unit: PlanningUnit | None, bands: Iterable[Band], at: dict[str, Post]) -> None:
    if Requirement.objects.of(establishment, unit).exists():
        return
    for name, start, end, days, who in bands:
        Requirement.objects.create(
            establishment=establishment, unit=unit, name=name, start=seconds(start), end=seconds(end), day_types=days,
            valid=(FROM, None), target=0, minimum=0, reduced=0, essential=0, **_who(who, at),
        )  # fmt: skip
    today = clock.today()
    coverage = Coverage(establishment, unit, today, today + timedelta(weeks=WEEKS, days=-today.weekday() - 1))
    for row in coverage.requirements.values():
        _sized(row, coverage)


def _who(who: dict[str, Any], at: dict[str, Post]) -> dict[str, Any]:
    """Names and codes turned into rows."""
    rows: dict[str, Callable[[str], Any]] = {
        "post": lambda code: at[code],
        "activity": lambda name: Activity.objects.get(name=name),
        "skill": lambda code: Skill.objects.get(code=code),
    }
    return {field: rows[field](value) if field in rows else value for field, value in who.items()}


def _sized(row: Requirement, coverage: Coverage) -> None:
    """The numbers that its rota gives; nothing is asked of which some days have nobody."""
    fewest: dict[Any, int] = defaultdict(lambda: 99)
    for one in coverage.stretches:
        if one.key == row.pk:
            fewest[one.day] = min(fewest[one.day], one.have)
    numbers = sorted(fewest.values())
    if len(numbers) <= USUAL or not numbers[USUAL]:
        row.delete()
        return
    row.minimum, row.target = max(1, numbers[0]), numbers[USUAL]
    row.reduced, row.essential = max(1, row.minimum - 1), max(1, row.minimum // 2)
    row.save()
