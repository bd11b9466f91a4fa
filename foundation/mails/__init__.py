"""Mails: a class a mail, a file a mail (in the service's ``mails`` package), sent through the outbox.

A mail is a frozen dataclass of identifiers. Its words for Notify are made when it is sent, so that links with
tokens are never stored and always fresh.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models

from foundation import clock, outbox
from foundation.outbox import Delivery

registry: dict[str, Callable[..., "Mail"]] = {}
"""The mails by name, for those who may not import the service's own."""


class Mail(ABC):
    """One kind of mail. ``template`` is Notify's template id; a setting NOTIFY_TEMPLATES may replace it by name."""

    template: ClassVar[str]
    channel: ClassVar[str] = "email"
    """Or "sms": then ``to`` gives a mobile number."""

    def __init_subclass__(cls) -> None:
        registry[cls.__name__] = cls

    @abstractmethod
    def to(self) -> str:
        """The address; raise ``foundation.clients.Rejected`` if there is nobody to write to any more."""

    @abstractmethod
    def personalisation(self) -> dict[str, str]:
        """Values for the template's placeholders."""

    @classmethod
    def template_id(cls) -> str:
        return str(settings.NOTIFY_TEMPLATES.get(cls.__name__, cls.template))


def send(mail: Mail, *, key: str = "", subject: models.Model | None = None) -> Delivery:
    """Queue a mail in the caller's transaction. Mails with the same ``key`` go out once."""
    arguments: dict[str, Any] = asdict(mail)  # type: ignore[call-overload]
    return outbox.queue(
        "mail",
        f"mail:{type(mail).__name__}:{key or uuid4()}",
        subject=subject,
        order=0,
        mail=type(mail).__name__,
        arguments=arguments,
    )


class MailReceipt(models.Model):
    """What Notify reported of a mail after it had taken it: delivered, or why not."""

    impersonal = frozenset({"reference", "status"})

    reference = models.CharField(max_length=120, unique=True, help_text="the delivery's key")
    status = models.CharField(max_length=30)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "foundation"

    @property
    def bounced(self) -> bool:
        return self.status == "permanent-failure"
