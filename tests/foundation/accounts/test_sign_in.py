"""Signing in and out (D-001, D-004, D-006, D-008, D-013)."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from foundation.accounts import sign_in as signing_in
from foundation.accounts.lockout import address_key
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from tests.foundation.accounts.conftest import EMAIL, PASSWORD

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Any]


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/steps").status_code == 200)


def test_the_right_password_leads_to_the_landing_page(user: User, sign_in: SignIn, client: Client) -> None:
    response = sign_in()
    assert (response.status_code, response["Location"]) == (302, "/steps")
    assert is_signed_in(client)
    user.refresh_from_db()
    assert user.last_login is not None
    assert AuditEvent.objects.get(event="SIGNED_IN").actor == user.pk


@pytest.mark.parametrize("typed", ["ADA@example.com", "  ada@EXAMPLE.com ", "Ada@Example.Com"])
def test_case_and_blanks_of_an_address_do_not_matter(user: User, sign_in: SignIn, client: Client, typed: str) -> None:
    sign_in(typed)
    assert is_signed_in(client)


def refusals(make_user: Callable[..., User]) -> dict[str, tuple[str, str]]:
    make_user()
    make_user("invited@example.com", None)
    make_user("disabled@example.com", is_active=False, active=False, registered_at="2020-01-01T00:00Z")
    make_user("staff@example.com", role="ROLE_SUPER_ADMIN")
    return {
        "wrong password": (EMAIL, "Wrong-Password-1"),
        "right password, wrong case": (EMAIL, PASSWORD.lower()),
        "unknown address": ("nobody@example.com", PASSWORD),
        "no address at all": ("nobody", PASSWORD),
        "no password yet": ("invited@example.com", PASSWORD),
        "disabled": ("disabled@example.com", PASSWORD),
        "the other site's role": ("staff@example.com", PASSWORD),
    }


@pytest.mark.defect("people 5.2", "an unknown address answered faster than a wrong password")
def test_every_refusal_reads_the_same_and_does_the_same_work(make_user: Callable[..., User], client: Client) -> None:
    """D-013 among them: no session is made either."""
    pages = set()
    for why, (email, password) in refusals(make_user).items():
        with (
            patch.object(signing_in, "make_password", wraps=signing_in.make_password) as dummy,
            patch.object(signing_in, "check_password", wraps=signing_in.check_password) as check,
        ):
            response = client.post("/sign-in", {"email": email, "password": password})
        assert dummy.call_count + check.call_count == 1, why
        assert signing_in.NEUTRAL in response.content.decode(), why
        pages.add(neutral(response.content.decode(), email))
        assert not is_signed_in(client), why
    assert len(pages) == 1
    assert not Session.objects.exists()


def neutral(page: str, email: str) -> str:
    """A page without what the person typed and without what differs in every page."""
    return re.sub(r"\d+:\d+[ap]m", "", re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)).replace(email, "")


@pytest.mark.usefixtures("admin_site")
def test_nine_wrong_passwords_get_nine_neutral_messages(make_user: Callable[..., User], sign_in: SignIn) -> None:
    """D-001: the wording never says whether the address exists; each failure is on record without the password."""
    make_user(role="ROLE_ADMIN")
    for _ in range(9):
        response = sign_in(password="Wrong-Password-1")
        assert response.status_code == 200
        assert signing_in.NEUTRAL in response.content.decode()
    events = AuditEvent.objects.filter(event="SIGN_IN_FAILED")
    assert events.count() == 9
    recorded = str(list(events.values()))
    assert EMAIL not in recorded
    assert "Wrong-Password" not in recorded
    assert all(event.after["address"] == address_key(EMAIL) for event in events)


def test_what_was_typed_is_kept_but_not_the_password(user: User, sign_in: SignIn) -> None:
    page = sign_in("Ada@example.com", "Wrong-Password-1").content.decode()
    assert 'value="Ada@example.com"' in page
    assert "Wrong-Password-1" not in page


def test_empty_fields_are_asked_for_and_not_counted(user: User, sign_in: SignIn) -> None:
    for _ in range(11):
        page = sign_in("", "").content.decode()
    assert "Enter your email address" in page
    assert "Enter your password" in page
    assert "too many" not in page
    assert 'href="#id_email"' in page


def test_an_account_that_is_not_the_primary_one_is_told_which_is(
    user: User, sign_in: SignIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-004, D-006: the service's sentence, and no session; only somebody with the password is told."""
    told = "Use your main account, main@example.com"
    monkeypatch.setattr("reporting.shell.may_sign_in", lambda user: told)
    assert told not in sign_in(password="Wrong-Password-1").content.decode()
    assert told in sign_in().content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/orders?page=2#x", "/orders?page=2#x"),
        ("//evil.example/orders", "/steps"),
        ("https://evil.example/", "/steps"),
        ("https://testserver/orders", "/steps"),
        ("/\\evil.example", "/steps"),
        ("javascript:alert(1)", "/steps"),
        ("orders", "/steps"),
        ("", "/steps"),
    ],
)
def test_only_a_path_of_this_site_is_a_return_address(user: User, sign_in: SignIn, wanted: str, reached: str) -> None:
    """D-008."""
    assert sign_in(data={"next": wanted})["Location"] == reached


def test_a_link_opened_while_signed_out_is_reached_after_sign_in(user: User, sign_in: SignIn, client: Client) -> None:
    """D-008, D-040: from the page asked for, through the form, back to it."""
    asked = client.get("/orders?year=2")
    assert asked["Location"] == "/sign-in?next=%2Forders%3Fyear%3D2"
    form = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/orders?year=2"' in form
    assert sign_in(data={"next": "/orders?year=2"})["Location"] == "/orders?year=2"


def test_a_page_that_was_sent_after_the_session_ended_is_offered_to_its_writer_only(
    user: User, make_user: Callable[..., User], client: Client, sign_in: SignIn
) -> None:
    make_user("grace@example.com")
    for email, offered in ((EMAIL, True), ("grace@example.com", False)):
        sign_in()
        Session.objects.all().delete()  # timed out
        assert client.post("/steps", {"story": "long"}).status_code == 302
        location = sign_in(email, data={"next": "/orders"})["Location"]
        assert location == ("/drafts/held" if offered else "/orders")
        client.post("/sign-out")


def test_a_planted_session_key_is_not_kept(user: User, client: Client, sign_in: SignIn) -> None:
    """Session fixation."""
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    sign_in()
    key = client.cookies["reporting_front"].value
    assert key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_another_person_on_the_same_browser_gets_a_fresh_session(
    user: User, make_user: Callable[..., User], client: Client, sign_in: SignIn
) -> None:
    other = make_user("grace@example.com")
    sign_in()
    session = client.session
    session["secret"] = "of ada"
    session.save()
    sign_in("grace@example.com")
    assert "secret" not in client.session
    assert f"steps of {other.pk}" in client.get("/steps").content.decode()


def test_signing_in_twice_with_one_form_is_harmless(user: User, client: Client, sign_in: SignIn) -> None:
    sign_in()
    assert sign_in()["Location"] == "/steps"
    assert is_signed_in(client)


def test_a_session_of_the_other_site_counts_for_nothing(user: User, client: Client, sign_in: SignIn) -> None:
    sign_in()
    with override_settings(SITE="admin"):
        assert not is_signed_in(client)
    assert is_signed_in(client)


def test_a_disabled_user_is_out_at_once(user: User, client: Client, sign_in: SignIn) -> None:
    sign_in()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_signed_in(client)


@pytest.mark.defect("people 5.3", "signing out left the token alive")
def test_sign_out_ends_the_session_and_forgets_who_was_here(user: User, client: Client, sign_in: SignIn) -> None:
    sign_in()
    old = client.cookies["reporting_front"].value
    assert client.cookies["last_user"].value
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)
    response = client.post("/sign-out")
    assert response["Location"] == "/sign-in?signed_out=1"
    assert client.cookies["last_user"].value == ""
    client.cookies["reporting_front"] = old
    assert not is_signed_in(client)
    assert AuditEvent.objects.get(event="SIGNED_OUT").actor == user.pk


def test_the_cookie_of_the_last_user_is_signed_and_kept_from_scripts(user: User, sign_in: SignIn) -> None:
    cookie = sign_in().cookies["last_user"]
    assert cookie["httponly"]
    assert cookie["max-age"] == 24 * 3600
    assert cookie.value.startswith(f"{user.pk}:")


def test_signed_in_people_are_led_on_from_the_sign_in_page(user: User, client: Client, sign_in: SignIn) -> None:
    sign_in()
    assert client.get("/sign-in")["Location"] == "/steps"
    assert client.get("/sign-in?next=/orders")["Location"] == "/orders"


def test_posts_without_a_token_are_refused(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 403
