"""Finding organisations and their members, for one person."""

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.shortcuts import get_object_or_404

from foundation.accounts.models import User
from reporting.people.organisations.models import Organisation
from reporting.people.roles import STAFF, Act, may_act_on

MEMBERS_PER_PAGE = 15


def organisation_of(user: Any, organisation_id: int) -> Organisation:
    """An activated organisation that the person belongs to; 404 otherwise."""
    return get_object_or_404(Organisation.objects.visible_to(user), pk=organisation_id)


def memberships(user: Any) -> list[Organisation]:
    """Every organisation the person belongs to, also those that staff have yet to activate."""
    return list(Organisation.objects.live().filter(users=user).order_by("name", "pk"))


def members_of(organisation: Organisation, text: str = "") -> QuerySet[User]:
    """Its members by name; ``text`` is a part of the full name or of the address (D-091)."""
    found = organisation.users.select_related("profile").order_by("last_name", "first_name", "pk")
    if text := " ".join(text.split()):
        found = found.annotate(full_name=Concat("first_name", Value(" "), "last_name"))
        found = found.filter(Q(full_name__icontains=text) | Q(email__icontains=text))
    return found


def member_of(organisation: Organisation, user_id: int) -> User:
    """A member of the organisation; 404 otherwise."""
    return get_object_or_404(organisation.users.select_related("profile"), pk=user_id)


def may_edit(actor: Any, member: User) -> bool:
    """A colleague whose every organisation is the actor's too: an account reaches into all of them (ADR 11). Never
    oneself: own details have a page of their own.
    """
    if actor.pk == member.pk or not may_act_on(actor, member, Act.EDIT):
        return False
    if actor.role in STAFF:
        return True
    return not Organisation.objects.live().filter(users=member).exclude(users=actor).exists()


def may_remove(actor: Any, member: User) -> bool:
    return may_act_on(actor, member, Act.REMOVE)
