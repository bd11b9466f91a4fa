"""Organisations: how they are told apart, made, activated, deleted; how members come and go (deputy-people 8)."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from foundation import clock
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.mails import registry
from foundation.outbox import Delivery
from reporting.people.actions import Stale
from reporting.people.models import Client
from reporting.people.organisations import actions, identity
from reporting.people.organisations.actions import Refused
from reporting.people.organisations.models import Organisation
from tests.reporting.people.organisations.making import make_client, make_member, make_organisation

pytestmark = pytest.mark.django_db


def events(*names: str) -> list[str]:
    return list(AuditEvent.objects.filter(event__in=names).order_by("pk").values_list("event", flat=True))


@pytest.mark.defect("people 8.1", "look-up ignored soft deletion")
def test_an_address_leads_to_its_organisation() -> None:
    assert identity.identify("Ann@Firm.Example") == "firm.example"
    assert identity.identify("ann@GMAIL.com") == "ann@gmail.com"
    firm = actions.create("Firm", "Firm.Example ", by=None)
    alone = actions.create("Ann alone", "ann@firm.example", by=None)
    shared = actions.create("Bo", "bo@gmail.com", by=None)
    assert identity.find("ANN@firm.example") == alone, "the whole address comes first"
    assert identity.find("cy@firm.example") == firm
    assert identity.find("bo@gmail.com") == shared
    assert identity.find("cy@gmail.com") is None
    actions.delete(alone, by=None)
    actions.delete(shared, by=None)
    assert identity.find("ann@firm.example") == firm
    assert identity.find("bo@gmail.com") is None
    again = actions.create("Bo again", "bo@gmail.com", by=None)
    assert identity.find("bo@gmail.com") == again


@pytest.mark.defect("people 8.1", "the shared-domain check was skipped")
@pytest.mark.parametrize("identifier", ["gmail.com", "NHS.net", "firm.example", "not a domain", "x@", "", "firm"])
def test_what_cannot_tell_an_organisation_apart(identifier: str) -> None:
    make_organisation(identifier="firm.example")
    with pytest.raises(Refused) as refused:
        actions.create("Other", identifier, by=None)
    assert refused.value.field == "identifier"
    assert Organisation.objects.count() == 1


@pytest.mark.defect("admin 4", "the event of a new organisation had no id")
def test_the_life_of_an_organisation_is_in_the_audit() -> None:
    """(D-081, D-084)"""
    staff = User.objects.create_user("staff@office.example", first_name="S", last_name="T", role="ROLE_ADMIN")
    firm = actions.create("Firm", "firm.example", by=staff)
    event = AuditEvent.objects.get(event="ORG_CREATED")
    assert (event.after["id"], event.actor) == (firm.pk, staff.pk)
    actions.update(firm, name="Firm LLP", is_activated=False, by=staff, version=0)
    with pytest.raises(Stale) as stale:
        actions.update(firm, name="Firm & Co", is_activated=True, by=staff, version=0)
    assert stale.value.stored.name == "Firm LLP"
    assert actions.activate(firm, by=staff).is_activated
    member = make_member()
    actions.add_member(firm, member, by=staff)
    with pytest.raises(Refused):
        actions.delete(firm, by=staff)
    actions.remove_member(firm, member, by=staff)
    client = make_client(firm)
    with pytest.raises(Refused):
        actions.delete(firm, by=staff)
    Client.objects.filter(pk=client.pk).update(archived_at=clock.now())
    actions.delete(firm, by=staff)
    assert not Organisation.objects.live().exists()
    with pytest.raises(Refused):
        actions.add_member(firm, member, by=staff)
    expected = [
        "ORG_CREATED", "ORG_UPDATED", "ORG_UPDATED", "USER_ADDED_TO_ORG", "USER_REMOVED_FROM_ORG", "ORG_DELETED",
    ]  # fmt: skip
    assert events(*expected) == expected


def invite(organisation: Organisation, by: User, **values: Any) -> User:
    given = {"email": "New@Firm.example", "first_name": "Nina", "last_name": "New", "role": "ROLE_PROF_TEAM_MEMBER"}
    return actions.invite_member(organisation, **given | values, by=by)


def test_d089_an_invited_member_gets_one_mail() -> None:
    firm = make_organisation()
    admin = make_member(firm, role="ROLE_PROF_ADMIN")
    user = invite(firm, admin, job_title="Clerk", phone="01632 960002")
    assert (user.email, user.route, user.created_by) == ("new@firm.example", "ORG_ADMIN_INVITE", admin)
    assert user.profile.job_title == "Clerk"
    assert list(firm.users.exclude(pk=admin.pk)) == [user]
    mail = Delivery.objects.get(kind="mail")
    sent = registry[mail.payload["mail"]](**mail.payload["arguments"])
    words = sent.personalisation()
    assert (mail.payload["mail"], sent.to(), words["deputyName"]) == ("InvitationOrg", user.email, admin.name)
    assert words["email"].startswith("professional"), "the mailbox of this audience"
    with pytest.raises(Refused):
        invite(firm, admin)
    assert Delivery.objects.count() == 1
    other = make_organisation()
    actions.invite_again(invite(other, make_member(other, role="ROLE_PROF_NAMED")), by=admin)
    assert Delivery.objects.count() == 2, "attached as it is; sent again once"


@pytest.mark.parametrize(
    ("by", "role"),
    [
        ("ROLE_PROF_ADMIN", "ROLE_PROF_NAMED"), ("ROLE_PROF_ADMIN", "ROLE_PA_ADMIN"), ("ROLE_PROF_NAMED", "ROLE_ADMIN"),
        ("ROLE_PA_NAMED", "ROLE_LAY_DEPUTY"), ("ROLE_PROF_TEAM_MEMBER", "ROLE_PROF_TEAM_MEMBER"),
    ],
)  # fmt: skip
def test_nobody_makes_what_they_may_not_give(by: str, role: str) -> None:
    firm = make_organisation()
    with pytest.raises(PermissionDenied):
        invite(firm, make_member(firm, role=by), role=role)
    assert not User.objects.filter(email="new@firm.example").exists()


def test_an_address_in_use_elsewhere_is_refused_without_saying_by_whom() -> None:
    firm = make_organisation()
    admin = make_member(firm, role="ROLE_PROF_ADMIN")
    said = set()
    for role in ("ROLE_LAY_DEPUTY", "ROLE_ADMIN", "ROLE_PA_ADMIN", "ROLE_PROF_NAMED"):
        known = make_member(role=role)
        with pytest.raises(Refused) as refused:
            invite(firm, admin, email=known.email)
        said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(Refused):
        actions.add_member(firm, User.objects.get(role="ROLE_LAY_DEPUTY"), by=None)
    assert firm.users.count() == 1


def test_changing_a_member() -> None:
    firm = make_organisation()
    admin = make_member(firm, role="ROLE_PROF_ADMIN")
    member = make_member(firm)
    actions.update_member(member, {"first_name": "Max", "role": "ROLE_PROF_ADMIN"}, by=admin, version=0)
    with pytest.raises(Stale):
        actions.update_member(member, {"first_name": "Moe"}, by=admin, version=0)
    with pytest.raises(PermissionDenied):
        actions.update_member(member, {"role": "ROLE_PROF_NAMED"}, by=admin, version=1)
    with pytest.raises(Refused):
        actions.update_member(member, {"email": "other@firm.example"}, by=admin, version=1)
    member.refresh_from_db()
    assert (member.first_name, member.role, member.version) == ("Max", "ROLE_PROF_ADMIN", 1)
    new = invite(firm, admin)
    actions.update_member(new, {"email": "right@firm.example"}, by=admin, version=0)
    assert events("ROLE_CHANGED", "USER_EMAIL_CHANGED") == ["ROLE_CHANGED", "USER_EMAIL_CHANGED"]
    last = Delivery.objects.order_by("-pk")[0]
    assert registry[last.payload["mail"]](**last.payload["arguments"]).to() == "right@firm.example"
    with pytest.raises(Refused):
        actions.update_member(new, {"email": member.email}, by=admin, version=1)
    with pytest.raises(PermissionDenied):
        actions.remove_member(firm, admin, by=admin)


def test_dropping_the_admin_right_is_for_admins_only() -> None:
    admin = make_member(role="ROLE_PA_ADMIN")
    actions.drop_admin_right(admin)
    admin.refresh_from_db()
    assert admin.role == "ROLE_PA_TEAM_MEMBER"
    for role in ("ROLE_PA_NAMED", "ROLE_PA_TEAM_MEMBER", "ROLE_ADMIN"):
        with pytest.raises(PermissionDenied):
            actions.drop_admin_right(make_member(role=role))
