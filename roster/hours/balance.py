"""How many hours a person is ahead or behind (staff-roster 13.1). Each hour counts once.

``balance = opening + credited - contracted + adjustments``: credited is what the plan holds (work, and the shift that
paid leave, sickness or training stands for); overtime is paid and not counted; unpaid absence lessens what is due.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type
from roster.establishment.models import Contract
from roster.hours.models import Adjustment
from roster.rules.shifts import Shifts
from roster.timeline.days import NOTHING, Catalogue, Day, published, span_of_days

AMBER, RED = 10 * 60, 20 * 60


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
        """Over ten hours either way is amber, over twenty red."""
        off = abs(self.minutes)
        return "red" if off > RED else "amber" if off > AMBER else "green"


def balances(
    people: Collection[int], first: date, last: date, catalogue: Catalogue | None = None
) -> dict[int, Balance]:
    """From published duties, in four queries."""
    days = span_of_days(first, last)
    known = catalogue or Catalogue()
    shifts = Shifts(known)
    contracts = _contracts(people, first, last)
    duties = published(people, first, last)
    opening, adjusted = _by_hand(people, None, first), _by_hand(people, first, last)
    found = {}
    for person in people:
        credited, due = 0, 0.0
        for day in days:
            contract = next((row for row in contracts[person] if row.holds_on(day)), None)
            what = duties.get((person, day), NOTHING).day
            credited += shifts.of(what, day, usual(contract)).minutes
            due += owed_on(what, day, contract, known)
        found[person] = Balance(credited, round(due), opening.get(person, 0), adjusted.get(person, 0))
    return found


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
