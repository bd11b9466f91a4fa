"""Demand against a draft: what would be there if it were published as it stands, unpublished edits included."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from roster.demand.coverage import Booking, Coverage
from roster.demand.models import Case, Requirement
from roster.demand.usual import worked_in
from roster.patterns.models import Assignment, PatternDay
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.sheet import Sheet, members
from roster.timeline.clock import moment
from roster.timeline.days import Catalogue, on_duty
from roster.timeline.models import Level

DAY = timedelta(days=1)


def asks(period: PlanningPeriod) -> bool:
    """Whether anything is asked of the unit in these weeks."""
    unit = period.unit
    if Requirement.objects.of(unit.establishment, unit).during(period.first, period.last).exists():
        return True
    return Case.objects.of(unit.establishment, unit).filter(starts_at__lt=moment(period.last + DAY, 0)).exists()


def coverage(draft: Draft, catalogue: Catalogue, first: date, last: date, sheet: Sheet | None = None) -> Coverage:
    """The unit's demand on these days. ``sheet``: the draft's days from the day before to the day after, if read."""
    sheet = sheet or Sheet(draft, days=(first - DAY, last + DAY))
    unit = draft.period.unit
    bookings = [*_of_draft(sheet, unit.pk, catalogue), *_of_others(sheet, unit.pk, catalogue, first, last)]
    return Coverage(unit.establishment, unit, first, last, bookings)


def _of_draft(sheet: Sheet, unit: int, catalogue: Catalogue) -> Iterator[Booking]:
    """Shifts of the unit's people, but not those that are published for another unit."""
    for (person, day), what in sheet.days.items():
        published = sheet.published.get((person, day))
        here = (person, day) in sheet.rows or (published is not None and published.unit == unit)
        if what.status is None and here:
            for piece in what.shifts:
                yield Booking(person, day, catalogue.content(piece))


def _of_others(sheet: Sheet, unit: int, catalogue: Catalogue, first: date, last: date) -> Iterator[Booking]:
    """Overtime, and people of elsewhere who are on duty here."""
    elsewhere = Q(level=Level.OVERTIME) | ~Q(person__in=sheet.people)
    for person, day, _, piece in on_duty(Q(unit=unit) & elsewhere, first - DAY, last + DAY):
        yield Booking(person, day, catalogue.content(piece))


def usual(period: PlanningPeriod) -> frozenset[int]:
    """Numbers of the templates that the unit works: in the patterns of its people, or in the weeks before."""
    followed = Assignment.objects.during(period.first, period.last).filter(person__in=members(period).values("pk"))
    cells = PatternDay.objects.filter(version__pattern__in=followed.values("pattern"), version__valid__isnull=False)
    cells = cells.filter(template__versions__full_day=False)
    in_patterns = cells.values_list("template", flat=True).distinct()
    return frozenset(in_patterns.order_by()) | worked_in(Q(unit=period.unit), period.first)
