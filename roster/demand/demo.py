"""Demand of the demo prison: the example unit, and the posts of the establishment."""

from roster.demand import seeds
from roster.establishment.demo import place
from roster.establishment.models import Establishment


def make(establishment: Establishment | None = None) -> None:
    found = establishment or place()
    seeds.establishment_posts(found)
    for unit in found.units.filter(name__contains="Res", closed_on=None):
        if "Supervising" not in unit.name:
            seeds.residential(unit)
