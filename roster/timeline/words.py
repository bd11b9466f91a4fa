"""What a Change holds, in words."""

from datetime import date
from typing import Any

from roster.timeline.clock import wall


def day_in_words(day: date) -> str:
    """``Friday 1 April``."""
    return f"{day:%A} {day.day} {day:%B}"


def day_with_ordinal(day: date) -> str:
    """``Friday, 1st April``."""
    teens = 10 < day.day < 14
    ordinal = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day:%A}, {day.day}{ordinal} {day:%B}"


def times(day: date, duty: dict[str, Any]) -> str:
    """``07:30 - 12:45``, or ``full day``."""
    if duty["start"] is None:
        return "full day"
    return f"{wall(day, duty['start']):%H:%M} - {wall(day, duty['end']):%H:%M}"


def lines(day: date, state: dict[str, Any]) -> list[str]:
    """A day in words for before and after: ``Late (12:15 - 21:00)``."""
    return [
        f"{duty['name']} ({times(day, duty)})" + (f", {duty['post']}" if duty.get("post") else "")
        for duty in state.get("duties", [])
    ]
