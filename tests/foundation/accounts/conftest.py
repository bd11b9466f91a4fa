"""People and a site for the tests of accounts."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from foundation import clock
from foundation.accounts.models import User

PASSWORD = "Correct-Horse-42"
NEW_PASSWORD = "Another-Horse-43"
EMAIL = "ada@example.com"


@pytest.fixture(autouse=True)
def site() -> Iterator[None]:
    # Argon2 at its least: these tests check hundreds of passwords.
    hashers = ["tests.foundation.accounts.hasher.Quick"]
    with override_settings(ROOT_URLCONF="tests.foundation.accounts.urls", SITE="front", PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's answers, as they are for a person whom nothing is special about."""
    monkeypatch.setattr("reporting.shell.landing", lambda user: "/steps", raising=False)
    monkeypatch.setattr("reporting.shell.may_sign_in", lambda user: None, raising=False)


@pytest.fixture
def admin_site() -> Iterator[None]:
    with override_settings(SITE="admin"):
        yield


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    def make(email: str = EMAIL, password: str | None = PASSWORD, **fields: Any) -> User:
        active = fields.pop("active", password is not None)
        given = {"first_name": "Ada", "last_name": "Byron", "role": "ROLE_LAY_DEPUTY", **fields}
        if active:
            given |= {"is_active": True, "registered_at": clock.now()}
        return User.objects.create_user(email, password, **given)

    return make


@pytest.fixture
def user(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def staff(make_user: Callable[..., User]) -> User:
    return make_user("staff@example.com", role="ROLE_ADMIN")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept": "text/html"})


class Clock:
    """Moves the time that the service asks for, and that signatures are dated by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr("django.core.signing.time.time", lambda: self.now.timestamp())

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def moving_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    def sign_in(email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Any:
        return client.post("/sign-in", {"email": email, "password": password, **more.pop("data", {})}, **more)

    return sign_in
