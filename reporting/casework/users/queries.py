"""Finding accounts (deputy-admin 2), quickly also among a million of them: ``user_words`` and ``user_newest`` index."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from foundation.access import can
from foundation.accounts.models import User
from reporting.people import roles
from reporting.people.forms import CASE_NUMBER
from reporting.people.models import Client
from reporting.people.organisations.models import Organisation

MOST = 65

GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "": ("Everybody", frozenset()),
    "super_admin": ("Super admins", frozenset({roles.SUPER_ADMIN})),
    "admin_manager": ("Admin managers", frozenset({roles.ADMIN_MANAGER})),
    "admin": ("Admins", frozenset({roles.ADMIN})),
    "lay": ("Lay deputies", frozenset({roles.LAY})),
    "pa": ("Public authorities: all", roles.PA),
    "pa_named": ("Public authorities: deputies of record", frozenset({roles.PA_NAMED})),
    "prof": ("Professionals: all", roles.PROF),
    "prof_named": ("Professionals: deputies of record", frozenset({roles.PROF_NAMED})),
}
"""Whom to look among: words, and the roles meant; none means all."""


def visible_to(user: Any) -> QuerySet[User]:
    """Staff see every account; nobody else sees any here."""
    return User.objects.all() if can(user, "user.search") else User.objects.none()


def search(users: QuerySet[User], text: str, group: str = "", *, clients: bool = False) -> list[User]:
    """At most MOST accounts, newest registration first; who has yet to register counts from when they were added.

    ``text``: a whole case number; or a part of an address or a name; or parts of first and last name. ``clients``
    also finds those whose client has such a name. Either half is cut to its newest, so that both stay quick.
    """
    if wanted := GROUPS[group][1]:
        users = users.filter(role__in=wanted)
    text = " ".join(text.split())
    if CASE_NUMBER.fullmatch(text.upper()):
        return _newest(users.filter(_acting_for(Client.objects.filter(case_number__startswith=text[:8].upper()))))
    found = _newest(users.filter(Q(email__icontains=text) | named(text)) if text else users)
    if clients and text:
        theirs = _newest(users.filter(_acting_for(Client.objects.filter(named(text)))))
        found = sorted(
            {*found, *theirs}, key=lambda user: (user.registered_at or user.created_at, user.pk), reverse=True
        )
    return found[:MOST]


def named(text: str) -> Q:
    """A part of the first or of the last name; of several words the first go with the first name, the rest with the
    last, wherever the two part.
    """
    words = text.split()
    either = Q(first_name__icontains=text) | Q(last_name__icontains=text)
    for at in range(1, len(words)):
        either |= Q(first_name__icontains=" ".join(words[:at]), last_name__icontains=" ".join(words[at:]))
    return either


def _newest(users: QuerySet[User]) -> list[User]:
    return list(users.order_by(Coalesce("registered_at", "created_at").desc(), "-id")[:MOST])


def _acting_for(clients: QuerySet[Client]) -> Q:
    """Who is attached to one of these clients, is a deputy on its orders, or belongs to its organisation."""
    attached = User.objects.filter(clients__in=clients)
    on_orders = User.objects.filter(deputy__orders__client__in=clients)
    members = User.objects.filter(organisations__in=Organisation.objects.live().filter(clients__in=clients))
    return Q(pk__in=attached.values("pk").union(on_orders.values("pk"), members.values("pk")))


def clients_of(user: User) -> QuerySet[Client]:
    """The clients of a deputy's account, also past ones, with how many reports there are on each."""
    attached = Client.objects.filter(users=user)
    through_orders = Client.objects.filter(orders__links__deputy__user=user)
    found = Client.objects.filter(pk__in=attached.values("pk").union(through_orders.values("pk")))
    return found.annotate(number_of_reports=Count("reports")).order_by("last_name", "first_name", "pk")
