"""A co-deputy is invited: the link to choose a first password, with the name of who invites."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps

from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support


@dataclass(frozen=True)
class InvitationLay(Mail):
    template: ClassVar[str] = "b8afb0d0-3c57-4d1b-8e0f-7a9d2c4e1b77"
    invitation: int

    def to(self) -> str:
        user = self._invitation().user
        if user.stage != User.Stage.INVITED:
            raise Rejected("The account has been activated meanwhile.")
        return str(user.email)

    def personalisation(self) -> dict[str, str]:
        found = self._invitation()
        by = {"deputyName": found.invited_by.name} if found.invited_by else {"deputyName": ""}
        return {**support(found.user), **by, "link": link(found.user, "activate", ACTIVATION.token(found.user))}

    def _invitation(self) -> Any:
        found = apps.get_model("reporting", "Invitation").objects.filter(pk=self.invitation).first()
        if found is None:
            raise Rejected("The invitation has been withdrawn.")
        return found
