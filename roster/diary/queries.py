"""What a person has in the diary."""

from datetime import date

from django.db.models import F, QuerySet

from foundation import clock
from roster.diary.models import Acknowledgement, Notice
from roster.establishment.models import Person
from roster.planning.models import PlanningPeriod
from roster.timeline.changes import PUBLISHED
from roster.timeline.content import stored
from roster.timeline.models import Duty, Level, presence


def notices_between(person: Person, first: date, last: date) -> QuerySet[Notice]:
    """Notices of changes made from the first to the last day, newest first; of corrected hours the contract knows
    nothing.
    """
    if last < first:
        return Notice.objects.none()
    return Notice.objects.filter(person=person, modified_at__date__range=(first, last), level__in=PUBLISHED)


def open_questions(person: Person) -> QuerySet[Acknowledgement]:
    """Changes at short notice that this person has not answered yet."""
    asked = Acknowledgement.objects.filter(person=person, answered_at=None)
    return asked.select_related("change").order_by("change__shift_date", "pk")


def next_duties(person: Person, number: int = 5) -> list[tuple[Duty, str]]:
    """The next shifts that begin or still last, with their names."""
    rows = Duty.objects.whole().filter(presence(), person=person, level__in=[Level.PLAN, Level.OVERTIME])
    found = rows.filter(span__endswith__gt=clock.now()).order_by("span")[:number]
    return [(duty, stored(duty).name) for duty in found]


def open_for_requests(person: Person) -> QuerySet[PlanningPeriod]:
    """Periods of the person's units, as they will be then, in which staff may still ask for something."""
    member = F("unit__memberships__valid")
    found = PlanningPeriod.objects.filter(state=PlanningPeriod.State.REQUESTS, requests_until__gte=clock.today())
    mine: QuerySet[PlanningPeriod] = found.filter(unit__memberships__person=person, valid__overlap=member)
    return mine.select_related("unit").order_by("valid", "unit__name").distinct()
