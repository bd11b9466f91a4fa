"""To the casework mailbox: a deputy changed their own details."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings

from foundation.mails import Mail
from reporting.mails.recipient import address, user_of


@dataclass(frozen=True)
class DeputyDetailsChange(Mail):
    template: ClassVar[str] = "6469b39b-2d08-4a7e-9c15-4b3f6e7a0c99"
    user: int

    def to(self) -> str:
        return str(settings.CASEWORK_EMAIL)

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        profile = user.profile
        return {
            "caseNumber": ", ".join(client.case_number for client in user.clients.order_by("case_number")),
            "fullName": user.name,
            **address(profile),
            "phone": profile.phone,
            "altPhoneNumber": profile.phone_alternative,
            "email": user.email,
        }
