"""One lock-out that grows, on the address and on the network (deputy-people 5.2, its defects resolved)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory, override_settings

from foundation.accounts import limits, lockout
from foundation.accounts.lockout import SignInCounter
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from tests.foundation.accounts.conftest import EMAIL, Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Any]
FAR = "203.0.113.7"


def fail(times: int, email: str = EMAIL, network: str = FAR) -> lockout.Attempt:
    for _ in range(times):
        attempt = lockout.attempt(email, network)
    return attempt


def test_five_failures_in_ten_minutes_are_warned_about(moving_clock: Clock) -> None:
    assert not fail(4).warn
    assert fail(1).warn


def test_five_slow_failures_are_not(moving_clock: Clock) -> None:
    for _ in range(6):
        assert not fail(1).warn
        moving_clock.forward(minutes=3)


@pytest.mark.defect("people 5.2", "after 30 attempts nothing froze any more")
def test_freezes_grow_and_never_end(moving_clock: Clock) -> None:
    found = []
    for _ in range(6):
        assert fail(9).minutes == 0
        attempt = fail(1)
        assert attempt.froze
        found.append(attempt.minutes)
        moving_clock.forward(minutes=attempt.minutes, seconds=1)
    assert found == [30, 60, 120, 120, 120, 120]


def test_a_frozen_attempt_is_told_the_whole_minutes_left_and_does_not_count(moving_clock: Clock) -> None:
    fail(10)
    moving_clock.forward(minutes=28, seconds=30)
    blocked = fail(50)
    assert (blocked.admitted, blocked.minutes) == (False, 2)
    assert SignInCounter.objects.get(key=lockout.address_key(EMAIL)).count == 10
    moving_clock.forward(minutes=1, seconds=31)
    assert fail(1).admitted


def test_a_counter_lives_for_a_day_from_the_latest_attempt(moving_clock: Clock) -> None:
    fail(8)
    moving_clock.forward(hours=23)
    fail(1)
    moving_clock.forward(hours=23)
    assert fail(1).froze
    moving_clock.forward(hours=24, seconds=1)
    assert not fail(9).froze


@pytest.mark.parametrize("typed", ["ada@example.com", " ADA@example.com", "Ada@EXAMPLE.com "])
@pytest.mark.defect("people 5.2", "changing letter case evaded the counter")
def test_case_and_blanks_share_a_counter(typed: str) -> None:
    fail(9)
    assert fail(1, typed).froze


def test_addresses_do_not_share_one(moving_clock: Clock) -> None:
    fail(10)
    assert fail(1, "grace@example.com", "198.51.100.1").admitted


@pytest.mark.defect("people 5.2", "the network was not counted")
def test_a_network_that_tries_many_addresses_is_frozen_later(moving_clock: Clock) -> None:
    for number in range(49):
        assert lockout.attempt(f"person{number}@example.com", FAR).admitted
    assert lockout.attempt("person49@example.com", FAR).minutes == 30
    assert not lockout.attempt("person50@example.com", FAR).admitted
    assert lockout.attempt("person50@example.com", "198.51.100.1").admitted


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
    ],
)
def test_an_ipv6_subscriber_is_one_network(one: str, other: str, same: bool) -> None:
    found = {limits.source(RequestFactory().get("/", REMOTE_ADDR=address)) for address in (one, other)}
    assert len(found) == (1 if same else 2)


def test_success_clears_the_address_and_not_the_network(moving_clock: Clock) -> None:
    fail(9)
    fail(1)  # the tenth was the right password
    lockout.forgive(EMAIL, FAR)
    assert fail(9).minutes == 0
    assert SignInCounter.objects.get(key=lockout.source_key(FAR)).count == 18


def test_a_right_password_that_still_owes_a_code_neither_counts_nor_clears(moving_clock: Clock) -> None:
    fail(9)
    assert fail(1).froze
    lockout.take_back(EMAIL, FAR)
    assert fail(1).froze


def test_counters_name_nobody() -> None:
    fail(1)
    stored = str(list(SignInCounter.objects.values()))
    assert EMAIL not in stored
    assert FAR not in stored


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_the_page_says_how_long_and_refuses_the_right_password_too(
    user: User, sign_in: SignIn, client: Client, moving_clock: Clock, email: str
) -> None:
    """An address that nobody has is treated just the same."""
    for _ in range(4):
        assert "several failed attempts" not in sign_in(email, "Wrong-Password-1").content.decode()
    for _ in range(5):
        assert "several failed attempts" in sign_in(email, "Wrong-Password-1").content.decode()
    tenth = sign_in(email, "Wrong-Password-1")
    assert tenth.status_code == 429
    assert "Wait 30 minutes" in tenth.content.decode()
    moving_clock.forward(minutes=29, seconds=1)
    assert "Wait 1 minute," in sign_in(email).content.decode()
    assert client.get("/steps").status_code == 302
    moving_clock.forward(minutes=1)
    assert sign_in(email).status_code == (302 if email == EMAIL else 200)
    assert AuditEvent.objects.filter(event="LOCKED_OUT").count() == 1


def test_a_right_password_at_the_tenth_attempt_signs_in(user: User, sign_in: SignIn) -> None:
    for _ in range(9):
        sign_in(password="Wrong-Password-1")
    assert sign_in().status_code == 302
    assert sign_in(password="Wrong-Password-1").status_code == 200


@override_settings(LOCK_OUT_STEP=4, LOCK_OUT_STEP_SOURCE=6)
def test_both_thresholds_are_settings() -> None:
    assert fail(4).froze
    assert lockout.attempt("grace@example.com", FAR).admitted
    assert lockout.attempt("joan@example.com", FAR).froze


def together(times: int, work: Callable[[], Any]) -> list[Any]:
    """Runs ``work`` in so many threads that start as one."""
    barrier, found = threading.Barrier(times), []

    def run() -> None:
        try:
            barrier.wait(20)
            found.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == times
    return found


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_ten_are_looked_at() -> None:
    attempts = together(24, lambda: lockout.attempt(EMAIL, FAR))
    assert sum(attempt.admitted for attempt in attempts) == 10
    assert sum(attempt.froze for attempt in attempts) == 1


@pytest.mark.django_db(transaction=True)
def test_a_limit_counts_every_one_of_many_at_once() -> None:
    admitted = together(20, lambda: limits.limit("race", 7, 60))
    assert sum(admitted) == 7
