"""The due date as a calendar file, with reminders."""

from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from foundation import clock
from reporting.reports.models import Report

REMINDERS = (28, 7, 1)
"""Days before the due date."""


def due_date(report: Report, address: str) -> bytes:
    """An all-day event on the due date. It names no client: calendars are often shared."""
    calendar = Calendar()
    calendar.add("prodid", "-//Complete the deputy report//EN")
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", f"report-{report.pk}-due@deputy-report")
    event.add("dtstamp", clock.now())
    event.add("dtstart", report.due)
    event.add("dtend", report.due + timedelta(days=1))
    event.add("summary", "Deputy report is due")
    event.add("description", f"The report for {report.period} is due today: {address}")
    for days in REMINDERS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Deputy report is due in {days} {'day' if days == 1 else 'days'}")
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
