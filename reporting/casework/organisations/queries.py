"""Finding organisations, for staff."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from foundation.access import can
from foundation.accounts.models import User
from reporting.people.models import Client
from reporting.people.organisations.models import Organisation

PER_PAGE = 15
ORGANISATIONS_PER_PAGE = 50


def visible_to(user: Any) -> QuerySet[Organisation]:
    """Staff see every organisation that is not deleted; nobody else sees any here."""
    return Organisation.objects.live() if can(user, "organisation.search") else Organisation.objects.none()


def search(organisations: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """By a part of the name or of the domain or address; all of them for no text."""
    text = " ".join(text.split())
    found = organisations.filter(Q(name__icontains=text) | Q(identifier__icontains=text)) if text else organisations
    return found.order_by(Lower("name"), "pk")


def users_of(organisation: Organisation) -> QuerySet[User]:
    return organisation.users.order_by("last_name", "first_name", "pk")


def clients_of(organisation: Organisation) -> QuerySet[Client]:
    """Those whom its members see: neither archived nor discharged."""
    return organisation.clients.filter(archived_at=None, discharged_at=None).order_by("last_name", "first_name", "pk")


@dataclass(frozen=True)
class Counts:
    users: int
    active: int
    archived: int
    discharged: int


def counts(organisation: Organisation) -> Counts:
    """How many users and clients (D-031). A discharged client counts as that, archived or not."""
    discharged = Q(discharged_at__isnull=False)
    found = organisation.clients.aggregate(
        discharged=Count("pk", filter=discharged),
        archived=Count("pk", filter=~discharged & Q(archived_at__isnull=False)),
        active=Count("pk", filter=~discharged & Q(archived_at=None)),
    )
    return Counts(users=organisation.users.count(), **found)
