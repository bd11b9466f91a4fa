"""Faults that a test can plant in the running processes, to show that the checker finds them."""

from typing import Any

from django.db import transaction

from tests.kills.steps import PLAN


def install() -> None:
    if PLAN is None:
        return
    plan = PLAN
    from foundation import outbox
    from foundation.mails.courier import MailCourier

    queue, may_repeat, begin, look_up = outbox.queue, outbox.may_repeat, outbox._begin, MailCourier.look_up

    def queue_after_the_commit(*arguments: Any, **named: Any) -> Any:
        if plan.planted != "queued after the commit":
            return queue(*arguments, **named)
        transaction.on_commit(lambda: queue(*arguments, **named) and None)
        return outbox.Delivery()

    def repeat_blindly(taker: Any) -> bool:
        return plan.planted == "sent again blindly" or may_repeat(taker)

    def begin_without_a_note(delivery: outbox.Delivery) -> bool:
        return True if plan.planted == "no note before sending" else begin(delivery)

    def look_up_nothing(self: MailCourier, delivery: outbox.Delivery) -> str:
        return "" if plan.planted == "mail without look-up" else look_up(self, delivery)

    outbox.queue, outbox.may_repeat, outbox._begin = queue_after_the_commit, repeat_blindly, begin_without_a_note
    MailCourier.look_up = look_up_nothing  # type: ignore[method-assign]
