"""To a member of staff who has not signed in for long: the account will be deleted unless they do."""

from dataclasses import dataclass
from typing import ClassVar

from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class AccountUnused(Mail):
    template: ClassVar[str] = "4b9e6d15-7c02-4a8f-b3e1-62d0f8a95c73"
    user: int

    def to(self) -> str:
        user = user_of(self.user)
        if not user.is_active or user.protected:
            raise Rejected("The account will not be deleted any more, or cannot be used.")
        return user.email

    def personalisation(self) -> dict[str, str]:
        user = user_of(self.user)
        last = f"{user.last_login:%-d %B %Y}" if user.last_login else "never"
        return {**support(user), "lastSignIn": last, "signInLink": link(user, "sign_in")}
