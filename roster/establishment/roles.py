"""Who holds which role where, today (staff-roster 3).

``foundation.access.can`` asks ``held`` for a person's roles; an action on one establishment asks ``reaches``.
"""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from foundation import clock
from roster.access import VERBS
from roster.establishment.models import Establishment, LineManager, Person, RoleHeld, here


def person_of(user: Any) -> Person | None:
    """The member of staff who is signed in; None for an account that nobody on the roster has."""
    return Person.objects.filter(here(), user=user).first() if getattr(user, "pk", None) else None


def held(user: Any, day: date | None = None) -> QuerySet[RoleHeld]:
    """The roles of a user on a day. A duty role begins and ends at its moments, whatever the day."""
    if not getattr(user, "pk", None) or not user.is_active:
        return RoleHeld.objects.none()
    now = clock.now()
    running = (Q(starts_at=None) | Q(starts_at__lte=now)) & (Q(ends_at=None) | Q(ends_at__gt=now))
    rows: QuerySet[RoleHeld] = RoleHeld.objects.on(day or clock.today())
    return rows.filter(running, here("person__"), person__user=user)


def roles_of(user: Any) -> set[str]:
    """Role names for the access table; everybody on the roster is STAFF."""
    found = set(held(user).values_list("role", flat=True))
    return found | ({"STAFF"} if person_of(user) else set())


TEAM_ONLY = "LINE_MANAGER"
"""Some verbs reach the team only where this is the role that gives them."""


def team_of(user: Any) -> QuerySet[Person]:
    """Whom the user looks after today as line manager."""
    if not held(user).filter(role=TEAM_ONLY).exists():
        return Person.objects.none()
    rows = LineManager.objects.on(clock.today()).filter(manager=person_of(user))
    return Person.objects.filter(here(), pk__in=rows.values("person"))


def beyond_team(user: Any, verb: str) -> QuerySet[Establishment]:
    """Where the user may do this to everybody, by another role than line manager."""
    places = _places(user, verb, None, besides=TEAM_ONLY)
    if None in places:
        return Establishment.objects.all()
    return Establishment.objects.filter(pk__in=[place for place in places if place])


def _places(user: Any, verb: str, day: date | None, besides: str = "") -> set[int | None]:
    roles = [role for role, verbs in VERBS.items() if verb in verbs and role != besides]
    return set(held(user, day).filter(role__in=roles).values_list("establishment", flat=True))


def everywhere(user: Any, verb: str, day: date | None = None) -> bool:
    """Whether the user may do this in the whole region."""
    return None in _places(user, verb, day)


def establishments_for(user: Any, verb: str, day: date | None = None) -> QuerySet[Establishment]:
    """Where the user may do this: the whole region for a role without a place."""
    places = _places(user, verb, day)
    if None in places:
        return Establishment.objects.all()
    return Establishment.objects.filter(pk__in=[place for place in places if place is not None])


def reaches(user: Any, verb: str, establishment: Establishment, day: date | None = None) -> bool:
    """Whether the user may do this there on that day."""
    return establishments_for(user, verb, day).filter(pk=establishment.pk).exists()
