"""The second factor of staff: set up before anything else, asked for ever after, no code twice."""

import re
import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings

from foundation.accounts import second_factor
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from tests.foundation.accounts.conftest import EMAIL, NEW_PASSWORD, Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("admin_site")]
SignIn = Callable[..., Any]
STAFF = "staff@example.com"


@pytest.fixture
def with_factor(staff: User) -> User:
    second_factor.enable(staff, second_factor.new_secret())
    return staff


def give(client: Client, code: str) -> Any:
    return client.post("/sign-in/code", {"code": code})


def test_staff_set_it_up_before_anything_else(staff: User, client: Client, sign_in: SignIn) -> None:
    assert sign_in(STAFF, data={"next": "/orders"})["Location"] == "/sign-in/set-up"
    assert client.get("/steps").status_code == 302, "nobody yet"
    assert client.get("/sign-in/code")["Location"] == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").content.decode()
    assert "<svg" in page
    secret = re.search(r"Key: <code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")  # type: ignore[index]
    assert "not right" in client.post("/sign-in/set-up", {"code": "000000"}).content.decode()
    moment = second_factor._moment()
    code = second_factor.format_hotp_value(second_factor.hotp_value(secret, moment))
    response = client.post("/sign-in/set-up", {"code": code})
    assert response["Location"] == "/account/recovery-codes?next=%2Forders"
    codes = client.get(response["Location"]).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes)) == 10
    assert 'href="/orders"' in codes
    assert "<li><code>" not in client.get("/account/recovery-codes").content.decode(), "shown once"
    assert client.get("/steps").status_code == 200
    client.post("/sign-out")
    sign_in(STAFF)
    assert "has been used" in give(client, code).content.decode(), "the code of the set-up is used up"


def test_the_code_is_the_second_step(with_factor: User, client: Client, sign_in: SignIn) -> None:
    assert sign_in(STAFF, data={"next": "/orders"})["Location"] == "/sign-in/code"
    assert client.get("/steps").status_code == 302
    assert client.get("/sign-in/set-up")["Location"] == "/sign-in/code", "nobody replaces a factor by password alone"
    assert client.get("/sign-in/code").status_code == 200
    assert give(client, second_factor.next_code(with_factor))["Location"] == "/orders"
    assert client.get("/steps").status_code == 200
    assert AuditEvent.objects.filter(event="SIGNED_IN").count() == 1


def test_without_the_password_there_is_no_second_step(with_factor: User, client: Client) -> None:
    assert give(client, second_factor.next_code(with_factor))["Location"] == "/sign-in"
    assert client.get("/sign-in/set-up")["Location"] == "/sign-in"


def test_the_second_step_waits_ten_minutes(
    with_factor: User, client: Client, sign_in: SignIn, moving_clock: Clock
) -> None:
    sign_in(STAFF)
    moving_clock.forward(minutes=10, seconds=1)
    assert give(client, second_factor.next_code(with_factor))["Location"] == "/sign-in"


def test_a_new_password_ends_the_second_step(with_factor: User, client: Client, sign_in: SignIn) -> None:
    sign_in(STAFF)
    with_factor.set_password(NEW_PASSWORD)
    with_factor.save()
    assert give(client, second_factor.next_code(with_factor))["Location"] == "/sign-in"


def test_no_code_works_twice(with_factor: User, moving_clock: Clock) -> None:
    code = second_factor.next_code(with_factor)
    assert second_factor.verify(with_factor, code[:3] + " " + code[3:])
    assert not second_factor.verify(with_factor, code)
    moving_clock.forward(seconds=30)
    assert not second_factor.verify(with_factor, code), "also while it is within the drift"
    assert second_factor.verify(with_factor, second_factor.next_code(with_factor))


def test_an_older_code_does_not_work_after_a_newer_one(with_factor: User, moving_clock: Clock) -> None:
    older = second_factor.next_code(with_factor)
    moving_clock.forward(seconds=30)
    assert second_factor.verify(with_factor, second_factor.next_code(with_factor))
    assert not second_factor.verify(with_factor, older)


@pytest.mark.parametrize(("late", "taken"), [(0, True), (59, True), (60, False), (-30, True), (-31, False)])
def test_a_phone_may_be_half_a_minute_off(with_factor: User, moving_clock: Clock, late: int, taken: bool) -> None:
    moving_clock.now = moving_clock.now.replace(second=0, microsecond=0)
    code = second_factor.next_code(with_factor)
    moving_clock.forward(seconds=late)
    assert second_factor.verify(with_factor, code) is taken


def test_wrong_codes_lock_out_like_wrong_passwords(
    with_factor: User, client: Client, sign_in: SignIn, moving_clock: Clock
) -> None:
    """And giving the right password in between does not start the count anew."""
    for _ in range(5):
        sign_in(STAFF)
        give(client, "000000")
        give(client, "000001")
    assert "Wait 30 minutes" in give(client, second_factor.next_code(with_factor)).content.decode()
    assert "Wait 30 minutes" in sign_in(STAFF).content.decode()


def test_a_recovery_code_works_once(with_factor: User, client: Client, sign_in: SignIn) -> None:
    code = second_factor.recovery_codes(with_factor)[3]
    sign_in(STAFF)
    assert give(client, code).status_code == 302
    assert len(second_factor.recovery_codes(with_factor)) == 9
    client.post("/sign-out")
    sign_in(STAFF)
    assert "has been used" in give(client, code).content.decode()
    assert AuditEvent.objects.filter(event="RECOVERY_CODE_USED").count() == 1


def test_new_recovery_codes_need_the_password(with_factor: User, client: Client, sign_in: SignIn) -> None:
    sign_in(STAFF)
    give(client, second_factor.next_code(with_factor))
    before = second_factor.recovery_codes(with_factor)
    assert (
        "not your current password"
        in client.post("/account/recovery-codes", {"current_password": "Wrong-Password-1"}).content.decode()
    )
    assert second_factor.recovery_codes(with_factor) == before
    assert client.post("/account/recovery-codes", {"current_password": "Correct-Horse-42"}).status_code == 302
    after = second_factor.recovery_codes(with_factor)
    assert not set(before) & set(after)
    assert after[0] in client.get("/account/recovery-codes").content.decode()


def test_secrets_are_encrypted_and_survive_a_new_key(with_factor: User, settings: Any) -> None:
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not re.search(r"'[A-Z2-7]{32}'", stored)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "1" * 50
    assert second_factor.verify(with_factor, second_factor.next_code(with_factor))
    settings.SECRET_KEY_FALLBACKS = []
    assert second_factor.next_code(with_factor)


def test_deputies_are_not_asked(user: User, client: Client) -> None:
    with override_settings(SITE="front"):
        assert client.post("/sign-in", {"email": EMAIL, "password": "Correct-Horse-42"})["Location"] == "/steps"


def test_a_tester_is_told_a_code(staff: User, client: Client, sign_in: SignIn) -> None:
    out = StringIO()
    call_command("second_factor", "STAFF@example.com", stdout=out)
    sign_in(STAFF)
    assert give(client, out.getvalue().strip()).status_code == 302
    again = StringIO()
    call_command("second_factor", STAFF, stdout=again)
    assert again.getvalue() != out.getvalue(), "not the used one"
    client.post("/sign-out")
    sign_in(STAFF)
    assert give(client, again.getvalue().strip()).status_code == 302


def test_nobody_is_told_one_in_production(with_factor: User) -> None:
    with override_settings(LOCAL=False), pytest.raises(CommandError):
        call_command("second_factor", STAFF)
    with override_settings(LOCAL=False), pytest.raises(RuntimeError):
        second_factor.next_code(with_factor)


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_of_a_code_at_once_one_counts(make_user: Callable[..., User]) -> None:
    staff = make_user(STAFF, role="ROLE_ADMIN")
    second_factor.enable(staff, second_factor.new_secret())
    code, barrier, found = second_factor.next_code(staff), threading.Barrier(4), []

    def run() -> None:
        try:
            barrier.wait(20)
            found.append(second_factor.verify(staff, code))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [False, False, False, True]
