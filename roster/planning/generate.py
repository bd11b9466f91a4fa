"""Weeks of published duties for invented staff, from the demonstration's patterns. The same people, the same duties.

They are written as every publication is: history, changes and audit are there. Only nobody is told. Some are on leave,
some ill: that stands over their shifts.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from foundation import clock
from roster.absence.generate import Away, away
from roster.absence.models import Sickness
from roster.activities.models import Activity
from roster.establishment.models import Establishment, Membership, PlanningUnit
from roster.patterns import demo as patterns
from roster.patterns.cells import plan
from roster.patterns.models import Assignment
from roster.planning.actions import LENGTH
from roster.planning.insertion import Contents
from roster.planning.models import Draft, PlanningPeriod
from roster.timeline import actions as timeline
from roster.timeline.content import full_day
from roster.timeline.days import Catalogue
from roster.timeline.models import Duty

WEEKS_PAST = 4
"""Of the weeks asked for, how many lie before this one."""
AT_ONCE = 150
"""People whose duties are written in one go."""
OVER = {"leave": "Annual Leave", "sick": Sickness.Category.SICK.label}
"""What stands over a shift, by the source that its duty names."""


@transaction.atomic
def publish(place: Establishment, weeks: int, *, today: date) -> int:
    """Periods and duties of so many weeks; how many days. None where the establishment has duties already."""
    if not weeks or Duty.objects.filter(unit__establishment=place).exists():
        return 0
    patterns.make(place, today)
    first = today - timedelta(days=today.weekday(), weeks=min(WEEKS_PAST, weeks - 1))
    last = first + timedelta(weeks=weeks, days=-1)
    _periods(place, first, last)
    found = Assignment.objects.during(first, last).whole().filter(pattern__establishment=place).order_by("person")
    listed = list(found)
    catalogue = Catalogue()
    made = 0
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        gone = {each.person_id: away(each.person, first, last, today) for each in some}
        Sickness.objects.bulk_create(spell for each in gone.values() for spell in each.spells)
        cells = _cells(some, first, last, catalogue, gone)
        made += len(timeline.publish_day_set(cells, by=None, first_publication=True, quiet=True))
    return made


def _periods(place: Establishment, first: date, last: date) -> None:
    """Published ones, four weeks each, of every unit that has none."""
    now = clock.now()
    starts = range(0, (last - first).days + 1, LENGTH)
    for unit in PlanningUnit.objects.filter(establishment=place, closed_on=None, periods=None):
        for start in starts:
            lower = first + timedelta(days=start)
            upper = min(lower + timedelta(days=LENGTH), last + timedelta(days=1))
            period = PlanningPeriod.objects.create(
                unit=unit, valid=(lower, upper), state=PlanningPeriod.State.PUBLISHED, published_at=now
            )
            Draft.objects.create(period=period)


def _cells(
    listed: list[Assignment], first: date, last: date, catalogue: Catalogue, gone: dict[int, Away]
) -> list[timeline.Cell]:
    units = _units([each.person_id for each in listed], first, last)
    contents = Contents(catalogue)
    people = {each.pk: each.person_id for each in listed}
    over = {why: full_day(Activity.objects.get(name=name)) for why, name in OVER.items()}
    cells = []
    for pk, days in plan(listed, first, last).items():
        for day, given in days:
            unit = next((row.unit_id for row in units[people[pk]] if row.holds_on(day)), None)
            if given and unit:
                shifts, status = catalogue.contents(contents.of(given.template, day, given.post_id))
                why = gone[people[pk]].why(day) if shifts else ""
                cell = timeline.Cell(people[pk], unit, day, shifts, over.get(why, status), source=why or "pattern")
                cells.append(cell)
    return cells


def _units(people: list[int], first: date, last: date) -> dict[int, list[Any]]:
    """The main unit of each person, by date."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in Membership.objects.during(first, last).filter(person__in=people, priority=1):
        found[row.person_id].append(row)
    return found
