"""A lay deputy's way in: registering from the register's row, then the steps after the first sign-in (deputy-people 4).

What was wrong with a refused registration is kept as codes in the audit; the person sees one neutral sentence.
"""

from typing import Any

from django.db import connection, transaction

from foundation import audit, clock, mails
from foundation.accounts import actions as accounts
from foundation.accounts.limits import hashed
from foundation.accounts.models import User
from reporting.engine.periods import first_period
from reporting.people.co_deputies import join
from reporting.people.matching import Claim, NotMatched, Why, case_of, match, rows_of
from reporting.people.models import Client, CourtOrder, PreRegistration, Profile
from reporting.people.organisations import registration as members
from reporting.people.roles import ORGANISATION
from reporting.reports.creation import (
    Covers,
    ReportRefused,
    Wanted,
    covers,
    create_report,
    lay_reports,
    type_for,
)

LOCK = 941_002
"""Advisory lock with the case number: two people register for one case one after the other."""


def register(values: dict[str, Any]) -> None:
    """Make an account and attach the client, or raise NotMatched. An address in use gets a mail that says so."""
    email = User.objects.normalise(values["email"])
    try:
        with transaction.atomic():
            _register(email, values)
    except NotMatched as refused:
        after = {"address": hashed(f"address:{email}"), "why": str(refused.why), "flags": sorted(refused.flags)}
        audit.record("USER_SELF_REGISTER_FAILED", after=after)
        raise


def _register(email: str, values: dict[str, Any]) -> None:
    case = case_of(values["case_number"])
    _lock(case)
    rows = rows_of(case)
    client = Client.objects.filter(case_number__iexact=case, discharged_at=None).first()
    users = list(client.users.select_related("profile")) if client else []
    claim = Claim(case, values["client_last_name"], values["first_name"], values["last_name"], values["postcode"])
    known = User.objects.filter(email=email).first()
    if client and users and known not in users and not _never_activated(users, claim):
        raise NotMatched(Why.MUST_BE_INVITED if len(rows) > 1 else Why.CASE_USED)
    row = match(claim)
    if known:
        return _tell_owner(known)
    if client and not users:
        client.discharged_at = clock.now()
        client.save(update_fields=["discharged_at"])
        audit.record("CLIENT_DELETED", subject=client, reason="orphaned; a deputy registered for the case again")
        client = None
    for earlier in users:
        Profile.objects.filter(user=earlier).update(deputy_uid="", is_primary=False)
    _add(email, values, row, client)
    return None


def _lock(case: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, case])


def _tell_owner(user: User) -> None:
    """Somebody registers with an address that has an account: its owner gets the link again, or is told."""
    if user.stage == User.Stage.INVITED:
        accounts.send_activation(user)
    else:
        mails.send(mails.registry["AccountExists"](user=user.pk), subject=user)


def _never_activated(users: list[User], claim: Claim) -> bool:
    """The same deputy again, whose first account was never opened: a mistyped address must not lock the case."""
    if any(user.stage != User.Stage.INVITED for user in users):
        return False
    uid = match(claim).deputy_uid
    return all(user.profile.deputy_uid == uid for user in users)


def _add(email: str, values: dict[str, Any], row: PreRegistration, client: Client | None) -> None:
    user = accounts.add_user(
        email, first_name=values["first_name"], last_name=values["last_name"], role="ROLE_LAY_DEPUTY",
        route=User.Route.SELF_REGISTER,
    )  # fmt: skip
    profile = Profile.objects.create(user=user, postcode=values["postcode"])
    profile.deputy_uid, profile.verified_at = row.deputy_uid, clock.now()
    profile.is_primary = not Profile.objects.filter(deputy_uid=row.deputy_uid, is_primary=True).exists()
    profile.save()
    if client is None:
        client = Client.objects.create(
            case_number=row.case, first_name=values["client_first_name"], last_name=values["client_last_name"]
        )
    client.users.set([user])
    audit.record("CLIENT_CREATED", by=user, subject=client)


# The steps after the first sign-in


def missing_step(user: User) -> str | None:
    """The route of the first step that is missing; None when registration is complete (deputy-people 4.4, 4.6)."""
    if user.role in ORGANISATION:
        return members.missing_step(user)
    profile = getattr(user, "profile", None)
    if profile is None:
        return "register_details"
    if profile.is_co_deputy and not profile.co_deputy_confirmed:
        return "register_verify"
    if not profile.address1:
        return "register_details"
    if not user.is_active or not user.clients.exists():
        return "register_client"
    return None


@transaction.atomic
def save_details(user: User, values: dict[str, Any]) -> None:
    profile, _made = Profile.objects.select_for_update().get_or_create(user=user)
    for name, value in values.items():
        setattr(profile, name, value)
    profile.version += 1
    profile.save()
    audit.record("DEPUTY_DETAILS_GIVEN", by=user, subject=profile)


def add_client(user: User, values: dict[str, Any]) -> None:
    """The last step: the client is verified and filled in, the first report made, the account complete.

    Raises NotMatched. Sent twice, it does everything once.
    """
    try:
        with transaction.atomic():
            _add_client(User.objects.select_for_update().get(pk=user.pk), values)
    except NotMatched as refused:
        after = {"why": str(refused.why), "flags": sorted(refused.flags)}
        audit.record("USER_SELF_REGISTER_FAILED", by=user, subject=user, after=after)
        raise
    user.refresh_from_db()


def _add_client(user: User, values: dict[str, Any]) -> None:
    if user.is_active and user.clients.exists():
        return
    profile = Profile.objects.select_for_update().get(user=user)
    mine = user.clients.live().order_by("pk").first()
    case = mine.case_number if mine else case_of(values["case_number"])
    _lock(case)
    checked = profile.verified_at is not None and mine is not None
    postcode = None if checked else profile.postcode
    row = match(Claim(case, values["last_name"], user.first_name, user.last_name, postcode))
    if profile.deputy_uid and row.deputy_uid != profile.deputy_uid:
        raise NotMatched(Why.OTHER_DEPUTY)
    client = mine or _free_client(case)
    for name in ("first_name", "last_name", "court_date", "address1", "address2", "address3", "postcode", "country"):
        setattr(client, name, values[name])
    client.phone = values["phone"]
    client.version += 1
    client.save()
    client.users.add(user)
    join(profile, row.deputy_uid)
    add_first_reports(client, row.deputy_uid, by=user)
    accounts.complete_registration(user, event="USER_SELF_REGISTER_SUCCEEDED")


def _free_client(case: str) -> Client:
    """A client for a case that was not part of the registration (an account made by staff)."""
    client = Client.objects.filter(case_number__iexact=case, discharged_at=None).first()
    if client is None:
        return Client(case_number=case)
    if client.users.exists() or client.archived_at:
        raise NotMatched(Why.CASE_USED)
    return client


def add_first_reports(client: Client, uid: str, *, by: User) -> None:
    """The first report, or in a dual case the deputy's reports; none where the client has such a report already."""
    for wanted in first_reports(client, uid):
        try:
            create_report(client, wanted.type, *first_period(wanted.made, clock.today()), by=by)
        except ReportRefused:
            continue


def first_reports(client: Client, uid: str) -> list[Wanted]:
    """From the court orders where they are known, else from the register; without either a 102."""
    orders = CourtOrder.objects.active().filter(client=client, links__deputy__uid=uid, links__is_active=True)
    found: dict[Covers, Wanted] = {}
    for order in orders.order_by("-made_date"):
        code = type_for([order])
        if code:
            found.setdefault(covers(code), Wanted(code, order.made_date))
    if not found:
        found = lay_reports(row for row in rows_of(client.case_number) if row.deputy_uid == uid)
    return list(found.values()) or [Wanted("102", client.court_date or clock.today())]
