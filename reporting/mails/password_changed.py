"""Tells the owner of an account that its password has been changed."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class PasswordChanged(Mail):
    template: ClassVar[str] = "5d0c8a4e-3b7f-4c1d-9e52-7a8b6c4d3e33"
    user: int

    def to(self) -> str:
        return user_of(self.user).email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        return {**support(user), "resetLink": link(user, "forgotten_password")}
