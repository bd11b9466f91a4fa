"""The tests of the web shell run on a site of their own (urls.py beside this file)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, override_settings

from foundation.accounts.models import User
from foundation.web import notice


@pytest.fixture(autouse=True)
def trial_site(tmp_path: Path) -> Iterator[None]:
    templates = [dict(engine) for engine in django_settings.TEMPLATES]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    overrides: dict[str, Any] = {"TEMPLATES": templates, "ROOT_URLCONF": "tests.foundation.web.urls", "DATA": tmp_path}
    with override_settings(**overrides):
        yield


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outage of one test does not hide the notice in the next."""
    monkeypatch.setitem(notice._pause, "until", 0.0)


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database cannot be reached, as Django's backend would say it."""

    def refuse(self: BaseDatabaseWrapper) -> None:
        raise OperationalError("connection to server at db-7.internal failed")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)


@pytest.fixture
def lay(db: None) -> User:
    return User.objects.create_user("dora@example.org", "x", role="ROLE_LAY_DEPUTY", is_active=True)


@pytest.fixture
def visitor() -> Client:
    """A browser that gets the error page where the test client would raise."""
    return Client(raise_request_exception=False)
