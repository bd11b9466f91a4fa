"""What a rule file gives the law test: the rule with small limits, few shifts and days, and a past.

Small enough that every line can be tried, and such that the rule refuses (or prices) some lines and lets others pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from optimiser.problem import OFF, Calendar, Person, Problem, Shift
from optimiser.shapes import LineRule

SHIFTS = {
    shift.id: shift
    for shift in (
        Shift("E", 450, 765, 315),  # early 07:30-12:45
        Shift("M", 450, 1050, 540, breaks=((750, 810),)),  # main 07:30-17:30
        Shift("L", 735, 1260, 495, breaks=((1020, 1050),)),  # late 12:15-21:00
        Shift("N", 1245, 1890, 645),  # night 20:45-07:30
        Shift("23", kind="off", works=False, turned=(0, -60, 0)),  # a day off on which the clock goes forward
        Shift("25", kind="off", works=False, turned=(0, 60, 0)),  # and back
        Shift("AL", minutes=444, kind="leave", works=False),
        Shift("SICK", minutes=444, kind="sick", works=False),
    )
}


@dataclass(frozen=True)
class Case:
    rule: LineRule
    problem: Problem

    @property
    def person(self) -> Person:
        return self.problem.people[0]


def case(
    rule: LineRule,
    shifts: str | Iterable[Shift] = "E L N",
    days: int = 5,
    history: str = "",
    first_weekday: int = 0,
    bank_holidays: Iterable[int] = (),
    off_on: Mapping[int, str] = MappingProxyType({}),
    **person: Any,
) -> Case:
    """Shifts and history by id, a dot for a day off: ``case(DailyRest(), "E L", history="L.L")``."""
    known = tuple(SHIFTS[name] for name in shifts.split()) if isinstance(shifts, str) else tuple(shifts)
    ids = {shift.id: shift for shift in known} | {".": OFF} | {name: SHIFTS[name] for name in ("AL", "SICK")}
    past = tuple(ids[name] for name in (history.split() if " " in history else history))
    calendar = Calendar(days, first_weekday, frozenset(bank_holidays))
    return Case(rule, Problem(calendar, known, (Person("A", history=past, **person),), off_on=off_on))
