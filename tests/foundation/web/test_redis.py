"""Redis may die at any moment: nobody is signed out, nothing old is believed afterwards. Debian's real server."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.test import Client
from pytest_django.fixtures import Settings
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from foundation import health
from foundation.accounts.models import User
from foundation.web import redis as forgiving
from foundation.web import redis_sessions

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed"),
]


class Redis:
    """A redis-server that can be killed and started again with the data it had."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        arguments = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--appendonly", "yes"]
        always = ["--appendfsync", "always", "--save", ""]
        self.process = subprocess.Popen(["redis-server", *arguments, *always], stdout=subprocess.DEVNULL)
        for _ in range(100):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def back(self) -> None:
        """Running again, and the pause after which it is tried again over."""
        self.start()
        forgiving.outages[self.url].until = 1e-9


@pytest.fixture
def redis(tmp_path: Path, settings: Settings) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    settings.CACHES = {"default": {"BACKEND": "foundation.web.redis.ForgivingRedisCache", "LOCATION": server.url}}
    settings.SESSION_ENGINE = "foundation.web.redis_sessions"
    yield server
    server.kill()
    caches["default"].close()


class TestCache:
    def test_as_any_cache(self, redis: Redis) -> None:
        cache.set("a", {"b": 1}, 60)
        assert cache.get("a") == {"b": 1}
        assert cache.add("a", 2) is False
        cache.set("n", 1)
        assert cache.incr("n") == 2
        cache.set_many({"x": 1, "y": 2})
        assert cache.get_many(["x", "y", "z"]) == {"x": 1, "y": 2}
        cache.delete_many(["x", "y"])
        assert cache.delete("a") is True
        assert cache.get("a", "none") == "none"

    def test_dead(self, redis: Redis) -> None:
        cache.set("a", 1)
        redis.kill()
        with capture_logs() as logs:
            assert cache.get("a", "none") == "none"
            cache.set("a", 2)
            cache.set_many({"x": 1})
            assert cache.get_many(["a"]) == {}
            assert cache.add("b", 1) is False
            assert cache.touch("a") is False
            assert "a" not in cache
            assert cache.delete("a") is False
            with pytest.raises(ValueError, match="not found"):
                cache.incr("n")
        assert [one["event"] for one in logs] == ["redis.lost"], "an outage is said once"

    def test_nothing_old_is_believed_afterwards(self, redis: Redis) -> None:
        cache.set("changed", "old")
        cache.set("deleted", "old")
        cache.set("kept", "good")
        redis.kill()
        cache.set("changed", "new")
        cache.delete("deleted")
        with capture_logs() as logs:
            redis.back()
            assert cache.get("changed") is None
            assert cache.get("deleted") is None
            assert cache.get("kept") == "good"
        assert [one["event"] for one in logs] == ["redis.back"]

    def test_while_it_is_away_it_is_not_asked_for_each_request(
        self, redis: Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        redis.kill()
        cache.get("a")
        asked: list[str] = []
        monkeypatch.setattr(forgiving.RedisCacheClient, "get", lambda self, key, default: asked.append(key))
        for _ in range(5):
            cache.get("a")
        assert asked == []


class TestSessions:
    """Architecture 5: losing Redis signs nobody's work away."""

    def test_signed_in_people_stay_signed_in(self, redis: Redis, client: Client, lay: User) -> None:
        client.force_login(lay)
        assert client.get("/private/a").status_code == 200
        redis.kill()
        assert client.get("/private/a").status_code == 200
        redis.back()
        assert client.get("/private/a").status_code == 200

    def test_people_can_sign_in_meanwhile(self, redis: Redis, client: Client, lay: User) -> None:
        redis.kill()
        client.force_login(lay)
        assert client.get("/private/a").status_code == 200
        redis.back()
        assert client.get("/private/a").status_code == 200

    def test_who_signed_out_meanwhile_stays_out(self, redis: Redis, client: Client, lay: User) -> None:
        client.force_login(lay)
        client.get("/private/a")
        stolen = client.cookies.copy()
        redis.kill()
        client.logout()
        redis.back()
        client.cookies = stolen
        assert client.get("/private/a").status_code == 302

    def test_a_session_ended_elsewhere_does_not_come_back(self, redis: Redis, client: Client, lay: User) -> None:
        client.force_login(lay)
        client.get("/private/a")
        cookies = client.cookies.copy()
        client.logout()
        client.cookies = cookies
        for _ in range(2):
            assert client.get("/private/a").status_code == 302

    def test_a_request_under_way_does_not_bring_back_an_ended_session(
        self, redis: Redis, client: Client, lay: User
    ) -> None:
        client.force_login(lay)
        key = client.session.session_key
        under_way = redis_sessions.SessionStore(key)
        assert under_way["_auth_user_id"] == str(lay.pk)
        under_way.save()
        client.logout()
        with pytest.raises(UpdateError):
            under_way.save()
        assert "_auth_user_id" not in redis_sessions.SessionStore(key)

    def test_reading_costs_no_query_and_the_database_is_written_now_and_then(
        self, redis: Redis, client: Client, lay: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.force_login(lay)
        client.get("/private/a")
        before = Session.objects.get().expire_date
        client.get("/private/a")
        assert Session.objects.get().expire_date == before
        monkeypatch.setattr(redis_sessions, "KEPT_SECONDS", 0)
        client.get("/private/a")
        assert Session.objects.get().expire_date > before


def test_health_forgives_nothing(redis: Redis) -> None:
    """B-012: red while Redis is dead, well again by itself."""
    assert health.redis() is None
    redis.kill()
    with pytest.raises(RedisError):
        health.redis()
    redis.back()
    assert health.redis() is None


def test_health_without_redis(settings: Settings) -> None:
    settings.REDIS_URL = ""
    assert health.redis() == "not used"
