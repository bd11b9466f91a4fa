"""Staff sign in through the identity provider alone, and only where they have a role."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client as Browser
from django.urls import reverse

from foundation import clock
from foundation.accounts.models import User
from foundation.clients import identity as port
from foundation.clients.identity import OpenIdentity
from foundation.testing import servers
from foundation.testing.database import as_owner
from tests.roster.conftest import give_role, make_person


@pytest.fixture(scope="module")
def provider(tmp_path_factory: Any) -> Iterator[servers.StandIn]:
    with servers.identity(tmp_path_factory.mktemp("identity"), []) as server:
        yield server


@pytest.fixture
def planner(settings: Any, provider: servers.StandIn, monkeypatch: pytest.MonkeyPatch, prison: Any) -> Browser:
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    found = OpenIdentity(provider.url, "roster", "local-secret", timeout=2)
    monkeypatch.setattr("foundation.accounts.openid.identity", lambda: found)
    port.identity.cache_clear()
    return Browser()


def sign_in(browser: Browser, person: str, **changed: str) -> Any:
    leaving = browser.post("/sign-in", {"next": "/health-check"})
    answer = httpx.get(f"{leaving['Location']}&person={person}")
    back = urlsplit(answer.headers["Location"])
    query = dict(pair.split("=", 1) for pair in back.query.split("&")) | changed
    return browser.get(back.path, query)


def test_a_planner_signs_in_whatever_the_case_of_the_name(planner: Browser, prison: Any) -> None:
    person = make_person(user_name="AB12C", user=None)
    with as_owner():
        User.objects.filter(email=person.email).delete()
    give_role(person, "DETAIL", prison)
    done = sign_in(planner, "ab12C")
    assert done.status_code == 302
    assert done["Location"] == "/health-check", "to the page that was asked for"
    person.refresh_from_db()
    assert person.user is not None
    assert planner.session["_auth_user_id"] == str(person.user.pk)
    out = planner.post("/sign-out")
    assert "/auth/sign-out" in out["Location"]
    assert "_auth_user_id" not in planner.session
    sign_in(planner, "AB12C")
    assert User.objects.filter(user_name="ab12c").count() == 1


def test_who_is_refused(planner: Browser, prison: Any) -> None:
    officer, leaver = make_person(), make_person(left_on="2026-01-01")
    give_role(leaver, "DETAIL", prison)
    for name in (officer.user_name, leaver.user_name, "unknown"):
        done = sign_in(planner, name)
        assert done.status_code == 403, "no role on this face, gone, or nobody"
        assert "no access to the roster" in done.content.decode()
        assert "_auth_user_id" not in planner.session


def test_before_and_after_a_duty_it_is_said_when_its_rights_hold(planner: Browser, prison: Any) -> None:
    """An Orderly Officer without another role is not sent to ask the detail office."""
    person = make_person()
    now = clock.now().replace(microsecond=0)
    for starts, ends, words in (
        (now - timedelta(hours=14), now - timedelta(minutes=5), "ended at"),
        (now + timedelta(hours=2), now + timedelta(hours=16), "begin at"),
    ):
        row = give_role(person, "ORDERLY_OFFICER", prison, starts_at=starts, ends_at=ends, duty_day=starts.date())
        at = clock.london(ends if words == "ended at" else starts)
        done = sign_in(planner, person.user_name)
        assert done.status_code == 403
        said = f"Your rights as Orderly Officer {words} {at:%H:%M} on {at.day} {at:%B}"
        assert said in done.content.decode()
        row.delete()
    give_role(person, "READ_ONLY", prison)
    give_role(
        person, "ORDERLY_OFFICER", prison, starts_at=now - timedelta(hours=14), ends_at=now - timedelta(minutes=5),
        duty_day=now.date(),
    )  # fmt: skip
    sign_in(planner, person.user_name)
    late = planner.post(reverse("day_now", args=["LHI"]), {"text": "Written while the duty ended"})
    assert late.status_code == 403
    page = late.content.decode()
    assert "Your rights as Orderly Officer ended at" in page
    assert "Nothing that you sent was saved" in page


def test_a_journey_that_somebody_else_began_is_refused(planner: Browser, prison: Any) -> None:
    person = make_person()
    give_role(person, "DETAIL", prison)
    assert sign_in(planner, person.user_name, state="another").status_code == 400
    assert Browser().get("/sign-in/return", {"code": "x", "state": "y"}).status_code == 400
    assert "_auth_user_id" not in planner.session
