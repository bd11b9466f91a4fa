"""Times of a template as typed: ``07:30``, ``25:00`` for 01:00 of the next day, ``-00:10`` for 23:50 before it."""

import re

TYPED = re.compile(r"(-?)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
DAY = 24 * 3600


def seconds(text: str) -> int | None:
    """Seconds from 00:00 of the shift's date; None if it is no time."""
    found = TYPED.fullmatch(text.strip().replace("−", "-"))
    if not found:
        return None
    minus, hours, minutes, rest = found[1], int(found[2]), int(found[3]), int(found[4] or 0)
    if minutes > 59 or rest > 59:
        return None
    total = hours * 3600 + minutes * 60 + rest
    return -total if minus else total


def typed(time: int) -> str:
    """The reverse of ``seconds``."""
    minutes, rest = divmod(abs(time), 60)
    return f"{'-' if time < 0 else ''}{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def words(time: int) -> str:
    """``01:00 the next day``, ``23:50 the evening before``."""
    days, within = divmod(time, DAY)
    after = {-1: " the evening before", 0: "", 1: " the next day"}.get(days, f" {days} days later")
    return typed(within) + after


def hours(minutes: float) -> str:
    """``36:57``; ``-0:15``."""
    whole = round(abs(minutes))
    return f"{'-' if minutes < 0 and whole else ''}{whole // 60}:{whole % 60:02}"
