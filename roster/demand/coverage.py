"""Demand against who is there, over days: from the tables to ``supply``, and to sentences about what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from optimiser.problem import Demand, Need
from roster.activities.models import Activity
from roster.demand.calendar import in_force
from roster.demand.models import Case, Half, Level, Requirement, SpecialDay
from roster.demand.supply import RANKS, Stander, Stretch, Wanted, joined, supply
from roster.establishment.models import Establishment, GradeHeld, Person, PlanningUnit, SkillHeld
from roster.timeline.clock import DAY, moment, seconds_of
from roster.timeline.content import Content, stored
from roster.timeline.days import span_of_days
from roster.timeline.models import Duty
from roster.timeline.models import Level as DutyLevel

QUARTER = timedelta(minutes=15)
NOON = DAY // 2
PRICES = {"essential": 1000, "reduced": 400, "minimum": 100, "target": 10}
"""What one person missing costs the optimiser below each rank."""


@dataclass(frozen=True)
class Booking:
    """A shift that somebody works: published, or of a draft."""

    person: int
    on: date
    content: Content


class Coverage:
    """One unit (or, without one, the establishment's own demand) from first to last.

    ``bookings``: what a draft holds; None: what is published, overtime too.
    """

    def __init__(
        self,
        establishment: Establishment,
        unit: PlanningUnit | None,
        first: date,
        last: date,
        bookings: Iterable[Booking] | None = None,
    ) -> None:
        self.establishment, self.unit, self.first, self.last = establishment, unit, first, last
        self.days = span_of_days(first, last)
        self.origin = moment(first, 0)
        self.requirements = requirements(establishment, unit, first, last)
        self.cases = self._cases()
        self.bookings = list(self._published() if bookings is None else bookings)
        self.facts = Facts({each.person for each in self.bookings}, first, last)
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

    def _index(self, at: datetime) -> int:
        return int((at - self.origin) // QUARTER)

    def _cases(self) -> dict[int, Case]:
        end = moment(self.last, DAY)
        running = Q(ended_at=None, expected_end__gt=self.origin) | Q(ended_at__gt=self.origin)
        rows = Case.objects.of(self.establishment, self.unit).filter(running, starts_at__lt=end)
        return {row.pk: row for row in rows.select_related("skill")}

    def _published(self) -> Iterable[Booking]:
        where = {"unit": self.unit} if self.unit else {"unit__establishment": self.establishment}
        near = Duty.objects.between(self.first - timedelta(days=2), self.last + timedelta(days=1)).whole()
        rows = near.filter(
            covered_by=None, span__isnull=False, level__in=[DutyLevel.PLAN, DutyLevel.OVERTIME], **where
        )  # fmt: skip
        return [Booking(row.person_id, row.shift_date, stored(row)) for row in rows]

    def _present(self) -> dict[int, dict[int, tuple[int, int | None]]]:
        """Quarter to person to activity and post."""
        found: dict[int, dict[int, tuple[int, int | None]]] = defaultdict(dict)
        for each in self.bookings:
            duty = next((i.activity for i in each.content.items if i.activity.meets_demand), None)
            for item in each.content.items:
                on_duty = item.activity.meets_demand
                in_post = item.activity.kind == Activity.Kind.BREAK and item.activity.paid
                if duty is None or not (on_duty or in_post):
                    continue
                first = -int((self.origin - moment(each.on, item.start)) // QUARTER)
                last = self._index(moment(each.on, item.end))
                stands = (item.activity if on_duty else duty).pk, item.post_id or each.content.post_id
                for quarter in range(first, last):
                    found[quarter][each.person] = stands
        return found

    def _asked(self) -> dict[int, list[Wanted]]:
        """Quarter to what is wanted."""
        found: dict[int, list[Wanted]] = defaultdict(list)
        special = set(
            SpecialDay.objects.filter(
                establishment=self.establishment, day__range=(self.first - timedelta(days=1), self.last)
            ).values_list("day", flat=True)
        )
        for day in span_of_days(self.first - timedelta(days=1), self.last):
            for row in in_force(self.requirements.values(), day, day in special):
                one = _of_requirement(row)
                for quarter in range(self._index(moment(day, row.start)), self._index(moment(day, row.end))):
                    found[quarter].append(one)
        for case in self.cases.values():
            end = case.ended_at or case.expected_end
            for quarter in range(self._index(case.starts_at), -int((self.origin - end) // QUARTER)):
                found[quarter].append(_of_case(case))
        return found

    def _stretches(self) -> list[Stretch]:
        present, asked = self._present(), self._asked()
        known: dict[Any, dict[int, int]] = {}
        found = []
        for day in self.days:
            start, end = self._index(moment(day, 0)), self._index(moment(day, DAY))
            for quarter in range(start, end):
                wanted = asked.get(quarter)
                if not wanted:
                    continue
                key = (day, tuple(sorted(present.get(quarter, {}).items())), tuple(wanted))
                if key not in known:
                    known[key] = supply([self.facts.stander(*one, day) for one in key[1]], wanted)
                at = self.origin + quarter * QUARTER
                low = seconds_of(day, at)
                high = DAY if quarter == end - 1 else seconds_of(day, at + QUARTER)
                found += [Stretch(one.key, day, low, high, one.numbers, known[key][one.key]) for one in wanted]
        return joined(found)


class Facts:
    """Skills, grade and gender of people, by day."""

    def __init__(self, people: Iterable[int], first: date, last: date) -> None:
        listed = list(people)
        self.skills: dict[int, list[SkillHeld]] = defaultdict(list)
        for row in SkillHeld.objects.during(first, last).filter(person__in=listed).select_related("skill"):
            self.skills[row.person_id].append(row)
        self.grades: dict[int, list[GradeHeld]] = defaultdict(list)
        for grade in GradeHeld.objects.during(first, last).filter(person__in=listed).select_related("grade"):
            self.grades[grade.person_id].append(grade)
        self.gender = dict(Person.objects.filter(pk__in=listed).order_by().values_list("pk", "gender"))
        self._known: dict[Any, Stander] = {}

    def stander(self, person: int, stands: tuple[int, int | None], day: date) -> Stander:
        """Somebody in a place on a day; a skill counts through its last day and no longer."""
        key = (person, stands, day)
        if key not in self._known:
            skills = frozenset((row.skill.code, row.level) for row in self.skills[person] if row.holds_on(day))
            band = next((row.grade.band for row in self.grades[person] if row.holds_on(day)), 0)
            self._known[key] = Stander(person, *stands, skills, band, self.gender.get(person, ""))
        return self._known[key]


def requirements(
    establishment: Establishment, unit: PlanningUnit | None, first: date, last: date
) -> dict[int, Requirement]:
    rows = Requirement.objects.of(establishment, unit).during(first - timedelta(days=1), last)
    return {row.pk: row for row in rows.select_related("post", "skill")}


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


def needs(unit: PlanningUnit, first: date, last: date) -> list[Demand]:
    """What the optimiser is asked for: each requirement of the unit on each day, priced by rank.

    Bands are asked as groups named ``band 4``; the optimiser knows no posts, so whoever is present counts.
    """
    rows = requirements(unit.establishment, unit, first, last)
    special = set(
        SpecialDay.objects.filter(establishment=unit.establishment, day__range=(first, last)).values_list(
            "day", flat=True
        )
    )
    found = []
    for number, day in enumerate(span_of_days(first, last)):
        for row in in_force(rows.values(), day, day in special):
            bands = range(row.lowest_band or 0, (row.highest_band or 11) + 1)
            grouped = row.lowest_band is not None or row.highest_band is not None
            found.append(
                Demand(
                    number,
                    _needs(row),
                    start=row.start // 60,
                    end=row.end // 60,
                    skills=frozenset({row.skill.code} if row.skill else ()),
                    groups=frozenset(f"band {band}" for band in bands) if grouped else frozenset(),
                    name=row.name,
                )
            )
    return found


def _needs(row: Requirement) -> tuple[Need, ...]:
    """One need for each different number, at the price of the most urgent rank that asks for it."""
    prices: dict[int, tuple[int, str]] = {}
    for rank in RANKS:
        prices.setdefault(getattr(row, rank), (PRICES[rank], rank))
    return tuple(Need(people, price, rank) for people, (price, rank) in sorted(prices.items()) if people)


def by_key(stretches: Iterable[Stretch]) -> Mapping[tuple[int, date], list[Stretch]]:
    found: dict[tuple[int, date], list[Stretch]] = defaultdict(list)
    for one in stretches:
        found[one.key, one.day].append(one)
    return found
