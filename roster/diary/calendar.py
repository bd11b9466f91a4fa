"""A roster as a calendar file, and as the month that the diary shows."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from icalendar import Event

from foundation import clock
from foundation.clock import LONDON
from roster.activities.models import Activity
from roster.activities.phrases import DayType
from roster.calendars import calendar
from roster.diary.days import Day, days_of
from roster.establishment.models import Person
from roster.timeline.clock import span
from roster.timeline.content import stored
from roster.timeline.models import Duty, Level

MARKS = {
    "NIGHT_FINISH": "Night ends", "NIGHT_START": "Night starts", "DAY_START": "Starts", "DAY_FINISH": "Finishes",
    "OVERTIME_NIGHT_FINISH": "Overtime ends", "OVERTIME_NIGHT_START": "Overtime starts",
    "OVERTIME_DAY_START": "Overtime starts", "OVERTIME_DAY_FINISH": "Overtime finishes",
}  # fmt: skip


def feed(person: Person, *, family: bool) -> bytes:
    """The calendar file of the days around today, on the clock of London. The family's says on and off."""
    today = clock.today()
    first = today - timedelta(days=settings.CALENDAR_DAYS_BACK)
    last = today + timedelta(days=settings.CALENDAR_DAYS_AHEAD)
    return calendar_of(person, first, last, "On and off duty" if family else "My roster", family=family)


def calendar_of(person: Person, first: date, last: date, name: str, *, family: bool = False) -> bytes:
    """Plan and overtime of these shift dates, each duty an event."""
    found = calendar(name)
    found.add("refresh-interval;value=duration", "PT1H")
    found.add("x-published-ttl", "PT1H")
    rows = Duty.objects.whole().between(first, last).top()
    shown = rows.filter(person=person, level__in=[Level.PLAN, Level.OVERTIME]).order_by("shift_date", "level", "start")
    for (day, level), duties in groupby(shown, key=lambda duty: (duty.shift_date, duty.level)):
        for number, duty in enumerate(duties):
            event = _event(duty, family)
            whose = f"{'family-' if family else ''}{person.pk}"
            event.add("uid", f"{whose}-{day}-{level}-{number}@region-{settings.REGION}.roster")
            found.add_component(event)
    return bytes(found.to_ical())


def _event(duty: Duty, family: bool) -> Event:
    """What is seen of a duty. It keeps its number when it changes, so a program knows it again: see the caller."""
    event = Event()
    event.add("dtstamp", duty.changed_at)
    event.add("last-modified", duty.changed_at)
    event.add("sequence", duty.version)
    if duty.span is None:
        event.add("dtstart", duty.shift_date)
        event.add("dtend", duty.shift_date + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        time = _on_duty(duty)
        event.add("dtstart", time.lower.astimezone(LONDON))
        event.add("dtend", time.upper.astimezone(LONDON))
    if family:
        event.add("summary", "On" if _works(duty) else "Off")
        return event
    name = stored(duty).name
    event.add("summary", f"{name} (overtime)" if duty.level == Level.OVERTIME else name)
    if duty.post is not None:
        event.add("location", duty.post.name)
    return event


def _on_duty(duty: Duty) -> DateTimeTZRange:
    """Without the part for which they had gone off ill."""
    done = [item for item in duty.items.all() if item.activity.kind != Activity.Kind.ILLNESS]
    if not done:
        return duty.span
    return span(duty.shift_date, min(item.start for item in done), max(item.end for item in done))


def _works(duty: Duty) -> bool:
    """Whether it is work, wherever: a duty, training, a union's day; not leave, even for part of a day."""
    done = [duty.activity] if duty.activity else [item.activity for item in duty.items.all()]
    return any(activity.working_time or activity.kind == Activity.Kind.PRESENCE for activity in done)


@dataclass(frozen=True)
class Cell:
    """A day of the month's grid: what a person reads at a glance."""

    day: Day
    lines: list[str]
    today: bool
    colour: str
    asked: bool

    @property
    def date(self) -> date:
        return self.day.date


COLOURS = {
    DayType.REST_DAY: "orange", DayType.HOLIDAY: "yellow", DayType.ABSENCE: "yellow", DayType.TOIL: "yellow",
    DayType.TRAINING_EXTERNAL: "yellow", DayType.TRAINING_INTERNAL: "yellow", DayType.ILLNESS: "green",
    DayType.SECONDMENT: "brown", DayType.TU_OFFICIALS_LEAVE: "magenta", DayType.TU_OFFICIALS_LEAVE_2: "magenta",
    DayType.NONE: "grey", DayType.SHIFT: "blue",
}  # fmt: skip


def cells(person: Person, first: date, last: date, asked: set[date]) -> list[Cell]:
    today = clock.today()
    return [
        Cell(day, lines(day), day.date == today, COLOURS.get(day.type, "blue"), day.date in asked)
        for day in days_of(person.user_name, first, last)
    ]


def lines(day: Day) -> list[str]:
    """The day's type where it is not simply a shift, and its starts and finishes in order of time."""
    marks = [entry for entry in day.entries if entry.display is not None]
    marks.sort(key=lambda entry: (entry.display_time is None, entry.display_time))
    said = [f"{MARKS[entry.display or '']} {entry.display_time:%H:%M}" for entry in marks]
    if day.type in {DayType.SHIFT, DayType.NONE}:
        whole = [] if said else [entry.detail.activity or "Shift" for entry in day.entries]
        return whole + said
    return [_label(day), *said]


def _label(day: Day) -> str:
    """The activity that gave the day its type: Maternity Leave (Absence) rather than Absence."""
    return next((entry.detail.activity or "" for entry in day.entries if entry.kind == day.type), day.type.value)


def length(seconds: int) -> str:
    """``9 hours 30 minutes``."""
    hours, minutes = divmod(seconds // 60, 60)
    parts = [(hours, "hour"), (minutes, "minute")]
    return " ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in parts if number) or "0 minutes"
