"""Dates and amounts as UK banks write them. Days come before months, always."""

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from reporting.reports.statements.lines import quoted

_LONDON = ZoneInfo("Europe/London")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_TIME = r"(?:(?:\s+|,\s*|t)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:am|pm|z|[+-]\d{2}:?\d{2})?)?"
_FORMS = tuple(
    re.compile(rf"{_WEEKDAY}{form}{_TIME}", re.ASCII)
    for form in (
        r"(?P<day>\d{1,2})(?P<gap>[/.-])(?P<month>\d{1,2})(?P=gap)(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})(?P<gap>[/.-])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ /.-]?(?P<month>[a-z]{3,9})\.?,?[ /.-]?(?P<year>\d{4}|\d{2})",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}.*(?:z|[+-]\d{2}:?\d{2})", re.ASCII)

_CURRENCY = r"(?:£|€|\$|gbp|eur|usd)?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<before>[-+])?{_CURRENCY}(?P<after>[-+])?"
    r"(?P<whole>\d{1,12}|\d{1,3}(?:,\d{3}){1,3})?(?:\.(?P<pence>\d+))?"
    rf"{_CURRENCY}(?P<close>\))?(?P<mark>-|\+|cr|dr|od)?",
    re.ASCII,
)
_SYMBOLS = {"£": "GBP", "€": "EUR", "$": "USD", "gbp": "GBP", "eur": "EUR", "usd": "USD"}
_BLANKS = {"", "-", "–", "—", "n/a", "nil"}


def date_from(cell: str) -> date:
    """The day that a cell names. A moment with a zone (2025-04-01T23:30:00Z) is the day it was in London.

    Raises ValueError with a sentence: not a date, or a day that does not exist.
    """
    text = " ".join(cell.casefold().split())
    form = next((found for pattern in _FORMS if (found := pattern.fullmatch(text))), None)
    if form is None or (month := _month(form["month"])) is None:
        raise ValueError(f"{quoted(cell)} is not a date that we can read. Dates must be day, month, year.")
    year = int(form["year"]) + (2000 if len(form["year"]) == 2 else 0)
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(_LONDON).date()
        day = date(year, month, int(form["day"]))
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(cell)} is not a day that exists. Dates must be day, month, year.") from None
    if not 1980 <= day.year <= 2099:
        raise ValueError(f"{quoted(cell)} is not a year that we expect in a bank statement.")
    return day


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


def amount_from(cell: str) -> Decimal | None:
    """Pounds to two places, with the sign that the cell shows: minus before or after, brackets, DR or OD. Blank: None.

    Raises ValueError with a sentence when the cell is not an amount.
    """
    text = "".join(cell.casefold().split()).replace("−", "-").replace("–", "-")
    if text in _BLANKS:
        return None
    form = _AMOUNT.fullmatch(text)
    if form is None or not (form["whole"] or form["pence"]):
        raise ValueError(f"{quoted(cell)} is not an amount of money.")
    pence = (form["pence"] or "").rstrip("0")
    if len(pence) > 2:
        raise ValueError(f"{quoted(cell)} has more than two decimal places.")
    signs = [form["before"], form["after"], form["mark"]]
    minus = bool(form["open"]) or any(sign in {"-", "dr", "od"} for sign in signs)
    plus = any(sign in {"+", "cr"} for sign in signs)
    if bool(form["open"]) != bool(form["close"]) or (minus and plus) or (form["before"] and form["after"]):
        raise ValueError(f"{quoted(cell)} is not an amount of money.")
    value = Decimal(f"{(form['whole'] or '0').replace(',', '')}.{pence.ljust(2, '0')}")
    return -value if minus and value else value


def is_date(cell: str) -> bool:
    try:
        date_from(cell)
    except ValueError:
        return False
    return True


def is_amount(cell: str) -> bool:
    try:
        return amount_from(cell) is not None
    except ValueError:
        return False


def currency_shown(cell: str) -> str | None:
    """GBP, EUR or USD when an amount carries its sign or code, else None."""
    text = cell.casefold()
    return next((code for symbol, code in _SYMBOLS.items() if symbol in text), None)
