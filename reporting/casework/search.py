"""The one box on the staff's first page: clients, users and organisations at once, the first few of each."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from foundation.access import can
from foundation.accounts.models import User
from reporting.casework.clients import queries as clients
from reporting.casework.users import queries as users
from reporting.people.models import Client
from reporting.people.organisations.models import Organisation

FIRST = 10


@dataclass(frozen=True)
class Found:
    """Lists that are cut at FIRST; whoever wants more goes on to the list of their own."""

    clients: list[Client]
    users: list[User]
    organisations: list[Organisation]

    def __bool__(self) -> bool:
        return bool(self.clients or self.users or self.organisations)


def search(user: Any, text: str) -> Found:
    """What this person may find by these words."""
    text = " ".join(text.split())
    if not text:
        return Found([], [], [])
    return Found(
        # Cut here and not by the database: for so few rows it would walk all names in their order.
        clients.search(clients.visible_to(user), text)[:FIRST],
        users.search(users.visible_to(user), text)[:FIRST],
        organisations(user, text),
    )


def organisations(user: Any, text: str) -> list[Organisation]:
    if not can(user, "organisation.search"):
        return []
    found = Organisation.objects.live().filter(Q(name__icontains=text) | Q(identifier__icontains=text))
    return list(found.order_by("name", "pk")[:FIRST])
