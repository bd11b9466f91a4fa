"""Organisations as staff manage them (deputy-admin 4)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.audit import AuditEvent
from reporting.people.models import Client
from reporting.people.organisations import actions
from reporting.people.organisations.models import Organisation
from tests.reporting.casework.conftest import ROLES
from tests.reporting.conftest import Family, make_deputy, make_member, make_report, numbers

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Browser]
NEW = {"name": "Firm & Sons", "kind": "domain", "identifier": "Firm.Example", "active": "no"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def make_organisation(**fields: Any) -> Organisation:
    number = next(numbers)
    values = {"name": f"Office {number}", "identifier": f"office{number}.example.org", "is_activated": True}
    return Organisation.objects.create(**(values | fields))


@pytest.mark.parametrize("role", ["ROLE_SUPER_ADMIN", "ROLE_ADMIN"])
@pytest.mark.defect("admin 4", "the event of a new organisation had no id")
def test_d081_add_open_rename(as_staff: Browsers, role: str) -> None:
    """D-081: listed, shown as empty, the new name shown."""
    staff = as_staff(role)
    page = text(staff.post("/organisations/add", NEW, follow=True))
    made = Organisation.objects.get()
    assert (made.identifier, made.is_activated) == ("firm.example", False)
    assert "Firm &amp; Sons" in page
    assert "This organisation has no users" in page
    event = AuditEvent.objects.get(event="ORG_CREATED")
    assert (event.after["id"], event.subject) == (made.pk, f"reporting_organisation:{made.pk}")
    assert "Firm &amp; Sons" in text(staff.get("/organisations", {"text": "firm &"}))
    assert "Firm &amp; Sons" in text(staff.get("/organisations", {"text": "M.EXAM"}))
    assert "No organisation fits" in text(staff.get("/organisations", {"text": "%"}))
    path = f"/organisations/{made.pk}/edit"
    assert staff.post(path, {"name": "New name", "active": "yes", "version": "0"}).status_code == 302
    assert "New name" in text(staff.get("/organisations"))
    stale = text(staff.post(path, {"name": "Mine", "active": "yes", "version": "0"}))
    assert "Nothing has been overwritten" in stale
    made.refresh_from_db()
    assert (made.name, made.is_activated, made.identifier) == ("New name", True, "firm.example")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter the name of the organisation"),
        ({"kind": ""}, "Select what tells the organisation apart"),
        ({"identifier": ""}, "Enter the domain or the email address"),
        ({"active": ""}, "Select yes if its members may see its clients"),
        ({"identifier": "gmail.com"}, "Many people use this domain"),
        ({"identifier": "a@firm.example"}, "Enter only the part after the @"),
        ({"kind": "address"}, "Enter an email address in the correct format"),
        ({"identifier": "no domain"}, "Enter a domain in the correct format"),
        ({"identifier": "KNOWN.example"}, "There is an organisation with this email identifier already"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_added(as_staff: Browsers, changed: dict[str, str], words: str) -> None:
    make_organisation(identifier="known.example")
    answer = as_staff().post("/organisations/add", NEW | changed)
    assert answer.status_code == 400
    assert text(answer).count(words) == 2, "in the summary and at the field"
    assert Organisation.objects.count() == 1


def test_a_whole_address_of_a_shared_domain_is_taken(as_staff: Browsers) -> None:
    as_staff().post("/organisations/add", NEW | {"kind": "address", "identifier": "Me@Gmail.com"})
    assert Organisation.objects.get().identifier == "me@gmail.com"


def test_d082_users_are_added_by_address_and_removed(as_staff: Browsers) -> None:
    """D-082: as many as were added; who cannot be added is told why."""
    organisation, staff = make_organisation(), as_staff("ROLE_ADMIN")
    path = f"/organisations/{organisation.pk}/users/add"
    members = [make_member(Family.PROF, "TEAM_MEMBER") for _ in range(2)]
    for count, member in enumerate(members, start=1):
        page = text(staff.post(path, {"email": member.email.upper()}, follow=True))
        assert f"Users ({count})" in page
    for email, words in (
        ("", "Enter the email address of the user"),
        ("nobody@example.org", "There is no account with this email address"),
        (make_deputy().email, "This account is not a public authority’s or a professional’s"),
        (members[0].email, "This person is in this organisation already"),
    ):
        assert text(staff.post(path, {"email": email})).count(words) == 2, words
    remove = f"/organisations/{organisation.pk}/users/{members[0].pk}/remove"
    assert "at once" in text(staff.get(remove))
    assert organisation.users.count() == 2, "asking removes nobody"
    page = text(staff.post(remove, follow=True))
    assert "Users (1)" in page
    assert staff.get(remove).status_code == 404
    assert AuditEvent.objects.get(event="USER_REMOVED_FROM_ORG").before == {"organisation": organisation.pk}


@pytest.mark.parametrize("role", ROLES)
def test_d084_only_a_super_admin_deletes_and_only_an_empty_one(as_staff: Browsers, role: str) -> None:
    """D-084: no longer listed, kept in the database, and its identifier is free again."""
    organisation, staff = make_organisation(), as_staff(role)
    path = f"/organisations/{organisation.pk}/delete"
    if role != "ROLE_SUPER_ADMIN":
        assert (staff.get(path).status_code, staff.post(path).status_code) == (403, 403)
        assert path not in text(staff.get(f"/organisations/{organisation.pk}"))
        return
    member = make_member(Family.PROF, organisation=organisation)
    report = make_report(member, "102-5")
    assert "cannot be deleted yet" in text(staff.get(path))
    assert "still has users" in text(staff.post(path, follow=True))
    organisation.users.clear()
    assert "still has active clients" in text(staff.post(path, follow=True))
    Client.objects.filter(pk=report.client_id).update(archived_at=clock.now())
    assert "has been deleted" in text(staff.post(path, follow=True))
    actions.delete(organisation, by=None)  # a double click
    organisation.refresh_from_db()
    assert organisation.deleted_at
    assert organisation.name not in text(staff.get("/organisations"))
    assert staff.get(f"/organisations/{organisation.pk}").status_code == 404
    assert AuditEvent.objects.filter(event="ORG_DELETED").count() == 1
    make_organisation(identifier=organisation.identifier)


def test_d031_active_archived_and_discharged_clients_are_counted_fifteen_a_page(as_staff: Browsers) -> None:
    """D-031: the counts of an organisation's clients."""
    organisation, staff = make_organisation(), as_staff("ROLE_ADMIN")
    for number in range(20):
        Client.objects.create(
            case_number=f"{70_000_000 + number}", first_name="Cleo", last_name=f"Client{number:02}",
            organisation=organisation, archived_at=clock.now() if number in {0, 1} else None,
            discharged_at=clock.now() if number in {1, 2} else None,
        )  # fmt: skip
    path = f"/organisations/{organisation.pk}"
    first = text(staff.get(path, {"tab": "clients"}))
    assert "17 active, 1 archived, 2 discharged" in first
    assert "Clients (17)" in first
    assert first.count("Cleo Client") == 15
    assert "tab=clients&amp;page=2" in first
    assert text(staff.get(path, {"tab": "clients", "page": "2"})).count("Cleo Client") == 2
    assert "has no users" in text(staff.get(path, {"tab": "nonsense", "page": "-1"}))
    for _ in range(16):
        make_member(Family.PROF, organisation=organisation)
    assert text(staff.get(path)).count("Mia Member") == 15 * 2, "each with the words of its link to remove"
