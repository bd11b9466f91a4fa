"""The detail sheet: who does what on one day in one establishment (staff-roster 9.1). Read in a few queries.

A ``Line`` is one person at one place for a stretch of the day; a ``Station`` a place with what it needs and who is
there; ``Away`` somebody who is not. Screen, print, PDF and CSV all show these and nothing else.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from roster.activities.expansion import Item
from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type
from roster.day.models import Move
from roster.demand.calendar import day_types
from roster.demand.coverage import Coverage, Facts, coverages
from roster.demand.models import Case, Half, Post, Regime, SpecialDay
from roster.demand.models import DayType as KindOfDay
from roster.demand.supply import Stretch
from roster.establishment.models import Establishment, Membership, Person, PlanningUnit, here
from roster.timeline.booked import HAPPENING, Booked, booked, present
from roster.timeline.clock import DAY
from roster.timeline.days import Catalogue
from roster.timeline.models import Level

MARKS = ("CR", "FA", "FIRE", "DRV", "CHK", "SEG", "GATE", "CTRL", "NEG", "INC", "NIGHT", "DOG", "TASER")
"""Skills that the sheet marks, in this order."""
CAUSES = {
    DayType.ILLNESS: "Sickness", DayType.HOLIDAY: "Annual leave", DayType.TOIL: "Time off in lieu",
    DayType.TRAINING_EXTERNAL: "Training", DayType.TRAINING_INTERNAL: "Training",
    DayType.TU_OFFICIALS_LEAVE: "Union duties", DayType.TU_OFFICIALS_LEAVE_2: "Union duties",
    DayType.SECONDMENT: "Detached duty",
}  # fmt: skip
ABSENCE, NO_SHOW = "Other absence", "Did not come"
OTHER_WORK = "Training, meetings and other work"
ORDERLY = "Orderly Officer (1)"
"""The activity of the Orderly Officer, and of the post."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A person as the sheet names them."""

    pk: int
    name: str
    grade: str = ""
    band: int = 0
    marks: tuple[str, ...] = ()
    unit: int = 0
    guest: bool = False
    """Of another establishment: on detached duty here."""
    mobile: str = ""

    @property
    def telephone(self) -> str:
        """07700 900123."""
        return f"{self.mobile[:5]} {self.mobile[5:]}".strip()

    @property
    def graded(self) -> str:
        """Grade and band, below one heading of the sheet."""
        return f"{self.grade}, {self.band}" if self.grade else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A person at a place. Seconds from 00:00 of the sheet's day; a night of the day before begins below 0."""

    worker: Worker
    unit: int
    station: str
    duty: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    overtime: bool = False
    actual: bool = False
    came_from: str = ""
    on: date = date.min
    """The shift's date."""
    day: date = date.min
    """The sheet's."""

    @property
    def times(self) -> str:
        return between(self.day, self.start, self.end)

    @property
    def break_times(self) -> str:
        return ", ".join(between(self.day, start, end) for start, end in self.breaks)

    @property
    def at_night(self) -> bool:
        """Over a midnight, the last or the next."""
        return self.start < 0 or self.end > DAY

    @property
    def remark(self) -> str:
        said = ["overtime"] if self.overtime else []
        said += ["since the evening before"] if self.start < 0 else []
        said += ["until the next morning"] if self.end > DAY else []
        said += ["detached here"] if self.worker.guest else []
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody with a shift or a status who is not there.

    ``cause``: in the few words that are counted. ``why``: in full, for those who handle this person's absences.
    """

    worker: Worker
    cause: str
    shift: str = ""
    part: str = ""
    why: str = ""


@dataclass
class Station:
    """A post, a unit's own work, or a case: what it needs when, and who is there."""

    key: str
    name: str
    where: str = ""
    stretches: list[tuple[Stretch, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def short(self) -> int:
        return max((one.gap for one, _ in self.stretches), default=0)


def clock(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def between(day: date, start: int, end: int) -> str:
    """Times on a day's sheet; what lies on another day is named with it: 20:45 to Mon 07:30."""
    return f"{_named(day, start)} to {_named(day, end)}"


def _named(day: date, seconds: int) -> str:
    if 0 <= seconds <= DAY:
        return clock(seconds)
    return f"{day + timedelta(days=seconds // DAY):%a} {clock(seconds)}"


def cause_of(activity: Activity) -> str:
    """Why somebody is away, in the few words that are counted."""
    return CAUSES.get(day_type(activity.name), ABSENCE)


class Sheet:
    """One day of one establishment, as it is now."""

    def __init__(self, establishment: Establishment, day: date) -> None:
        self.establishment, self.day = establishment, day
        self.catalogue = Catalogue()
        units = PlanningUnit.objects.filter(establishment=establishment).order_by("name")
        self.units = {row.pk: row for row in units}
        rows = booked(
            day - timedelta(days=1), day, self.catalogue, [*HAPPENING, Level.ON_CALL],
            unit__establishment=establishment,
        )  # fmt: skip
        self.on_call_rows = [each for each in rows if each.level == Level.ON_CALL]
        self.rows = [each for each in rows if each.level != Level.ON_CALL]
        self.present = present(self.rows)
        main = Membership.objects.on(day).filter(here("person__"), unit__in=self.units, priority=1)
        self.members: dict[int, int] = dict(main.values_list("person", "unit"))
        self.workers = self._workers()
        posts = Post.objects.filter(establishment=establishment).select_related("activity")
        self.posts = {row.pk: row for row in posts}
        self.moves = list(Move.objects.of(establishment, day).select_related("post", "case"))

    def _workers(self) -> dict[int, Worker]:
        shown = {each.person for each in [*self.rows, *self.on_call_rows]} | set(self.members)
        self.facts = Facts(shown, self.day, self.day)
        names = Person.objects.filter(pk__in=shown).order_by("last_name", "first_name", "pk")
        found = {}
        for pk, first, last, mobile in names.values_list("pk", "first_name", "last_name", "mobile"):
            grade, band = self.facts.grade(pk, self.day)
            held = self.facts.skill_codes(pk, self.day)
            marks = tuple(code for code in MARKS if code in held)
            unit = self.members.get(pk, 0)
            found[pk] = Worker(pk, f"{last}, {first}", grade, band, marks, unit, not unit, mobile)
        return found

    # Demand

    @cached_property
    def coverages(self) -> list[Coverage]:
        """Of the establishment's own demand and of each unit with demand, over the bookings that are read already."""
        return coverages(self.establishment, self.units.values(), self.day, self.day, self.present, self.facts)

    @cached_property
    def cases(self) -> dict[int, Case]:
        return {pk: case for coverage in self.coverages for pk, case in coverage.cases.items()}

    def gaps(self) -> list[tuple[Coverage, Stretch]]:
        """Below the minimum, in order of time."""
        found = [(coverage, one) for coverage in self.coverages for one in coverage.stretches if one.gap]
        return sorted(found, key=lambda pair: (pair[1].start, pair[0].name(pair[1].key)))

    def short_by_hour(self) -> list[int]:
        """How many people are missing in each hour of the day, at its worst, below the minima."""
        found = []
        for hour in range(24):
            worst: Counter[Any] = Counter()
            for coverage, one in self.gaps_of_posts:
                if one.start < (hour + 1) * 3600 and one.end > hour * 3600:
                    key = coverage.unit, one.key
                    worst[key] = max(worst[key], one.gap)
            found.append(sum(worst.values()))
        return found

    @cached_property
    def gaps_of_posts(self) -> list[tuple[Coverage, Stretch]]:
        """Without what counts beside a post: one missing person is one missing."""
        return [(coverage, one) for coverage, one in self.gaps() if not coverage.wanted(one.key).alongside]

    @cached_property
    def alongside(self) -> list[tuple[str, Stretch]]:
        """Who must be somewhere in the prison: first aiders, C&R trained."""
        whole = self.coverages[0]
        return [(whole.name(one.key), one) for one in whole.stretches if whole.wanted(one.key).alongside]

    @property
    def alongside_skills(self) -> set[str]:
        """What is asked of the prison as a whole, by skill."""
        whole = self.coverages[0]
        return {wanted.skill for one in whole.stretches if (wanted := whole.wanted(one.key)).alongside}

    # Who is where

    @cached_property
    def lines(self) -> list[Line]:
        found = [line for each in self.present for line in self._lines(each)]
        return sorted(found, key=lambda line: (line.start, line.worker.name))

    def _lines(self, each: Booked) -> Iterable[Line]:
        """A duty's stretches at one place each, breaks inside them; of the night before what reaches into the day."""
        shift = (each.on - self.day).days * DAY
        items = [replace(item, start=item.start + shift, end=item.end + shift) for item in each.content.items]
        items = [item for item in items if item.end > 0 and item.activity.kind != Activity.Kind.ILLNESS]
        places = [None if item.is_break else self._place(each, item) for item in items]
        for at, place in enumerate(places):
            if place is None:  # a break belongs to where the person was, or will be
                places[at] = next((p for p in [*reversed(places[:at]), *places[at:]] if p), None)
        for key, group in groupby(zip(places, items, strict=True), key=lambda pair: pair[0]):
            if key is None:
                continue
            listed = [item for _, item in group]
            duty = next((item.activity.name for item in listed if not item.is_break), "")
            start, end = listed[0].start, listed[-1].end
            breaks = tuple((item.start, item.end) for item in listed if item.is_break)
            yield Line(
                self.workers[each.person], each.unit, key, duty, start, end, breaks,
                each.level == Level.OVERTIME, each.level == Level.ACTUAL, self._came_from(each, start), each.on,
                self.day,
            )  # fmt: skip

    def _place(self, each: Booked, item: Item) -> str:
        post = self.posts.get(item.post_id or each.content.post_id or 0)
        if post:
            return f"unit {post.unit_id}" if post.is_whole_unit else f"post {post.pk}"
        if not item.activity.meets_demand:
            return "other"
        if item.activity.pk in self._of_activity:
            return self._of_activity[item.activity.pk]
        return f"unit {each.unit}"

    @cached_property
    def _of_activity(self) -> dict[int, str]:
        """A case takes whoever does its activity, then a post of the whole establishment."""
        posts = {row.activity_id: f"post {pk}" for pk, row in self.posts.items() if row.unit_id is None}
        return posts | {case.activity_id: f"case {pk}" for pk, case in self.cases.items()}

    def _came_from(self, each: Booked, start: int) -> str:
        moved = [row for row in self.moves if row.person_id == each.person and row.start == start]
        return moved[-1].came_from if moved else ""

    @cached_property
    def stations(self) -> list[Station]:
        """Every place with demand or people, in the order posts, cases, units, the rest."""
        found: dict[str, Station] = {}
        for pk, post in sorted(self.posts.items(), key=lambda pair: pair[1].name):
            if not post.is_whole_unit and (post.closed_on is None or post.closed_on > self.day):
                where = self.units[post.unit_id].name if post.unit_id else ""
                found[f"post {pk}"] = Station(f"post {pk}", post.name, where)
        for pk, case in self.cases.items():
            found[f"case {pk}"] = Station(f"case {pk}", f"{case.get_kind_display()}: {case.name}")
        for pk, unit in self.units.items():
            found[f"unit {pk}"] = Station(f"unit {pk}", unit.name)
        found["other"] = Station("other", OTHER_WORK)
        for coverage in self.coverages:
            for one in coverage.stretches:
                key = self._station_of(coverage, one)
                if key in found:
                    found[key].stretches.append((one, coverage.name(one.key)))
        for line in self.lines:
            found[line.station].lines.append(line)
        return [each for each in found.values() if each.lines or each.stretches]

    def _station_of(self, coverage: Coverage, one: Stretch) -> str:
        if one.key < 0:
            return f"case {-one.key}"
        row = coverage.requirements[one.key]
        if row.post_id:
            return f"post {row.post_id}"
        return f"unit {coverage.unit.pk}" if coverage.unit else ""

    # Who is not

    @cached_property
    def away(self) -> list[Away]:
        """With a status other than rest, not come at all, or gone for part of the day."""
        found: dict[int, Away] = {}
        beneath = {each.person: each for each in self.rows if each.on == self.day and each.covered}
        for each in self.rows:
            if each.on != self.day:
                continue
            worker = self.workers[each.person]
            ill = [item for item in each.content.items if item.activity.kind == Activity.Kind.ILLNESS]
            if each.full_day and each.content.activity and not _rests(each):
                under = beneath.get(each.person)
                cause = cause_of(each.content.activity)
                why = each.content.activity.name if cause == ABSENCE else cause
                found[each.person] = Away(worker, cause, _shift(under) if under else "", why=why)
            elif ill and each in self.present:
                found[each.person] = Away(worker, CAUSES[DayType.ILLNESS], "", f"from {_named(self.day, ill[0].start)}")
        for each in self._no_shows():
            found[each.person] = Away(self.workers[each.person], NO_SHOW, _shift(each))
        return sorted(found.values(), key=lambda one: one.worker.name)

    def _no_shows(self) -> list[Booked]:
        """A shift whose actual day is empty."""
        none = {e.person for e in self.rows if e.level == Level.ACTUAL and e.full_day and e.on == self.day}
        return [
            e for e in self.rows if e.level == Level.PLAN and e.on == self.day and e.person in none and e.content.items
        ]

    def absent_by_cause(self) -> list[tuple[str, int]]:
        return sorted(Counter(each.cause for each in self.away if not each.part).items())

    def at_rest(self) -> list[Worker]:
        """Members without a shift or another status on the day."""
        busy = {line.worker.pk for line in self.lines if line.on == self.day} | {each.worker.pk for each in self.away}
        return [self.workers[pk] for pk in self.workers if pk in self.members and pk not in busy]

    # The head of the sheet

    def special(self) -> str:
        row = SpecialDay.objects.filter(establishment=self.establishment, day=self.day).first()
        return row.name if row else ""

    @cached_property
    def kind_of_day(self) -> str:
        special = self.special()
        label = KindOfDay(day_types(self.day, bool(special))[0]).label
        return f"{label}: {special}" if special else str(label)

    def regime(self) -> list[tuple[Half, Any, bool]]:
        """Half of the day, level, and whether somebody has confirmed it; else what the numbers propose."""
        said = {row.half: row for row in Regime.objects.of(self.establishment).filter(day=self.day)}
        whole = self.coverages[0]
        return [
            (half, said[half].get_level_display(), True) if half in said
            else (half, whole.level(self.day, half).label, False)
            for half in Half
        ]  # fmt: skip

    @cached_property
    def in_charge(self) -> list[Line]:
        """Who has the Orderly Officer's post, by day or by night."""
        theirs = {f"post {pk}" for pk, post in self.posts.items() if post.activity.name == ORDERLY}
        return [line for line in self.lines if line.duty == ORDERLY or line.station in theirs]

    @property
    def orderly(self) -> list[Line]:
        return [line for line in self.in_charge if not line.at_night]

    @property
    def night_managers(self) -> list[Line]:
        """The Orderly Officer's post at night (staff-roster 7.3): of last night, and of the night to come."""
        return [line for line in self.in_charge if line.at_night]

    def on_duty_with(self, skill: str) -> int:
        """How many of those who work a shift of the day hold a skill."""
        return len({line.worker.pk for line in self.lines if line.on == self.day and skill in line.worker.marks})

    @cached_property
    def on_call(self) -> list[tuple[str, Worker, str]]:
        """List, person and times of those who are on call."""
        found = []
        for each in self.on_call_rows:
            shift = (each.on - self.day).days * DAY
            start, end = (each.content.start or 0) + shift, (each.content.end or 0) + shift
            if end > 0 and each.person in self.workers:
                post = self.posts.get(each.content.post_id or 0)
                found.append(
                    (post.name if post else "On call", self.workers[each.person], between(self.day, start, end))
                )
        return sorted(found, key=lambda one: (one[0], one[2]))

    def detached(self) -> tuple[list[Worker], list[Worker]]:
        """Who is here from elsewhere, and who of ours is elsewhere."""
        here = {line.worker.pk: line.worker for line in self.lines if line.worker.guest}
        return list(here.values()), [each.worker for each in self.away if each.cause == CAUSES[DayType.SECONDMENT]]


def _rests(each: Booked) -> bool:
    activity = each.content.activity
    return activity is None or day_type(activity.name) in (DayType.REST_DAY, DayType.NONE)


def _shift(each: Booked) -> str:
    made = each.content
    return (
        made.name
        if made.start is None or made.end is None
        else f"{made.name}, {clock(made.start)} to {clock(made.end)}"
    )
