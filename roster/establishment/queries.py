"""Reads for the pages about staff: lists with what holds on a day, one person, skills that run out."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from foundation import clock
from foundation.access import roles_of
from roster.access import GRANTS
from roster.establishment.models import (
    Contract,
    Establishment,
    GradeHeld,
    LineManager,
    Membership,
    Person,
    PlanningUnit,
    RoleHeld,
    SkillHeld,
    here,
)
from roster.establishment.roles import beyond_team, held, person_of


def staff(user: Any, day: date, *, text: str = "", unit: PlanningUnit | None = None) -> "QuerySet[Person]":
    """People whom the user may see and who have not left by the day, with grade, contract and units of the day."""
    stays = Q(left_on=None) | Q(left_on__gte=day)
    found = Person.objects.visible_to(user).filter(stays).named(text)
    if unit:
        found = found.filter(pk__in=Membership.objects.on(day).filter(unit=unit).values("person"))
    return found.prefetch_related(
        Prefetch("grades", GradeHeld.objects.on(day).select_related("grade"), "grades_now"),
        Prefetch("contracts", Contract.objects.on(day), "contracts_now"),
        Prefetch(
            "memberships",
            Membership.objects.on(day).select_related("unit__establishment").order_by("priority"),
            "units_now",
        ),
    )


def record(person: Person) -> dict[str, Any]:
    """All dated facts about a person, the newest first."""
    newest = "-valid"
    return {
        "grades": GradeHeld.objects.filter(person=person).select_related("grade").order_by(newest),
        "contracts": Contract.objects.filter(person=person).order_by(newest),
        "units": Membership.objects.filter(person=person).select_related("unit").order_by("priority", newest),
        "skills": SkillHeld.objects.filter(person=person).select_related("skill").order_by("skill__name", newest),
        "managers": LineManager.objects.filter(person=person).select_related("manager").order_by(newest),
        "rules": person.rules.all(),
        "roles": RoleHeld.objects.filter(person=person, duty_day=None)  # those that a shift brings go with it
        .select_related("establishment")
        .order_by("role", newest),
    }


def expiring(user: Any, day: date) -> "QuerySet[SkillHeld]":
    """Skills of people the user may see that end soon, or ended lately, and are not renewed (staff-roster 4.4)."""
    near = timedelta(days=settings.SKILL_WARN_DAYS)
    longer = Q(valid__endswith=None) | Q(valid__endswith__gt=OuterRef("valid__endswith"))
    renewed = SkillHeld.objects.filter(longer, person=OuterRef("person"), skill=OuterRef("skill"))
    found: QuerySet[SkillHeld] = SkillHeld.objects.filter(
        ~Exists(renewed), here("person__"), valid__endswith__gt=day - near, valid__endswith__lte=day + near,
        person__in=Person.objects.visible_to(user),
    )  # fmt: skip
    return found.select_related("person", "skill").order_by("valid__endswith", "person__last_name")


TEAM = {"skill.edit", "staff.agree"}
"""What a line manager may change of the own team only."""


def may_see_changes(user: Any, person: Person) -> bool:
    """Whether the user may read who changed this record: one's own, the team's, or a whole prison's."""
    return person.user_id == user.pk or leads(user, person) or _beyond_team(user, person, "audit.see")


def may_edit(user: Any, person: Person, verb: str = "staff.edit") -> bool:
    """Whether the user may change what this verb covers of this person, today; nobody their own."""
    if person.user_id == user.pk:
        return False
    if not Person.objects.visible_to(user, verb).filter(pk=person.pk).exists():
        return False
    return verb not in TEAM or leads(user, person) or _beyond_team(user, person, verb)


def _beyond_team(user: Any, person: Person, verb: str) -> bool:
    """Whether another role than line manager reaches this person; who is in no unit is seen by the region only."""
    units = person.memberships.filter(valid__overlap=(clock.today(), None))
    places = beyond_team(user, verb)
    return units.filter(unit__establishment__in=places).exists() or (not units.exists() and places.exists())


def leads(user: Any, person: Person) -> bool:
    """Whether the user is the person's line manager today."""
    manager = person_of(user)
    return LineManager.objects.on(clock.today()).filter(person=person, manager=manager).exists()


def grantable(user: Any) -> set[str]:
    """The roles that the user may give somewhere."""
    return {role for own in roles_of(user) for role in GRANTS.get(own, set())}


def may_grant(user: Any, role: str, establishment: Establishment | None) -> bool:
    """Whether the user may give or end this role there; the whole region only for whom the whole region is theirs."""
    givers = {own for own, roles in GRANTS.items() if role in roles}
    places = {row.establishment_id for row in held(user) if row.role in givers}
    return None in places or (establishment is not None and establishment.pk in places)


def units_of(places: Iterable[Establishment]) -> dict[Establishment, list[PlanningUnit]]:
    """The open units of each of these establishments; those without any are left out."""
    units = PlanningUnit.objects.filter(establishment__in=places).open().select_related("establishment", "function")
    found: dict[Establishment, list[PlanningUnit]] = {}
    for unit in units.order_by("establishment__name", "name"):
        found.setdefault(unit.establishment, []).append(unit)
    return found
