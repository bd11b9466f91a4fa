"""The rule book in force: what the rule files declare, then what is set nationally, for the region, for one place.

Every rule of the optimiser's book is here by being there: nothing lists them again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, get_type_hints

from optimiser.parameters import parameters_of, with_parameters
from optimiser.rules import default_rules
from optimiser.shapes import Level, Rule
from roster.establishment.models import Establishment
from roster.rules.models import RuleSetting

Scope = RuleSetting.Scope
ORDER = [Scope.NATIONAL, Scope.REGION, Scope.ESTABLISHMENT]
LEVELS = ("off", "warn", "block")

FILLED = {"label", "today", "balance"}
"""Parameters that the service itself fills for each person or run."""

OF_PEOPLE = {"Personal"}
"""Rules whose limits are agreed with each person, never set for a place."""

WEEKS = range(17, 53)
LAWFUL: dict[str, dict[str, list[Any]]] = {
    "WeeklyRest": {"period": [7, 14], "rests": [1, 2]},
    "WeeklyAverage": {"weeks": list(WEEKS)},
    "NightAverage": {"weeks": list(WEEKS)},
    "NightHealth": {"level": list(LEVELS)},
}
"""What the regulations leave open: the mode of weekly rest, reference periods by agreement, when W9 is asked."""

COMPENSATED = {"W1", "W2", "W3", "W7", "W8"}
"""Breaches that the law allows for a reason, if compensatory rest is given (regulations 21 and 24)."""

NEVER = {"Booked", "DoubleBooking", "Personal", "WeeklyAverage", "NightHealth"}
"""Nobody can permit these: the way out is another plan, a signed opt-out, an assessment."""


class Override(StrEnum):
    """Who may permit a breach."""

    NONE = "none"
    SOFT = "soft"
    HARD = "hard"
    REST = "rest"

    @property
    def verb(self) -> str:
        return {"soft": "rules.except_soft", "hard": "rules.except_hard", "rest": "rules.except_hard"}.get(self, "")

    @property
    def words(self) -> str:
        return {
            "none": "Nobody can permit a breach of this rule.",
            "soft": "A hub manager or the Orderly Officer can permit this, with a reason.",
            "hard": "A governor can permit this, with a reason.",
            "rest": "A governor can permit this, with a reason; the missing rest is then owed.",
        }[self.value]


@dataclass(frozen=True)
class Entry:
    """One rule of a book. ``origin``: parameter to the scope that set it; what is not in it is as declared."""

    rule: Rule
    declared: Rule
    national: Rule
    permit: bool = True
    origin: Mapping[str, Scope] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def of_people(self) -> bool:
        return type(self.rule).__name__ in OF_PEOPLE

    @property
    def statutory(self) -> bool:
        return self.rule.code.startswith("W")

    @property
    def override(self) -> Override:
        if not self.permit or type(self.rule).__name__ in NEVER:
            return Override.NONE
        if self.rule.code in COMPENSATED:
            return Override.REST
        return Override.HARD if self.rule.code == "L16" else Override.SOFT

    @property
    def drift(self) -> dict[str, tuple[Any, Any]]:
        """Parameter to its national value and the one in force, where these differ."""
        pairs = {name: (getattr(self.national, name), getattr(self.rule, name)) for name in editable(self.declared)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Book:
    """All rules, as they are from ``first`` on."""

    first: date
    entries: tuple[Entry, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """For checks and for the optimiser."""
        return tuple(entry.rule for entry in self.entries)

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)


@cache
def declared() -> dict[str, Rule]:
    """Name to rule, as the handbook has it."""
    return {rule.name: rule for rule in default_rules()}


@cache
def editable(rule: Rule) -> dict[str, str]:
    """The parameters that a rule book may set: name to "level", "number" or "yes or no"."""
    kinds = {int: "number", float: "number", bool: "yes or no", Level: "level"}
    hints = get_type_hints(type(rule))
    names = ["level"] if type(rule).__name__ in OF_PEOPLE else parameters_of(type(rule))
    return {name: kinds[hints[name]] for name in names if hints[name] in kinds and name not in FILLED}


def choices(rule: Rule, name: str) -> list[Any] | None:
    """The only values that may be chosen for a parameter; None where a number is merely bounded."""
    if rule.code.startswith("W"):
        lawful = LAWFUL.get(type(rule).__name__, {})
        return lawful[name] if name in lawful else [getattr(rule, name)]
    if rule.code in ("L15", "L16"):
        return [getattr(rule, name)]
    return list(LEVELS) if name == "level" else None


def bounds(national: Rule, name: str, scope: Scope) -> tuple[int, int]:
    """How far a number may be set: locally from half to one and a half times the national value."""
    value = getattr(national, name)
    return (value // 2, value + -(-value // 2)) if scope != Scope.NATIONAL else (0, 10_000)


def problems(entry: Entry, given: Mapping[str, Any], scope: Scope) -> dict[str, str]:
    """What cannot be set so at this scope: parameter to a sentence."""
    found = {}
    for name, value in given.items():
        allowed = choices(entry.declared, name)
        if name == "level" and value == "off" and entry.national.level == "block" and scope != Scope.NATIONAL:
            found[name] = "A rule that blocks nationally cannot be turned off here"
        elif allowed is not None and value not in allowed:
            found[name] = f"Choose {_listed(allowed)}: the law and the national rule book leave no other value"
        elif allowed is None and editable(entry.declared)[name] == "number":
            low, high = bounds(entry.national, name, scope)
            low = max(low, 1) if name == "price" else low
            if not low <= value <= high:
                found[name] = f"Enter a number from {low} to {high}"
    if entry.declared.name == "WeeklyRest":
        mode = (given.get("period", 7), given.get("rests", 1))
        if mode not in ((7, 1), (14, 2)) and not found:
            found["rests"] = "The law knows 1 rest in each 7 days, or 2 rests in each 14"
    return found


def _listed(values: list[Any]) -> str:
    if len(values) > 3 and isinstance(values[0], int):
        return f"a number from {min(values)} to {max(values)}"
    return " or ".join(str(value) for value in values)


def books(establishment: Establishment | None, first: date, last: date) -> list[Book]:
    """The book of each stretch of days between which nothing changes. One query."""
    rows = list(RuleSetting.objects.during(first, last).of(establishment))
    turns = {row.valid.lower for row in rows} | {row.valid.upper for row in rows}
    days = [first, *sorted(day for day in turns if day and first < day <= last)]
    return [_book(day, [row for row in rows if row.holds_on(day)]) for day in days]


def book(establishment: Establishment | None, day: date) -> Book:
    """The rule book of an establishment on a day (None: of the region)."""
    return books(establishment, day, day)[0]


def above(scope: Scope, day: date) -> Book:
    """What a setting of this scope is made over: the book of the day without this scope and those below it."""
    rows = RuleSetting.objects.on(day).filter(scope__in=ORDER[: ORDER.index(scope)])
    return _book(day, rows)


def stretches(listed: list[Book], last: date) -> list[tuple[date, date, Book]]:
    """First and last day of each book."""
    ends = [after.first - timedelta(days=1) for _, after in pairwise(listed)] + [last]
    return [(one.first, end, one) for one, end in zip(listed, ends, strict=True)]


def _book(day: date, rows: Iterable[RuleSetting]) -> Book:
    by_rule: dict[str, list[RuleSetting]] = {}
    for row in sorted(rows, key=lambda row: ORDER.index(Scope(row.scope))):
        by_rule.setdefault(row.rule, []).append(row)
    return Book(day, tuple(_entry(rule, by_rule.get(name, [])) for name, rule in declared().items()))


def _entry(rule: Rule, rows: list[RuleSetting]) -> Entry:
    now = national = rule
    origin: dict[str, Scope] = {}
    permit = True
    for row in rows:
        now = with_parameters(now, row.parameters)
        origin |= {name: Scope(row.scope) for name in row.parameters}
        permit = permit if row.permit is None else row.permit
        if row.scope == Scope.NATIONAL:
            national = now
    return Entry(now, rule, national, permit, origin)
