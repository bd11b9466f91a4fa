"""Demand as the optimiser is asked for it."""

from datetime import date

from optimiser.problem import Demand, Need
from roster.demand.calendar import in_force, special_days
from roster.demand.coverage import requirements
from roster.demand.models import Requirement
from roster.demand.supply import RANKS
from roster.establishment.models import PlanningUnit
from roster.timeline.days import span_of_days

PRICES = {"essential": 1000, "reduced": 400, "minimum": 100, "target": 10}
"""What one person missing costs the optimiser below each rank."""


def needs(unit: PlanningUnit, first: date, last: date) -> list[Demand]:
    """What the optimiser is asked for: each requirement of the unit on each day, priced by rank.

    Bands are asked as groups named ``band 4``; the optimiser knows no posts, so whoever is present counts.
    """
    rows = requirements(unit.establishment, unit, first, last)
    special = special_days(unit.establishment, first, last)
    found = []
    for number, day in enumerate(span_of_days(first, last)):
        for row in in_force(rows.values(), day, day in special):
            bands = range(row.lowest_band or 0, (row.highest_band or 11) + 1)
            grouped = row.lowest_band is not None or row.highest_band is not None
            found.append(
                Demand(
                    number,
                    _needs(row),
                    start=row.start // 60,
                    end=row.end // 60,
                    skills=frozenset({row.skill.code} if row.skill else ()),
                    groups=frozenset(f"band {band}" for band in bands) if grouped else frozenset(),
                    name=row.name,
                )
            )
    return found


def _needs(row: Requirement) -> tuple[Need, ...]:
    """One need for each different number, at the price of the most urgent rank that asks for it."""
    prices: dict[int, tuple[int, str]] = {}
    for rank in RANKS:
        prices.setdefault(getattr(row, rank), (PRICES[rank], rank))
    return tuple(Need(people, price, rank) for people, (price, rank) in sorted(prices.items()) if people)
