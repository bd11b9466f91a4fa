"""What kind of day it is for demand: weekday, Friday, weekend, bank holiday, special regime day (staff-roster 7.1)."""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from roster.demand.models import DayType, Requirement, SpecialDay
from roster.establishment.models import Establishment

LIST = Path(__file__).parents[1] / "data" / "bank_holidays.csv"
WEEK = [DayType.WEEKDAY] * 4 + [DayType.FRIDAY, DayType.SATURDAY, DayType.SUNDAY]


@cache
def bank_holidays() -> frozenset[date]:
    """Of England and Wales, substitute days included."""
    with LIST.open(newline="", encoding="utf-8") as file:
        return frozenset(date.fromisoformat(row["date"]) for row in csv.DictReader(file))


def day_types(day: date, special: bool) -> list[DayType]:
    """The types that fit a day, the most particular first."""
    found = [DayType.SPECIAL] if special else []
    if day in bank_holidays():
        found.append(DayType.BANK_HOLIDAY)
    return [*found, WEEK[day.weekday()]]


def special_days(establishment: Establishment, first: date, last: date) -> set[date]:
    rows = SpecialDay.objects.filter(establishment=establishment, day__range=(first, last))
    return set(rows.values_list("day", flat=True))


def in_force(rows: Iterable[Requirement], day: date, special: bool) -> list[Requirement]:
    """What a day asks for. A bank holiday or special day is like its weekday where no demand is set for it."""
    listed = [row for row in rows if row.holds_on(day)]
    for kind in day_types(day, special):
        if found := [row for row in listed if kind in row.day_types]:
            return found
    return []
