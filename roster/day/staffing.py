"""How an establishment stands today in a few numbers, and a region establishment by establishment (R-091)."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from foundation import clock
from roster.day.sheet import Sheet
from roster.establishment.models import Establishment
from roster.timeline.clock import seconds_of
from roster.timeline.models import Level

SECONDS = 50
"""So old a number may be: everybody who looks within a minute sees the same."""


@dataclass(frozen=True)
class Staffing:
    """``required``, ``there``: people now, below the minima. The others: people of the whole day."""

    establishment: int
    code: str
    name: str
    at: datetime
    required: int
    there: int
    planned: int
    present: int
    overtime: int
    absent: tuple[tuple[str, int], ...]
    red: tuple[tuple[str, int, int, int], ...]
    """Sentence of each post that is short now or later today, with unit (0: none), key and start."""

    @property
    def absent_words(self) -> str:
        return ", ".join(f"{cause} {number}" for cause, number in self.absent) or "Nobody"


def staffing(place: Establishment, sheet: Sheet | None = None) -> Staffing:
    """Today's, read now."""
    now = clock.now()
    today = clock.london(now).date()
    sheet = sheet or Sheet(place, today)
    second = seconds_of(today, now)
    running = [
        one for coverage in sheet.coverages for one in coverage.stretches
        if one.start <= second < one.end and not coverage.wanted(one.key).alongside
    ]  # fmt: skip
    today_rows = [each for each in sheet.rows if each.on == today and not each.full_day]
    planned = {each.person for each in today_rows if each.level == Level.PLAN}
    present = {each.person for each in sheet.present if each.on == today}
    red = tuple(
        (coverage.sentence(one), coverage.unit.pk if coverage.unit else 0, one.key, one.start)
        for coverage, one in sheet.gaps()
        if one.end > second
    )
    return Staffing(
        place.pk, place.code, place.name, now, sum(one.numbers[2] for one in running),
        sum(min(one.have, one.numbers[2]) for one in running), len(planned), len(present),
        len({each.person for each in sheet.present if each.on == today and each.level == Level.OVERTIME}),
        tuple(sheet.absent_by_cause()), red,
    )  # fmt: skip


def lately(place: Establishment) -> Staffing:
    """The same, at most a minute old: a region has twenty establishments and many who look."""
    key = f"staffing:{place.pk}"
    found: Staffing | None = cache.get(key)
    if found is None:
        found = staffing(place)
        cache.set(key, found, SECONDS)
    return found


def known(place: Establishment) -> Staffing | None:
    """What was read within the last minute, if anybody has asked."""
    found: Staffing | None = cache.get(f"staffing:{place.pk}")
    return found
