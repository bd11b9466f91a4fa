"""A week of an officer's own roster as one set of facts: page, print, CSV and calendar file say the same (R-064)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from foundation.csv_cells import to_csv
from optimiser.words import hours
from roster.establishment.models import Person
from roster.timeline.clock import wall
from roster.timeline.content import stored
from roster.timeline.models import Duty, Level

COLUMNS = ["Date", "Day", "Shift", "What", "From", "To", "Post", "Overtime"]


@dataclass(frozen=True)
class Part:
    """A detail of a shift. A status of the whole day has no times."""

    activity: str
    start: datetime | None = None
    end: datetime | None = None
    post: str = ""

    def clock(self, at: datetime | None, day: date) -> str:
        """``07:30``, of another date with its day: ``07:30 Tuesday``."""
        if at is None:
            return ""
        return f"{at:%H:%M}" + ("" if at.date() == day else f" {at:%A}")


@dataclass(frozen=True)
class Shift:
    """One duty with its details in order; ``minutes`` are net, by the time that passes."""

    day: date
    name: str
    parts: tuple[Part, ...]
    minutes: int
    overtime: bool

    @property
    def times(self) -> str:
        first, last = self.parts[0], self.parts[-1]
        if first.start is None:
            return "All day"
        return f"{first.clock(first.start, self.day)} to {last.clock(last.end, self.day)}"

    @property
    def said(self) -> str:
        return self.name + (" (overtime)" if self.overtime else "")


@dataclass(frozen=True)
class Week:
    person: Person
    first: date
    shifts: tuple[Shift, ...]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def days(self) -> list[tuple[date, list[Shift]]]:
        """Seven days, those without anything too."""
        dates = [self.first + timedelta(days=number) for number in range(7)]
        return [(day, [shift for shift in self.shifts if shift.day == day]) for day in dates]

    @property
    def minutes(self) -> int:
        return sum(shift.minutes for shift in self.shifts)

    @property
    def title(self) -> str:
        return f"Week from {self.first.day} {self.first:%B} to {self.last.day} {self.last:%B %Y}"

    @property
    def rows(self) -> list[list[str]]:
        """Under COLUMNS: a row for each detail, and for a day without any."""
        return [row for day, shifts in self.days for row in _rows(day, shifts)]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(person: Person, day: date) -> Week:
    """As published, from Monday to Sunday; a night belongs to the day on which it starts."""
    first = monday(day)
    rows = Duty.objects.whole().top().between(first, first + timedelta(days=6))
    rows = rows.filter(person=person, level__in=[Level.PLAN, Level.OVERTIME]).order_by("shift_date", "start", "pk")
    return Week(person, first, tuple(map(_shift, rows.prefetch_related("items__post"))))


def _shift(duty: Duty) -> Shift:
    made, post = stored(duty), duty.post.name if duty.post else ""
    parts = tuple(
        Part(item.activity.name, wall(duty.shift_date, item.start), wall(duty.shift_date, item.end),
             item.post.name if item.post else post)
        for item in duty.items.all()
    )  # fmt: skip
    if not parts and duty.start is not None and duty.end is not None:
        parts = (Part(made.name, wall(duty.shift_date, duty.start), wall(duty.shift_date, duty.end), post),)
    whole = (Part(made.name, post=post),)
    return Shift(duty.shift_date, made.name, parts or whole, made.net(duty.shift_date), duty.level == Level.OVERTIME)


def _rows(day: date, shifts: list[Shift]) -> list[list[str]]:
    named = [day.isoformat(), f"{day:%A}"]
    if not shifts:
        return [[*named, "Nothing published", "", "", "", "", ""]]
    return [
        [*named, shift.name, part.activity, part.clock(part.start, day) or "All day", part.clock(part.end, day),
         part.post, "Yes" if shift.overtime else "No"]
        for shift in shifts
        for part in shift.parts
    ]  # fmt: skip


def as_csv(week: Week) -> bytes:
    return to_csv([COLUMNS, *week.rows])


def facts(week: Week) -> list[tuple[str, str]]:
    return [
        ("Name", week.person.name),
        ("Staff number", week.person.staff_number),
        ("Hours of work", hours(week.minutes)),
    ]
