"""Pages of members and settings of an organisation (deputy-people 8.3, 10; D-089 to D-095)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.audit import AuditEvent
from foundation.outbox import Delivery
from reporting.people.models import Profile
from tests.reporting.home.conftest import text_of
from tests.reporting.people.organisations.making import (
    PASSWORD,
    make_client,
    make_member,
    make_organisation,
    make_report,
)

pytestmark = pytest.mark.django_db

NEW = {
    "first_name": "Nina", "last_name": "New", "email": "nina@firm.example", "job_title": "Clerk",
    "phone": "01632 960009", "admin": "no",
}  # fmt: skip


@pytest.fixture
def firm() -> Any:
    return make_organisation(name="Sample & Partners")


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="foundation.accounts.backend.Backend")
    return browser


def shown(browser: Browser, path: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*>(.*?)</th>', browser.get(path).content.decode())


def test_d091_members_are_found_by_first_last_and_full_name(firm: Any) -> None:
    admin = make_member(firm, role="ROLE_PROF_ADMIN", first_name="Ada", last_name="Admin")
    for first, last in (("Sam", "Ash"), ("Sam", "Birch"), ("Cy", "Cedar")):
        make_member(firm, first_name=first, last_name=last)
    make_member(make_organisation(), first_name="Sam", last_name="Elsewhere")
    site, path = browser_of(admin), f"/organisations/{firm.pk}"
    assert shown(site, path) == ["Ada Admin (you)", "Sam Ash", "Sam Birch", "Cy Cedar"]
    for text, expected in {"sam": 2, "birch": 1, "SAM  ASH": 1, "nobody": 0, "%": 0}.items():
        assert len(shown(site, f"{path}?q={text}")) == expected, text
    for number in range(15):
        make_member(firm, first_name="Zed", last_name=f"Zulu{number:02d}")
    assert (len(shown(site, path)), len(shown(site, f"{path}?page=2"))) == (15, 4)
    assert "q=zed&amp;page" not in text_of(site.get(f"{path}?q=zed")), "fifteen fit on one page"


def test_adding_a_member_asks_for_what_is_needed_and_keeps_what_was_typed(firm: Any) -> None:
    site = browser_of(make_member(firm, role="ROLE_PA_ADMIN"))
    path = f"/organisations/{firm.pk}/members/add"
    page = text_of(site.post(path, {"first_name": "N", "phone": "123", "email": "nina"}))
    for message in (
        "First name must have between 2 and 50 characters", "Enter their last name", "Enter an email address in",
        "Phone number (optional) must have between 10 and 20", "Select yes if they can add",
    ):  # fmt: skip
        assert message in page, message
    assert 'value="nina"' in page
    assert site.post(path, NEW).url == f"/organisations/{firm.pk}"
    user = User.objects.get(email="nina@firm.example")
    assert (user.role, user.stage) == ("ROLE_PA_TEAM_MEMBER", User.Stage.INVITED)
    listed = text_of(site.get(f"/organisations/{firm.pk}"))
    assert "Nina New has been invited by email" in listed
    assert "Not activated yet" in listed
    assert 'again<span class="govuk-visually-hidden"> to Nina New</span>' in listed
    again = text_of(site.post(path, NEW))
    assert "in this organisation already" in again
    invite = f"/organisations/{firm.pk}/members/{user.pk}/invite"
    assert site.get(invite).status_code == 405
    assert site.post(invite).status_code == 302
    assert Delivery.objects.filter(kind="mail").count() == 2


def test_d092_a_member_is_changed_and_removed_and_loses_access_at_once(firm: Any) -> None:
    admin, member = make_member(firm, role="ROLE_PROF_ADMIN"), make_member(firm)
    report = make_report(make_client(firm))
    site, theirs = browser_of(admin), browser_of(member)
    path = f"/organisations/{firm.pk}/members/{member.pk}"
    values = {"first_name": "Max", "last_name": "Moved", "job_title": "", "phone": "", "admin": "yes"}
    assert site.post(f"{path}/edit", values | {"version": "0"}).status_code == 302
    stale = text_of(site.post(f"{path}/edit", values | {"first_name": "Moe", "version": "0"}))
    assert "Somebody changed this" in stale
    member.refresh_from_db()
    assert (member.first_name, member.role, member.profile.job_title) == ("Max", "ROLE_PROF_ADMIN", "")
    assert theirs.get(f"/report/{report.pk}/").status_code == 200
    assert "Remove Max Moved?" in text_of(site.get(f"{path}/remove"))
    assert theirs.get(f"/report/{report.pk}/").status_code == 200, "asked, not done"
    assert site.post(f"{path}/remove").status_code == 302
    assert theirs.get(f"/report/{report.pk}/").status_code == 404
    assert theirs.get(f"/clients/{report.client_id}").status_code == 404
    assert theirs.get(f"/organisations/{firm.pk}").status_code == 404
    assert User.objects.filter(pk=member.pk, is_active=True).exists(), "the account stays"
    assert site.post(f"{path}/remove").status_code == 404
    event = AuditEvent.objects.get(event="USER_REMOVED_FROM_ORG")
    assert (event.actor, event.before) == (admin.pk, {"organisation": firm.pk})


@pytest.mark.defect("people 2.6", "any organisation admin could edit any user")
def test_who_may_do_what_to_whom(firm: Any) -> None:
    """Oneself, the deputy of record, somebody of another organisation, somebody shared with another one."""
    admin = make_member(firm, role="ROLE_PROF_ADMIN")
    named, plain = make_member(firm, role="ROLE_PROF_NAMED"), make_member(firm)
    shared, stranger = make_member(firm, make_organisation()), make_member(make_organisation())
    site, path = browser_of(admin), f"/organisations/{firm.pk}/members"
    expected = {admin: (403, 403), named: (403, 200), plain: (200, 200), shared: (403, 200), stranger: (404, 404)}
    for member, statuses in expected.items():
        found = tuple(site.get(f"{path}/{member.pk}/{what}").status_code for what in ("edit", "remove"))
        assert found == statuses, member.role
        sent = site.post(f"{path}/{member.pk}/edit", NEW | {"version": "0", "admin": "yes"}).status_code
        assert (sent == 302) == (statuses[0] == 200)
    team = browser_of(make_member(firm))
    assert team.get(f"/organisations/{firm.pk}").status_code == 200
    for member in expected:
        assert {team.post(f"{path}/{member.pk}/{what}").status_code for what in ("edit", "remove", "invite")} == {403}
    assert team.get(f"{path}/add").status_code == 403
    assert "Add a member" not in text_of(team.get(f"/organisations/{firm.pk}"))
    assert browser_of(named).get(f"{path}/{named.pk}/edit").status_code == 403
    other = make_organisation(is_activated=False)
    other.users.add(admin)
    assert site.get(f"/organisations/{other.pk}").status_code == 404


def test_a_chooser_where_there_are_several(firm: Any) -> None:
    one = make_member(firm)
    assert browser_of(one).get("/organisations").url == f"/organisations/{firm.pk}"
    waiting = make_organisation(name="Waiting", is_activated=False)
    page = text_of(browser_of(make_member(firm, waiting)).get("/organisations"))
    assert "Choose an organisation" in page
    assert "Being set up" in page
    assert f'href="/organisations/{waiting.pk}"' not in page


def test_d094_d095_own_details_are_checked_saved_and_shown(firm: Any) -> None:
    user = make_member(firm, role="ROLE_PROF_ADMIN")
    site = browser_of(user)
    page = text_of(site.post("/your-details/edit", {"version": "0"}))
    for message in ("first name", "last name", "job title", "phone number"):
        assert f"Enter your {message}" in page
    values = {"first_name": "Zoë", "last_name": "O’Neil", "job_title": "Partner", "phone": "01632 960123"}
    assert site.post("/your-details/edit", values | {"version": "0"}).url == "/your-details"
    assert "Somebody changed" in text_of(site.post("/your-details/edit", values | {"phone": "01632 960124"}))
    page = text_of(site.get("/your-details"))
    for value in (*values.values(), "Professional admin", firm.name, firm.identifier):
        assert value.replace("&", "&amp;") in page
    assert not Delivery.objects.exists(), "only what lay deputies change is passed on"


@pytest.mark.defect("people 10", "e-mail change of organisation users without verification or a message")
def test_a_new_address_is_confirmed_from_there(firm: Any) -> None:
    user = make_member(firm)
    site = browser_of(user)
    wrong = {"email": "new@firm.example", "email_again": "new@firm.example", "current_password": "wrong"}
    assert site.post("/account/email", wrong).status_code == 200
    assert not Delivery.objects.exists()
    site.post("/account/email", wrong | {"current_password": PASSWORD})
    user.refresh_from_db()
    assert (user.email, user.new_email) != ("new@firm.example", "")
    assert Delivery.objects.get().payload["mail"] == "EmailChange"


def test_dropping_the_admin_right_signs_out(firm: Any) -> None:
    user = make_member(firm, role="ROLE_PROF_ADMIN")
    site = browser_of(user)
    assert "Give up managing members" in text_of(site.get("/your-details"))
    assert "signed out" in text_of(site.get("/your-details/admin-right"))
    assert "signed_out" in site.post("/your-details/admin-right").url
    user.refresh_from_db()
    assert user.role == "ROLE_PROF_TEAM_MEMBER"
    assert site.get("/dashboard").url.startswith("/sign-in")
    named = browser_of(make_member(firm, role="ROLE_PROF_NAMED"))
    assert named.post("/your-details/admin-right").status_code == 403


def test_d059_a_member_is_active_only_after_the_last_step(firm: Any) -> None:
    admin = make_member(firm, role="ROLE_PROF_ADMIN")
    browser_of(admin).post(f"/organisations/{firm.pk}/members/add", NEW)
    user, site = User.objects.get(email="nina@firm.example"), Browser()
    path = f"/activate/{ACTIVATION.token(user)}"
    without = site.post(path, {"password": PASSWORD, "password_again": PASSWORD})
    assert "terms" in text_of(without)
    site.post(path, {"password": PASSWORD, "password_again": PASSWORD, "terms": "yes"})
    assert site.get("/dashboard").url == "/court-orders"
    assert site.get("/court-orders").url == "/register/organisation"
    user.refresh_from_db()
    assert (user.is_active, user.registered_at) == (False, None)
    given = {"first_name": "Nina", "last_name": "Newer", "job_title": "", "phone": "01632 960009"}
    assert "Enter your job title" in text_of(site.post("/register/organisation", given))
    user.refresh_from_db()
    assert (user.is_active, user.registered_at) == (False, None)
    assert site.post("/register/organisation", given | {"job_title": "Clerk"}).url == "/court-orders"
    user.refresh_from_db()
    assert (user.is_active, user.last_name, user.profile.job_title) == (True, "Newer", "Clerk")
    assert user.registered_at
    assert site.get("/court-orders").url == "/dashboard"
    assert site.get("/register/organisation").url == "/court-orders"


def test_named_deputies_of_old_agree_to_the_terms_first(firm: Any) -> None:
    old = {"registered_at": clock.now() - timedelta(days=2), "agreed_terms_at": None}
    user = make_member(firm, role="ROLE_PA_NAMED", **old)
    site = browser_of(user)
    assert site.get("/dashboard").url == "/terms/updated"
    assert "Agree to the terms" in text_of(site.post("/terms/updated"))
    assert site.get("/court-orders").url == "/terms/updated"
    assert site.post("/terms/updated", {"terms": "yes"}).url == "/court-orders"
    user.refresh_from_db()
    assert user.agreed_terms_at
    assert site.get("/dashboard").status_code == 200
    for other in (
        make_member(firm, role="ROLE_PA_NAMED", agreed_terms_at=None),  # since today
        make_member(firm, role="ROLE_PA_ADMIN", **old),
    ):
        assert browser_of(other).get("/dashboard").status_code == 200
    assert Profile.objects.filter(user=user).count() == 1
