"""Clients for staff: found by name or case number, shown with all that hangs on them, discharged, brought back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from foundation import clock
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from reporting.casework.clients import queries as clients
from reporting.people.models import Client, Deputy, Profile
from reporting.people.organisations.models import Organisation
from reporting.reports.models import Report
from tests.reporting.casework.conftest import ROLES, attach, make_staff, submit
from tests.reporting.conftest import make_deputy, make_report, numbers

pytestmark = pytest.mark.django_db(transaction=True)
Browsers = Callable[..., Browser]
MANAGERS = ["ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"]


def text(browser: Browser, path: str, status: int = 200, **query: Any) -> str:
    response = browser.get(path, query)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def named(first: str, last: str, deputy: User | None = None) -> Client:
    client = make_report(deputy or make_deputy(), "102").client
    client.first_name, client.last_name = first, last
    client.save()
    return client


def firm(client: Client) -> Deputy:
    """Give the client to an organisation with a named deputy."""
    organisation = Organisation.objects.create(name="Fair & Square LLP", identifier="fair.example")
    client.organisation = organisation
    client.deputy = Deputy.objects.create(
        uid=f"8{next(numbers):011d}", kind=Deputy.Kind.PRO, first_name="Petra", last_name="Prof",
        email="p@fair.example", organisation=organisation,
    )  # fmt: skip
    client.users.clear()
    client.save()
    return client.deputy


# Search


def test_d023_clients_are_found_by_parts_of_their_names_and_by_case_number(as_staff: Browsers) -> None:
    """(D-023)"""
    ann, mary = named("Ann-Marie", "O’Brien"), named("Mary Ann", "van der Berg")
    other = named("Bob", "Marley")
    discharged = named("Ann", "Gone")
    Client.objects.filter(pk=discharged.pk).update(discharged_at=clock.now())
    Client.objects.filter(pk=other.pk).update(archived_at=clock.now())
    staff = as_staff("ROLE_ADMIN")

    def found(words: str) -> list[int]:
        page = staff.get("/clients", {"text": words}).content.decode()
        return [each.pk for each in Client.objects.order_by("pk") if f'id="client-{each.pk}"' in page]

    for words, wanted in {
        "marie": [ann],
        "MAR": [ann, mary, other],
        "ann brien": [ann],
        "mary ann van": [mary],
        "van der": [mary],
        "an": [ann, mary, discharged],
        mary.case_number: [mary],
        f" {mary.case_number.lower()} ": [mary],
        mary.case_number[:7]: [],
        "%": [],
        "_": [],
    }.items():
        assert found(words) == [each.pk for each in wanted], words
    page = text(staff, "/clients", text=mary.case_number)
    assert "1 client<" in page
    assert mary.case_number in page
    page = text(staff, "/clients", text="marley")
    assert f"{other.case_number} (archived)" in page
    assert "Active" in page
    start = other.reports.get().start
    assert f"{start.day} {start:%B %Y}" in page
    gone = text(staff, "/clients", text="gone")
    today = clock.today()
    assert f"{today.day} {today:%B %Y}" in gone


def test_d024_a_name_that_nobody_has_finds_nothing(as_staff: Browsers) -> None:
    """(D-024)"""
    named("Ann", "Else")
    page = text(as_staff(), "/clients", text="Nemo")
    assert "No clients found" in page
    assert "0 clients" in page
    assert "200 characters or less" in text(as_staff(), "/clients", text="x" * 201)


def test_a_hundred_clients_are_shown_and_no_more(as_staff: Browsers) -> None:
    Client.objects.bulk_create(
        Client(case_number=f"7{at:07d}", first_name="Cora", last_name=f"Many{at:03d}") for at in range(101)
    )
    page = text(as_staff(), "/clients", text="cora")
    assert "The first 100 clients" in page
    assert page.count('id="client-') == 100
    assert "Many100" not in page


def test_one_box_finds_clients_users_and_organisations(as_staff: Browsers) -> None:
    user = make_deputy()
    client = named("Quentin", "Quill", user)
    User.objects.filter(pk=user.pk).update(first_name="Quella", email="quella@example.org")
    firm = Organisation.objects.create(name="Quick Quotes", identifier="quick.example")
    staff = as_staff("ROLE_ADMIN")
    home = text(staff, "/")
    assert 'action="/search"' in home
    assert "Client details" not in home, "(D-035)"
    page = text(staff, "/search", text="qu")
    for address in (f"/clients/{client.pk}", f"/users/{user.pk}", f"/organisations/{firm.pk}"):
        assert f'href="{address}"' in page
    for path in ("/clients", "/users", "/organisations"):
        assert f'href="{path}?text=qu"' in page
    by_case = text(staff, "/search", text=client.case_number)
    assert f'href="/clients/{client.pk}"' in by_case
    assert f'href="/users/{user.pk}"' in by_case
    assert "No organisations found" in by_case


def test_names_and_case_numbers_are_found_through_indexes() -> None:
    """Among a million clients nothing else is quick enough (bench/results/search.md)."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    try:
        assert "client_words" in Client.objects.filter(clients.named("quil thorpe")).explain()
        assert "case_number" in Client.objects.filter(case_number__startswith="12345678").explain()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan")


# One client


@pytest.mark.defect("operations 14", "viewing of cases is not audited")
def test_d026_a_lay_client_with_deputy_orders_and_reports(as_staff: Browsers) -> None:
    """(D-026) The primary account of a deputy who has several; no control to discharge for a case manager."""
    deputy = make_deputy()
    submission = submit("bill.pdf", deputy=deputy, report=make_report(deputy, "102"))
    report = submission.report
    client = report.client
    primary = make_deputy()
    Profile.objects.filter(user=deputy).update(is_primary=False)
    Profile.objects.filter(user=primary).update(deputy_uid=deputy.profile.deputy_uid, phone="01632 960777")
    back = make_report(deputy, "103", submitted_at=clock.now(), reopened_at=clock.now())
    Report.objects.filter(pk=back.pk).update(client=client)
    staff = make_staff("ROLE_ADMIN")
    page = text(as_staff(user=staff), f"/clients/{client.pk}")
    for words in (
        client.case_number, report.orders.get().uid, primary.name, primary.email, "1 Test Road", "01632 960777",
        "OPG102<", "Incomplete", "Active", "Submitted",
    ):  # fmt: skip
        assert words in page, words
    assert deputy.email not in page
    assert "ischarge this client" not in page
    assert "Download PDF" not in page, "(D-198)"
    assert page.index(f'id="report-{back.pk}"') < page.index(f'id="report-{report.next.get().pk}"')
    assert page.index(f'id="report-{report.next.get().pk}"') < page.index(f'id="report-{report.pk}"')
    for path in (f"/reports/{report.pk}/checklist", f"/reports/{report.pk}/manage"):
        assert f'href="{path}"' in page
    assert f'href="/reports/{report.next.get().pk}/checklist"' not in page
    seen = AuditEvent.objects.get(event="CLIENT_VIEWED")
    assert (seen.actor, seen.subject) == (staff.pk, f"reporting_client:{client.pk}")
    assert f"/reports/{report.pk}/pdf" in text(as_staff(), f"/clients/{client.pk}")


def test_d027_an_organisations_client_with_the_named_deputy(as_staff: Browsers) -> None:
    """(D-027)"""
    client = make_report(make_deputy(), "102-5").client
    firm(client)
    page = text(as_staff("ROLE_ADMIN"), f"/clients/{client.pk}")
    for words in ("Fair &amp; Square LLP", "Not activated", "Petra Prof", "p@fair.example", client.orders.get().uid):
        assert words in page, words


def test_the_stable_link_leads_to_the_live_client_of_a_case(as_staff: Browsers) -> None:
    old = named("Ann", "First")
    Client.objects.filter(pk=old.pk).update(discharged_at=timezone.now(), case_number="1234567T")
    staff = as_staff("ROLE_ADMIN")
    address = "/admin/client/case-number/1234567t/details"
    assert staff.get(address).url == f"/clients/{old.pk}"
    new = named("Ann", "Second")
    Client.objects.filter(pk=new.pk).update(case_number="1234567T")
    assert staff.get(address).url == f"/clients/{new.pk}"
    assert staff.get("/admin/client/case-number/99999999/details").status_code == 404


def test_every_document_of_a_client_with_its_scan_and_delivery(as_staff: Browsers) -> None:
    submission = submit("bill.pdf")
    following = submission.report.next.get()
    attach(following, "later.pdf")
    page = text(as_staff("ROLE_ADMIN"), f"/clients/{submission.report.client_id}/documents")
    assert page.index("later.pdf") < page.index("bill.pdf")
    assert "Not sent yet" in page
    assert page.count("Queued </strong>") == submission.documents.count()
    assert "Scanned: no virus found" in page
    token = submission.documents.get(name="bill.pdf").token
    assert f"/submissions/documents/{token}" in page
    report = submission.documents.exclude(name="bill.pdf").get().token
    assert f"/submissions/documents/{report}" not in page, "the report itself is for super admins"
    empty = make_report(make_deputy(), "104").client
    assert "There are no documents" in text(as_staff(), f"/clients/{empty.pk}/documents")


# Discharge and un-archiving


@pytest.mark.defect("admin 3", "discharge and unarchive on GET")
@pytest.mark.defect("people 2.6", "state-changing GETs: discharge, unarchive")
@pytest.mark.parametrize("role", ROLES)
def test_d029_a_manager_discharges_and_the_deputy_no_longer_sees_the_client(as_staff: Browsers, role: str) -> None:
    """(D-029) Only by POST after a page that asks; with the fields of the audit event; no second time."""
    deputy = make_deputy()
    client = make_report(deputy, "102").client
    staff = make_staff(role)
    browser, address = as_staff(user=staff), f"/clients/{client.pk}/discharge"
    page = browser.get(address)
    if role not in MANAGERS:
        assert page.status_code == 403
        assert browser.post(address, {"version": client.version}).status_code == 403
        return
    assert deputy.name in page.content.decode()
    client.refresh_from_db()
    assert client.discharged_at is None, "looking changes nothing"
    assert Client.objects.visible_to(deputy).filter(pk=client.pk).exists()
    browser.post(address, {"version": client.version})
    client.refresh_from_db()
    assert client.discharged_at is not None
    assert not Client.objects.visible_to(deputy).filter(pk=client.pk).exists()
    assert not Report.objects.visible_to(deputy).filter(client=client).exists()
    event = AuditEvent.objects.get(event="CLIENT_DELETED")
    assert event.actor == staff.pk
    assert event.after == {
        "case_number": client.case_number,
        "discharged_by": staff.email,
        "deputy_name": deputy.name,
        "deputyship_start_date": str(date(2020, 1, 1)),
    }
    browser.post(address, {"version": client.version})
    assert AuditEvent.objects.filter(event="CLIENT_DELETED").count() == 1
    assert "Discharged" in text(browser, f"/clients/{client.pk}")
    make_report(make_deputy(), "104")
    again = Client.objects.create(case_number=client.case_number, first_name="New", last_name="Client")
    assert again.pk, "the case number is free again"


def test_a_client_that_somebody_changed_meanwhile_is_not_discharged(as_staff: Browsers) -> None:
    client = make_report(make_deputy(), "102").client
    Client.objects.filter(pk=client.pk).update(version=3, last_name="Renamed")
    answer = as_staff().post(f"/clients/{client.pk}/discharge", {"version": 2})
    client.refresh_from_db()
    assert client.discharged_at is None
    words = answer.content.decode()
    assert "Somebody changed this client" in words
    assert "Renamed" in words
    assert 'value="3"' in words


@pytest.mark.defect("people 9", "unarchiving returns nothing")
@pytest.mark.parametrize("role", ROLES)
def test_d033_a_manager_brings_an_archived_client_back(as_staff: Browsers, role: str) -> None:
    """(D-033) With its reports intact."""
    client = make_report(make_deputy(), "102-5").client
    firm(client)
    Client.objects.filter(pk=client.pk).update(archived_at=clock.now())
    browser = as_staff(role)
    assert browser.get(f"/clients/{client.pk}").url == f"/clients/{client.pk}/archived"
    page = text(browser, f"/clients/{client.pk}/archived")
    assert "OPG102-5" in page
    assert ("Make active again" in page) is (role in MANAGERS)
    address = f"/clients/{client.pk}/unarchive"
    answer = browser.post(address, {"version": client.version})
    client.refresh_from_db()
    assert (client.archived_at is None) is (role in MANAGERS)
    if role in MANAGERS:
        assert answer.url == f"/clients/{client.pk}"
        assert AuditEvent.objects.filter(event="CLIENT_UNARCHIVED", subject=f"reporting_client:{client.pk}").exists()
        assert client.reports.count() == 1
        assert browser.get(f"/clients/{client.pk}/archived").url == f"/clients/{client.pk}"
        assert "is not archived" in text(browser, address)
