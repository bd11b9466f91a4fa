"""Demand as the optimiser is asked for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise

from optimiser.problem import DAY, Demand, Need
from roster.demand.calendar import in_force, special_days
from roster.demand.coverage import Coverage, by_key, clock_of, requirements
from roster.demand.models import Requirement
from roster.demand.places import Booking
from roster.demand.supply import RANKS
from roster.establishment.models import PlanningUnit
from roster.timeline.days import span_of_days

PRICES = {"essential": 1000, "reduced": 400, "minimum": 100, "target": 10}
"""What one person missing costs the optimiser below each rank."""
Met = tuple[int, int, int]
"""From and to, in minutes of a demand's day, and how many people meet it there."""


def needs(unit: PlanningUnit, first: date, last: date, others: Sequence[Booking] = ()) -> list[Demand]:
    """What the optimiser is asked for: each requirement of the unit on each day, priced by rank.

    Bands are asked as groups named ``band 4``; the optimiser knows no posts, so whoever is present counts.
    ``others``: who is on duty there beside those who are planned; what they meet is not asked again.
    """
    rows = requirements(unit.establishment, unit, first, last)
    special = special_days(unit.establishment, first, last)
    met = _met_by(others, unit, first, last)
    found: list[Demand] = []
    for number, day in enumerate(span_of_days(first, last)):
        for row in in_force(rows.values(), day, day in special):
            found += _left(_demand(row, number), met(row.pk, day))
    return found


def _demand(row: Requirement, number: int) -> Demand:
    bands = range(row.lowest_band or 0, (row.highest_band or 11) + 1)
    grouped = row.lowest_band is not None or row.highest_band is not None
    return Demand(
        number,
        _needs(row),
        start=row.start // 60,
        end=row.end // 60,
        skills=frozenset({row.skill.code} if row.skill else ()),
        groups=frozenset(f"band {band}" for band in bands) if grouped else frozenset(),
        name=f"{row.name}, {clock_of(row.start)} to {clock_of(row.end)}",
    )


def _needs(row: Requirement) -> tuple[Need, ...]:
    """One need for each different number, at the price of the most urgent rank that asks for it."""
    prices: dict[int, tuple[int, str]] = {}
    for rank in RANKS:
        prices.setdefault(getattr(row, rank), (PRICES[rank], rank))
    return tuple(Need(people, price, rank) for people, (price, rank) in sorted(prices.items()) if people)


def _met_by(others: Sequence[Booking], unit: PlanningUnit, first: date, last: date) -> Callable[[int, date], list[Met]]:
    """What these people meet of a requirement, from a day's midnight to the end of the next day."""
    one_day = timedelta(days=1)
    coverage = Coverage(unit.establishment, unit, first, last + one_day, others) if others else None
    stretches = by_key(coverage.stretches) if coverage else {}

    def met(key: int, day: date) -> list[Met]:
        return [
            (one.start // 60 + later, one.end // 60 + later, one.have)
            for on, later in ((day, 0), (day + one_day, DAY))
            for one in stretches.get((key, on), ())
        ]

    return met


def _left(demand: Demand, met: Sequence[Met]) -> Iterator[Demand]:
    """The demand without what is met, in as many pieces as there are numbers after one another."""

    def there(piece: tuple[int, int]) -> int:
        return min((have for start, end, have in met if start <= piece[0] and piece[1] <= end), default=0)

    cuts = {demand.start, demand.end, *(at for start, end, _ in met for at in (start, end))}
    inside = sorted(at for at in cuts if demand.start <= at <= demand.end)
    for have, pieces in groupby(pairwise(inside), there):
        (start, end), *more = pieces
        needs = tuple(replace(need, people=need.people - have) for need in demand.needs if need.people > have)
        if needs:
            yield replace(demand, needs=needs, start=start, end=more[-1][1] if more else end)
