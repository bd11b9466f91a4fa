"""What is asked of the optimiser and what it answers: frozen data, in whole minutes and whole prices.

Day 0 is the first day to plan. The days already worked are negative and come as each person's history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any, Literal

DAY = 24 * 60
NIGHT = (23 * 60, 30 * 60)  # 23:00 to 06:00
NIGHT_WORK = 3 * 60

Kind = Literal["work", "off", "leave", "sick", "training", "other"]


@dataclass(frozen=True, slots=True)
class Shift:
    """What somebody does on one day: work, a day off, or a booking such as leave.

    Only the kind "work" is ever planned; the others are days off and bookings, which stand only where they are locked.

    ``start, end``  minutes from midnight of its day; the end may be past midnight, the start may be the evening before
    ``minutes``     what counts towards contracted hours (net of unpaid breaks; for leave: what is credited)
    ``works``       it is working time, which needs rest before and after
    ``breaks``      times (start, end) of rest, in which the person is not counted as present
    ``away``        times (start, end) of work that is done elsewhere: not counted as present either, but no rest
    ``turned``      where the clock is turned near it, minutes that pass beyond those it shows: in the rest before the
                    shift, within it, in the rest after it. The rests of two neighbours add up. Of a day without work
                    only the second counts: by how much that day is longer
    """

    id: str
    start: int = 0
    end: int = 0
    minutes: int = 0
    kind: Kind = "work"
    works: bool = True
    breaks: tuple[tuple[int, int], ...] = ()
    turned: tuple[int, int, int] = (0, 0, 0)
    away: tuple[tuple[int, int], ...] = ()

    @property
    def length(self) -> int:
        """Minutes that pass from start to end."""
        return self.end - self.start + self.turned[1]

    @property
    def idle(self) -> int:
        """Minutes that pass from midnight to midnight on a day without work."""
        return DAY + self.turned[1]

    @property
    def rest_until(self) -> int:
        """When the rest before it ends, in minutes that pass."""
        return self.start + self.turned[0]

    @property
    def rest_from(self) -> int:
        """When the rest after it begins, in minutes that pass."""
        return self.end - self.turned[2]

    def __hash__(self) -> int:
        return hash(self.id)  # looked up a million times for one list of names: the rest seldom differs

    @property
    def night(self) -> bool:
        """A night: at least three hours' work between 23:00 and 06:00."""
        return self.works and night_minutes(self.start, self.end) >= NIGHT_WORK

    def present(self, start: int, end: int) -> bool:
        """Whether the person is at work for all of that time, in minutes from midnight of the shift's day."""
        inside = self.works and self.start <= start and end <= self.end
        return inside and all(end <= gone or back <= start for gone, back in (*self.breaks, *self.away))

    def __str__(self) -> str:
        return self.id or "a day off"


OFF = Shift("", kind="off", works=False)


@cache
def night_minutes(start: int, end: int) -> int:
    """How much of the time lies between 23:00 and 06:00, of any night."""
    nights = [(NIGHT[0] + DAY * k, NIGHT[1] + DAY * k) for k in (-2, -1, 0, 1)]
    return sum(max(0, min(end, last) - max(start, first)) for first, last in nights)


@dataclass(frozen=True)
class Calendar:
    """The days to plan. ``first_weekday``: what day 0 is, Monday = 0. Bank holidays by day number, past ones too."""

    days: int
    first_weekday: int = 0
    bank_holidays: frozenset[int] = frozenset()
    start: date | None = None

    def weekday(self, day: int) -> int:
        return (self.first_weekday + day) % 7

    def is_weekend(self, day: int) -> bool:
        return self.weekday(day) >= 5

    def name(self, day: int) -> str:
        """The day in words, for sentences."""
        if self.start:
            return f"{self.start + timedelta(days=day):%a %-d %b %Y}"
        return f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[self.weekday(day)]} (day {day})"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish with its price: to work that shift on that day, or (``wanted`` false) not to."""

    day: int
    shift: str
    price: int
    wanted: bool = True


@dataclass(frozen=True)
class Person:
    """One person to plan.

    ``skills``      skill to the last day on which it is valid (None: no end)
    ``hours``       contracted minutes a week
    ``allowed``     shifts that the person may work (None: all); ``allowed_on`` narrows that on single days
    ``locked``      day to the shift that stands there; the empty id is a day off
    ``days_off``    days that must be free
    ``history``     the days before day 0, the latest last
    ``parameters``  rule name to the parameters that differ for this person, "level" among them
    """

    id: str
    skills: Mapping[str, int | None] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    hours: int = 0
    allowed: frozenset[str] | None = None
    allowed_on: Mapping[int, frozenset[str]] = field(default_factory=dict)
    locked: Mapping[int, str] = field(default_factory=dict)
    days_off: frozenset[int] = frozenset()
    requests: tuple[Request, ...] = ()
    history: tuple[Shift, ...] = ()
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def has_skill(self, skill: str, day: int) -> bool:
        if skill not in self.skills:
            return False
        last = self.skills[skill]
        return last is None or day <= last


@dataclass(frozen=True, slots=True)
class Need:
    """One level of a demand: so many people, and the price of each one missing. A regime level has its name."""

    people: int
    under: int
    level: str = ""


@dataclass(frozen=True)
class Demand:
    """How many people a cell needs: on a shift, or present from ``start`` to ``end`` (minutes from midnight).

    ``needs``   one level or more (minimum, target, regime levels): what is missing below each of them is paid
    ``over``    the price of each person above the highest level
    ``skills``  only people with one of these count; ``groups`` likewise; empty: everybody
    """

    day: int
    needs: tuple[Need, ...]
    shift: str | None = None
    start: int = 0
    end: int = 0
    skills: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    over: int = 0
    name: str = ""


Assignment = Mapping[str, tuple[str, ...]]
"""Person id to the shift ids of days 0, 1, ...: a roster. The empty id is a day off."""


@dataclass(frozen=True)
class Problem:
    """People, shifts and demand over the days of a calendar. Rules are given apart.

    ``off_on``: a day on which the clock is turned to the "off" that is a day off there, for it is longer or shorter.
    """

    calendar: Calendar
    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    demands: tuple[Demand, ...] = ()
    name: str = ""
    off_on: Mapping[int, str] = field(default_factory=dict)

    @property
    def days(self) -> range:
        return range(self.calendar.days)

    @cached_property
    def by_id(self) -> dict[str, Shift]:
        return {OFF.id: OFF} | {shift.id: shift for shift in self.shifts}

    @cached_property
    def person(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    def off(self, day: int) -> Shift:
        """What a day off is on that day."""
        return self.by_id[self.off_on.get(day, OFF.id)]

    def choices(self, person: Person, day: int) -> tuple[Shift, ...]:
        """What may stand on that day before any rule is asked. A lock goes before everything else."""
        if day in person.locked:
            return (self.by_id[person.locked[day]],)
        if day in person.days_off:
            return (self.off(day),)
        allowed = person.allowed_on.get(day, person.allowed)
        working = (s for s in self.shifts if s.kind == "work" and (allowed is None or s.id in allowed))
        return (self.off(day), *working)


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of one rule: where, what was measured, the limit, what it costs (0: it is forbidden), in words."""

    rule: str
    person: str
    days: tuple[int, ...]
    measured: float
    limit: float
    price: int
    sentence: str

    @property
    def blocks(self) -> bool:
        return self.price == 0


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a roster's cost. A gap in cover has no person; ``row`` is the name of its demand or rule."""

    rule: str
    cost: int
    person: str = ""
    days: tuple[int, ...] = ()
    sentence: str = ""


@dataclass(frozen=True)
class Result:
    """A roster with its cost and what is proved about it.

    What the cost is made of, by rule, person and day, is told by ``answers.account`` for any roster.

    ``bound``     no roster whatever costs less; equal to the cost: proved optimal
    ``illegal``   rules that locked cells or the past break, so that nobody could plan without; not in the cost. The
                  bound is then that of rosters that break no more than this one
    ``unplanned`` for whom there was no time to plan anything: their lines are as they were
    ``repaired``  what was changed in the roster given at the start, in sentences
    ``prices``    what one more person would save, by the name of the row of cover, where the prices are known
    ``effort``    work units done; the same seed and effort give the same roster
    ``ended``     why it ended: optimal, time, effort, interrupted
    ``columns``   the lines found, to start the next run from
    """

    assignment: Assignment
    cost: int
    bound: int
    illegal: tuple[Violation, ...] = ()
    unplanned: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    prices: Mapping[str, float] = field(default_factory=dict)
    effort: int = 0
    seconds: float = 0.0
    seed: int = 0
    ended: str = ""
    log: Sequence[tuple[float, int, int]] = ()
    columns: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @property
    def optimal(self) -> bool:
        return self.cost <= self.bound
