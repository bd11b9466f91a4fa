"""Signing in: e-mail address and password, for staff a code as well, then to the page that the person wanted.

Order (deputy-people 5.4): count the attempt, frozen?, does the account exist, may its role sign in here, is the
password right. Whatever fails but "frozen" gives one neutral message, after the same work.
A person who still owes a code is nobody yet: who it will be waits in the session, for ten minutes.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from foundation import audit, clock, drafts
from foundation.accounts import backend, limits, lockout, second_factor, service
from foundation.accounts.models import User, Users

NEUTRAL = "Invalid email or password"
PENDING = "pending_sign_in"
PENDING_LIFE = timedelta(minutes=10)
LAST_USER = "last_user"
LAST_USER_SECONDS = 24 * 3600
"""A signed cookie that says who signed in last, for a day at most and until they sign out themselves. It opens
nothing: ``foundation.drafts`` reads for whom a page may be held until they sign in again."""


@dataclass
class Refused(Exception):
    """Not signed in; ``message`` is for the person."""

    message: str
    minutes: int = 0
    warn: bool = False


def authenticate(request: HttpRequest, email: str, password: str) -> User:
    """The user with this address and password, or Refused."""
    attempt = _attempt(request, email)
    user = _known(email)
    if not _right(user, password) or user is None:
        raise _failed(email, attempt, "password")
    if refusal := service.may_sign_in(user):
        lockout.forgive(email, limits.source(request))
        audit.record("SIGN_IN_FAILED", subject=user, after={"why": "other account"})
        raise Refused(refusal)
    return user


def _attempt(request: HttpRequest, email: str) -> lockout.Attempt:
    attempt = lockout.attempt(email, limits.source(request))
    if not attempt.admitted:
        audit.record("SIGN_IN_FAILED", after={"address": lockout.address_key(email), "why": "frozen"})
        raise Refused(NEUTRAL, minutes=attempt.minutes)
    return attempt


def _known(email: str) -> User | None:
    """The user of this address, if this account may be used at this site."""
    user = User.objects.filter(email=Users.normalise(email)).first()
    return user if user is not None and _may_enter(user) else None


def _may_enter(user: User) -> bool:
    return user.has_access and service.belongs_here(user)


def _right(user: User | None, password: str) -> bool:
    """Checks a password; for nobody's, does work that takes as long."""
    if user is None:
        make_password(password)
        return False
    return check_password(password, user.password)


def _failed(email: str, attempt: lockout.Attempt, why: str, message: str = NEUTRAL) -> Refused:
    address = lockout.address_key(email)
    with transaction.atomic():
        audit.record("SIGN_IN_FAILED", after={"address": address, "why": why})
        if attempt.froze:
            audit.record("LOCKED_OUT", after={"address": address, "minutes": attempt.minutes})
    return Refused(message, minutes=attempt.minutes, warn=attempt.warn)


def check_code(request: HttpRequest, user: User, code: str) -> None:
    """The second factor. Wrong codes count like wrong passwords; raises Refused."""
    attempt = _attempt(request, user.email)
    if not second_factor.verify(user, code):
        raise _failed(user.email, attempt, "code", "That code is not right, or it has been used. Enter a new one")


def proceed(request: HttpRequest, user: User, wanted: str = "") -> HttpResponse:
    """After the password: signed in, or first to the second factor where one is needed."""
    if second_factor.needed(user):
        lockout.take_back(user.email, limits.source(request))
        remember_pending(request, user, wanted)
        return HttpResponseRedirect(second_factor.next_page(user))
    return complete(request, user, wanted)


def remember_pending(request: HttpRequest, user: User, wanted: str) -> None:
    if request.user.is_authenticated:
        request.session.flush()
    else:
        request.session.cycle_key()
    until = (clock.now() + PENDING_LIFE).timestamp()
    request.session[PENDING] = {
        "user": user.pk, "proof": user.get_session_auth_hash(), "until": until, "wanted": wanted,
    }  # fmt: skip


def pending(request: HttpRequest) -> tuple[User, str] | None:
    """Who has given the right password and still owes a code, and the page they wanted."""
    held = request.session.get(PENDING)
    if not held or held["until"] < clock.now().timestamp():
        return None
    user = User.objects.filter(pk=held["user"]).first()
    if user is None or not _may_enter(user):
        return None
    if not constant_time_compare(held["proof"], user.get_session_auth_hash()):
        return None
    return user, held["wanted"]


def complete(request: HttpRequest, user: User, wanted: str = "") -> HttpResponse:
    """Signed in: a new session, then to what was held for this person, what they wanted, or the landing page."""
    with transaction.atomic():
        auth.login(request, user, backend=backend.PATH)
        request.session.pop(PENDING, None)
        audit.record("SIGNED_IN", by=user, subject=user)
        lockout.forgive(user.email, limits.source(request))
    held = drafts.offer_held(request, user)
    if not user.is_active:
        wanted = ""  # first the missing steps of registration
    response = HttpResponseRedirect(held or same_site(wanted) or service.landing(user))
    response.set_signed_cookie(
        LAST_USER,
        str(user.pk),
        max_age=LAST_USER_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def sign_out(request: HttpRequest, to: str) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    if user is not None:
        audit.record("SIGNED_OUT", by=user, subject=user)
    auth.logout(request)
    response = HttpResponseRedirect(to)
    response.delete_cookie(LAST_USER, samesite="Lax")
    return response


def same_site(url: Any) -> str:
    """A return address if it is a path of this site, else ""."""
    url = str(url or "")
    good = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if good else ""
