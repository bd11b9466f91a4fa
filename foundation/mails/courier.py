"""Takes mails from the outbox to Notify, which is asked first whether an earlier attempt arrived."""

from typing import Any

from foundation import mails
from foundation.clients import Rejected
from foundation.clients.notify import notify
from foundation.outbox import BaseCourier, Delivery, courier


@courier("mail")
class MailCourier(BaseCourier):
    """``looks_up``: our key is Notify's ``reference``, so a doubtful attempt settles itself."""

    looks_up = True

    def prepare(self, delivery: Delivery) -> tuple[str, str, str, dict[str, str]]:
        kind = mails.registry.get(delivery.payload["mail"])
        if kind is None:
            raise Rejected("This kind of mail is no longer known.")
        mail = kind(**delivery.payload["arguments"])
        return mail.channel, mail.template_id(), mail.to(), mail.personalisation()

    def send(self, delivery: Delivery, prepared: Any) -> str:
        channel, template, to, personalisation = prepared
        post = notify().send_text if channel == "sms" else notify().send
        return post(template, to, personalisation, delivery.key)

    def look_up(self, delivery: Delivery) -> str:
        found = notify().find(delivery.key)
        return found.id if found else ""
