"""Deny by default: B-010, D-008 and D-040 lean on it."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from foundation import drafts
from foundation.access import can
from foundation.accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_view_without_declaration_is_refused_to_everybody(client: Client, lay: User) -> None:
    for _ in range(2):
        with capture_logs() as logs:
            assert client.get("/undeclared").status_code == 403
        assert {"event": "access.undeclared", "view": "undeclared", "log_level": "error"}.items() <= logs[0].items()
        client.force_login(lay)


def test_routes_of_packages_do_not_exist_unless_named(client: Client, lay: User) -> None:
    client.force_login(lay)
    assert client.get("/package").status_code == 404


def test_a_visitor_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/private/abc?page=2")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in?next={quote('/private/abc?page=2', safe='')}"


def test_a_script_of_a_visitor_is_told(client: Client) -> None:
    answer = client.get("/private/abc", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    part = client.post("/private/abc", headers={"HX-Request": "true"})
    assert part.status_code == 401, "or the sign-in page would be put into a part of the page, without a word"


def test_a_verb_opens_for_its_roles_only(client: Client, lay: User, settings: Settings) -> None:
    client.force_login(lay)
    assert client.get("/submit").content == b"submitted"
    lay.role = "ROLE_ADMIN"
    lay.save()
    settings.SITE = "admin"
    with capture_logs() as logs:
        assert client.get("/submit").status_code == 403
        assert client.get("/class").status_code == 403
    assert [one["verb"] for one in logs if one["event"] == "access.refused"] == ["report.submit", "report.see"]


def test_who_may_nothing(lay: User) -> None:
    assert can(lay, "report.see")
    assert not can(lay, "no.such.verb")
    assert not can(None, "report.see")
    assert not can(AnonymousUser(), "report.see")
    lay.role = "ROLE_NOBODY"
    assert not can(lay, "report.see")
    lay.role, lay.is_active = "ROLE_LAY_DEPUTY", False
    assert not can(lay, "report.see")


def test_pages_of_signed_in_people_are_kept_by_no_cache(client: Client, lay: User) -> None:
    client.force_login(lay)
    assert "no-store" in client.get("/private/abc")["Cache-Control"]


def test_what_a_visitor_sends_is_held_through_the_sign_in(client: Client, lay: User) -> None:
    client.force_login(lay)
    client.logout()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "last_user", lambda request: lay.pk)
        answer = client.post("/private/abc", {"story": "long"})
    assert answer.status_code == 302
    assert drafts.HeldPost.objects.get().user_id == lay.pk
    assert str(drafts.HeldPost.objects.get().token) in "".join(one.OutputString() for one in answer.cookies.values())


@pytest.mark.parametrize("asked", ["q=%00", "q=1234%005678", "%00=1&q=", "q=%2500"])
def test_what_nobody_can_type_is_left_out_of_a_question(client: Client, asked: str) -> None:
    """PostgreSQL refuses null characters, and each page that searches would have to think of it."""
    assert client.get(f"/search?{asked}").content == b"0"
