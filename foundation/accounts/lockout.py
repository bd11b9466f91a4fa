"""One lock-out that grows: on the address that was typed and, apart from it, on the network it was typed from.

An attempt is counted before the password is looked at, under a lock on the counter's row, so that many at once are
many. Ten failures freeze for half an hour, twenty for an hour, thirty and every further ten for two hours, and it
never ends. A counter forgets after 24 quiet hours; signing in clears the address's own. Attempts made while frozen
are not looked at and not counted: otherwise a stranger could keep the owner out by hammering alone. Addresses that
nobody has are treated just the same.

It lives in the database even where Redis is set: sign-in needs the database anyway, and a Redis that forgets would
hand out new guesses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from foundation import clock
from foundation.accounts.limits import Tally, hashed
from foundation.accounts.models import Users

WARN_AFTER, WARN_WITHIN = 5, timedelta(minutes=10)
FREEZES = (timedelta(minutes=30), timedelta(minutes=60), timedelta(minutes=120))
LIFE = timedelta(hours=24)


class SignInCounter(models.Model):
    """Failed sign-ins of one address or one network. The key is a keyed hash: it names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    latest = ArrayField(models.DateTimeField(), default=list, help_text="when the last few were")
    frozen_until = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        app_label = "foundation"

    def __str__(self) -> str:
        return f"counter {self.count}"

    def add(self, now: datetime, step: int) -> bool:
        """Count one; True if that froze it."""
        if now - self.updated_at > LIFE:
            self.count, self.latest = 0, []
        self.count += 1
        self.latest = [*self.latest, now][-WARN_AFTER:]
        self.updated_at = now
        froze = self.count % step == 0
        if froze:
            self.frozen_until = now + FREEZES[min(self.count // step, len(FREEZES)) - 1]
        return froze

    def frozen(self, now: datetime) -> bool:
        return self.frozen_until is not None and self.frozen_until > now

    def hasty(self, now: datetime) -> bool:
        return len(self.latest) >= WARN_AFTER and now - self.latest[0] <= WARN_WITHIN


@dataclass(frozen=True)
class Attempt:
    """One attempt as the counters see it."""

    admitted: bool
    """False: frozen, do not look at the password."""
    minutes: int = 0
    """Whole minutes for which it is frozen from now on; 0 if it is not."""
    warn: bool = False
    """Many failures in a short time: say what comes next."""
    froze: bool = False
    """This very attempt used up the last one."""


def address_key(email: str) -> str:
    return hashed(f"address:{Users.normalise(email)}")


def source_key(network: str) -> str:
    return hashed(f"source:{network}")


def _steps(email: str, network: str) -> dict[str, int]:
    return {address_key(email): settings.LOCK_OUT_STEP, source_key(network): settings.LOCK_OUT_STEP_SOURCE}


def attempt(email: str, network: str) -> Attempt:
    """Count one attempt for the address and its network, unless either is frozen."""
    steps = _steps(email, network)
    now = clock.now()
    with _counters(list(steps)) as counters:
        if any(counter.frozen(now) for counter in counters):
            return Attempt(admitted=False, minutes=_minutes(counters, now))
        froze = [counter.add(now, steps[counter.key]) for counter in counters]
        for counter in counters:
            counter.save()
        warn = any(counter.hasty(now) for counter in counters if counter.key == address_key(email))
        return Attempt(admitted=True, minutes=_minutes(counters, now), warn=warn, froze=any(froze))


def take_back(email: str, network: str) -> None:
    """The attempt was right: it does not count, for the address and its network, nor does a freeze that it set off."""
    with _counters(list(steps := _steps(email, network))) as counters:
        for counter in counters:
            if counter.count % steps[counter.key] == 0:
                counter.frozen_until = None
            counter.count = max(0, counter.count - 1)
            counter.save()


def forgive(email: str, network: str) -> None:
    """Signed in: the address starts anew; the network only takes this one attempt back."""
    take_back(email, network)
    clear(email)


def clear(email: str) -> None:
    """The owner has proved who they are: forget the failures of their address, never those of a network."""
    SignInCounter.objects.filter(key=address_key(email)).update(count=0, latest=[], frozen_until=None)


@contextmanager
def _counters(keys: list[str]) -> Iterator[list[SignInCounter]]:
    """The rows, made where missing and locked in one order, so that two attempts never wait for each other."""
    SignInCounter.objects.bulk_create([SignInCounter(key=key) for key in sorted(keys)], ignore_conflicts=True)
    with transaction.atomic():
        yield list(SignInCounter.objects.select_for_update().filter(key__in=keys).order_by("key"))


def _minutes(counters: list[SignInCounter], now: datetime) -> int:
    """Whole minutes until the last of them thaws, rounded up."""
    ends = [counter.frozen_until for counter in counters if counter.frozen_until is not None]
    left = max((end - now for end in ends), default=timedelta())
    return max(0, -(-int(left.total_seconds()) // 60))


def tidy() -> dict[str, int]:
    """Forget counters that count no more."""
    now = clock.now()
    counters, _ = SignInCounter.objects.filter(updated_at__lt=now - LIFE).delete()
    tallies, _ = Tally.objects.filter(ends_at__lt=now).delete()
    return {"counters": counters, "tallies": tallies}
