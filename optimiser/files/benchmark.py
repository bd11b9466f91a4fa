"""The text format of the public shift-scheduling benchmark (see bench/instances/SOURCE.md)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from optimiser.files.reading import BadFile, Task
from optimiser.problem import Calendar, Demand, Need, Person, Problem, Request, Shift
from optimiser.rules.booked import Booked
from optimiser.rules.cover import Cover
from optimiser.rules.not_followed_by import NotFollowedBy
from optimiser.rules.requests import Requests
from optimiser.rules.stretches import LongestWorkStretch, ShortestRest, ShortestWorkStretch
from optimiser.rules.totals import MostOfShift, MostWeekends, TotalMinutes

SECTIONS = ("HORIZON", "SHIFTS", "STAFF", "DAYS_OFF", "SHIFT_ON_REQUESTS", "SHIFT_OFF_REQUESTS", "COVER")
WEIGHT = 1_000_000  # the largest weight and the largest number of minutes that are taken seriously
DAYS = 1000


@dataclass
class Row:
    """One line of the file, which names its place when something in it is wrong."""

    number: int
    cells: list[str]

    def bad(self, reason: str) -> BadFile:
        return BadFile(f"line {self.number}", reason)

    def cell(self, index: int, what: str) -> str:
        if index >= len(self.cells):
            raise self.bad(f"{what} is missing")
        return self.cells[index]

    def whole(self, index: int, what: str, most: int = WEIGHT) -> int:
        return self.number_in(self.cell(index, what), what, most)

    def number_in(self, text: str, what: str, most: int = WEIGHT) -> int:
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            raise self.bad(f"{what} must be a whole number, not {text[:20]!r}")
        if int(text) > most:
            raise self.bad(f"{what} must be at most {most}, not {int(text)}")
        return int(text)

    def one_of(self, index: int, what: str, known: dict[str, Any]) -> str:
        name = self.cell(index, what)
        if name not in known:
            raise self.bad(f"there is no {what} {name[:20]!r}")
        return name


@dataclass
class _Staff:
    limits: dict[str, int]
    numbers: list[int]
    days_off: set[int] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)


NUMBERS = (
    "the maximum of minutes",
    "the minimum of minutes",
    "the maximum of consecutive shifts",
    "the minimum of consecutive shifts",
    "the minimum of consecutive days off",
    "the maximum of weekends",
)


class _Reader:
    def __init__(self, text: str) -> None:
        self.sections = _sections(text)
        self.days = self._days()
        self.shifts: dict[str, Shift] = {}
        self.refused: dict[str, frozenset[str]] = {}
        self.staff: dict[str, _Staff] = {}
        self.demands: dict[tuple[int, str], Demand] = {}
        for name, read in self._readers().items():
            for row in self.sections.get(name, []):
                read(row)
        if not self.shifts or not self.staff:
            raise BadFile("the file", f"no {'shifts' if not self.shifts else 'staff'}")
        if "COVER" not in self.sections:
            raise BadFile("section COVER", "it is missing")
        self._check_successions()

    def _readers(self) -> dict[str, Callable[[Row], None]]:
        return {
            "SHIFTS": self._shift,
            "STAFF": self._person,
            "DAYS_OFF": self._days_off,
            "SHIFT_ON_REQUESTS": lambda row: self._request(row, wanted=True),
            "SHIFT_OFF_REQUESTS": lambda row: self._request(row, wanted=False),
            "COVER": self._cover,
        }

    def _days(self) -> int:
        rows = self.sections.get("HORIZON", [])
        if len(rows) != 1:
            raise BadFile("section HORIZON" if not rows else f"line {rows[1].number}", "one number of days is needed")
        days = rows[0].whole(0, "the number of days", DAYS)
        if not days:
            raise rows[0].bad("the number of days must be 1 or more")
        return days

    def _day(self, row: Row, index: int) -> int:
        day = row.whole(index, "the day")
        if day >= self.days:
            raise row.bad(f"day {day} is after the last, {self.days - 1}")
        return day

    def _shift(self, row: Row) -> None:
        name = row.cell(0, "the shift's id")
        if not name or name in self.shifts:
            raise row.bad(f"shift {name!r} is there twice" if name else "the shift's id is missing")
        # The format knows lengths but no clock: successions are listed instead.
        self.shifts[name] = Shift(name, minutes=row.whole(1, "the length", DAYS * 1440))
        self.refused[name] = frozenset(filter(None, row.cells[2].split("|"))) if len(row.cells) > 2 else frozenset()

    def _check_successions(self) -> None:
        for row in self.sections["SHIFTS"]:
            for other in sorted(self.refused[row.cells[0]] - set(self.shifts)):
                raise row.bad(f"there is no shift {other[:20]!r}")

    def _person(self, row: Row) -> None:
        name = row.cell(0, "the person's id")
        if not name or name in self.staff:
            raise row.bad(f"person {name!r} is there twice" if name else "the person's id is missing")
        limits = {}
        for pair in filter(None, row.cell(1, "the limits of shifts").split("|")):
            shift, _, most = pair.partition("=")
            if shift not in self.shifts:
                raise row.bad(f"there is no shift {shift[:20]!r}")
            limits[shift] = row.number_in(most, f"the limit of {shift}")
        numbers = [row.whole(index, what, DAYS * 1440) for index, what in enumerate(NUMBERS, start=2)]
        if numbers[1] > numbers[0]:
            raise row.bad("the minimum of minutes is above the maximum")
        self.staff[name] = _Staff(limits, numbers)

    def _days_off(self, row: Row) -> None:
        name = row.one_of(0, "person", self.staff)
        self.staff[name].days_off |= {self._day(row, index) for index in range(1, len(row.cells)) if row.cells[index]}

    def _request(self, row: Row, wanted: bool) -> None:
        name, day = row.one_of(0, "person", self.staff), self._day(row, 1)
        weight = row.whole(3, "the weight")
        self.staff[name].requests.append(Request(day, row.one_of(2, "shift", self.shifts), weight, wanted))

    def _cover(self, row: Row) -> None:
        day, shift = self._day(row, 0), row.one_of(1, "shift", self.shifts)
        if (day, shift) in self.demands:
            raise row.bad(f"day {day} and shift {shift} are there twice")
        need = Need(row.whole(2, "the requirement"), row.whole(3, "the weight for under"))
        over = row.whole(4, "the weight for over")
        self.demands[day, shift] = Demand(day, (need,), shift, over=over)


def _sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    section = ""
    for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("SECTION_"):
            section = line.removeprefix("SECTION_")
            if section not in SECTIONS:
                raise BadFile(f"line {number}", f"there is no section {section[:30]!r}")
            found.setdefault(section, [])
        elif not section:
            raise BadFile(f"line {number}", "neither JSON nor a section of the benchmark's format")
        else:
            found[section].append(Row(number, [cell.strip() for cell in line.split(",")]))
    return found


def read(text: str) -> Task:
    """The whole file as a problem. Everybody's own limits are personal parameters of the rules."""
    raw = _Reader(text)
    people = tuple(_person(raw, name, staff) for name, staff in raw.staff.items())
    problem = Problem(Calendar(raw.days), tuple(raw.shifts.values()), people, tuple(raw.demands.values()))
    pairs = frozenset((before, after) for before, refused in raw.refused.items() for after in refused)
    limits = tuple(MostOfShift(shift=shift, label=_limit(shift)) for shift in raw.shifts)
    stretches = (LongestWorkStretch(), ShortestWorkStretch(), ShortestRest())
    sums = (TotalMinutes(), MostWeekends(), *limits)
    return Task(problem, (NotFollowedBy(pairs=pairs), *stretches, *sums, Requests(), Booked(), Cover()))


def _limit(shift: str) -> str:
    return f"MostOf {shift}"


def _person(raw: _Reader, name: str, staff: _Staff) -> Person:
    most, least, longest, shortest, rest, weekends = staff.numbers
    parameters: dict[str, dict[str, Any]] = {
        "TotalMinutes": {"least": least, "most": most},
        "LongestWorkStretch": {"most": longest},
        "ShortestWorkStretch": {"least": shortest},
        "ShortestRest": {"least": rest},
        "MostWeekends": {"most": weekends},
    }
    for shift, limit in staff.limits.items():
        if 0 < limit < raw.days:
            parameters[_limit(shift)] = {"most": limit}
    return Person(
        name,
        allowed=frozenset(shift for shift in raw.shifts if staff.limits.get(shift, 1)),
        days_off=frozenset(staff.days_off),
        requests=tuple(staff.requests),
        parameters=parameters,
    )
