"""How often something may be done: ``limit("registration:" + source(request), times=10, seconds=3600)``.

The window begins with the first time and is counted in Redis where ``REDIS_URL`` is set, in the database otherwise
and whenever Redis does not answer: a limit never opens because a store is away. (Sign-in has a lock-out of its own
that grows: ``foundation.accounts.lockout``.)
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_network

import structlog
from django.conf import settings
from django.db import connection, models
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis import Redis, RedisError

from foundation import clock
from foundation.web.address import client_address

log = structlog.get_logger(__name__)


class Tally(models.Model):
    """How often one thing was done since its window began. The key is a keyed hash: it names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "foundation"

    def __str__(self) -> str:
        return f"tally {self.count}"


def hashed(key: str) -> str:
    """A key that cannot be turned back into the address or network that it was made of."""
    return salted_hmac("foundation.accounts.limits", key, algorithm="sha256").hexdigest()


def source(request: HttpRequest) -> str:
    """The network that a request comes from; IPv6 by /64, as one subscriber has a whole one."""
    address = client_address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def limit(key: str, times: int, seconds: int) -> bool:
    """Count one more; True as long as there have been no more than ``times`` within ``seconds``."""
    key = hashed(key)
    if settings.REDIS_URL:
        try:
            return _count_in_redis(key, seconds) <= times
        except RedisError as error:
            log.warning("limits.redis_away", error=type(error).__name__)
    return _count_in_database(key, seconds) <= times


def _count_in_redis(key: str, seconds: int) -> int:
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    with redis, redis.pipeline(transaction=True) as pipe:
        pipe.set(f"tally:{key}", 0, ex=seconds, nx=True)
        pipe.incr(f"tally:{key}")
        return int(pipe.execute()[1])


def _count_in_database(key: str, seconds: int) -> int:
    """One statement, so that two at once are two."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Tally._meta.db_table} AS tally (key, count, ends_at) VALUES (%(key)s, 1, %(end)s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN tally.ends_at <= %(now)s THEN 1 ELSE tally.count + 1 END,
                ends_at = CASE WHEN tally.ends_at <= %(now)s THEN %(end)s ELSE tally.ends_at END
            RETURNING count
            """,  # noqa: S608 - the table's name is ours
            {"key": key, "now": now, "end": now + timedelta(seconds=seconds)},
        )
        return int(cursor.fetchone()[0])
