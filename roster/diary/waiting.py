"""Changes at short notice that officers have not answered, or do not agree to."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from foundation import clock
from roster.diary.models import Acknowledgement
from roster.establishment.models import Membership
from roster.establishment.roles import beyond_team, team_of
from roster.waiting import Task, counted


def waiting(user: Any) -> Iterator[Task]:
    """For planners of everybody at their prisons, where the history says the answers; for line managers of the team."""
    today = clock.today()
    last = today + timedelta(days=settings.SHORT_NOTICE_DAYS)
    places = beyond_team(user, "plan.edit")
    members = Membership.objects.on(today).filter(unit__establishment__in=places).values("person")
    team = team_of(user).values("pk")
    near = Acknowledgement.objects.filter(change__shift_date__range=(today, last)).exclude(agreed=True)
    everybody = Q(person__in=members)
    found = near.aggregate(
        open=Count("pk", filter=everybody & Q(answered_at=None)), no=Count("pk", filter=everybody & Q(agreed=False)),
        team=Count("pk", filter=Q(person__in=team)),
    )  # fmt: skip
    history = f"{reverse('history')}?first={today}&last={last}"
    if found["open"]:
        words = counted(found["open"], "change", "changes")
        yield Task(f"{words} at short notice without an answer, up to {last.day} {last:%B}", history, today=True)
    if found["no"]:
        words = counted(found["no"], "change", "changes")
        yield Task(f"{words} at short notice that officers do not agree to", history, today=True)
    if found["team"]:
        words = counted(found["team"], "change", "changes")
        yield Task(f"{words} at short notice that your team has not agreed to", reverse("team"), today=True)
