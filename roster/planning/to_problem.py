"""The bridge to the optimiser: a draft as its JSON form, and its answer back as days.

Locked for the optimiser is what a planner locked, every leave, sickness and course, every day with overtime or for
another unit, what lies in the past, and, unless asked, everything that stands there already: then only empty days are
filled. What people of other units do in this one is not asked again.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from foundation import clock
from optimiser.problem import OFF, Person, Shift
from roster.activities.phrases import DayType, day_type
from roster.demand.needs import needs
from roster.demand.places import Booking
from roster.establishment.models import GradeHeld
from roster.planning.board import templates
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.sheet import Cell, Sheet
from roster.planning.staffing import Places, away
from roster.planning.unkept import because, days_of
from roster.rules.book import Book, book
from roster.rules.check import Checker, rest_day
from roster.rules.shifts import day_off
from roster.timeline.content import Content
from roster.timeline.days import Catalogue, Day, Key, clock_changes, with_overtime

MOVABLE = {"pattern", "optimiser"}
"""Sources of a day that a run may plan anew when it is asked to."""
ONE_DAY = timedelta(days=1)
FORTNIGHT = 14
"""Over so many days at most rest is counted."""
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
        self.sheet = Sheet(draft, days=(self.period.first - ONE_DAY, self.period.last + ONE_DAY))
        self.places = Places(self.period, self.catalogue)
        self.others: list[Booking] = []
        self._here: dict[Key, list[Content]] = defaultdict(list)
        self._who_is_here()
        self.checker = Checker(self.sheet.people, self.period.first, self.period.last, self.catalogue)
        self._ids: dict[Shift, str] = {OFF: ""}
        self._planned = {code: day for code, _, day in templates(self.period, self.catalogue) if code in options.wanted}
        self._days: dict[tuple[date, str], Day] = {}
        self._bands = bands(self.sheet.people, self.period)
        self.data = self._data()

    def _who_is_here(self) -> None:
        """What the unit's own people do in it, by day, and all that others do."""
        own = set(self.sheet.people)
        others = self.places.others(self.sheet, self.period.first, self.period.last)
        self.others = [each for each in others if each.person not in own]
        for each in [*self.places.own(self.sheet), *(each for each in others if each.person in own)]:
            self._here[each.person, each.on].append(each.content)

    def _data(self) -> dict[str, Any]:
        self._off_on = {day.isoformat(): name for day in self.period.days if (name := self.name(day_off(day)))}
        usual = frozenset(self._usual())
        odd = {day: self._on(day) for day in self.period.days if clock_changes(day)}
        people = [self._person(self.checker.members[pk], usual, odd) for pk in self.sheet.people]
        return {
            "name": str(self.period),
            "start": self.period.first.isoformat(),
            "days": len(self.period.days),
            "off_on": self._off_on,
            "shifts": [shift_json(shift, name) for shift, name in self._ids.items() if name],
            "people": people,
            "demand": [*self._on_shifts(), *needs_json(self.period, self.others)],
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
        for code, day in self._planned.items():
            name = self._name_of(code, on)
            self._days[on, name] = day
            found.append(name)
        return found

    def _name_of(self, code: str, on: date) -> str:
        day = self._planned[code]
        return self.name(away(self.checker.shifts.of(day, on), map(self.catalogue.content, day.shifts)))

    def name(self, shift: Shift) -> str:
        """One id for each shift: where two have the same code, the later is numbered."""
        if shift not in self._ids:
            used = set(self._ids.values())
            names = (shift.id if number == 1 else f"{shift.id} ({number})" for number in range(1, 10_000))
            self._ids[shift] = next(name for name in names if name not in used)
        return self._ids[shift]

    def _person(self, member: Person, usual: frozenset[str], odd: Mapping[date, list[str]]) -> dict[str, Any]:
        pk = int(member.id)
        cells = [self.sheet.cell(pk, day) for day in self.period.days]
        locked = {cell.shift_date.isoformat(): self.name(self._stands(cell)) for cell in cells if self.fixed(cell)}
        guest = self._guest(pk)
        nowhere: dict[str, list[str]] = {
            self._date(day): [] for day in {*guest, *(day for day, allowed in member.allowed_on.items() if not allowed)}
        }
        special = {day.isoformat(): names for day, names in odd.items()}
        *before, eve = member.history
        eve = away(eve, self._here[pk, self.period.first - ONE_DAY])
        history = [*map(long_past, before[:-FORTNIGHT]), *before[-FORTNIGHT:], eve]
        given: dict[str, Any] = {
            "id": member.id,
            "hours": member.hours / 60,
            "skills": {skill: last if last is None else self._date(last) for skill, last in member.skills.items()},
            "groups": sorted({*member.groups, *self._bands.get(pk, ())}),
            "allowed": sorted(usual),
            "allowed_on": special | nowhere,
            "locked": locked,
            "days_off": [self._date(day) for day in sorted(member.days_off)],
            "history": [self.name(shift) for shift in history],
            "rules": {rule: plain(given) for rule, given in self._parameters(member, guest, locked).items()},
        }
        return {key: value for key, value in given.items() if value not in ({}, [], None)}

    def _guest(self, pk: int) -> list[int]:
        """The days on which somebody belongs to other units only, which plan them then."""
        rows, unit = self.checker.facts.memberships[pk], self.period.unit_id
        units = ({row.unit_id for row in rows if row.holds_on(day)} for day in self.period.days)
        return [number for number, those in enumerate(units) if those and unit not in those]

    def _parameters(self, member: Person, guest: Collection[int], locked: Collection[str]) -> dict[str, Any]:
        """As the rule book has them. The contract's hours of days that another unit is still to plan are not due."""
        later = sum(self._date(day) not in locked for day in guest)
        own = dict(member.parameters)
        if later:
            hours = dict(own.get("ContractHours", {}))
            own["ContractHours"] = hours | {"balance": hours.get("balance", 0) + round(member.hours * later / 7)}
        return own

    def _stands(self, cell: Cell) -> Shift:
        """What is there, with overtime, and what of it meets no demand of the unit."""
        pk, day = cell.person_id, cell.shift_date
        whole = with_overtime(cell.day, self.checker.overtime(pk, day))
        return away(self.checker.shifts.of(whole, day, self.checker.standard(pk)), self._here[pk, day])

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
        if self.places.elsewhere(cell) and not self.places.here(cell):
            return "is for another unit"
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
        """So many people on each shift, each day, where somebody has said so; less those of other units."""
        lent = Counter(
            (each.content.template_version.template.code, each.on)
            for each in self.others
            if each.content.template_version is not None
        )
        found = []
        for code, people in self.options.wanted.items():
            if not people or code not in self._planned:
                continue
            alike: dict[tuple[str, int], list[str]] = {}
            for day in self.period.days:
                left = max(0, people - lent[code, day])
                alike.setdefault((self._name_of(code, day), left), []).append(day.isoformat())
            found += [
                {"shift": name, "people": left, "under": MISSING, "over": MISSING // 10, "days": days, "name": code}
                for (name, left), days in alike.items()
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
                    found[person, day] = rest if self._is_off(name, day) else self._days[on, name]
        return found

    def _is_off(self, name: str, day: date) -> bool:
        return name in ("", self._off_on.get(day.isoformat()))


def long_past(shift: Shift) -> Shift:
    """A day without work so long ago that nobody asks how long it was: one like others, so that there are fewer."""
    if shift.works or not any(shift.turned):
        return shift
    return OFF if shift.kind == "off" else replace(shift, turned=(0, 0, 0))


def bands(people: Collection[int], period: PlanningPeriod) -> dict[int, set[str]]:
    """The grade of each person as a group, ``band 4``, by which demand asks for it."""
    rows = GradeHeld.objects.on(period.first).filter(person__in=people)
    return {person: {f"band {band}"} for person, band in rows.values_list("person", "grade__band")}


def needs_json(period: PlanningPeriod, others: Sequence[Booking] = ()) -> list[dict[str, Any]]:
    """The unit's demand that is left: each post and session with its days, and the regime levels as prices."""
    found: dict[Any, dict[str, Any]] = {}
    for one in needs(period.unit, period.first, period.last, others):
        key = (one.name, one.start, one.end, one.needs, one.skills, one.groups)
        levels = [{"people": need.people, "under": need.under, "level": need.level} for need in one.needs]
        entry = {
            "name": one.name, "from": time(one.start), "to": time(one.end), "needs": levels,
            "skills": sorted(one.skills), "groups": sorted(one.groups), "days": [],
        }  # fmt: skip
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
        gone = [[time(first), time(last)] for first, last in shift.away if start <= first < last]
        data |= {"away": gone} if gone else {}
    return data | ({"turned": shift.turned} if any(shift.turned) else {})


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
