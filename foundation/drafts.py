"""What was typed and not saved yet: kept as a draft, so that nothing typed is lost (docs/adr/0005-drafts.md).

A draft belongs to one person and one page and is encrypted with ``DRAFT_KEYS``. Two ways lead here: the script
``drafts.js`` sends a page's fields while a person types, and a page that was sent after the session had ended
(``hold_post``) is held through the sign-in and offered again, to the same person only.

A view whose page shows drafts says so and calls three functions:

    @may("client.edit")
    @drafts.shown
    def details(request):
        form = DetailsForm(request.POST or None)
        draft = drafts.restore(request, form)     # on GET: puts what was typed back into the form
        version = drafts.sent(draft, "version", client.version)
        if request.method == "POST" and form.is_valid():
            actions.change_details(...)
            drafts.saved(request)                 # the draft goes, and the browser's copy of it
        ...                                       # the template: templates/drafts/parts.html

Of any other page that was sent without a session, the fields are offered on a page of their own to send again.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve, reverse

from foundation import clock
from foundation.accounts.limits import limit

KEPT = timedelta(days=30)
"""How long a draft that nobody came back to is kept."""
SAVED_KEPT = timedelta(days=2)
"""How long it is remembered that a page was saved: longer than any browser keeps its copy."""
HELD = timedelta(hours=1)
MOST_BYTES = 256 * 1024
"""Architecture 5: a held page has at most 256 KB and waits at most an hour. Drafts have the same size limit."""
MOST_HELD = 30
"""Pages that are held for one person within ``HELD``."""
LEFT_OUT = {"csrfmiddlewaretoken", "draft-page", "draft-sequence", "draft-user"}
FILES = "draft-files"
"""Stands in a held page for the files that were sent with it, which are not held."""
SAVED = "draft_saved"
HELD_POST = "held_post"
LAST_SEQUENCE = 2**53 - 1
"""The greatest whole number that a browser counts exactly."""

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


class Draft(models.Model):
    """The fields of one page as one person typed them; an empty body says that they were saved since.

    ``sequence`` (milliseconds, by the browser's clock) orders what arrives out of order.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=300)
    body = models.BinaryField()
    sequence = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        app_label = "foundation"
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="one_draft_per_person_and_page")]

    @cached_property
    def data(self) -> QueryDict | None:
        """What was typed, or None if it was saved since or its key is gone."""
        return _open(bytes(self.body))

    @property
    def files_left_out(self) -> bool:
        return bool(self.data and FILES in self.data)


class HeldPost(models.Model):
    """A page that arrived without a session: for the person who last signed in on that browser, nobody else."""

    token = models.UUIDField(default=uuid4, unique=True)
    user_id = models.BigIntegerField()
    page = models.CharField(max_length=300)
    body = models.BinaryField()
    held_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        app_label = "foundation"

    @cached_property
    def data(self) -> QueryDict | None:
        return _open(bytes(self.body))


class TooLarge(Exception):
    """More than a draft may hold."""


class TooMany(Exception):
    """More drafts than one person may have."""


class Older(Exception):
    """Something newer is known of this page: ``sequence`` says how new."""

    def __init__(self, sequence: int) -> None:
        super().__init__(sequence)
        self.sequence = sequence


def secret(name: str) -> bool:
    """Whether a field of this name holds what is never kept. (A postcode and a sort code are not codes.)"""
    return name in {"code", "token"} or "password" in name


def shown(view: View) -> View:
    """Mark a view whose page shows drafts; for others no draft is kept."""
    view.shows_drafts = True  # type: ignore[attr-defined]
    return view


def shown_at(page: str) -> bool:
    try:
        return getattr(resolve(_path(page)).func, "shows_drafts", False)
    except Http404:
        return False


def keep(user: Any, page: str, data: QueryDict, sequence: int) -> None:
    """Keep what was typed on a page, unless something newer is known of it (Older)."""
    body = _seal(data)
    with transaction.atomic():
        draft, made = Draft.objects.select_for_update().get_or_create(
            user=user, page=_path(page), defaults={"body": body, "sequence": sequence}
        )
        if made and Draft.objects.filter(user=user).exclude(body=b"").count() > settings.MOST_DRAFTS:
            raise TooMany
        if made:
            return
        if sequence <= draft.sequence:
            raise Older(draft.sequence)
        draft.body, draft.sequence, draft.saved_at = body, sequence, clock.now()
        draft.save()


def find(user: Any, page: str) -> Draft | None:
    """What is known of a page, saved or not; None if nothing."""
    draft = Draft.objects.filter(user=user, page=_path(page)).first()
    if draft is not None and draft.body and draft.data is None:  # its key is gone
        draft.delete()
        return None
    return draft


def restore(request: HttpRequest, form: forms.BaseForm) -> Draft | None:
    """Show in a Django form that nobody has sent yet what was typed on its page; nothing is checked."""
    draft = find(request.user, request.path) if request.method == "GET" else None
    if draft is not None and draft.data is not None:
        for name, field in form.fields.items():
            key = form.add_prefix(name)
            if any(sent == key or sent.startswith((f"{key}_", f"{key}-")) for sent in draft.data):
                form.initial[name] = field.widget.value_from_datadict(draft.data, {}, key)
    return draft


def sent(draft: Draft | None, name: str, otherwise: Any) -> Any:
    """A hidden field as it was on the page when the draft was typed (the version, for example)."""
    return draft.data.get(name, otherwise) if draft and draft.data is not None else otherwise


def saved(request: HttpRequest) -> None:
    """The page was saved: its draft goes, the browser's copy too when the next page loads."""
    drop(request.user, request.path, sequence_of(request.POST))
    request.session[SAVED] = request.path


def drop(user: Any, page: str, sequence: int | None = None) -> None:
    """What was typed up to ``sequence`` is saved or not wanted; without one (no script) everything is."""
    page = _path(page)
    if sequence is None:
        Draft.objects.filter(user=user, page=page).delete()
        return
    # The row stays, emptied: what the browser sent before it saved may arrive after it.
    gone = {"body": b"", "sequence": sequence, "saved_at": clock.now()}
    Draft.objects.bulk_create([Draft(user=user, page=page, **gone)], ignore_conflicts=True)
    Draft.objects.filter(user=user, page=page, sequence__lte=sequence).update(**gone)


def hold_post(request: HttpRequest) -> str:
    """Hold a page that was sent after the session had ended; returns the held page's token, or "" if it cannot be.

    It is held only for the person named in the signed cookie ``last_user``; files and secrets are never held.
    """
    user_id = last_user(request)
    if user_id is None or not any(value for name, value in request.POST.items() if name not in LEFT_OUT):
        return ""
    if not limit(f"held:{user_id}", MOST_HELD, int(HELD.total_seconds())):
        return ""
    data = request.POST.copy()
    if any(request.FILES.values()):
        data[FILES] = "yes"
    page = request.get_full_path()
    try:
        body = _seal(data)
    except TooLarge:
        log.warning("drafts.too_large_to_hold", user=user_id)
        return ""
    return str(
        HeldPost.objects.create(user_id=user_id, page=page if len(page) <= 300 else _path(page), body=body).token
    )


def offer_held(request: HttpRequest, user: Any) -> str | None:
    """After a sign-in: where this person finds the page that was held on this browser, or None.

    If the page shows drafts it becomes one; otherwise it can be sent again from a page of its own.
    """
    token = request.get_signed_cookie("held", None, max_age=int(HELD.total_seconds()))
    if not token:
        return None
    with transaction.atomic():
        held = HeldPost.objects.select_for_update().filter(token=token).first()
        if held is None:
            return None
        if held.user_id != user.pk or clock.now() - held.held_at >= HELD or held.data is None:
            held.delete()
            return None
        if not shown_at(held.page):
            held.token = uuid4()  # the cookie has done its work
            held.save()
            request.session[HELD_POST] = str(held.token)
            return reverse("held_post")
        held.delete()
        known = find(user, held.page)
        now = int(clock.now().timestamp() * 1000)
        keep(user, held.page, held.data, max(now, known.sequence + 1 if known else 0))
    return held.page


def held_post(request: HttpRequest) -> HeldPost | None:
    """The page that waits to be sent again by the person who is signed in."""
    token = request.session.get(HELD_POST)
    if token is None or request.user.pk is None:
        return None
    held = HeldPost.objects.filter(token=token, user_id=request.user.pk).first()
    return held if held and clock.now() - held.held_at < HELD and held.data is not None else None


def remember_held(response: HttpResponse, token: str) -> None:
    response.set_signed_cookie(
        "held", token, max_age=int(HELD.total_seconds()), httponly=True, secure=not settings.LOCAL, samesite="Lax"
    )


def last_user(request: HttpRequest) -> int | None:
    """Who last signed in on this browser within a day, from a signed cookie."""
    try:
        return int(request.get_signed_cookie("last_user", max_age=24 * 3600) or "")
    except (KeyError, ValueError, signing.BadSignature):
        return None


def sequence_of(sent: QueryDict) -> int | None:
    """How new a page was when the browser sent it; None without script."""
    text = sent.get("draft-sequence", "")
    return min(int(text), LAST_SEQUENCE) if text.isascii() and text.isdigit() and len(text) < 20 else None


def tidy() -> dict[str, int]:
    """Remove what nobody came back to."""
    drafts, _ = Draft.objects.filter(saved_at__lt=clock.now() - KEPT).delete()
    Draft.objects.filter(body=b"", saved_at__lt=clock.now() - SAVED_KEPT).delete()
    held, _ = HeldPost.objects.filter(held_at__lt=clock.now() - HELD).delete()
    return {"drafts": drafts, "held": held}


def _path(page: str) -> str:
    return urlsplit(page).path[:300]


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.DRAFT_KEYS])


def _seal(data: QueryDict) -> bytes:
    fields = [[name, values] for name, values in data.lists() if name not in LEFT_OUT and not secret(name)]
    plain = json.dumps(fields, ensure_ascii=False).encode()
    if len(plain) > MOST_BYTES:
        raise TooLarge
    return _keys().encrypt(plain)


def _open(body: bytes) -> QueryDict | None:
    try:
        fields = json.loads(_keys().decrypt(body)) if body else None
    except InvalidToken:
        return None
    if fields is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in fields:
        data.setlist(name, values)
    return data
