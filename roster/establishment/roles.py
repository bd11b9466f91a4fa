"""Who holds which role where, today (staff-roster 3).

``foundation.access.can`` asks ``held`` for a person's roles; an action on one establishment asks ``reaches``.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from foundation import clock
from roster.access import VERBS
from roster.establishment.models import Establishment, LineManager, Person, RoleHeld, here


def person_of(user: Any) -> Person | None:
    """The member of staff who is signed in; None for an account that nobody on the roster has."""
    return Person.objects.filter(here(), user=user).first() if getattr(user, "pk", None) else None


def held(user: Any, day: date | None = None) -> list[RoleHeld]:
    """The roles of a user on a day. A duty role begins and ends at its moments, whatever the day."""
    on, now = day or clock.today(), clock.now()
    return [
        row
        for row in _ever(user)
        if row.holds_on(on)
        and (row.starts_at is None or row.starts_at <= now)
        and (row.ends_at is None or row.ends_at > now)
    ]


def _ever(user: Any) -> list[RoleHeld]:
    """Every role that the user has held or will: read once a request, as it lives no longer than the user does."""
    if not getattr(user, "pk", None) or not user.is_active:
        return []
    if not hasattr(user, "_ever_held"):
        user._ever_held = list(RoleHeld.objects.filter(here("person__"), person__user=user))
    found: list[RoleHeld] = user._ever_held
    return found


def roles_of(user: Any) -> set[str]:
    """Role names for the access table; everybody on the roster is STAFF."""
    found = {row.role for row in held(user)}
    return found | ({"STAFF"} if found or person_of(user) else set())


NEAR = timedelta(days=1)
"""So long after and before a duty its rights are spoken of."""
TEAM_ONLY = "LINE_MANAGER"
"""Some verbs reach the team only where this is the role that gives them."""


def team_of(user: Any) -> QuerySet[Person]:
    """Whom the user looks after today as line manager."""
    if not any(row.role == TEAM_ONLY for row in held(user)):
        return Person.objects.none()
    rows = LineManager.objects.on(clock.today()).filter(here("manager__"), manager__user=user)
    return Person.objects.filter(here(), pk__in=rows.values("person"))


def beyond_team(user: Any, verb: str) -> QuerySet[Establishment]:
    """Where the user may do this to everybody, by another role than line manager."""
    return _among(_places(user, verb, None, besides=TEAM_ONLY))


def _places(user: Any, verb: str, day: date | None, besides: str = "") -> set[int | None]:
    roles = {role for role, verbs in VERBS.items() if verb in verbs and role != besides}
    return {row.establishment_id for row in held(user, day) if row.role in roles}


def _among(places: set[int | None]) -> QuerySet[Establishment]:
    if None in places:
        return Establishment.objects.all()
    return Establishment.objects.filter(pk__in=sorted(place for place in places if place is not None))


def everywhere(user: Any, verb: str, day: date | None = None) -> bool:
    """Whether the user may do this in the whole region."""
    return None in _places(user, verb, day)


def establishments_for(user: Any, verb: str, day: date | None = None) -> QuerySet[Establishment]:
    """Where the user may do this: the whole region for a role without a place."""
    return _among(_places(user, verb, day))


def reaches(user: Any, verb: str, establishment: Establishment, day: date | None = None) -> bool:
    """Whether the user may do this there on that day."""
    return bool(_places(user, verb, day) & {None, establishment.pk})


def rights_of_duty(user: Any) -> str:
    """When an Orderly Officer's rights ended, within a day, or begin; empty while they hold, and for everybody else."""
    now = clock.now()
    rows = RoleHeld.objects.filter(here("person__"), person__user=user, starts_at__isnull=False)
    if rows.filter(starts_at__lte=now, ends_at__gt=now).exists():
        return ""
    if over := rows.filter(ends_at__range=(now - NEAR, now)).order_by("-ends_at").first():
        return f"Your rights as Orderly Officer ended at {_at(over.ends_at)}, an hour after the duty."
    if ahead := rows.filter(starts_at__range=(now, now + NEAR)).order_by("starts_at").first():
        return f"Your rights as Orderly Officer begin at {_at(ahead.starts_at)}, an hour before the duty."
    return ""


def _at(moment: datetime | None) -> str:
    assert moment, "a duty role has both"
    shown = clock.london(moment)
    return f"{shown:%H:%M} on {shown.day} {shown:%B}"
