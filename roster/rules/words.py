"""Rules and their parameters as planners read them."""

import re
from typing import Any

from optimiser.shapes import Rule
from roster.rules.book import Entry, editable

LEVELS = {"off": "Off", "warn": "Warns", "block": "Blocks"}
LABELS = {
    "level": "Level", "price": "Price of a breach", "hours": "Hours", "weeks": "Weeks", "days": "Days",
    "most": "At most", "least": "At least", "minutes": "Minutes", "after": "Asked of shifts longer than, in minutes",
    "tolerance": "Tolerance in minutes", "apart": "Joined when less apart than, in minutes", "percent": "Per cent",
    "net": "Net length in minutes", "gross": "Gross length in minutes", "notice": "Days of notice",
    "period": "Counted over how many days", "rests": "Rests needed in these days",
    "days_off": "Days off", "nights": "Nights in a row",
    "in_post": "A paid break in post is enough",
}  # fmt: skip
SHOWN_APART = {"level", "price"}


def title(rule: Rule) -> str:
    """DailyRest is "Daily rest"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", rule.name)
    return words[:1] + words[1:].lower()


def about(rule: Rule) -> str:
    """The first sentence of what its file says."""
    return " ".join((type(rule).__doc__ or "").strip().split("\n\n")[0].split())


def label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def value(found: Any) -> str:
    if isinstance(found, bool):
        return "Yes" if found else "No"
    return LEVELS.get(found, str(found)) if isinstance(found, str) else f"{found:g}"


def limits(entry: Entry) -> list[tuple[str, str, str]]:
    """Label, value, and where it was set, of each parameter but level and price."""
    return [
        (label(name), value(getattr(entry.rule, name)), entry.origin[name].label if name in entry.origin else "")
        for name in editable(entry.declared)
        if name not in SHOWN_APART
    ]


def pairs(parameters: dict[str, Any]) -> list[str]:
    """Level Warns, Hours 12."""
    return [f"{label(name)} {value(found)}" for name, found in parameters.items()]
