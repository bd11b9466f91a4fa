"""What a notice says (diary-api-contract 3): kind of thing, day, time, what happened, activity, in this order."""

from calendar import monthrange
from datetime import date

from roster.diary.models import Notice
from roster.timeline.models import CORRECTIONS, Level
from roster.timeline.words import day_in_words, lines, times


def sentence(notice: Notice) -> str:
    day = notice.first_day
    if notice.action == Notice.Action.PUBLISHED:
        last = notice.last_day
        return f"Your roster from {day_in_words(day)} to {day_in_words(last)} {last.year} has been published."
    if notice.level in CORRECTIONS.values():
        return corrected(notice.level, day_in_words(day))
    thing = "overtime " if notice.level == Level.OVERTIME else ""
    done = Notice.Action(notice.action).label
    named = notice.after.get("duties", [])
    if notice.action != Notice.Action.EDIT or len(named) != 1:
        return f"Your {thing}shift on {day_in_words(day)} has been {done}."
    now = named[0]
    was = "; was " + ", ".join(lines(day, notice.before)) if notice.before else ""
    return f"Your {thing}detail on {day_in_words(day)} ({times(day, now)}) has been {done}: {now['name']}{was}."


def corrected(level: int, day: str) -> str:
    what = "overtime" if level == Level.OVERTIME_CORRECTION else "hours"
    return f"Your {what} on {day} {'has' if what == 'overtime' else 'have'} been corrected."


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_later(day: date, number: int) -> date:
    """The same day of another month, or its last day where there is none such; never past the calendar's ends."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if number < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
