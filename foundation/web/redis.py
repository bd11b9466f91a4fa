"""The cache in Redis, made so that losing Redis costs speed and nothing else.

While Redis does not answer, reading finds nothing and writing does nothing; it is tried again every few seconds.
What could not be written or deleted meanwhile is deleted first when it is back, so that nothing old is believed.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 2.0
TIMEOUT_SECONDS = 1.0
MOST_STALE_KEYS = 10_000


class Outage:
    """What this process knows of one Redis: until when not to try it, and which of its keys may be out of date."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.stale: set[str] = set()

    def on(self) -> bool:
        return time.monotonic() < self.until

    def begin(self, error: RedisError) -> None:
        with self.lock:
            first, self.until = self.until == 0, time.monotonic() + PAUSE_SECONDS
        if first:
            log.error("redis.lost", error=type(error).__name__)

    def end(self) -> None:
        with self.lock:
            first, self.until = self.until != 0, 0.0
        if first:
            log.info("redis.back")

    def remember(self, keys: Iterable[str]) -> None:
        with self.lock:
            self.stale.update(keys)


outages: dict[str, Outage] = {}
"""By address: Django makes a cache object for every thread, and they share what they learn."""


class ForgivingClient(RedisCacheClient):
    """Django's client, with an answer for the time when Redis gives none."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        defaults: dict[str, Any] = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(servers, **(defaults | options))
        self.outage = outages.setdefault(",".join(servers), Outage())

    def _try(self, work: Callable[..., Any], *arguments: Any, otherwise: Any, changes: Iterable[str] = ()) -> Any:
        if self.outage.on():
            self.outage.remember(changes)
            return otherwise
        try:
            self._forget_stale()
            answer = work(*arguments)
        except RedisError as error:
            self.outage.remember(changes)
            self.outage.begin(error)
            return otherwise
        self.outage.end()
        return answer

    def _forget_stale(self) -> None:
        stale = set(self.outage.stale)
        if len(stale) > MOST_STALE_KEYS:
            super().clear()
        elif stale:
            super().delete_many(stale)
        self.outage.stale -= stale

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return bool(self._try(super().add, key, value, timeout, otherwise=False))

    def get(self, key: Any, default: Any) -> Any:
        return self._try(super().get, key, default, otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._try(super().set, key, value, timeout, otherwise=None, changes=[key])

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(self._try(super().touch, key, timeout, otherwise=False))

    def delete(self, key: Any) -> bool:
        return bool(self._try(super().delete, key, otherwise=False, changes=[key]))

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        return dict(self._try(super().get_many, keys, otherwise={}))

    def has_key(self, key: Any) -> bool:
        return bool(self._try(super().has_key, key, otherwise=False))

    def incr(self, key: Any, delta: Any) -> Any:
        """Without Redis the key counts as missing, for which Django's contract is ValueError."""
        count = self._try(super().incr, key, delta, otherwise=None)
        if count is None:
            raise ValueError(f"Key '{key}' not found.")
        return count

    def set_many(self, data: Any, timeout: Any) -> None:
        self._try(super().set_many, data, timeout, otherwise=None, changes=list(data))

    def delete_many(self, keys: Iterable[Any]) -> None:
        keys = list(keys)
        self._try(super().delete_many, keys, otherwise=None, changes=keys)

    def clear(self) -> bool:
        return bool(self._try(super().clear, otherwise=False))


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient

    def check(self) -> None:
        """Write and read a value, forgiving nothing: for the health page."""
        client = self._cache.get_client(write=True)
        client.set("health-check", "OK", ex=60)
        if client.get("health-check") != b"OK":
            raise LookupError
