"""Links that mails carry: signed, short-lived, and dead as soon as they have been used.

A token names the user and holds a fingerprint of what its use will change (the password, the address): once that has
changed, the fingerprint no longer fits. Nothing is stored, so a link is made at the moment its mail is sent.
"""

from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

from django.core import signing
from django.utils.crypto import salted_hmac

from foundation.accounts.models import User


class Expired(Exception):
    """The link was good and is too old now; it says whose it was."""

    def __init__(self, user: User) -> None:
        super().__init__("expired")
        self.user = user


class Invalid(Exception):
    """Not a link of ours, or one that has been used."""


@dataclass(frozen=True)
class Link:
    """One kind of link."""

    name: str
    life: timedelta
    dies_with: tuple[str, ...]
    """Fields of the user: once one of them has changed, the link is dead."""

    def token(self, user: User) -> str:
        return signing.dumps([user.pk, self._fingerprint(user)], salt=self._salt)

    def owner(self, token: str) -> int | None:
        """The id in a token that we signed, whatever its age."""
        try:
            return int(signing.loads(token, salt=self._salt)[0])
        except (signing.BadSignature, ValueError, TypeError, IndexError, KeyError):
            return None

    def read(self, token: str, *, lock: bool = False) -> User:
        """The user whose link this is; raises Expired or Invalid. ``lock`` holds the row for the transaction."""
        rows = User.objects.select_for_update() if lock else User.objects.all()
        user = rows.filter(pk=self.owner(token) or 0).first()
        if user is None or user.stage == User.Stage.DISABLED:
            raise Invalid
        fingerprint = str(signing.loads(token, salt=self._salt)[1])
        if not compare_digest(fingerprint, self._fingerprint(user)):
            raise Invalid
        try:
            signing.loads(token, salt=self._salt, max_age=self.life)
        except signing.SignatureExpired:
            raise Expired(user) from None
        return user

    @property
    def _salt(self) -> str:
        return f"foundation.accounts.{self.name}"

    def _fingerprint(self, user: User) -> str:
        state = "|".join(str(getattr(user, field)) for field in self.dies_with)
        return salted_hmac(self._salt, state, algorithm="sha256").hexdigest()[:32]


ACTIVATION = Link("activation", timedelta(hours=48), ("password", "email"))
RESET = Link("reset_password", timedelta(hours=1), ("password", "email", "last_login"))
EMAIL = Link("change_email", timedelta(hours=24), ("password", "email", "new_email"))
