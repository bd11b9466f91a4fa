"""Demand against who is there, over days: from the tables to ``supply``, and to sentences about what is missing."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from django.db.models import F, Q, QuerySet

from foundation.clock import LONDON
from roster.demand.calendar import in_force, special_days
from roster.demand.models import Case, Half, Level, Requirement
from roster.demand.places import Booking, Stands, by_unit, may_stand_in, standing, unit_posts
from roster.demand.supply import Stander, Stretch, Wanted, joined, supply
from roster.establishment.models import Establishment, GradeHeld, Person, PlanningUnit, SkillHeld
from roster.timeline.booked import Booked, booked, present
from roster.timeline.clock import DAY, moment, seconds_of
from roster.timeline.days import Catalogue, span_of_days

QUARTER = timedelta(minutes=15)
NOON = DAY // 2


@dataclass(frozen=True)
class Asked:
    """What one unit, or the establishment itself, asks for on some days: requirements and cases by number."""

    requirements: dict[int, Requirement]
    cases: dict[int, Case]
    special: set[date]


class Coverage:
    """One unit (or, without one, the establishment's own demand) from first to last.

    ``bookings``: what a draft holds; None: what is published, overtime too.
    ``facts``: of more people, ``asked``: what it asks for, where the caller has read them already.
    """

    def __init__(
        self,
        establishment: Establishment,
        unit: PlanningUnit | None,
        first: date,
        last: date,
        bookings: Iterable[Booking] | None = None,
        facts: "Facts | None" = None,
        asked: Asked | None = None,
    ) -> None:
        self.establishment, self.unit, self.first, self.last = establishment, unit, first, last
        self.days = span_of_days(first, last)
        self.origin = moment(first, 0)
        said = asked or asked_of(establishment, unit, first, last)
        self.requirements, self.cases, self.special = said.requirements, said.cases, said.special
        self.bookings = list(self._published() if bookings is None else bookings)
        wanted: list[Requirement | Case] = [*self.requirements.values(), *self.cases.values()]
        skills = {row.skill.code for row in wanted if row.skill}
        people = {each.person for each in self.bookings}
        self.facts = facts.only(people, skills) if facts else Facts(people, first, last, skills)
        self._moment = cache(moment)
        self.stretches = self._stretches()

    def of(self, key: int, day: date) -> list[Stretch]:
        return [one for one in self.stretches if one.key == key and one.day == day]

    def level(self, day: date, half: Half) -> Level:
        """The regime that the numbers allow: the worst moment of that half of the day counts."""
        low, high = (0, NOON) if half == Half.MORNING else (NOON, DAY)
        found = [one.level for one in self.stretches if one.day == day and one.start < high and one.end > low]
        return Level(min(found, default=Level.GREEN))

    def name(self, key: int) -> str:
        return self.requirements[key].name if key > 0 else self.cases[-key].name

    def gaps(self) -> list[tuple[Stretch, str]]:
        """What is missing below the minimum, in sentences."""
        return [(one, self.sentence(one)) for one in self.stretches if one.gap]

    def sentence(self, one: Stretch) -> str:
        day = f"{one.day:%A} {one.day.day} {one.day:%B}"
        wanted = one.numbers[2] if one.gap else one.numbers[3]
        missing, rank = (one.gap, "minimum") if one.gap else (one.below_target, "target")
        times = f"{clock_of(one.start)} to {clock_of(one.end)}"
        if not missing:
            return f"{self.name(one.key)}: {one.have} there on {day} from {times}, the {rank} of {wanted} is met."
        return (
            f"{self.name(one.key)}: {missing} short of the {rank} of {wanted} on {day} from {times}; {one.have} there."
        )

    def wanted(self, key: int) -> Wanted:
        return _of_requirement(self.requirements[key]) if key > 0 else _of_case(self.cases[-key])

    def _published(self) -> list[Booking]:
        catalogue = Catalogue()
        first, last = self.first - timedelta(days=2), self.last + timedelta(days=1)
        if self.unit:
            posts = unit_posts(self.establishment)
            return by_unit(may_stand_in(self.unit, posts, first, last, catalogue), posts)[self.unit.pk]
        rows = present(booked(first, last, catalogue, unit__establishment=self.establishment))
        return [Booking(each.person, each.on, each.content) for each in rows]

    def _quarter(self, at: datetime) -> int:
        """Whole quarters from the first midnight, rounded down."""
        return int((at - self.origin) // QUARTER)

    def _from(self, day: date, seconds: int) -> int:
        """The first quarter that lies wholly after that time."""
        return -int((self.origin - self._moment(day, seconds)) // QUARTER)

    def _until(self, day: date, seconds: int) -> int:
        return self._quarter(self._moment(day, seconds))

    def _stays(self) -> dict[int, list[tuple[int, int, Stands]]]:
        """Person to the quarters in which they stand somewhere. Paid breaks are taken in post; nobody is twice."""
        known: dict[int, list[tuple[int, int, Stands]]] = {}
        found: dict[int, list[tuple[int, int, Stands]]] = defaultdict(list)
        for each in self.bookings:
            if id(each.content) not in known:
                known[id(each.content)] = list(standing(each.content))
            for start, end, stands in known[id(each.content)]:
                found[each.person].append((self._from(each.on, start), self._until(each.on, end), stands))
        return {person: _one_after_the_other(stays) for person, stays in found.items()}

    def _present(self) -> dict[int, Counter[Stander]]:
        """Quarter to how many of each kind come (or, below 0, go) at its beginning."""
        turns: dict[int, Counter[Stander]] = defaultdict(Counter)
        starts = [self._from(day, 0) for day in self.days]
        bounds = [*starts, self._from(self.last, DAY)]
        for person, stays in self._stays().items():
            for first, last, stands in stays:
                number = max(0, bisect_right(starts, first) - 1)
                for day, (low, high) in zip(self.days[number:], pairwise(bounds[number:]), strict=False):
                    if low >= last:
                        break
                    if max(low, first) < min(high, last):
                        stander = self.facts.stander(person, stands, day)
                        turns[max(low, first)][stander] += 1
                        turns[min(high, last)][stander] -= 1
        return turns

    def _asked(self) -> dict[int, Counter[Wanted]]:
        """Quarter to what is wanted from then on (or, below 0, no longer)."""
        turns: dict[int, Counter[Wanted]] = defaultdict(Counter)

        def ask(one: Wanted, first: int, last: int) -> None:
            turns[first][one] += 1
            turns[last][one] -= 1

        for day in span_of_days(self.first - timedelta(days=1), self.last):
            for row in in_force(self.requirements.values(), day, day in self.special):
                ask(_of_requirement(row), self._until(day, row.start), self._until(day, row.end))
        for case in self.cases.values():
            end = case.ended_at or case.expected_end
            ask(_of_case(case), self._quarter(case.starts_at), -int((self.origin - end) // QUARTER))
        return turns

    def _stretches(self) -> list[Stretch]:
        """From one turn to the next nothing changes, so that each is asked about once."""
        comes, asks = self._present(), self._asked()
        bounds = {self._from(day, 0) for day in self.days} | {self._from(self.last, DAY)}
        turns = sorted({*comes, *asks, *bounds})
        present: Counter[Stander] = Counter()
        wanted: Counter[Wanted] = Counter()
        known: dict[Any, dict[int, int]] = {}
        found = []
        for at, after in zip(turns, [*turns[1:], turns[-1]], strict=True):
            _turn(present, comes.get(at, {}))
            _turn(wanted, asks.get(at, {}))
            if at < 0 or at >= max(bounds) or not wanted:
                continue
            key = (frozenset(present.items()), frozenset(wanted))
            if key not in known:
                known[key] = supply(present, list(wanted))
            day, low, high = self._clock(at, after)
            found += [Stretch(one.key, day, low, high, one.numbers, known[key][one.key]) for one in wanted]
        return joined(found)

    def _clock(self, first: int, last: int) -> tuple[date, int, int]:
        """The day and the wall clock's seconds of two quarters of it; its end is 24:00."""
        start = self.origin + first * QUARTER
        day = start.astimezone(LONDON).date()
        high = DAY if last >= self._from(day, DAY) else seconds_of(day, self.origin + last * QUARTER)
        return day, seconds_of(day, start), high


def _one_after_the_other(stays: list[tuple[int, int, Stands]]) -> list[tuple[int, int, Stands]]:
    found = []
    free = -10_000_000
    for first, last, stands in sorted(stays, key=lambda stay: stay[:2]):
        if max(first, free) < last:
            found.append((max(first, free), last, stands))
            free = last
    return found


def _turn(now: Counter[Any], changes: Mapping[Any, int]) -> None:
    for each, number in changes.items():
        now[each] += number
        if not now[each]:
            del now[each]


class Facts:
    """Skills, grade and gender of people, by day. ``asked``: the only skills that matter; None: all."""

    def __init__(self, people: Iterable[int], first: date, last: date, asked: Collection[str] | None = None) -> None:
        listed = list(people)
        self.first, self.last = first, last
        self.skills: dict[int, list[tuple[Any, tuple[str, str]]]] = defaultdict(list)
        if asked is None or asked:
            held = SkillHeld.objects.during(first, last).filter(person__in=listed)
            held = held if asked is None else held.filter(skill__code__in=asked)
            for person, valid, code, level in held.values_list("person", "valid", "skill__code", "level"):
                self.skills[person].append((valid, (code, level)))
        self.grades: dict[int, list[tuple[Any, tuple[str, int]]]] = defaultdict(list)
        grades = GradeHeld.objects.during(first, last).filter(person__in=listed)
        for person, valid, code, band in grades.values_list("person", "valid", "grade__code", "grade__band"):
            self.grades[person].append((valid, (code, band)))
        self.gender = dict(Person.objects.filter(pk__in=listed).order_by().values_list("pk", "gender"))
        self._turning: dict[int, bool] = {}
        self._known: dict[Any, Stander] = {}

    def only(self, people: Iterable[int], asked: Collection[str]) -> "Facts":
        """The same, of these people and skills: few skills make many people alike."""
        found = copy(self)
        found.skills = defaultdict(
            list, {pk: [row for row in self.skills.get(pk, ()) if row[1][0] in asked] for pk in people}
        )
        found._turning, found._known = {}, {}
        return found

    def skill_codes(self, person: int, day: date) -> frozenset[str]:
        return frozenset(code for valid, (code, _) in self.skills[person] if day in valid)

    def grade(self, person: int, day: date) -> tuple[str, int]:
        """Code and band; nothing for somebody without a grade that day."""
        return next((grade for valid, grade in self.grades[person] if day in valid), ("", 0))

    def stander(self, person: int, stands: Stands, day: date) -> Stander:
        """Somebody in a place on a day; a skill counts through its last day and no longer."""
        if person not in self._turning:
            dated = [*self.skills[person], *self.grades[person]]
            self._turning[person] = any(_turns(valid, self.first, self.last) for valid, _ in dated)
        key = (person, stands, day if self._turning[person] else None)
        if key not in self._known:
            skills = frozenset(skill for valid, skill in self.skills[person] if day in valid)
            band = self.grade(person, day)[1]
            self._known[key] = Stander(*stands, skills, band, self.gender.get(person, ""))
        return self._known[key]


def _turns(valid: Any, first: date, last: date) -> bool:
    """Whether it begins or ends within these days."""
    return (valid.lower or first) > first or (valid.upper or date.max) <= last


def requirements(
    establishment: Establishment, unit: PlanningUnit | None, first: date, last: date
) -> dict[int, Requirement]:
    rows = Requirement.objects.of(establishment, unit).during(first - timedelta(days=1), last)
    return {row.pk: row for row in rows.select_related("post", "skill")}


def asked_of(establishment: Establishment, unit: PlanningUnit | None, first: date, last: date) -> Asked:
    rows = _cases(first, last).filter(unit=unit, establishment=establishment)
    cases = {row.pk: row for row in rows}
    special = special_days(establishment, first - timedelta(days=1), last)
    return Asked(requirements(establishment, unit, first, last), cases, special)


def asked_everywhere(establishment: Establishment, first: date, last: date) -> dict[int | None, Asked]:
    """The same of the establishment (None) and of each unit that asks for something, in three queries."""
    special = special_days(establishment, first - timedelta(days=1), last)
    found: dict[int | None, Asked] = defaultdict(lambda: Asked({}, {}, special))
    _ = found[None]
    rows = Requirement.objects.filter(establishment=establishment).during(first - timedelta(days=1), last)
    for row in rows.select_related("post", "skill"):
        found[row.unit_id].requirements[row.pk] = row
    for case in _cases(first, last).filter(establishment=establishment):
        found[case.unit_id].cases[case.pk] = case
    return found


def coverages(
    establishment: Establishment, units: Iterable[PlanningUnit], first: date, last: date, rows: Iterable[Booked],
    facts: "Facts",
) -> list[Coverage]:  # fmt: skip
    """Of the establishment's own demand, then of each unit that asks for something. ``rows``: who is present."""
    listed = list(rows)
    of_units = by_unit(listed, unit_posts(establishment))
    everybody = [Booking(each.person, each.on, each.content) for each in listed]
    asked = asked_everywhere(establishment, first, last)
    whole = Coverage(establishment, None, first, last, everybody, facts, asked[None])
    return [whole] + [
        Coverage(establishment, unit, first, last, of_units.get(unit.pk, ()), facts, asked[unit.pk])
        for unit in units
        if unit.pk in asked
    ]


def everywhere(establishment: Establishment, first: date, last: date) -> list[Coverage]:
    """The same over what is published, in a few queries for all units and days."""
    listed = booked(
        first - timedelta(days=2), last + timedelta(days=1), Catalogue(), unit__establishment=establishment
    )  # fmt: skip
    rows = present(listed)
    facts = Facts({each.person for each in rows}, first, last)
    return coverages(establishment, establishment.units.order_by("name"), first, last, rows, facts)


def _cases(first: date, last: date) -> QuerySet[Case]:
    """Those that run at some time of these days."""
    start, end = moment(first, 0), moment(last, DAY)
    running = Q(ended_at=None, expected_end__gt=start) | Q(ended_at__gt=start) & Q(ended_at__gt=F("starts_at"))
    return Case.objects.filter(running, starts_at__lt=end).select_related("skill")


def _of_requirement(row: Requirement) -> Wanted:
    activities = {row.activity_id} if row.activity_id else {row.post.activity_id} if row.post else set()
    return Wanted(
        row.pk, (row.essential, row.reduced, row.minimum, row.target),
        frozenset({row.post_id} if row.post_id else ()), frozenset(activities), row.skill.code if row.skill else "",
        row.skill_level, (row.lowest_band or 0, row.highest_band or 99), row.gender, row.alongside,
    )  # fmt: skip


def _of_case(case: Case) -> Wanted:
    numbers = (case.people,) * 4
    skill = case.skill.code if case.skill else ""
    return Wanted(-case.pk, numbers, frozenset(), frozenset({case.activity_id}), skill, gender=case.gender)


def clock_of(seconds: int) -> str:
    return "24:00" if seconds == DAY else f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def by_key(stretches: Iterable[Stretch]) -> Mapping[tuple[int, date], list[Stretch]]:
    found: dict[tuple[int, date], list[Stretch]] = defaultdict(list)
    for one in stretches:
        found[one.key, one.day].append(one)
    return found
