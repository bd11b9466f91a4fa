"""To the old address: the account is now under another one. The audit event knows which the old one was."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.audit import AuditEvent
from foundation.mails import Mail
from reporting.mails.recipient import support, user_of


@dataclass(frozen=True)
class EmailChanged(Mail):
    template: ClassVar[str] = "c8b2e7f4-1a59-4d36-8f0b-9c7d5e3a2b55"
    user: int
    event: int

    def to(self) -> str:
        return str(AuditEvent.objects.get(pk=self.event).before["email"])

    def personalisation(self) -> dict[str, str]:
        return support(user_of(self.user))
