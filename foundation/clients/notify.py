"""GOV.UK Notify sends our mails. It keeps the texts (templates); we give it the words that change (personalisation).

Notify has no idempotency key. Each mail carries a ``reference`` of ours instead: before a mail is sent again,
``find`` asks whether Notify already has it.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from foundation.clients import HEALTH_SECONDS, Rejected, Unavailable

# The official client logs Notify's answers, which can quote what we sent.
logging.getLogger("notifications_python_client").setLevel(logging.ERROR)

DELIVERED = "delivered"
FAILURES = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
"""How a mail can end badly: no such address; mailbox full or slow for three days; a fault at Notify."""


@dataclass(frozen=True)
class Status:
    """What Notify knows of one mail: its own id and where the mail is (created, sending, delivered or a failure)."""

    id: str
    status: str


@dataclass(frozen=True)
class Receipt:
    """Notify's call back about one mail, when its journey ended."""

    id: str
    reference: str
    status: str

    @property
    def delivered(self) -> bool:
        return self.status == DELIVERED


class Mails(Protocol):
    def send(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        """Hand one mail to Notify and return Notify's id of it."""
        ...

    def send_text(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        """The same with a text message, to a mobile number."""
        ...

    def find(self, reference: str) -> Status | None:
        """The mail that Notify already has under our reference, or None."""
        ...

    def health(self) -> None:
        """Return if Notify answers and knows us; raise Unavailable otherwise."""
        ...


class NotifyMails:
    """Through the official client; the address decides whether to Notify itself or to its stand-in."""

    def __init__(self, url: str, key: str, *, reply_to: str = "", timeout: float = 30) -> None:
        self.url, self.key, self.reply_to, self.timeout = url, key, reply_to, timeout

    def send(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        answer = self._ask(
            "send_email_notification",
            email_address=to,
            template_id=template,
            personalisation=personalisation,
            reference=reference,
            email_reply_to_id=self.reply_to or None,
        )
        return _text(answer, "id")

    def send_text(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        answer = self._ask(
            "send_sms_notification",
            phone_number=to,
            template_id=template,
            personalisation=personalisation,
            reference=reference,
        )
        return _text(answer, "id")

    def find(self, reference: str) -> Status | None:
        answer = self._ask("get_all_notifications", reference=reference)
        match answer.get("notifications"):
            case []:
                return None
            case [dict() as newest, *_]:
                return Status(id=_text(newest, "id"), status=_text(newest, "status"))
        raise Unavailable("Notify gave an answer that we do not understand.")

    def health(self) -> None:
        try:
            self._ask("get_all_templates", timeout=HEALTH_SECONDS)
        except Rejected as error:
            raise Unavailable(f"Notify refuses us: {error}") from None

    def _ask(self, call: str, *, timeout: float | None = None, **arguments: Any) -> dict[str, Any]:
        # A client for each call: the official one is not thread-safe.
        client = NotificationsAPIClient(self.key, base_url=self.url, timeout=timeout or self.timeout)  # type: ignore[no-untyped-call]
        try:
            answer = getattr(client, call)(**arguments)
        except InvalidResponse:
            raise Unavailable("Notify gave an answer that we do not understand.") from None
        except APIError as error:
            raise _outcome(error) from None
        finally:
            client.request_session.close()
        if not isinstance(answer, dict):
            raise Unavailable("Notify gave an answer that we do not understand.")
        return answer


class NoMails:
    """Of a training server, or for somebody who is not on the list: what would be sent is taken and thrown away."""

    def send(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        return "not-sent"

    send_text = send

    def find(self, reference: str) -> Status | None:
        return None

    def health(self) -> None: ...


class ListedMails(NotifyMails):
    """Of a site that is not production: mails and texts reach only those on the list."""

    def send_text(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        if to not in settings.NOTIFY_ONLY:
            return NoMails().send_text(template, to, personalisation, reference)
        return super().send_text(template, to, personalisation, reference)

    def send(self, template: str, to: str, personalisation: dict[str, str], reference: str) -> str:
        if to.strip().lower() not in settings.NOTIFY_ONLY:
            return NoMails().send(template, to, personalisation, reference)
        return super().send(template, to, personalisation, reference)


def _outcome(error: APIError) -> Unavailable | Rejected:
    """The client gives 503 also where no answer came at all."""
    status = error.status_code
    if status >= 500 or status in {408, 429}:
        return Unavailable(f"Notify cannot take mails now ({status}).")
    kinds = ", ".join(sorted({str(each.get("error")) for each in _errors(error)}))
    return Rejected(f"Notify refused ({status} {kinds}).", code=kinds)


def _errors(error: APIError) -> list[dict[str, Any]]:
    """Notify's list of what is wrong. Only its kinds are used: its sentences can quote what we sent."""
    listed = error.message
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise Unavailable("Notify gave an answer that we do not understand.")
    return value


def read_receipt(body: bytes) -> Receipt:
    """Notify's call back, parsed. Raises ValueError, whose text quotes nothing, where it is not one."""
    try:
        data = json.loads(body)
    except ValueError:
        raise ValueError("The receipt is not JSON.") from None
    if not isinstance(data, dict):
        raise ValueError("The receipt is not an object.")
    if not isinstance(data.get("id"), str) or not isinstance(data.get("reference") or "", str):
        raise ValueError("The receipt does not say which mail it is about.")
    if data.get("status") not in (DELIVERED, *FAILURES):
        raise ValueError("The receipt has no status that we know.")
    return Receipt(id=data["id"], reference=data.get("reference") or "", status=data["status"])


def notify() -> Mails:
    """The mail service that the settings name."""
    if settings.TRAINING:
        return NoMails()
    kind = ListedMails if settings.NOTIFY_ONLY else NotifyMails
    return kind(settings.NOTIFY_URL, settings.NOTIFY_API_KEY, reply_to=settings.NOTIFY_REPLY_TO_ID)
