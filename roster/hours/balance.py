"""How many hours a person is ahead or behind (staff-roster 13.1). Each hour counts once.

``balance = opening + credited - contracted + adjustments``: credited is what the plan holds (work, and the shift that
paid leave, sickness or training stands for), or what a closed day was corrected to; overtime is paid and not counted;
unpaid absence lessens what is due.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Sum

from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type
from roster.establishment.models import Contract
from roster.hours.models import Adjustment
from roster.rules.shifts import Shifts
from roster.timeline.days import NOTHING, Catalogue, Day, counted, span_of_days


@dataclass(frozen=True)
class Balance:
    """All in minutes. ``opening``: by hand before the first day; ``adjusted``: by hand within the days."""

    credited: int = 0
    contracted: int = 0
    opening: int = 0
    adjusted: int = 0

    @property
    def minutes(self) -> int:
        return self.opening + self.credited - self.contracted + self.adjusted

    @property
    def state(self) -> str:
        """By how far it is off, either way."""
        off = abs(self.minutes)
        if off > settings.BALANCE_RED_HOURS * 60:
            return "red"
        return "amber" if off > settings.BALANCE_AMBER_HOURS * 60 else "green"

    @property
    def beyond(self) -> int:
        """The limit in hours that it is over; 0 within both."""
        return {"red": settings.BALANCE_RED_HOURS, "amber": settings.BALANCE_AMBER_HOURS, "green": 0}[self.state]


@dataclass(frozen=True)
class Hours:
    """One person's day in minutes. ``due``: ``share`` of the contract, less unpaid absence."""

    on: date
    what: Day
    contract: Contract | None
    credited: int
    share: float
    due: float


def balances(
    people: Collection[int], first: date, last: date, catalogue: Catalogue | None = None
) -> dict[int, Balance]:
    """From published duties and corrections, in five queries."""
    opening, adjusted = _by_hand(people, None, first), _by_hand(people, first, last)
    return {
        person: Balance(
            sum(day.credited for day in days), round(sum(day.due for day in days)),
            opening.get(person, 0), adjusted.get(person, 0),
        )
        for person, days in day_by_day(people, first, last, catalogue).items()
    }  # fmt: skip


def day_by_day(
    people: Collection[int], first: date, last: date, catalogue: Catalogue | None = None
) -> dict[int, list[Hours]]:
    """What each day credits and what the contract asks of it."""
    days = span_of_days(first, last)
    known = catalogue or Catalogue()
    shifts = Shifts(known)
    contracts = _contracts(people, first, last)
    duties = counted(people, first, last)
    return {
        person: [_hours(day, duties.get((person, day), NOTHING).day, contracts[person], shifts, known) for day in days]
        for person in people
    }


def credited(person: int, on: date, what: Day, catalogue: Catalogue) -> int:
    """Minutes that such a day is worth to this person."""
    contract = next((row for row in _contracts([person], on, on)[person]), None)
    return Shifts(catalogue).of(what, on, usual(contract)).minutes


def _hours(on: date, what: Day, contracts: list[Contract], shifts: Shifts, catalogue: Catalogue) -> Hours:
    contract = next((row for row in contracts if row.holds_on(on)), None)
    share = contract.weekly_minutes / 7 if contract else 0.0
    credited = shifts.of(what, on, usual(contract)).minutes
    return Hours(on, what, contract, credited, share, owed_on(what, on, contract, catalogue))


def usual(contract: Contract | None) -> int:
    """Minutes of a working day by contract."""
    if contract is None or not contract.days_per_week:
        return 0
    return round(contract.weekly_minutes / float(contract.days_per_week))


def owed_on(what: Day, on: date, contract: Contract | None, catalogue: Catalogue) -> float:
    """A seventh of the week; less the hours that unpaid absence takes away, at most down to nothing for its day."""
    if contract is None:
        return 0
    share = contract.weekly_minutes / 7
    if what.status is None:
        return share
    activity = catalogue.activity(what.status)
    rest = day_type(activity.name) in (DayType.REST_DAY, DayType.NONE)
    if activity.paid or activity.credit != Activity.Credit.NONE or rest:
        return share
    beneath = sum(catalogue.content(piece).net(on) for piece in what.shifts)
    return share - (beneath or share)


def _contracts(people: Collection[int], first: date, last: date) -> dict[int, list[Contract]]:
    found: dict[int, list[Contract]] = defaultdict(list)
    for row in Contract.objects.during(first, last).filter(person__in=people):
        found[row.person_id].append(row)
    return found


def _by_hand(people: Iterable[int], first: date | None, last: date) -> dict[int, int]:
    """Minutes by hand from first to last; without a first: before the last."""
    rows: Any = Adjustment.objects.filter(person__in=people)
    rows = rows.filter(day__lt=last) if first is None else rows.filter(day__range=(first, last))
    return dict(rows.order_by().values_list("person").annotate(Sum("minutes")))
