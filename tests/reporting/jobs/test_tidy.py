"""The nightly tidying leaves what still counts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from foundation import clock, jobs
from foundation.accounts.limits import Tally, limit

pytestmark = pytest.mark.django_db


def test_what_is_over_goes_and_the_rest_stays() -> None:
    for key, days in (("over", -1), ("alive", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=clock.now() + timedelta(days=days))
    limit("alive", 1, 3600)
    Tally.objects.create(key="over", count=1, ends_at=clock.now() - timedelta(seconds=1))
    row = jobs.run_now("tidy")
    assert row.ok
    assert row.detail["tallies"] == 1
    assert [session.session_key for session in Session.objects.all()] == ["alive"]
    assert Tally.objects.count() == 1
