"""Finding clients, quickly also among a million of them (``client_words``), and what staff see of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Lower

from foundation.access import can
from foundation.accounts.models import User
from reporting.casework.users.queries import named
from reporting.people.forms import CASE_NUMBER, country_name
from reporting.people.models import Client, CourtOrder, Deputy, Profile
from reporting.people.roles import LAY
from reporting.reports.models import Report

MOST = 100


def visible_to(user: Any) -> QuerySet[Client]:
    """Staff see every client, also archived and discharged ones; nobody else sees any here."""
    return Client.objects.all() if can(user, "client.search") else Client.objects.none()


def search(clients: QuerySet[Client], text: str) -> list[Client]:
    """By last name. ``text``: a whole case number, of which eight characters tell cases apart; else parts of names."""
    text = " ".join(text.split())
    if not text:
        return []
    number = text.upper()
    wanted = Q(case_number__startswith=number[:8]) if CASE_NUMBER.fullmatch(number) else named(text)
    return list(clients.filter(wanted).order_by(Lower("last_name"), Lower("first_name"), "pk")[:MOST])


def active_from(clients: Iterable[Client]) -> dict[int, date]:
    """The start of the earliest report of each client that has one."""
    return dict(Report.objects.filter(client__in=clients).values_list("client").annotate(Min("start")))


@dataclass(frozen=True)
class Contact:
    """How a deputy can be reached. ``user`` is the account, if there is one."""

    name: str
    about: str
    uid: str
    email: str
    phone: str
    address: tuple[str, ...]
    user: User | None = None


def deputies_of(client: Client) -> list[Contact]:
    """The named deputy of an organisation; and each lay deputy, by the primary account if there are several."""
    found = [_named(client.deputy)] if client.deputy and client.deputy.kind != Deputy.Kind.LAY else []
    on_orders = list(
        Deputy.objects.filter(kind=Deputy.Kind.LAY, links__order__client=client, links__is_active=True)
        .select_related("user")
        .distinct()
    )
    attached = User.objects.filter(
        Q(clients=client) | Q(deputy__in=[deputy.pk for deputy in on_orders]), role=LAY
    ).distinct()
    accounts = {user.pk: Profile.objects.filter(user=user).first() or Profile(user=user) for user in attached}
    uids = {profile.deputy_uid for profile in accounts.values() if profile.deputy_uid}
    primary = {
        profile.deputy_uid: profile
        for profile in Profile.objects.filter(deputy_uid__in=uids, is_primary=True).select_related("user")
    }
    chosen = {
        primary.get(each.deputy_uid, each).user_id: primary.get(each.deputy_uid, each) for each in accounts.values()
    }
    found += [_account(profile) for profile in sorted(chosen.values(), key=lambda each: each.user.pk)]
    found += [_unregistered(deputy) for deputy in on_orders if deputy.user_id is None and deputy.uid not in uids]
    return found


def _named(deputy: Deputy) -> Contact:
    return Contact(
        deputy.name, f"Named deputy, {deputy.get_kind_display().lower()}", deputy.uid, deputy.email, deputy.phone,
        tuple(deputy.address_lines), deputy.user,
    )  # fmt: skip


def _account(profile: Profile) -> Contact:
    lines = (*profile.address_lines, country_name(profile.country)) if profile.address_lines else ()
    return Contact(
        profile.user.name, "Lay deputy", profile.deputy_uid, profile.user.email, profile.phone, lines, profile.user
    )


def _unregistered(deputy: Deputy) -> Contact:
    return Contact(
        deputy.name, "Lay deputy, not registered", deputy.uid, deputy.email, deputy.phone, tuple(deputy.address_lines)
    )


def orders_of(client: Client) -> list[CourtOrder]:
    return list(client.orders.order_by("-made_date", "uid"))


@dataclass(frozen=True)
class Reports:
    """The reports of a client as staff speak of them; the newest first."""

    active: list[Report]
    submitted: list[Report]
    incomplete: list[Report]

    def __bool__(self) -> bool:
        return bool(self.active or self.submitted or self.incomplete)


def reports_of(client: Client) -> Reports:
    """*Incomplete* are those that were submitted and sent back to the deputy."""
    found = list(client.reports.order_by("-end", "-pk"))
    return Reports(
        active=[each for each in found if not each.submitted and each.submitted_at is None],
        submitted=[each for each in found if each.submitted],
        incomplete=[each for each in found if not each.submitted and each.submitted_at is not None],
    )
