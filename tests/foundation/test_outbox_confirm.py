"""What a person settles has its consequences at once, not a minute later."""

from typing import Any

import pytest

from foundation import outbox
from foundation.outbox import BaseCourier, State


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("decide", [outbox.confirm, outbox.resend])
def test_a_worker_is_told_when_somebody_settles_a_delivery(decide: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Trial(BaseCourier):
        def send(self, delivery: outbox.Delivery, prepared: Any) -> str:
            return "taken"

    told: list[bool] = []
    monkeypatch.setitem(outbox.couriers, "trial", Trial())
    delivery = outbox.queue("trial", "a key")
    outbox.Delivery.objects.filter(pk=delivery.pk).update(state=State.UNCONFIRMED)
    monkeypatch.setattr(outbox, "_tell_worker", lambda: told.append(True))
    decide(delivery, by=None)
    assert told == [True]
