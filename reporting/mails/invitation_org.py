"""A colleague is invited to an organisation: the link to choose a first password, with the name of who invites."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class InvitationOrg(Mail):
    template: ClassVar[str] = "d410fce7-8b2a-4f0e-9d61-3c5e7a1b9f42"
    user: int
    invited_by: int

    def to(self) -> str:
        user = user_of(self.user)
        if user.stage != User.Stage.INVITED:
            raise Rejected("The account has been activated meanwhile.")
        return user.email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        by = User.objects.filter(pk=self.invited_by).first()
        return {
            **support(user),
            "deputyName": by.name if by else "",
            "link": link(user, "activate", ACTIVATION.token(user)),
        }
