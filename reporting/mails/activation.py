"""The link to choose a first password."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class Activation(Mail):
    template: ClassVar[str] = "07e7fdb3-5a0e-4d52-9c3b-1f6f0f2f7a11"
    user: int

    def to(self) -> str:
        user = user_of(self.user)
        if user.stage != User.Stage.INVITED:
            raise Rejected("The account has been activated meanwhile.")
        return user.email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        return {**support(user), "activationLink": link(user, "activate", ACTIVATION.token(user))}
