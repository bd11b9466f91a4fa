"""Days as the diary shows them: type of day, starts and finishes (diary-api-contract 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from foundation.clock import LONDON
from roster.activities.phrases import DayType, day_type
from roster.timeline.details import Detail, details

WHOLE = {DayType.REST_DAY, DayType.HOLIDAY, DayType.ILLNESS, DayType.ABSENCE}
UNION = {DayType.TU_OFFICIALS_LEAVE, DayType.TU_OFFICIALS_LEAVE_2}
EITHER = {DayType.TOIL, DayType.SECONDMENT}
TRAINING = {DayType.TRAINING_EXTERNAL, DayType.TRAINING_INTERNAL}
"""What makes the day's type: only a whole day of it; always; a whole day or its start; only its start."""


@dataclass(frozen=True)
class Entry:
    """A detail on a day; ``display`` (DAY_START, OVERTIME_NIGHT_FINISH) says what it is to the day."""

    detail: Detail
    display: str | None = None
    finish_seconds: int | None = None

    @property
    def display_time(self) -> datetime | None:
        if self.display is None:
            return None
        return self.detail.start if self.display.endswith("START") else self.detail.end

    @property
    def kind(self) -> DayType:
        return day_type(self.detail.activity)


@dataclass(frozen=True)
class Day:
    date: date
    type: DayType
    entries: list[Entry]

    def entry(self, display: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.display == display), None)

    @property
    def plain(self) -> list[Detail]:
        """Every detail once, in order of time."""
        return sorted(dict.fromkeys(entry.detail for entry in self.entries), key=lambda each: (each.start, each.end))


def days_of(user_name: str, first: date, last: date, *, faithful: bool = False) -> list[Day]:
    """A day for every date from first to last, empty ones too."""
    found = details(user_name, first, last, faithful=faithful)
    by_date: dict[date, list[Detail]] = {}
    for detail in found:
        for touched in sorted({detail.start.date(), detail.end.date()}):
            by_date.setdefault(touched, []).append(detail)
    count = (last - first).days + 1
    dates = (first + timedelta(days=number) for number in range(count))
    return [build(day, by_date.get(day, [])) for day in dates]


def build(day: date, found: list[Detail]) -> Day:
    """The day from the details that begin or end on it."""
    marks = [mark for overtime in (False, True) for mark in _marks(day, [d for d in found if d.overtime == overtime])]
    starts = {mark.detail.start for mark in marks}
    ends = {mark.detail.end for mark in marks}
    rest = [Entry(detail) for detail in found if detail.start not in starts and detail.end not in ends]
    entries = [*marks, *rest]
    return Day(day, _type(entries), entries)


def _marks(day: date, found: list[Detail]) -> Iterator[Entry]:
    """Starts and finishes among shifts, or among overtime. What touches midnight is a full-day entry."""
    timed = [each for each in found if time() not in (each.start.time(), each.end.time())]
    within = [each for each in timed if each.start.date() == each.end.date() == day]
    nights = [each for each in timed if each.start.date() != each.end.date()]
    prefix = "OVERTIME_" if found and found[0].overtime else ""
    if ending := [each for each in nights if each.end.date() == day]:
        last = min(ending, key=lambda each: each.end)
        yield Entry(last, f"{prefix}NIGHT_FINISH", seconds(last))
    if beginning := [each for each in nights if each.start.date() == day]:
        yield Entry(max(beginning, key=lambda each: each.start), f"{prefix}NIGHT_START")
    if within:
        worked = sum(seconds(each) for each in within if day_type(each.activity) != DayType.BREAK)
        yield Entry(min(within, key=lambda each: each.start), f"{prefix}DAY_START")
        yield Entry(max(within, key=lambda each: each.end), f"{prefix}DAY_FINISH", worked)


def _type(entries: list[Entry]) -> DayType:
    if not entries:
        return DayType.NONE
    shifts = [entry for entry in entries if not entry.detail.overtime]
    counted = [entry for entry in shifts if entry.display != "NIGHT_FINISH" and entry.kind != DayType.BREAK]
    for entry in shifts:
        whole = all(other.kind == entry.kind for other in counted)
        start = (entry.display or "").endswith("START")
        if (
            entry.kind in UNION
            or (entry.kind in WHOLE | EITHER and whole)
            or (entry.kind in EITHER | TRAINING and start)
        ):
            return entry.kind
    return DayType.SHIFT


def seconds(detail: Detail) -> int:
    """How long it lasts in truth, clock changes considered; none for one that ends before it starts."""
    passed = detail.end.replace(tzinfo=LONDON).timestamp() - detail.start.replace(tzinfo=LONDON).timestamp()
    return max(0, round(passed))
