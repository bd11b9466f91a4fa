"""Skills that run out."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from foundation import clock
from roster.establishment.models import Membership
from roster.establishment.queries import expiring
from roster.establishment.roles import beyond_team, team_of
from roster.waiting import Task, counted


def waiting(user: Any) -> Iterator[Task]:
    """For who renews them: those of the own team, or of everybody at the prisons of a manager."""
    today = clock.today()
    places = beyond_team(user, "skill.edit")
    members = Membership.objects.on(today).filter(unit__establishment__in=places).values("person")
    whose = Q(person__in=members) | Q(person__in=team_of(user).values("pk"))
    out, page = Q(valid__endswith__lte=today), reverse("skills_expiring")
    found = expiring(user, today).filter(whose).order_by().aggregate(
        out=Count("pk", filter=out), soon=Count("pk", filter=~out)
    )  # fmt: skip
    if found["out"]:
        words = counted(found["out"], "skill has", "skills have")
        yield Task(f"{words} run out and not been renewed", page, today=True)
    if found["soon"]:
        words = counted(found["soon"], "skill runs", "skills run")
        yield Task(f"{words} out within {settings.SKILL_WARN_DAYS} days", page)
