"""Somebody registered with an address that has an account already: only its owner is told."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class AccountExists(Mail):
    template: ClassVar[str] = "5d7c2a90-4b1e-4f6a-9a38-0e6b7c1d8f66"
    user: int

    def to(self) -> str:
        return user_of(self.user).email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        return {**support(user), "signInLink": link(user, "sign_in"), "resetLink": link(user, "forgotten_password")}
