"""Sums over the days to plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Window, WindowSum, whole


@dataclass(frozen=True)
class TotalMinutes(WindowSum):
    """Contracted time over the days to plan, in minutes; leave counts with what it is credited."""

    least: int | None = None
    most: int | None = None

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return whole(calendar, self.least, self.most)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return today.minutes


@dataclass(frozen=True)
class MostOfShift(WindowSum):
    """At most so many of one shift over the days to plan."""

    shift: str = ""
    most: int | None = None

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return whole(calendar, most=self.most) if self.most is not None else []

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return int(today.id == self.shift)


@dataclass(frozen=True)
class MostWeekends(WindowSum):
    """At most so many weekends with work on Saturday or Sunday over the days to plan."""

    most: int | None = None

    looks_back: ClassVar[bool] = True

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        return whole(calendar, most=self.most) if self.most is not None else []

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        if calendar.weekday(day) == 5:
            return int(today.works)
        return int(calendar.weekday(day) == 6 and today.works and not before.works)
