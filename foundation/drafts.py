"""What was typed and not saved yet: kept as a draft, so that nothing typed is lost.

A draft belongs to one person and one page, is encrypted with ``DRAFT_KEYS``, and goes when the page is saved. Two
ways lead here: a small script that sends the page's fields while a person types, and a page that was sent after the
session had ended (``hold_post``), which is held through the sign-in and offered again to the same person only.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict

from foundation import clock

KEPT = timedelta(days=30)
"""How long a draft that nobody came back to is kept."""
HELD = timedelta(hours=1)
MOST_BYTES = 256 * 1024
"""Architecture 5: a held page has at most 256 KB and waits at most an hour. Drafts have the same size limit."""
LEFT_OUT = {"csrfmiddlewaretoken", "password", "password_again", "current_password", "code"}


class Draft(models.Model):
    """The fields of one page as one person typed them. ``sequence`` orders what arrives out of order."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=300)
    body = models.BinaryField()
    sequence = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        app_label = "foundation"
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="one_draft_per_person_and_page")]

    @property
    def data(self) -> QueryDict | None:
        """What was typed, or None if its key is gone."""
        return _open(bytes(self.body))


class HeldPost(models.Model):
    """A page that arrived without a session: for the person who last signed in on that browser, nobody else."""

    token = models.UUIDField(default=uuid4, unique=True)
    user_id = models.BigIntegerField()
    page = models.CharField(max_length=300)
    body = models.BinaryField()
    held_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        app_label = "foundation"


class TooLarge(Exception):
    """More than a draft may hold."""


def keep(user: Any, page: str, data: QueryDict, sequence: int = 0) -> None:
    """Keep what was typed on a page; an older ``sequence`` (milliseconds) than the one kept is ignored."""
    body = _seal(data)
    with transaction.atomic():
        draft, made = Draft.objects.select_for_update().get_or_create(
            user=user, page=_path(page), defaults={"body": body, "sequence": sequence}
        )
        if not made and sequence >= draft.sequence:
            draft.body, draft.sequence, draft.saved_at = body, sequence, clock.now()
            draft.save()


def find(user: Any, page: str) -> Draft | None:
    draft = Draft.objects.filter(user=user, page=_path(page)).first()
    return draft if draft is not None and draft.data is not None else None


def drop(user: Any, page: str) -> None:
    """The page was saved, or the person does not want the draft."""
    Draft.objects.filter(user=user, page=_path(page)).delete()


def hold_post(request: HttpRequest) -> str:
    """Hold a page that was sent after the session had ended; returns the held page's token, or "" if it cannot be.

    It is held only for the person named in the signed cookie ``last_user``; files are never held.
    """
    user_id = last_user(request)
    if user_id is None:
        return ""
    try:
        body = _seal(request.POST)
    except TooLarge:
        return ""
    return str(HeldPost.objects.create(user_id=user_id, page=_path(request.get_full_path()), body=body).token)


def offer_held(request: HttpRequest, user: Any) -> str | None:
    """After a sign-in: turn the held page of this browser into this person's draft, and lead back to it."""
    token = request.get_signed_cookie("held", None, max_age=int(HELD.total_seconds()))
    if not token:
        return None
    with transaction.atomic():
        held = HeldPost.objects.select_for_update().filter(token=token).first()
        if held is None:
            return None
        data = _open(bytes(held.body)) if held.user_id == user.pk and clock.now() - held.held_at < HELD else None
        held.delete()
        if data is None:
            return None
        keep(user, held.page, data, int(clock.now().timestamp() * 1000))
    return f"{held.page}?kept=yes"


def remember_held(response: HttpResponse, token: str) -> None:
    response.set_signed_cookie(
        "held", token, max_age=int(HELD.total_seconds()), httponly=True, secure=not settings.LOCAL, samesite="Lax"
    )


def last_user(request: HttpRequest) -> int | None:
    """Who last signed in on this browser within a day, from a signed cookie."""
    try:
        return int(request.get_signed_cookie("last_user", max_age=24 * 3600))
    except (KeyError, ValueError, signing.BadSignature):
        return None


def tidy() -> dict[str, int]:
    """Remove what nobody came back to."""
    drafts, _ = Draft.objects.filter(saved_at__lt=clock.now() - KEPT).delete()
    held, _ = HeldPost.objects.filter(held_at__lt=clock.now() - HELD).delete()
    return {"drafts": drafts, "held": held}


def _path(page: str) -> str:
    return urlsplit(page).path[:300]


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.DRAFT_KEYS])


def _seal(data: QueryDict) -> bytes:
    fields = [[name, values] for name, values in data.lists() if name not in LEFT_OUT]
    plain = json.dumps(fields).encode()
    if len(plain) > MOST_BYTES:
        raise TooLarge
    return _keys().encrypt(plain)


def _open(body: bytes) -> QueryDict | None:
    try:
        fields = json.loads(_keys().decrypt(body))
    except InvalidToken:
        return None
    data = QueryDict(mutable=True)
    for name, values in fields:
        data.setlist(name, values)
    return data
