"""Demand against a draft: what would be there if it were published as it stands, unpublished edits included.

People work across units. Of a draft's own people counts what they do in the unit: not a day that another unit has
published, nor time at another unit's post. Of all others what is published, and it counts for a run too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Q

from optimiser.problem import Shift
from roster.demand.coverage import Coverage
from roster.demand.models import Case, Requirement
from roster.demand.places import Booking, by_unit, may_stand_in, parts, standing, unit_posts
from roster.demand.usual import worked_in
from roster.patterns.models import Assignment, PatternDay
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.sheet import Cell, Sheet, members
from roster.timeline.clock import moment
from roster.timeline.content import Content
from roster.timeline.days import Catalogue, Day
from roster.timeline.models import Level

DAY = timedelta(days=1)


def asks(period: PlanningPeriod) -> bool:
    """Whether anything is asked of the unit in these weeks."""
    unit = period.unit
    if Requirement.objects.of(unit.establishment, unit).during(period.first, period.last).exists():
        return True
    return Case.objects.of(unit.establishment, unit).filter(starts_at__lt=moment(period.last + DAY, 0)).exists()


class Places:
    """Where the people of a period's unit are on duty, in the unit or elsewhere."""

    def __init__(self, period: PlanningPeriod, catalogue: Catalogue) -> None:
        self.unit, self.catalogue = period.unit, catalogue
        self.posts = unit_posts(period.unit.establishment)
        self._known: dict[tuple[int, Day], tuple[tuple[Content, ...], bool]] = {}

    def here(self, cell: Cell) -> tuple[Content, ...]:
        """What of the day's shifts is done in the unit."""
        return self._split(cell)[0]

    def elsewhere(self, cell: Cell) -> bool:
        """Whether the day, or a part of it, is done for another unit."""
        return self._split(cell)[1]

    def own(self, sheet: Sheet) -> Iterator[Booking]:
        """What a draft's own people do in the unit by plan."""
        for person, day in sheet.days:
            for content in self.here(sheet.cell(person, day)):
                yield Booking(person, day, content)

    def others(self, sheet: Sheet, first: date, last: date) -> list[Booking]:
        """Overtime, and people of elsewhere who are on duty here."""
        elsewhere = Q(level=Level.OVERTIME) | ~Q(person__in=sheet.people)
        rows = may_stand_in(self.unit, self.posts, first - DAY, last + DAY, self.catalogue, elsewhere)
        own = set(sheet.people)
        chosen = (each for each in rows if each.level == Level.OVERTIME or each.person not in own)
        return by_unit(chosen, self.posts)[self.unit.pk]

    def coverage(self, draft: Draft, first: date, last: date, sheet: Sheet | None = None) -> Coverage:
        """The unit's demand on these days. ``sheet``: the draft's days, one more at either end, if they are read."""
        sheet = sheet or Sheet(draft, days=(first - DAY, last + DAY))
        bookings = [*self.own(sheet), *self.others(sheet, first, last)]
        return Coverage(self.unit.establishment, self.unit, first, last, bookings)

    def _split(self, cell: Cell) -> tuple[tuple[Content, ...], bool]:
        published = cell.published.unit
        home = self.unit.pk if published is None or cell.differs else published
        key = home, cell.day
        if key not in self._known:
            shifts = () if cell.day.status else cell.day.shifts
            split = [part for piece in shifts for part in parts(home, self.catalogue.content(piece), self.posts)]
            here = tuple(content for unit, content in split if unit == self.unit.pk)
            self._known[key] = here, len(here) < len(split)
        return self._known[key]


def away(shift: Shift, here: Iterable[Content]) -> Shift:
    """A shift of the optimiser with the times at which it meets no demand of the unit. ``here``: what of it does."""
    if not shift.works:
        return shift
    stood = [(start // 60, end // 60) for content in here for start, end, _ in standing(content)]
    gone, at = [], shift.start
    for start, end in sorted([*stood, *shift.breaks, (shift.end, shift.end)]):
        if at < start:
            gone.append((at, start))
        at = max(at, end)
    return replace(shift, away=tuple(gone)) if gone else shift


def usual(period: PlanningPeriod) -> frozenset[int]:
    """Numbers of the templates that the unit works: in the patterns of its people, or in the weeks before."""
    followed = Assignment.objects.during(period.first, period.last).filter(person__in=members(period).values("pk"))
    cells = PatternDay.objects.filter(version__pattern__in=followed.values("pattern"), version__valid__isnull=False)
    cells = cells.filter(template__versions__full_day=False)
    in_patterns = cells.values_list("template", flat=True).distinct()
    return frozenset(in_patterns.order_by()) | worked_in(Q(unit=period.unit), period.first)
