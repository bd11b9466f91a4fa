"""Sessions read from Redis and kept in the database too: when Redis dies, nobody is signed out.

The database is written when a session changes, and otherwise every few minutes, to move its end on.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.cached_db import SessionStore as CachedDatabaseSessions
from django.core.cache import BaseCache

from foundation import clock

KEPT = "_kept"
KEPT_SECONDS = 300


class SessionStore(CachedDatabaseSessions):
    _cache: BaseCache
    _get_session: Callable[..., dict[str, Any]]

    def save(self, must_create: bool = False) -> None:
        if not must_create and not self.modified and self._prolonged():
            return
        self._get_session(no_load=must_create)[KEPT] = int(clock.now().timestamp())
        super().save(must_create)

    def _prolonged(self) -> bool:
        """Whether moving the end in Redis was enough. A session ended elsewhere is not there any more: it stays so."""
        kept = self._get_session().get(KEPT, 0)
        if clock.now().timestamp() - kept >= KEPT_SECONDS:
            return False
        return self._cache.touch(self.cache_key, self.get_expiry_age())
