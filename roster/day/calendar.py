"""The detail sheet as a calendar file: the facts of the wall, each at its time on the clock of London (R-064)."""

from datetime import date, timedelta

from django.conf import settings
from icalendar import Event

from foundation import clock
from foundation.clock import LONDON
from roster.activities.queries import ABSENT
from roster.calendars import calendar
from roster.day.sheet import Away, Line, Sheet, Station
from roster.day.tables import POST_COLUMNS, Page, cells, need
from roster.timeline.clock import moment


def to_ics(sheet: Sheet, wall: Page) -> bytes:
    """An event for each person at a place, one for each who is away, and the head of the sheet for the whole day."""
    found = calendar(f"{wall.establishment}, {wall.day}")
    found.add_component(_head(sheet, wall))
    for station in sheet.stations:
        for line in station.lines:
            found.add_component(_line(sheet, station, line))
    for each in sheet.away:
        found.add_component(_away(sheet, each))
    return bytes(found.to_ical())


def _event(sheet: Sheet, uid: str, summary: str, description: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}-{sheet.day}-{sheet.establishment.code}@region-{settings.REGION}.roster")
    event.add("dtstamp", clock.now())
    event.add("summary", summary)
    if description:
        event.add("description", description)
    return event


def _whole_day(event: Event, day: date) -> Event:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _head(sheet: Sheet, wall: Page) -> Event:
    """The facts above the tables, and what each place needs."""
    needs = [(each.name, need(each)) for each in sheet.stations if each.stretches]
    said = "\n".join(f"{label}: {text}" for label, text in (*wall.facts, *needs))
    return _whole_day(_event(sheet, "sheet", f"{wall.title}, {wall.establishment}", said), sheet.day)


def _line(sheet: Sheet, station: Station, line: Line) -> Event:
    said = "\n".join(f"{label}: {text}" for label, text in zip(POST_COLUMNS, cells(line), strict=True) if text)
    uid = f"line-{line.worker.pk}-{line.start}"
    event = _event(sheet, uid, f"{line.worker.name}: {station.name}", said)
    event.add("dtstart", moment(sheet.day, line.start).astimezone(LONDON))
    event.add("dtend", moment(sheet.day, line.end).astimezone(LONDON))
    event.add("location", f"{station.name}, {station.where}" if station.where else station.name)
    return event


def _away(sheet: Sheet, each: Away) -> Event:
    said = f"Shift: {each.shift}" if each.shift else ""
    words = f"{ABSENT} {each.part}".strip()
    return _whole_day(_event(sheet, f"away-{each.worker.pk}", f"{each.worker.name}: {words}", said), sheet.day)
