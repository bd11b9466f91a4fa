"""To the new address: the link that confirms it."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.accounts.tokens import EMAIL
from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class EmailChange(Mail):
    template: ClassVar[str] = "a3f1c6d2-6e84-4f95-b7c0-2d9e8f1a4b44"
    user: int

    def to(self) -> str:
        user = user_of(self.user)
        if not user.new_email:
            raise Rejected("The change has been made or withdrawn meanwhile.")
        return user.new_email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        return {**support(user), "link": link(user, "confirm_email", EMAIL.token(user))}
