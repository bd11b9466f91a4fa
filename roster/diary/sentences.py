"""What a notice says (diary-api-contract 3): kind of thing, day, time, what happened, activity, in this order."""

from datetime import date, timedelta

from roster.diary.models import Notice
from roster.timeline.models import Level
from roster.timeline.words import day_in_words, lines, times


def sentence(notice: Notice) -> str:
    day = notice.first_day
    if notice.action == Notice.Action.PUBLISHED:
        last = notice.last_day
        return f"Your roster from {day_in_words(day)} to {day_in_words(last)} {last.year} has been published."
    thing = "overtime " if notice.level == Level.OVERTIME else ""
    done = Notice.Action(notice.action).label
    named = notice.after.get("duties", [])
    if notice.action != Notice.Action.EDIT or len(named) != 1:
        return f"Your {thing}shift on {day_in_words(day)} has been {done}."
    now = named[0]
    was = "; was " + ", ".join(lines(day, notice.before)) if notice.before else ""
    return f"Your {thing}detail on {day_in_words(day)} ({times(day, now)}) has been {done}: {now['name']}{was}."


def month_end(day: date) -> date:
    return months_later(day.replace(day=1), 1) - timedelta(days=1)


def months_later(day: date, number: int) -> date:
    """The same day of another month, or its last day where there is none such."""
    month = day.year * 12 + day.month - 1 + number
    first = date(month // 12, month % 12 + 1, 1)
    longest = (date((month + 1) // 12, (month + 1) % 12 + 1, 1) - first).days
    return first.replace(day=min(day.day, longest))
