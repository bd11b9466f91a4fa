"""Rest that is owed and has not been had."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from foundation import clock
from roster.establishment.models import Membership
from roster.establishment.roles import establishments_for
from roster.hours.models import RestOwed
from roster.waiting import Task, counted


def waiting(user: Any) -> Iterator[Task]:
    """For planners: whose rest has no gap in the plan yet, and whose is late."""
    today = clock.today()
    places = establishments_for(user, "plan.edit")
    people = Membership.objects.on(today).filter(unit__establishment__in=places).values("person")
    late, loose = Q(due_on__lt=today), Q(due_on__gte=today, assigned=None)
    found = RestOwed.objects.open().filter(person__in=people).aggregate(
        late=Count("pk", filter=late), loose=Count("pk", filter=loose)
    )  # fmt: skip
    if found["late"]:
        words = counted(found["late"], "person has", "people have")
        yield Task(f"{words} not had rest that was owed: it is late", reverse("rest_owed"), today=True)
    if found["loose"]:
        words = counted(found["loose"], "person is", "people are")
        yield Task(f"{words} owed rest that has no place in the plan yet", reverse("rest_owed"))
