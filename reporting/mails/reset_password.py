"""The link to choose a new password."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.accounts.tokens import RESET
from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class ResetPassword(Mail):
    template: ClassVar[str] = "827555cc-9f3d-4b0a-8a61-6f0b9d6c2e22"
    user: int

    def to(self) -> str:
        user = user_of(self.user)
        if not user.has_access:
            raise Rejected("The account has no access any more.")
        return user.email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        return {
            **support(user),
            "resetLink": link(user, "reset_password", RESET.token(user)),
            "recreateLink": link(user, "forgotten_password"),
        }
