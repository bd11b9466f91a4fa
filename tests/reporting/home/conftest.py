"""The front site as a browser without script sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.outbox import Delivery

Mails = Callable[[], list[str]]


@pytest.fixture
def site() -> Client:
    """Nobody signed in."""
    return Client()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        site = Client()
        site.force_login(user, backend="foundation.accounts.backend.Backend")
        return site

    return sign_in


@pytest.fixture
def mails() -> Mails:
    """Kinds of the mails that were queued, oldest first."""
    return lambda: [row.payload["mail"] for row in Delivery.objects.filter(kind="mail").order_by("pk")]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())
