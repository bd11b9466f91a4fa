"""Demand of the demo prison: wings as large as their staff, the gate, regime officers, the posts of the whole."""

from roster.demand import seeds
from roster.demand.seeds import EVERY, WEEK, WEEKEND
from roster.establishment.demo import place
from roster.establishment.models import Establishment, Membership, PlanningUnit

PEOPLE_FOR_180 = 16
"""Officers of 37 hours whom the example unit takes, with a fifth of their time for leave, sickness and training."""
GATE = [
    ("Gate and control room", "07:30", "21:00", EVERY, 3, 4),
    ("Gate and control room, night", "22:30", "31:30", EVERY, 1, 1),
]
REGIME = [
    ("Regime officers", "08:00", "17:00", WEEK, 2, 3),
    ("Regime officers", "08:00", "17:00", WEEKEND, 1, 2),
]


def make(establishment: Establishment | None = None) -> None:
    found = establishment or place()
    seeds.establishment_posts(found)
    for unit in found.units.filter(closed_on=None):
        if unit.abbreviation.startswith("Residential"):
            seeds.residential(unit, places(unit), senior=False)
    for abbreviation, asked in (("OSG", GATE), ("Supervising Officers", REGIME)):
        for unit in found.units.filter(abbreviation=abbreviation, closed_on=None):
            seeds.simple(unit, asked)


def places(unit: PlanningUnit) -> int:
    """So many places, in tens, as the people of the unit can look after."""
    people = Membership.objects.filter(unit=unit, priority=1, valid__endswith=None).count()
    return max(60, round(people * 18 / PEOPLE_FOR_180) * 10)
