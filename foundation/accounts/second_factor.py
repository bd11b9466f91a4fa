"""The second factor of staff: a code from an app on their phone (TOTP), or one of ten recovery codes.

Storage, recovery codes and QR code are allauth's. The check itself is here, because a code must not work twice even
while the cache is away: the moment of the last code is kept under the row's lock.
"""

import base64
import hashlib
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from markupsafe import Markup

from foundation import audit, clock
from foundation.accounts import service
from foundation.accounts.models import User

PERIOD = 30
DRIFT = 1
"""How many periods a phone's clock may be off, either way."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc, unused-ignore]
    """Tells allauth how this service names itself, and keeps secrets encrypted in the database."""

    def get_totp_issuer(self) -> str:
        return str(settings.SERVICE_NAME)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our mails go through the outbox."""


def _cipher() -> MultiFernet:
    """Keys made from SECRET_KEY and, while it is being replaced, from its forerunners."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.blake2b(key.encode(), digest_size=32, person=b"second-factor").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def has(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def needed(user: User) -> bool:
    return service.is_staff(user) or has(user)


def next_page(user: User) -> str:
    """Where somebody with the right password goes: to give a code, or to set up how to get one."""
    return reverse("second_factor" if has(user) else "second_factor_set_up")


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def qr_code(user: User, secret: str) -> Markup:
    """The secret for an app's camera, as an SVG element for the page."""
    adapter = Adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return Markup(drawn[drawn.index("<svg") :])  # noqa: S704 - made of squares by the library


def right_moment(secret: str, code: str) -> int | None:
    """The period whose code this is, if it is the present one or a neighbour."""
    now = _moment()
    for moment in range(now - DRIFT, now + DRIFT + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, moment)), code):
            return moment
    return None


def _moment() -> int:
    return int(clock.now().timestamp()) // PERIOD


@transaction.atomic
def enable(user: User, secret: str, moment: int = -1) -> None:
    """Take a secret into use, with ten new recovery codes. ``moment``: of the code that proved it, now used."""
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    data = {"secret": Adapter().encrypt(secret), "last_moment": moment}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    new_recovery_codes(user)
    audit.record("SECOND_FACTOR_SET_UP", by=user, subject=user)


@transaction.atomic
def new_recovery_codes(user: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)


def recovery_codes(user: User) -> list[str]:
    """The codes that are still unused."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(kept.wrap().get_unused_codes()) if kept else []


def verify(user: User, code: str) -> bool:
    """Whether this is a code of the user's that has not been used. It is used now."""
    code = "".join(code.split())
    return _verify_app(user, code) or _verify_recovery(user, code)


@transaction.atomic
def _verify_app(user: User, code: str) -> bool:
    kept = _locked(user, Authenticator.Type.TOTP)
    if kept is None:
        return False
    secret = Adapter().decrypt(kept.data["secret"])
    moment = right_moment(secret, code)
    if moment is None or moment <= kept.data.get("last_moment", -1):
        return False
    kept.data = {"secret": Adapter().encrypt(secret), "last_moment": moment}  # encrypted anew with the newest key
    kept.last_used_at = clock.now()
    kept.save()
    return True


@transaction.atomic
def _verify_recovery(user: User, code: str) -> bool:
    kept = _locked(user, Authenticator.Type.RECOVERY_CODES)
    if kept is None or not kept.wrap().validate_code(code):
        return False
    audit.record("RECOVERY_CODE_USED", by=user, subject=user)
    return True


def _locked(user: User, kind: str) -> Any:
    return Authenticator.objects.select_for_update().filter(user=user, type=kind).first()


def next_code(user: User) -> str:
    """For demo and tests only: a code that will be taken now."""
    if not settings.LOCAL:
        raise RuntimeError("Codes are shown only where LOCAL=yes.")
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    moment = max(_moment(), kept.data.get("last_moment", -1) + 1)
    return str(format_hotp_value(hotp_value(Adapter().decrypt(kept.data["secret"]), moment)))
