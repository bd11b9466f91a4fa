"""What a rota breaks if somebody follows it for ever: the rule book on its lines, one after the other, again and again.

A pattern has no dates and nobody on it, so that rules about people (skills, health, leave) are not asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from optimiser.lines import Line
from optimiser.problem import Calendar, Person
from optimiser.shapes import check_line
from roster.establishment.models import Establishment
from roster.rules.book import book
from roster.rules.check import HISTORY, Shifts, ready
from roster.timeline.days import Catalogue, Day, clock_changes

ABOUT_PEOPLE = {"Booked", "ContractHours", "NightHealth", "Personal", "Requests", "ShortNotice", "SkillValid"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = 8
"""A breach over so many days or more belongs to no day: it is said once."""


@dataclass(frozen=True)
class Cycle(Calendar):
    """The days of a rota, named by weekday and line."""

    length: int = 7

    def name(self, day: int) -> str:
        line, weekday = divmod(day % self.length, 7)
        return f"{WEEKDAYS[weekday]} of line {line + 1}"


@dataclass(frozen=True)
class Breach:
    """A rule that the lines break. ``day``: the last day that it is about, from 0; None: it is about many weeks."""

    rule: str
    code: str
    blocks: bool
    sentence: str
    day: int | None


def check_cycle(
    establishment: Establishment, days: Sequence[Day], weekly_minutes: int, on: date, catalogue: Catalogue
) -> list[Breach]:
    """Breaches of whole weeks that begin anew after their last day, worst first. By the book of that day.

    A rota has no dates: on none of its days the clock is turned.
    """
    shifts = Shifts(catalogue)
    usual = on + timedelta(weeks=1) if clock_changes(on) else on
    round_ = [shifts.of(day, usual) for day in days]
    length = len(round_)
    before = -(-HISTORY.days // length)
    person = Person("", hours=weekly_minutes, history=tuple(round_ * before))
    calendar = Cycle(2 * length, length=length)
    marks = frozenset[tuple[str, str]](), frozenset[str](), frozenset(shifts.in_post)
    asked = ready(book(establishment, on).rules, calendar, shifts.excluded(), marks)
    rules = [rule for rule in asked if type(rule).__name__ not in ABOUT_PEOPLE]
    found: dict[tuple[str, int | None], Breach] = {}
    for broken in check_line(Line(person, calendar, tuple(round_ * 2)), rules):
        if 0 <= broken.days[-1] < length:
            day = None if broken.days[-1] - broken.days[0] >= SHORT else broken.days[-1]
            code = next(rule.code for rule in rules if rule.name == broken.rule)
            found.setdefault((broken.rule, day), Breach(broken.rule, code, broken.blocks, broken.sentence, day))
    return sorted(found.values(), key=lambda each: (not each.blocks, each.code, each.day or 0))
