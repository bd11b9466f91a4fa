"""To the casework mailbox: a deputy changed what we know of a client."""

from dataclasses import dataclass
from typing import ClassVar

from django.apps import apps
from django.conf import settings

from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import address


@dataclass(frozen=True)
class ClientDetailsChange(Mail):
    template: ClassVar[str] = "258aaf2d-7e41-4c0a-b6d2-1f8e3a5c9d88"
    client: int

    def to(self) -> str:
        return str(settings.CASEWORK_EMAIL)

    def personalisation(self) -> dict[str, str]:
        client = apps.get_model("reporting", "Client").objects.filter(pk=self.client).first()
        if client is None:
            raise Rejected("The client has been deleted.")
        return {"caseNumber": client.case_number, "fullName": client.name, **address(client), "phone": client.phone}
