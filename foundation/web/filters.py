"""How money, dates and typed text are written on a page. Plain functions; jinja.py makes filters of them."""

from datetime import date as Date
from datetime import datetime as Moment
from decimal import Decimal

from django.conf import settings
from markupsafe import Markup, escape

from foundation import clock


def money(amount: Decimal | int | float | None) -> str:
    """``1234.5`` as ``£1,234.50``; nothing for None."""
    if amount is None:
        return ""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def date(day: Date | None) -> str:
    """``1 April 2026``: the day in London when a moment is given."""
    if day is None:
        return ""
    if isinstance(day, Moment):
        day = clock.london(day)
    return f"{day.day} {day:%B %Y}"


def time(moment: Moment | None) -> str:
    """``2:05pm`` on a clock in London; ``14:05`` where the service's people write it so (``HOURS_24``)."""
    if moment is None:
        return ""
    local = clock.london(moment)
    if settings.HOURS_24:
        return f"{local:%H:%M}"
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def datetime(moment: Moment | None) -> str:
    """``1 April 2026 at 2:05pm``."""
    return "" if moment is None else f"{date(moment)} at {time(moment)}"


def lines(text: str | None) -> Markup:
    """Typed text, escaped, with its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in (text or "").splitlines())


def paragraphs(text: str | None) -> Markup:
    """Typed text, escaped, a blank line beginning a new paragraph."""
    blocks = (text or "").replace("\r\n", "\n").split("\n\n")
    return Markup("").join(Markup('<p class="govuk-body">{}</p>').format(lines(b.strip())) for b in blocks if b.strip())
