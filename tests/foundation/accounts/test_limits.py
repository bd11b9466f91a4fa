"""How often something may be done: in the database, in Redis, and while Redis dies."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from redis import Redis, RedisError

from foundation.accounts import lockout
from foundation.accounts.limits import Tally, limit
from tests.foundation.accounts.conftest import Clock

pytestmark = pytest.mark.django_db


class Server:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                Redis.from_url(self.url).ping()
                return
            except RedisError:
                time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    server = Server(tmp_path)
    with override_settings(REDIS_URL=server.url):
        yield server
    server.kill()


def test_the_first_so_many_are_let_through() -> None:
    assert [limit("key", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert limit("other key", 3, 60)


def test_a_new_window_begins_when_the_old_one_is_over(moving_clock: Clock) -> None:
    assert limit("key", 1, 60)
    moving_clock.forward(seconds=59)
    assert not limit("key", 1, 60)
    moving_clock.forward(seconds=1)
    assert limit("key", 1, 60)


def test_what_is_stored_names_nobody() -> None:
    limit("forgotten:ada@example.com", 3, 60)
    assert "ada" not in str(list(Tally.objects.values()))


def test_redis_counts_where_it_is_set(redis: Server) -> None:
    assert [limit("key", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert not Tally.objects.exists()
    (key,) = Redis.from_url(redis.url).keys()
    assert 0 < int(Redis.from_url(redis.url).ttl(key)) <= 60


def test_when_redis_dies_the_database_goes_on_counting(redis: Server) -> None:
    """Never open because a store is away: the limit begins anew in the database, and holds there."""
    assert [limit("key", 2, 60) for _ in range(3)] == [True, True, False]
    redis.kill()
    assert [limit("key", 2, 60) for _ in range(4)] == [True, True, False, False]


def test_counters_that_count_no_more_are_forgotten(moving_clock: Clock) -> None:
    limit("short", 1, 60)
    limit("long", 1, 2 * 24 * 3600)
    lockout.attempt("ada@example.com", "203.0.113.7")
    assert lockout.tidy() == {"counters": 0, "tallies": 0}
    moving_clock.forward(hours=25)
    assert lockout.tidy() == {"counters": 2, "tallies": 1}
