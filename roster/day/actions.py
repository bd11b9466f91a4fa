"""What is written down in the course of a day: issues of the sheet, the log, steps of the daily clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from foundation import audit, clock
from foundation.clock import LONDON
from roster.day.models import LogEntry, SheetIssue
from roster.day.sheet import Sheet
from roster.day.tables import page
from roster.establishment.models import Establishment
from roster.timeline.clock import moment

STEPS = {LogEntry.Step.REVIEWED: -10, LogEntry.Step.CALLS: 7, LogEntry.Step.HANDOVER: 20, LogEntry.Step.CONFIRMED: 24}
"""The hour of the day by which each is usual (below 0: the day before; staff-roster 9.2)."""
LATE = timedelta(days=1)
"""So long a step that nobody has done is asked for."""


@transaction.atomic
def issue_sheet(place: Establishment, day: date, *, by: Any) -> SheetIssue:
    """Freeze what would hang on the wall now under the next number."""
    list(Establishment.objects.select_for_update(no_key=True).filter(pk=place.pk).values_list("pk"))
    last = SheetIssue.objects.of(place, day).aggregate(last=Max("number"))["last"] or 0
    content = page(Sheet(place, day), "post").to_json()
    row: SheetIssue = SheetIssue.objects.create(
        establishment=place, day=day, number=last + 1, name=issue_name(day, clock.now()), content=content, by=by
    )
    audit.record("SHEET_ISSUED", by=by, subject=row, after={"day": day.isoformat(), "number": row.number})
    return row


def issue_name(day: date, now: datetime) -> str:
    """Which issue of staff-roster 9.1 it is, by the hour."""
    if now < datetime.combine(day, time(), LONDON):
        return "The day before"
    if now < datetime.combine(day, time(9), LONDON):
        return "Morning"
    return "Closing" if now >= datetime.combine(day, time(20), LONDON) else "During the day"


@transaction.atomic
def write_log(place: Establishment, day: date, text: str, *, by: Any) -> LogEntry:
    row: LogEntry = LogEntry.objects.create(establishment=place, day=day, text=text.strip(), by=by)
    audit.record("DAY_LOGGED", by=by, subject=row)
    return row


@transaction.atomic
def do_step(place: Establishment, day: date, step: str, *, by: Any) -> LogEntry | None:
    """Say that a step of the daily clock is done. The first counts: None when somebody was quicker."""
    try:
        with transaction.atomic():
            row: LogEntry = LogEntry.objects.create(establishment=place, day=day, step=LogEntry.Step(step), by=by)
    except IntegrityError:
        return None
    audit.record("DAY_STEP_DONE", by=by, subject=row, after={"step": step})
    return row


@dataclass(frozen=True)
class Step:
    """Of a day. ``due``: its usual time has come. ``entry``: who did it, and when."""

    key: str
    day: date
    label: str
    due: bool
    entry: LogEntry | None


def steps(place: Establishment) -> list[Step]:
    """What is to be done today, of yesterday, today and tomorrow; and what was due since yesterday and is not done."""
    now = clock.now()
    today = clock.london(now).date()
    days = [today + timedelta(days=number) for number in (-2, -1, 0, 1)]
    rows = LogEntry.objects.filter(establishment=place, day__in=days).exclude(step="").select_related("by")
    done = {(row.day, row.step): row for row in rows}
    found = []
    for day in days:
        for key, hour in STEPS.items():
            at, entry = moment(day, hour * 3600), done.get((day, key))
            if clock.london(at).date() == today or (now - LATE < at <= now and entry is None):
                about = "today" if day == today else f"{day:%a} {day.day} {day:%B}"
                found.append((at, Step(key, day, f"{LogEntry.Step(key).label}, {about}", at <= now, entry)))
    return [step for _, step in sorted(found, key=lambda pair: pair[0])]
