"""Skills that run out."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from foundation import clock
from roster.establishment.queries import expiring
from roster.establishment.roles import beyond_team, team_of
from roster.waiting import Task, counted


def waiting(user: Any) -> Iterator[Task]:
    """For who renews them: those of the own team, or of everybody at the prisons of a manager."""
    rows = expiring(user, clock.today()).order_by()
    places = beyond_team(user, "skill.edit")
    if not places.exists():
        rows = rows.filter(person__in=team_of(user))
    if number := rows.count():
        words = counted(number, "skill runs", "skills run")
        yield Task(f"{words} out within {settings.SKILL_WARN_DAYS} days", reverse("skills_expiring"))
