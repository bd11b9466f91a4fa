"""Sessions in the database. Their end moves on with every page, but is written only now and then: otherwise reading a
page would write too, and wait until that is on the disk (bench/results/pages.md).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession

from foundation import clock


class SessionStore(DatabaseSessions):
    """Lasts a little longer than promised, by ``spare``: within it no page has to move the end on."""

    _get_session_from_db: Callable[[], AbstractBaseSession | None]
    _row: AbstractBaseSession | None = None

    @property
    def spare(self) -> timedelta:
        return timedelta(seconds=settings.SESSION_IDLE_SECONDS // 60)

    def load(self) -> dict[str, Any]:
        self._row = self._get_session_from_db()
        return self.decode(self._row.session_data) if self._row else {}

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.expire_date += self.spare
        return row

    def save(self, must_create: bool = False) -> None:
        if must_create or self.modified or self._row is None or self._row.expire_date < self._promised():
            super().save(must_create)

    def _promised(self) -> datetime:
        return clock.now() + timedelta(seconds=self.get_expiry_age())
