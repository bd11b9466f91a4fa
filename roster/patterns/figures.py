"""What a table of lines adds up to: hours, weekends, nights, lates, unsocial hours, cover (staff-roster 6).

Pure arithmetic on an ordinary week by the clock on the wall. A date, with its bank holidays and clock changes, comes
in only when people follow the pattern.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from roster.activities.expansion import expand, net
from roster.activities.models import TemplateVersion

DAY = 24 * 60
SOCIAL = (7 * 60, 19 * 60)
"""From Monday to Friday work between these minutes is not unsocial (glossary: unsocial hours)."""
NIGHT = (23 * 60, 30 * 60)
NIGHT_WORK = 3 * 60
"""Work of so many minutes between 23:00 and 06:00 makes a night (staff-roster 16, W6)."""
LATE_FROM = 11 * 60
"""A shift that begins here or later, and is no night, is a late."""
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Stint:
    """What a template gives on its day, in minutes from 00:00. A full-day status has no stretches."""

    code: str
    name: str
    net: int = 0
    stretches: tuple[Stretch, ...] = ()
    """Paid time: the frame without unpaid breaks."""

    @property
    def works(self) -> bool:
        return bool(self.stretches)

    @property
    def start(self) -> int:
        return self.stretches[0][0]

    @property
    def end(self) -> int:
        return self.stretches[-1][1]

    @cached_property
    def night(self) -> bool:
        between = sum(
            overlap(each, (NIGHT[0] + DAY * k, NIGHT[1] + DAY * k)) for each in self.stretches for k in (-2, -1, 0, 1)
        )
        return between >= NIGHT_WORK

    @property
    def late(self) -> bool:
        return self.works and not self.night and self.start >= LATE_FROM

    def unsocial(self, weekday: int, holidays: Collection[int] = ()) -> int:
        """Minutes outside 07:00 to 19:00 on Monday to Friday. ``holidays``: 0 the day itself, 1 the next, -1 before."""
        social = 0
        for offset in (-1, 0, 1, 2):
            if (weekday + offset) % 7 < 5 and offset not in holidays:
                lower, upper = SOCIAL
                hours = (lower + DAY * offset, upper + DAY * offset)
                social += sum(overlap(each, hours) for each in self.stretches)
        return sum(end - start for start, end in self.stretches) - social


def overlap(a: Stretch, b: Stretch) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def stint(version: TemplateVersion) -> Stint:
    """A version of a template (with its template and items) as a stint."""
    template = version.template
    if version.full_day:
        return Stint(template.code, template.name)
    items = expand(version)
    stretches: list[Stretch] = []
    for item in items:
        if item.unpaid_break:
            continue
        start, end = item.start // 60, item.end // 60
        if stretches and stretches[-1][1] == start:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return Stint(template.code, template.name, net(items), tuple(stretches))


def stints(templates: Collection[int], day: date) -> dict[int, Stint]:
    """Templates as they are on a day, by their number. One without a version on the day is missing."""
    rows = TemplateVersion.objects.on(day).filter(template__in=templates).select_related("template")
    return {row.template_id: stint(row) for row in rows.prefetch_related("items__activity")}


Line = tuple[Stint | None, ...]


@dataclass(frozen=True)
class LineFigures:
    """What one line adds up to."""

    net: int
    working_days: int
    weekend_off: bool
    nights: int
    lates: int
    unsocial: int

    @property
    def unsocial_percent(self) -> float:
        return 100 * self.unsocial / self.net if self.net else 0.0


@dataclass(frozen=True)
class Rest:
    """Minutes between two shifts, and where: line and weekday of the first."""

    minutes: int
    line: int
    weekday: int


@dataclass(frozen=True)
class Sheet:
    """A table of lines of seven cells, followed for ever: after the last line comes the first."""

    lines: tuple[Line, ...]
    weekly_minutes: int

    @cached_property
    def each(self) -> tuple[LineFigures, ...]:
        return tuple(self._figures(number) for number in range(len(self.lines)))

    def _figures(self, number: int) -> LineFigures:
        line = self.lines[number]
        working = [(weekday, cell) for weekday, cell in enumerate(line) if cell and cell.works]
        friday = line[4]
        into_saturday = friday is not None and friday.works and friday.end > DAY
        return LineFigures(
            net=sum(cell.net for _, cell in working),
            working_days=len(working),
            weekend_off=not into_saturday and all(weekday < 5 for weekday, _ in working),
            nights=sum(cell.night for _, cell in working),
            lates=sum(cell.late for _, cell in working),
            unsocial=sum(cell.unsocial(weekday) for weekday, cell in working),
        )

    @property
    def net(self) -> int:
        return sum(line.net for line in self.each)

    @property
    def average(self) -> float:
        """Minutes a week."""
        return self.net / len(self.lines)

    @property
    def difference(self) -> int:
        """Minutes that a round of all lines gives over the contract, or (negative) under it."""
        return self.net - self.weekly_minutes * len(self.lines)

    def within(self, tolerance: int) -> bool:
        return abs(self.average - self.weekly_minutes) <= tolerance

    @property
    def weekends_off(self) -> int:
        return sum(line.weekend_off for line in self.each)

    @property
    def nights(self) -> int:
        return sum(line.nights for line in self.each)

    @property
    def lates(self) -> int:
        return sum(line.lates for line in self.each)

    @property
    def unsocial_percent(self) -> float:
        return 100 * sum(line.unsocial for line in self.each) / self.net if self.net else 0.0

    @cached_property
    def days(self) -> tuple[Stint | None, ...]:
        """All cells one after the other."""
        return tuple(cell for line in self.lines for cell in line)

    @property
    def longest_run(self) -> int:
        """Working days in a row, over the end of the last line too."""
        longest = run = 0
        for cell in self.days * 2:
            run = run + 1 if cell and cell.works else 0
            longest = max(longest, run)
        return min(longest, len(self.days))

    @property
    def shortest_rest(self) -> Rest | None:
        """The least time off between two shifts. A measure: what it must be is for the rule book to say."""
        return min(self._rests(), key=lambda rest: rest.minutes, default=None)

    def _rests(self) -> Iterator[Rest]:
        count = len(self.days)
        working = [number for number, cell in enumerate(self.days) if cell and cell.works]
        for before, after in zip(working, [*working[1:], *(each + count for each in working[:1])], strict=True):
            first, second = self.days[before], self.days[after % count]
            if first and second:
                yield Rest((after - before) * DAY + second.start - first.end, *divmod(before, 7))

    @cached_property
    def used(self) -> dict[str, Stint]:
        """The shifts of the table by code, the earliest first."""
        found = {cell.code: cell for cell in self.days if cell and cell.works}
        return dict(sorted(found.items(), key=lambda pair: (pair[1].start, pair[0])))

    def count(self, code: str) -> tuple[int, ...]:
        """On how many lines a shift stands, Monday to Sunday."""
        return tuple(
            sum(1 for line in self.lines if (cell := line[weekday]) and cell.code == code) for weekday in range(7)
        )

    @property
    def missing(self) -> dict[str, tuple[int, ...]]:
        """Shifts with the weekdays on which no line has them."""
        found = {
            code: tuple(weekday for weekday, lines in enumerate(self.count(code)) if not lines) for code in self.used
        }
        return {code: weekdays for code, weekdays in found.items() if weekdays}

    def present(self, weekday: int, minute: int) -> int:
        """On how many lines somebody is at work at that minute of the week; a night reaches into the next day."""
        week = weekday * DAY + minute
        return sum(
            start <= week + shift * 7 * DAY - day * DAY < end
            for line in self.lines
            for day, cell in enumerate(line)
            if cell
            for start, end in cell.stretches
            for shift in (-1, 0, 1)
        )

    @property
    def cover(self) -> list[tuple[Stretch, tuple[int, ...]]]:
        """The day in bands within which nobody comes or goes, with the lines at work on each weekday."""
        times = {0, DAY} | {time % DAY for cell in self.used.values() for stretch in cell.stretches for time in stretch}
        bounds = sorted(times)
        return [
            ((lower, upper), tuple(self.present(weekday, lower) for weekday in range(7)))
            for lower, upper in pairwise(bounds)
        ]
