"""The bridge to the optimiser: a draft as its JSON form, and its answer back as days.

Locked for the optimiser is what a planner locked, every leave, sickness and course, every day with overtime, what lies
in the past, and, unless asked, everything that stands there already: then only empty days are filled.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, timedelta
from typing import Any

from foundation import clock
from optimiser import words
from optimiser.problem import DAY, OFF, Person, Shift
from roster.activities.phrases import DayType, day_type
from roster.demand.needs import needs
from roster.establishment.models import GradeHeld
from roster.planning.board import templates
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.sheet import Cell, Sheet
from roster.planning.unkept import because, days_of
from roster.rules.book import Book, book
from roster.rules.check import Checker, rest_day
from roster.timeline.days import Catalogue, Day, clock_changes, with_overtime

MOVABLE = {"pattern", "optimiser"}
"""Sources of a day that a run may plan anew when it is asked to."""
MISSING = 2000
"""The price of a person missing on a shift: as of five hours below the minimum."""


@dataclass(frozen=True)
class Options:
    """``wanted``: code of a shift that may be planned to how many people a day; 0: it may be used, but only the demand
    of the unit says how many.

    ``anew``: days that came from a pattern or an earlier run may be planned otherwise.
    """

    wanted: Mapping[str, int] = field(default_factory=dict)
    anew: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"wanted": dict(self.wanted), "anew": self.anew}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Options":
        return Options(data.get("wanted", {}), data.get("anew", False))


class Task:
    """What is asked of one run: ``data`` for the optimiser's file, and the way back from its answer."""

    def __init__(self, draft: Draft, options: Options) -> None:
        self.period, self.options = draft.period, options
        self.catalogue = Catalogue()
        self.sheet = Sheet(draft)
        self.checker = Checker(self.sheet.people, self.period.first, self.period.last, self.catalogue)
        self._ids: dict[Shift, str] = {OFF: ""}
        self._planned = {code: day for code, _, day in templates(self.period, self.catalogue) if code in options.wanted}
        self._days: dict[tuple[date, str], Day] = {}
        self._bands = bands(self.sheet.people, self.period)
        self.data = self._data()

    def _data(self) -> dict[str, Any]:
        usual = frozenset(self._usual())
        odd = {day: self._on(day) for day in self.period.days if clock_changes(day)}
        people = [self._person(self.checker.members[pk], usual, odd) for pk in self.sheet.people]
        return {
            "name": str(self.period),
            "start": self.period.first.isoformat(),
            "days": len(self.period.days),
            "shifts": [shift_json(shift, name) for shift, name in self._ids.items() if name],
            "people": people,
            "demand": [*self._on_shifts(), *needs_json(self.period)],
            "rules": self._rules(),
        }

    def _rules(self) -> dict[str, Any]:
        """The rule book, and what it has to know of the shifts: breaks in post, skills and hazards of posts."""
        needs, hazards, in_post = self.checker.marks()
        named = [(shift.id, name) for shift, name in self._ids.items() if name]
        found = settings(book(self.period.unit.establishment, self.period.first))
        skilled = [[name, skill] for known, name in named for shift, skill in needs if shift == known]
        marked: dict[str, tuple[str, list[Any]]] = {
            "BreakInShift": ("in_post", [name for known, name in named if known in in_post]),
            "SpecialHazardNight": ("posts", [name for known, name in named if known in hazards]),
            "SkillValid": ("needs", skilled),
        }
        for rule, (parameter, values) in marked.items():
            if values:
                found.setdefault(rule, {})[parameter] = sorted([*found.get(rule, {}).get(parameter, ()), *values])
        return found

    def _usual(self) -> list[str]:
        """Ids of the shifts that may be planned on a day without a change of the clock."""
        usual = next(day for day in self.period.days if not clock_changes(day))
        return self._on(usual)

    def _on(self, on: date) -> list[str]:
        """Ids of the shifts as they are on that day; remembered for the way back."""
        found = []
        for day in self._planned.values():
            name = self.name(self.checker.shifts.of(day, on))
            self._days[on, name] = day
            found.append(name)
        return found

    def name(self, shift: Shift) -> str:
        """One id for each shift: where two have the same code, the later is numbered."""
        if shift not in self._ids:
            used = set(self._ids.values())
            names = (shift.id if number == 1 else f"{shift.id} ({number})" for number in range(1, 10_000))
            self._ids[shift] = next(name for name in names if name not in used)
        return self._ids[shift]

    def _person(self, member: Person, usual: frozenset[str], odd: Mapping[date, list[str]]) -> dict[str, Any]:
        pk = int(member.id)
        locked = {
            day.isoformat(): self.name(self.checker.shifts.of(self._stands(cell), day, self.checker.standard(pk)))
            for day in self.period.days
            if self.fixed(cell := self.sheet.cell(pk, day))
        }
        nowhere: dict[str, list[str]] = {
            self._date(day): [] for day, allowed in member.allowed_on.items() if not allowed
        }
        special = {day.isoformat(): names for day, names in odd.items()}
        given: dict[str, Any] = {
            "id": member.id,
            "hours": member.hours / 60,
            "skills": {skill: last if last is None else self._date(last) for skill, last in member.skills.items()},
            "groups": sorted({*member.groups, *self._bands.get(pk, ())}),
            "allowed": sorted(usual),
            "allowed_on": special | nowhere,
            "locked": locked,
            "days_off": [self._date(day) for day in sorted(member.days_off)],
            "history": [self.name(shift) for shift in member.history],
            "rules": {rule: plain(parameters) for rule, parameters in member.parameters.items()},
        }
        return {key: value for key, value in given.items() if value not in ({}, [], None)}

    def _stands(self, cell: Cell) -> Day:
        return with_overtime(cell.day, self.checker.overtime(cell.person_id, cell.shift_date))

    def fixed(self, cell: Cell) -> bool:
        """Whether the optimiser has to leave this day as it is."""
        return bool(self.why_fixed(cell))

    def why_fixed(self, cell: Cell) -> str:
        """What keeps the optimiser from changing this day, in words; empty where it may."""
        if cell.shift_date < clock.today():
            return "is over"
        if cell.locked:
            return "is locked"
        if self.checker.overtime(cell.person_id, cell.shift_date):
            return "has overtime"
        if not cell.day:
            return ""
        if cell.day.status is not None and not self._rests(cell.day):
            return "is an absence"
        movable = self.options.anew and cell.row is not None and cell.source in MOVABLE
        return "" if movable else "was planned before"

    def unkept(self, forbidden: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
        """What the answer breaks that may not be broken, each with what stood in the way."""
        found = []
        for one in forbidden:
            person, days = int(one["person"]), days_of(self.period.first, one["days"])
            fixed = {day: self.why_fixed(self.sheet.cell(person, day)) for day in days if day >= self.period.first}
            fixed = {day: fixed.get(day, "came before these weeks") for day in days if fixed.get(day, "before")}
            found.append(
                {"person": one["person"], "sentence": one["sentence"], "day": days[-1].isoformat() if days else "",
                 "because": because(days, fixed)}
            )  # fmt: skip
        return found

    def _rests(self, day: Day) -> bool:
        return day.status is not None and day_type(self.catalogue.activity(day.status).name) == DayType.REST_DAY

    def _on_shifts(self) -> list[dict[str, Any]]:
        """So many people on each shift, each day, where somebody has said so."""
        found = []
        for code, people in self.options.wanted.items():
            if not people or code not in self._planned:
                continue
            by_name: dict[str, list[str]] = {}
            for day in self.period.days:
                name = self.name(self.checker.shifts.of(self._planned[code], day))
                by_name.setdefault(name, []).append(day.isoformat())
            found += [
                {"shift": name, "people": people, "under": MISSING, "over": MISSING // 10, "days": days, "name": code}
                for name, days in by_name.items()
            ]
        return found

    def _date(self, day: int) -> str:
        return (self.period.first + timedelta(days=day)).isoformat()

    def answer(self, roster: Mapping[int, tuple[str, ...]]) -> dict[tuple[int, date], Day]:
        """The days that the optimiser was free to plan. A day off becomes a rest day."""
        rest = rest_day(self.catalogue)
        usual = next(day for day in self.period.days if not clock_changes(day))
        found = {}
        for person, names in roster.items():
            for day, name in zip(self.period.days, names, strict=True):
                if not self.fixed(self.sheet.cell(person, day)):
                    on = day if clock_changes(day) else usual
                    found[person, day] = self._days[on, name] if name else rest
        return found


def bands(people: Collection[int], period: PlanningPeriod) -> dict[int, set[str]]:
    """The grade of each person as a group, ``band 4``, by which demand asks for it."""
    rows = GradeHeld.objects.on(period.first).filter(person__in=people)
    return {person: {f"band {band}"} for person, band in rows.values_list("person", "grade__band")}


def needs_json(period: PlanningPeriod) -> list[dict[str, Any]]:
    """The unit's demand: each post and session with its days, and the regime levels as prices."""
    found: dict[Any, dict[str, Any]] = {}
    for one in needs(period.unit, period.first, period.last):
        key = (one.name, one.start, one.end, one.needs, one.skills, one.groups)
        levels = [{"people": need.people, "under": need.under, "level": need.level} for need in one.needs]
        entry = {
            "name": f"{one.name}, {words.clock(one.start)} to {words.clock(one.end)}", "from": time(one.start),
            "to": time(one.end % DAY), "needs": levels, "skills": sorted(one.skills), "groups": sorted(one.groups),
            "days": [],
        }  # fmt: skip
        if levels:
            found.setdefault(key, entry)["days"].append((period.first + timedelta(days=one.day)).isoformat())
    return list(found.values())


def shift_json(shift: Shift, name: str) -> dict[str, Any]:
    """A shift in the optimiser's form. Times before midnight of its day are not known there: they begin with it."""
    data: dict[str, Any] = {"id": name, "kind": shift.kind, "minutes": shift.minutes, "works": shift.works}
    if shift.end > shift.start:
        start = max(0, shift.start)
        data |= {"start": time(start), "end": time(shift.end)}
        breaks = [[time(first), time(last)] for first, last in shift.breaks if start <= first < last <= shift.end]
        data |= {"breaks": breaks} if breaks else {}
        data |= {"turned": shift.turned} if any(shift.turned) else {}
    return data


def time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def settings(rules: Book) -> dict[str, Any]:
    """What the rule book in force has otherwise than the rule files."""
    return {
        entry.name: {name: getattr(entry.rule, name) for name in entry.origin}
        for entry in rules.entries
        if entry.origin
    }


def plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Without sets and rules, for JSON."""
    return {key: _plain(value) for key, value in parameters.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    return sorted(value) if isinstance(value, frozenset | set) else value
