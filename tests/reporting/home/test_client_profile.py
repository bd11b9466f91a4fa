"""An organisation's page of a client: reports, deputy, notes, archive (deputy-people 9; D-106)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.outbox import Delivery
from reporting.documents.models import Document
from reporting.people.models import Client
from reporting.people.notes.models import Note
from tests.reporting.conftest import make_deputy
from tests.reporting.conftest import make_report as make_lay_report
from tests.reporting.home.conftest import text_of
from tests.reporting.people.organisations.making import make_client, make_member, make_organisation, make_report

pytestmark = pytest.mark.django_db


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="foundation.accounts.backend.Backend")
    return browser


@pytest.fixture
def firm() -> Any:
    return make_organisation()


@pytest.fixture
def site(firm: Any) -> Browser:
    return browser_of(make_member(firm))


def test_d106_overview_and_profile_say_who_client_and_deputy_are(site: Browser, firm: Any) -> None:
    client = make_client(firm, date_of_birth=date(1950, 3, 2), address1="9 Test Row", phone="01632 960007")
    report = make_report(client, "103-5")
    sent = make_report(client, "103-5", ended=370, submitted=True)
    pdf = Document.objects.create(
        report=sent, name="report.pdf", key="k", content_type="application/pdf", size=1, kind=Document.Kind.REPORT,
        made=True,
    )  # fmt: skip
    overview, profile = text_of(site.get(f"/report/{report.pk}/")), text_of(site.get(f"/clients/{client.pk}"))
    for page in (overview, profile):
        for value in (client.name, client.case_number, "2 March 1950", "9 Test Row", "Nadia Named", "5 Chambers Row"):
            assert value in page, value
        assert f"{report.start.day} {report.start:%B %Y} to {report.end.day} {report.end:%B %Y}" in page
        assert "write to your caseworker" in page
    assert "Not started" in profile
    assert str(pdf.token) in profile
    for path in (f"/report/{report.pk}/decisions/", f"/report/{report.pk}/attach/", f"/clients/{client.pk}"):
        page = text_of(site.get(path, follow=True))
        assert 'href="/dashboard"' in page
        assert "Court orders" not in page, path
    lay = make_lay_report(make_deputy())
    theirs = text_of(browser_of(lay.client.users.get()).get(f"/report/{lay.pk}/"))
    assert "app-panel" not in theirs
    assert "Court orders" in theirs


def test_changing_a_client_has_a_form_of_its_own(site: Browser, firm: Any) -> None:
    client = make_client(firm)
    path = f"/clients/{client.pk}/edit"
    values = {
        "first_name": "<b>Cleo</b>", "last_name": "Changed", "date_of_birth-day": "1", "date_of_birth-month": "2",
        "date_of_birth-year": "1960", "country": "GB", "email": "Cleo@Home.example", "phone": "", "version": "0",
    }  # fmt: skip
    assert "must be before today" in text_of(site.post(path, values | {"date_of_birth-year": "2999"}))
    assert 'name="court_date' not in text_of(site.get(path))
    assert site.post(path, values | {"next": "/dashboard"}).url == "/dashboard"
    client.refresh_from_db()
    assert (client.first_name, client.last_name, client.date_of_birth) == ("Cleo", "Changed", date(1960, 2, 1))
    stale = text_of(site.post(path, values | {"last_name": "Other"}))
    assert "Somebody changed this" in stale
    assert not Delivery.objects.exists(), "the casework mailbox is told of lay deputies' changes only"


def test_notes_are_written_changed_and_deleted(site: Browser, firm: Any) -> None:
    client = make_client(firm)
    colleague = browser_of(make_member(firm))
    path = f"/clients/{client.pk}/notes/add"
    page = text_of(site.post(path, {"title": "x" * 151, "content": "Words"}))
    for message in ("Choose a category", "Title must have 150 or fewer", "Words</textarea>"):
        assert message in page
    for _ in range(2):  # a double click
        written = {"category": "dwp", "title": "Ring <them>", "content": "On\n\nFriday"}
        assert site.post(path, written).status_code == 302
    note = Note.objects.get()
    page = text_of(colleague.get(f"/clients/{client.pk}"))
    assert "Ring" in page
    assert "Department for Work and Pensions" in page
    edit, delete = f"/notes/{note.pk}/edit", f"/notes/{note.pk}/delete"
    changed = {"category": "bank", "title": "Rang", "content": "", "version": "0"}
    assert colleague.post(edit, changed).status_code == 302
    stale = text_of(site.post(edit, changed | {"title": "Mine"}))
    assert "Nothing has been overwritten" in stale
    assert "Rang" in stale
    assert "not deleted" in text_of(site.post(delete, {"version": "0"}))
    assert "Delete this note?" in text_of(site.get(delete))
    assert site.post(delete, {"version": "1"}).status_code == 302
    assert not Note.objects.exists()
    assert site.get(edit).status_code == 404
    assert [event.event for event in AuditEvent.objects.filter(event__startswith="NOTE_").order_by("pk")] == [
        "NOTE_ADDED", "NOTE_CHANGED", "NOTE_DELETED",
    ]  # fmt: skip
    assert "Rang" not in str(list(AuditEvent.objects.values()))


@pytest.mark.defect("people 2.6", "notes were read by inconsistent rules")
def test_notes_are_for_the_organisation_that_wrote_them(site: Browser, firm: Any) -> None:
    client = make_client(firm)
    site.post(f"/clients/{client.pk}/notes/add", {"category": "todo", "title": "Ours alone"})
    note = Note.objects.get()
    other = make_organisation()
    theirs = browser_of(make_member(other))
    lay, staff = make_deputy(), make_member(role="ROLE_SUPER_ADMIN")
    client.users.add(lay)
    assert theirs.get(f"/notes/{note.pk}/edit").status_code == 404
    assert theirs.post(f"/notes/{note.pk}/delete", {"version": "0"}).status_code == 404
    assert browser_of(lay).get(f"/notes/{note.pk}/edit").status_code == 403
    assert not Note.objects.visible_to(lay).exists()
    assert not Note.objects.visible_to(staff).exists()
    Client.objects.filter(pk=client.pk).update(organisation=other)
    assert "Ours alone" not in text_of(theirs.get(f"/clients/{client.pk}")), "it does not move with the client"
    assert site.get(f"/notes/{note.pk}/edit").status_code == 404
    Client.objects.filter(pk=client.pk).update(organisation=firm)
    assert "Ours alone" in text_of(site.get(f"/clients/{client.pk}"))


def test_archiving_takes_a_tick_and_cannot_be_undone_by_a_deputy(site: Browser, firm: Any) -> None:
    client = make_client(firm)
    report = make_report(client)
    path = f"/clients/{client.pk}/archive"
    assert "Tick the box" in text_of(site.post(path, {"version": "0"}))
    Client.objects.filter(pk=client.pk).update(version=3)
    assert "changed this client" in text_of(site.post(path, {"version": "0", "sure": "yes"}))
    client.refresh_from_db()
    assert client.archived_at is None
    assert site.post(path, {"version": "3", "sure": "yes"}).url == "/dashboard"
    assert AuditEvent.objects.get(event="CLIENT_ARCHIVED").after == {"case_number": client.case_number}
    page = text_of(site.get("/dashboard"))
    assert "has been archived" in page
    for gone in (path, f"/clients/{client.pk}", f"/report/{report.pk}/"):
        assert site.get(gone).status_code == 404
    lay = make_lay_report(make_deputy())
    assert browser_of(lay.client.users.get()).post(f"/clients/{lay.client_id}/archive").status_code == 403
