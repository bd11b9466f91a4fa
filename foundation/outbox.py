"""Deliveries: what has to reach the outside world, and how far each has come.

A row is written in the transaction that causes it, and the row is the only truth. A worker claims rows that are due
(``SKIP LOCKED``), holds them on a lease, and writes down what came of it:

    queued -> leased -> delivered
                     -> queued again, later         (``Unavailable``: nothing was accepted)
                     -> refused                     (``Rejected``: a person has to look)
                     -> unconfirmed                 (sent, and no usable answer came)

*Unconfirmed* is never sent again by itself unless the receiver can be asked (``look_up``) or honours our key: staff
confirm it or send it again. A lease that runs out means that the worker died with the row in hand: whether it had
been sent is unknown, so the row becomes unconfirmed too, unless ``sending_at`` shows that sending had not begun.
The promise: never lost, never silently twice, ambiguity visible.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import models, transaction

from foundation import audit, clock
from foundation.clients import Rejected, Unavailable, Unconfirmed

log = structlog.get_logger()

FIRST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_ASKED = timedelta(days=1)


class State(models.TextChoices):
    QUEUED = "queued", "Queued"
    LEASED = "leased", "In progress"
    DELIVERED = "delivered", "Delivered"
    REFUSED = "refused", "Refused"
    UNCONFIRMED = "unconfirmed", "Unconfirmed"
    CANCELLED = "cancelled", "Cancelled"


class Delivery(models.Model):
    """One thing to deliver. ``key`` is unique: queueing the same thing twice makes one row."""

    impersonal = frozenset({"kind", "key", "subject", "payload", "result", "error"})

    kind = models.CharField(max_length=40, help_text="which courier takes it")
    key = models.CharField(max_length=120, unique=True, help_text="idempotency key, sent along where it is honoured")
    subject = models.CharField(max_length=80, blank=True, db_index=True, help_text="table:id of what is delivered")
    payload = models.JSONField(default=dict, help_text="identifiers for the courier; no answers, no secrets")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=clock.now)
    order = models.PositiveSmallIntegerField(default=0, help_text="lower goes first among those that are due")
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True, help_text="when the attempt in hand began to leave this service")
    result = models.CharField(max_length=200, blank=True, help_text="the receiver's identifier")
    error = models.CharField(max_length=500, blank=True, help_text="what went wrong last, without personal data")
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "foundation"
        indexes = [
            models.Index(fields=["order", "next_at"], condition=models.Q(state="queued"), name="delivery_due"),
            models.Index(fields=["leased_until"], condition=models.Q(state="leased"), name="delivery_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def version(self) -> str:
        """How the row looked, for a person who decides about it: another state or attempt is another version."""
        return f"{self.state}/{self.attempts}/{self.sending_at}/{self.done_at}"


class Changed(Exception):
    """The delivery is no longer as the person who decided about it saw it: nothing was done."""


class Courier(Protocol):
    """Takes one kind of delivery out. A file a courier; found by ``courier("kind")``.

    ``prepare`` reads what is needed from our side and may raise ``Wait`` (not its turn yet) or ``Rejected``.
    ``send`` goes out with it and returns the receiver's identifier; it raises ``Unavailable``, ``Rejected`` or
    ``Unconfirmed``. With ``looks_up`` the receiver is asked by ``look_up`` before every further attempt whether an
    earlier one arrived: the receiver's identifier, or "" when nothing did. ``arrived`` runs in the transaction that
    marks the row delivered, ``failed`` in the one that refuses it.
    """

    honours_key: bool
    looks_up: bool

    def prepare(self, delivery: Delivery) -> Any: ...
    def send(self, delivery: Delivery, prepared: Any) -> str: ...
    def look_up(self, delivery: Delivery) -> str: ...
    def arrived(self, delivery: Delivery, result: str) -> None: ...
    def failed(self, delivery: Delivery) -> None: ...


class Wait(Exception):
    """Not its turn: what it depends on has not arrived. It stays queued and costs no attempt."""


class BaseCourier:
    """What most couriers share: no key, no look-up, nothing more to do on arrival or failure."""

    honours_key = False
    looks_up = False

    def prepare(self, delivery: Delivery) -> Any:
        return None

    def look_up(self, delivery: Delivery) -> str:
        return ""

    def arrived(self, delivery: Delivery, result: str) -> None:
        pass

    def failed(self, delivery: Delivery) -> None:
        pass


couriers: dict[str, Courier] = {}


def courier(kind: str) -> Callable[[type[Any]], type[Any]]:
    """Class decorator: this class takes deliveries of ``kind``."""

    def register(cls: type[Any]) -> type[Any]:
        couriers[kind] = cls()
        return cls

    return register


def subject_of(thing: models.Model) -> str:
    return f"{thing._meta.db_table}:{thing.pk}"


def queue(kind: str, key: str, *, subject: models.Model | None = None, order: int = 0, **payload: Any) -> Delivery:
    """Write a delivery in the caller's transaction; the same key again returns the row that is there.

    After commit a worker is told; should that fail, the minute's sweep finds the row.
    """
    delivery, _made = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": payload,
            "order": order,
            "subject": subject_of(subject) if subject is not None else "",
        },
    )
    transaction.on_commit(_tell_worker, robust=True)
    return delivery


def _tell_worker() -> None:
    from foundation.jobs import deliver_soon

    deliver_soon()


def deliver_due(limit: int | None = None) -> int:
    """Deliver everything that is due, one row at a time; returns how many rows were tried."""
    release_expired()
    tried = 0
    while (limit is None or tried < limit) and (delivery := claim()):
        carry(delivery)
        tried += 1
    return tried


def claim() -> Delivery | None:
    """Take the next row that is due into this worker's hands."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(state=State.QUEUED, next_at__lte=clock.now(), kind__in=list(couriers))
            .order_by("order", "next_at", "pk")
            .first()
        )
        if delivery is None:
            return None
        delivery.state = State.LEASED
        delivery.lease = uuid4()
        delivery.leased_until = clock.now() + timedelta(seconds=settings.LEASE_SECONDS)
        delivery.sending_at = None
        delivery.save()
    return delivery


def release_expired() -> int:
    """Settle rows whose worker died: back to the queue if sending had not begun, else unconfirmed."""
    released = 0
    while True:
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True)
                .filter(state=State.LEASED, leased_until__lt=clock.now())
                .first()
            )
            if delivery is None:
                return released
            taker = couriers.get(delivery.kind)
            if delivery.sending_at is None:
                _requeue(delivery, "The worker stopped before sending.", clock.now())
            elif taker is not None and may_repeat(taker):
                _requeue(delivery, "The worker stopped while sending.", clock.now())
            else:
                _unconfirm(delivery, "The worker stopped while sending.")
            released += 1


def carry(delivery: Delivery) -> None:
    """Take one leased row out and write down what came of it."""
    taker = couriers[delivery.kind]
    try:
        if delivery.attempts and taker.looks_up and (found := taker.look_up(delivery)):
            _settle(delivery, taker, found)
            return
        prepared = taker.prepare(delivery)
        if _begin(delivery):
            _settle(delivery, taker, taker.send(delivery, prepared))
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the row says so
        _held(delivery, _outcome(taker, error))


def _outcome(taker: Courier, error: Exception) -> Callable[[Delivery], None]:
    """What an attempt that ended in this error does to its row."""
    match error:
        case Wait():
            return lambda row: _wait(row, str(error))
        case Unavailable():
            return lambda row: _requeue(row, str(error), clock.now() + wait(row.attempts, error))
        case Unconfirmed():
            return lambda row: _doubt(row, taker, str(error))
        case Rejected():
            return lambda row: _refuse(row, taker, str(error))
        case _:
            log.error("delivery_failed", error=type(error).__name__, exc_info=error)
            return lambda row: _fault(row, taker, type(error).__name__)


def _begin(delivery: Delivery) -> bool:
    """Note, durably and before the first byte leaves, that sending begins. False: the lease was lost."""
    return bool(
        Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=State.LEASED).update(
            sending_at=clock.now(), attempts=models.F("attempts") + 1
        )
    )


def _held(delivery: Delivery, then: Callable[[Delivery], None]) -> None:
    """Change the row if this worker still holds it; otherwise somebody else has settled it."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(pk=delivery.pk, lease=delivery.lease).first()
        if row is not None:
            then(row)


def _settle(delivery: Delivery, taker: Courier, result: str) -> None:
    with transaction.atomic():
        # Even when the lease ran out meanwhile: an answer in hand is better than doubt.
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state == State.DELIVERED:
            return
        row.state, row.result, row.error, row.done_at, row.lease = State.DELIVERED, str(result), "", clock.now(), None
        row.save()
        taker.arrived(row, str(result))


def wait(attempts: int, error: Unavailable | None = None) -> timedelta:
    """Doubling from a minute to six hours; not less than the receiver asked for, within reason."""
    backed_off: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 12), LONGEST_WAIT)
    asked = min(timedelta(seconds=getattr(error, "retry_after", None) or 0), LONGEST_ASKED)
    return max(backed_off * float(settings.DELIVERY_WAIT_FACTOR), asked)


def may_repeat(taker: Courier) -> bool:
    """Whether a second attempt after a doubtful one cannot make a second delivery."""
    return taker.honours_key or taker.looks_up


def _wait(row: Delivery, reason: str) -> None:
    row.state, row.lease, row.leased_until, row.error = State.QUEUED, None, None, reason[:500]
    row.next_at = clock.now() + FIRST_WAIT * settings.DELIVERY_WAIT_FACTOR
    row.save()


def _requeue(row: Delivery, error: str, at: Any) -> None:
    row.state, row.lease, row.leased_until, row.next_at, row.error = State.QUEUED, None, None, at, error[:500]
    row.sending_at = None
    row.save()


def _unconfirm(row: Delivery, error: str) -> None:
    row.state, row.lease, row.leased_until, row.error = State.UNCONFIRMED, None, None, error[:500]
    row.save()
    audit.record("DELIVERY_UNCONFIRMED", subject=row, reason=row.error)


def _doubt(row: Delivery, taker: Courier, error: str) -> None:
    """Sent without an answer: again by itself only if that cannot make a second one."""
    if may_repeat(taker):
        _requeue(row, error, clock.now() + wait(row.attempts))
    else:
        _unconfirm(row, error)


def _refuse(row: Delivery, taker: Courier, error: str) -> None:
    row.state, row.lease, row.leased_until, row.error, row.done_at = State.REFUSED, None, None, error[:500], clock.now()
    row.save()
    audit.record("DELIVERY_REFUSED", subject=row, reason=row.error)
    taker.failed(row)


def _fault(row: Delivery, taker: Courier, name: str) -> None:
    if row.sending_at is None:
        row.attempts += 1
        _requeue(row, f"A fault of ours: {name}.", clock.now() + wait(row.attempts))
    else:
        _doubt(row, taker, f"A fault of ours while sending: {name}.")


def confirm(delivery: Delivery, *, by: Any, result: str = "", version: str | None = None) -> None:
    """A person says that an unconfirmed delivery did arrive; raises ``Changed`` if it is not as they saw it."""
    with transaction.atomic():
        row = _seen(delivery, {State.UNCONFIRMED}, version)
        row.state, row.result, row.error, row.done_at = State.DELIVERED, result, "", clock.now()
        row.save()
        couriers[row.kind].arrived(row, result)
        audit.record("DELIVERY_CONFIRMED", by=by, subject=row, after={"result": result})
        # What waited for it (a report's documents) can go now.
        transaction.on_commit(_tell_worker, robust=True)


def resend(delivery: Delivery, *, by: Any, version: str | None = None) -> None:
    """An unconfirmed or refused delivery is to be sent again; raises ``Changed`` if it is not as they saw it."""
    with transaction.atomic():
        row = _seen(delivery, {State.UNCONFIRMED, State.REFUSED}, version)
        before = {"state": row.state, "error": row.error}
        row.attempts = 0
        row.done_at = None
        _requeue(row, "", clock.now())
        audit.record("DELIVERY_RESENT", by=by, subject=row, before=before)
        transaction.on_commit(_tell_worker, robust=True)


def _seen(delivery: Delivery, states: set[State], version: str | None) -> Delivery:
    """The row, locked, in one of these states and as the person saw it."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state not in states or (version is not None and version != row.version):
        raise Changed
    return row
