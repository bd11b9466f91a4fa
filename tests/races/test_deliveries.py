"""Many workers and staff at once on deliveries: each is carried once, and one decision holds."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from foundation import outbox
from foundation.audit import AuditEvent
from foundation.outbox import BaseCourier, Delivery, State
from tests.races.racing import MOST, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each delivery left."""
    left: Counter[str] = Counter()

    class Trial(BaseCourier):
        def send(self, delivery: Delivery, prepared: Any) -> str:
            left[delivery.key] += 1
            time.sleep(0.002)
            return "taken"

    monkeypatch.setitem(outbox.couriers, "trial", Trial())
    return left


def queued(count: int) -> list[str]:
    return [outbox.queue("trial", str(uuid4())).key for _ in range(count)]


def workers_compete(carried: Counter[str], count: int) -> list[str]:
    keys = queued(count)
    tried = together(*[outbox.deliver_due] * MOST)
    faults = [f"{carried[key]} times" for key in keys if carried[key] != 1]
    if not all(isinstance(each, int) for each in tried) or sum(tried) != count:
        faults.append(f"the workers did {tried}")
    settled = Delivery.objects.filter(key__in=keys, state=State.DELIVERED, attempts=1).count()
    return faults + ([] if settled == count else [f"{settled} of {count} settled"])


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_each_delivery_is_carried_once(carried: Counter[str], count: int) -> None:
    assert workers_compete(carried, count) == []


def test_the_scenario_finds_that_locks_are_missing(carried: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows.all())
    monkeypatch.setattr(outbox, "_begin", lambda delivery: True)
    assert workers_compete(carried, 30)


def staff_disagree() -> list[str]:
    delivery = outbox.queue("trial", str(uuid4()))
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNCONFIRMED, attempts=1)
    results = together(*(click(delivery) for click in (confirming, resending) * 3))
    delivery.refresh_from_db()
    events = AuditEvent.objects.filter(subject=outbox.subject_of(delivery)).values_list("event", flat=True)
    expected = {State.DELIVERED: ["DELIVERY_CONFIRMED"], State.QUEUED: ["DELIVERY_RESENT"]}
    Delivery.objects.filter(pk=delivery.pk).update(state=State.CANCELLED)
    late = sum(isinstance(each, outbox.Changed) for each in results)
    return ([] if late == 5 and results.count(None) == 1 else [repr(results)]) + (
        [] if list(events) == expected.get(State(delivery.state)) else [f"{delivery.state} after {list(events)}"]
    )


def confirming(delivery: Delivery) -> Callable[[], None]:
    return lambda: outbox.confirm(delivery, by=None, result="there")


def resending(delivery: Delivery) -> Callable[[], None]:
    return lambda: outbox.resend(delivery, by=None)


@pytest.mark.parametrize("times", [10, pytest.param(300, marks=pytest.mark.long)])
def test_one_decision_of_staff_holds(carried: Counter[str], times: int) -> None:
    assert [fault for _ in range(times) for fault in staff_disagree()] == []
