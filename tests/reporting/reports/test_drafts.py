"""What was typed is shown again on section pages, on new entries and on the pages about people."""

from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import resolve

from foundation import drafts
from foundation.accounts.models import User
from reporting.people.models import Client
from reporting.reports.models import Report
from tests.reporting.conftest import make_report
from tests.reporting.home.test_registration import registering
from tests.reporting.reports.test_section_pages import send, version_of

pytestmark = pytest.mark.django_db


def type_in(browser: Any, user: User, page: str, **fields: Any) -> Any:
    """What the script sends, with the hidden fields of the page."""
    hidden = {"version": version_of(browser.get(page)), "draft-user": user.pk, "draft-page": page}
    answer = browser.post("/drafts/keep", hidden | {"draft-sequence": 5} | fields)
    assert answer.status_code == 204
    return hidden["version"]


def text(browser: Any, page: str) -> str:
    return unescape(browser.get(page).content.decode())


@pytest.fixture
def health(deputy: User) -> Report:
    return make_report(deputy, "102-4")


def test_a_conditional_answer_comes_back_with_its_question(browser_of: Any, deputy: User, health: Report) -> None:
    page = f"/report/{health.pk}/lifestyle/activities/"
    type_in(browser_of, deputy, page, activities="yes", which="Dancing <every> Monday")
    shown = text(browser_of, page)
    assert "Dancing <every> Monday" in shown
    assert 'value="yes" checked' in shown
    assert "There is a problem" not in shown
    assert "We kept what you typed here" in shown


def test_a_new_entry_keeps_its_address_and_what_was_typed(browser_of: Any, deputy: User, report: Report) -> None:
    send(browser_of, f"/report/{report.pk}/gifts/given/", given="yes")
    page = browser_of.get(f"/report/{report.pk}/gifts/gift/add/").url
    type_in(browser_of, deputy, page, explanation="Flowers", amount="12.3.4", another="yes")
    shown = text(browser_of, page)
    assert "Flowers" in shown
    assert "12.3.4" in shown
    assert 'id="another" name="another" type="radio" value="yes" checked' in shown


def test_a_draft_keeps_the_version_it_was_typed_on(browser_of: Any, deputy: User, health: Report) -> None:
    """So that a co-deputy who saved meanwhile is not overwritten by a draft."""
    page = f"/report/{health.pk}/lifestyle/care/"
    before = type_in(browser_of, deputy, page, care="mine")
    other = browser_of.post(page, {"version": before, "care": "theirs", "draft-sequence": 4})
    assert other.status_code == 302
    assert version_of(browser_of.get(page)) == before
    assert browser_of.post(page, {"version": before, "care": "mine", "draft-sequence": 6}).status_code == 409


def test_a_stale_save_keeps_what_was_typed_until_it_is_decided(browser_of: Any, deputy: User, health: Report) -> None:
    page = f"/report/{health.pk}/lifestyle/care/"
    before = version_of(browser_of.get(page))
    browser_of.post(page, {"version": before, "care": "theirs"})
    type_in(browser_of, deputy, page, care="mine")
    stale = browser_of.post(page, {"version": before, "care": "mine", "draft-sequence": 7})
    assert stale.status_code == 409
    assert "mine" in text(browser_of, page)
    done = browser_of.post(page, {"version": version_of(stale), "care": "mine", "draft-sequence": 7})
    assert done.status_code == 302
    assert "We kept what you typed here" not in text(browser_of, page)


def test_details_of_client_and_deputy(browser_of: Any, deputy: User, report: Report) -> None:
    client = Client.objects.get()
    for page in ("/your-details/edit", f"/clients/{client.pk}/edit"):
        version = type_in(browser_of, deputy, page, first_name="Zed", postcode="")
        assert version == "0"
        shown = text(browser_of, page)
        assert 'value="Zed"' in shown
        assert "We kept what you typed here" in shown
        assert 'value="ZZ1 1AA"' not in shown


def test_an_invitation(browser_of: Any, deputy: User, report: Report) -> None:
    page = f"/court-orders/{report.orders.get().uid}/invite"
    named = {"draft-user": deputy.pk, "draft-page": page, "draft-sequence": 5}
    assert browser_of.post("/drafts/keep", named | {"email": "grace@exam"}).status_code == 204
    assert 'value="grace@exam"' in text(browser_of, page)


@pytest.mark.parametrize("page", ["/register/your-details", "/register/your-client", "/register/co-deputy"])
def test_steps_of_registration_show_drafts(page: str) -> None:
    assert resolve(page).func.shows_drafts


def test_a_date_in_a_step_of_registration(client: Browser) -> None:
    user = registering()
    client.force_login(user)
    page = "/register/your-client"
    named = {"draft-user": user.pk, "draft-page": page, "draft-sequence": 5}
    typed = {"court_date-day": "31", "court_date-month": "febr", "court_date-year": ""}
    assert client.post("/drafts/keep", named | typed).status_code == 204
    shown = text(client, page)
    assert 'value="31"' in shown
    assert 'value="febr"' in shown


def test_sent_after_the_session_ended_and_offered_again(client: Browser, deputy: User, report: Report) -> None:
    """Without script, for the page of a new entry: the whole way through a sign-in."""
    client.force_login(deputy)
    send(client, f"/report/{report.pk}/gifts/given/", given="yes")
    page = client.get(f"/report/{report.pk}/gifts/gift/add/").url
    version = version_of(client.get(page))
    client.logout()
    sign_in = {"email": deputy.email, "password": "Correct-Horse-Battery-9"}
    assert client.post("/sign-in", sign_in).status_code == 302
    Session.objects.all().delete()
    sent = {"version": version, "explanation": "Flowers", "amount": "5", "another": "no"}
    assert "/sign-in" in client.post(page, sent).url
    assert client.post("/sign-in", sign_in).url == page
    assert "Flowers" in text(client, page)
    assert client.post(page, sent).url == f"/report/{report.pk}/gifts/?summary"
    assert not drafts.Draft.objects.filter(user=deputy).exists()
