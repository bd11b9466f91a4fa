"""How a person's balance of hours came about, so that they can check it line by line (staff-roster 13.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from optimiser.words import hours
from roster.establishment.models import Contract, Person
from roster.hours.balance import Balance, Hours, balances, day_by_day
from roster.hours.models import Adjustment
from roster.timeline.days import NOTHING, Catalogue, by_level, counted
from roster.timeline.models import CORRECTIONS, Level

PERIOD = timedelta(days=28)
WEEK = 7
SHIFTS = "Shifts and training in your plan"


def signed(minutes: int) -> str:
    """``+45 min``, ``-1 h 30 min``."""
    return ("-" if minutes < 0 else "+") + hours(abs(minutes))


@dataclass(frozen=True)
class Week:
    first: date
    last: date
    credited: int
    due: int


@dataclass(frozen=True)
class Stretch:
    """Days under one contract, and the minutes it asks of them."""

    contract: Contract | None
    first: date
    last: date
    minutes: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Corrected:
    """A closed day that was put right: what is counted, as it was published, and as it counts."""

    on: date
    what: str
    was: str
    now: str


@dataclass(frozen=True)
class Statement:
    """All in minutes. ``running``: since the opening balance, where one is recorded."""

    balance: Balance
    days: list[Hours]
    adjustments: list[Adjustment]
    overtime: int
    catalogue: Catalogue
    corrected: list[Corrected]
    running: Balance | None = None
    since: date | None = None

    @property
    def first(self) -> date:
        return self.days[0].on

    @property
    def last(self) -> date:
        return self.days[-1].on

    @cached_property
    def kinds(self) -> list[tuple[str, int]]:
        """What was credited for what: shifts, then each status that stood for a day."""
        found = {SHIFTS: 0}
        for day in self.days:
            if day.credited:
                name = self._kind(day)
                found[name] = found.get(name, 0) + day.credited
        return list(found.items())

    def _kind(self, day: Hours) -> str:
        return self.catalogue.activity(day.what.status).name if day.what.status else SHIFTS

    @cached_property
    def weeks(self) -> list[Week]:
        """Seven days each; rounded so that they add up to the balance."""
        found, before = [], 0
        for start in range(0, len(self.days), WEEK):
            some = self.days[start : start + WEEK]
            upto = round(sum(day.due for day in self.days[: start + WEEK]))
            found.append(Week(some[0].on, some[-1].on, sum(day.credited for day in some), upto - before))
            before = upto
        return found

    @cached_property
    def contracts(self) -> list[Stretch]:
        return list(_stretches(self.days))

    @property
    def unpaid(self) -> int:
        """By how much unpaid absence lessens what the contract asks."""
        return round(sum(day.share for day in self.days)) - self.balance.contracted


def statement(person: Person, last: date, first: date | None = None) -> Statement:
    """Four weeks up to the last day, or from the first."""
    first = first or last - PERIOD + timedelta(days=1)
    catalogue = Catalogue()
    own = Adjustment.objects.filter(person=person, day__lte=last)
    opening = own.filter(kind=Adjustment.Kind.OPENING).order_by("day").last()
    since = opening.day if opening else None
    running = balances([person.pk], since, last, catalogue)[person.pk] if since else None
    return Statement(
        balances([person.pk], first, last, catalogue)[person.pk],
        day_by_day([person.pk], first, last, catalogue)[person.pk],
        list(own.filter(day__gte=first).order_by("day", "pk")),
        _overtime(person, first, last, catalogue),
        catalogue,
        _corrected(person, first, last, catalogue),
        Balance(running.credited, running.contracted, adjusted=running.adjusted) if running else None,
        since,
    )


def _overtime(person: Person, first: date, last: date, catalogue: Catalogue) -> int:
    rows = counted([person.pk], first, last, Level.OVERTIME)
    return sum(catalogue.net(each.day, on) for (_, on), each in rows.items())


def _corrected(person: Person, first: date, last: date, catalogue: Catalogue) -> list[Corrected]:
    """Days that count otherwise than they were published."""
    found = []
    for level, correction in CORRECTIONS.items():
        levels = by_level([person.pk], first, last, [level, correction])
        for key, now in levels[correction].items():
            was = levels[level].get(key, NOTHING).day
            found.append(Corrected(key[1], level.label, catalogue.words(was), catalogue.words(now.day)))
    return sorted(found, key=lambda one: (one.on, one.what))


def _stretches(days: Iterable[Hours]) -> Iterable[Stretch]:
    for _, some in groupby(days, key=lambda day: day.contract and day.contract.pk):
        listed = list(some)
        yield Stretch(listed[0].contract, listed[0].on, listed[-1].on, round(sum(day.share for day in listed)))
