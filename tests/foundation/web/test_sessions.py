"""Sessions in the database: their end moves on, seldom written and never earlier than promised."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from foundation import clock
from foundation.accounts.models import User
from foundation.web.sessions import SessionStore

pytestmark = pytest.mark.django_db


def lasts(seconds: float) -> None:
    """As if the session had been written so long ago that it ends in so many seconds."""
    Session.objects.update(expire_date=clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def signed_in(client: Client, lay: User) -> Client:
    client.force_login(lay)
    return client


def test_the_end_is_never_before_what_the_page_promises(signed_in: Client) -> None:
    for late in (0, 30, 60, 64, 66, 600):
        lasts(settings.SESSION_IDLE_SECONDS + SessionStore().spare.total_seconds() - late)
        signed_in.get("/private/a")
        assert Session.objects.get().expire_date >= clock.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS - 1)


def test_a_second_page_soon_after_does_not_write(signed_in: Client) -> None:
    signed_in.get("/private/a")
    before = Session.objects.get().expire_date
    answer = signed_in.get("/private/a")
    assert Session.objects.get().expire_date == before
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_IDLE_SECONDS


def test_what_is_put_into_it_is_written_at_once(signed_in: Client) -> None:
    key = signed_in.session.session_key
    session = SessionStore(key)
    session["answer"] = "42"
    session.save()
    assert SessionStore(key)["answer"] == "42"


def test_one_that_ended_elsewhere_stays_so(signed_in: Client) -> None:
    under_way = SessionStore(signed_in.session.session_key)
    assert "_auth_user_id" in under_way
    signed_in.logout()
    under_way.save()
    assert not Session.objects.exists()


@pytest.mark.defect("people 5.3", "tokens never expired")
def test_one_that_is_over_is_not_read(signed_in: Client) -> None:
    lasts(-1)
    assert "_auth_user_id" not in SessionStore(signed_in.session.session_key)
