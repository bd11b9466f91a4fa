"""Asking for an extract, making it, and putting it away."""

from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.db import transaction

from foundation import audit, clock
from foundation.access import can
from foundation.accounts.models import User
from foundation.clients.storage import store
from foundation.jobs import soon
from reporting.casework.figures import tasks
from reporting.casework.figures.extract import Choices, Extraction, extractions
from reporting.casework.figures.models import Extract

IN_MEMORY = 5 * 1024 * 1024
ROWS_A_STEP = 500
"""After so many rows the page is told how far the file is."""


@transaction.atomic
def ask(kind: type[Extraction], choices: dict[str, Any], *, by: User) -> Extract:
    """Queue a file; the same that is still being made for this person is not made twice."""
    User.objects.select_for_update().get(pk=by.pk)  # a double click waits here
    busy = [Extract.State.WAITING, Extract.State.MAKING]
    same = Extract.objects.filter(kind=kind.key, choices=choices, asked_by=by, state__in=busy).first()
    if same is not None:
        return same
    extract = Extract.objects.create(kind=kind.key, choices=choices, asked_by=by)
    audit.record("EXTRACT_ASKED", by=by, subject=extract, after={"kind": kind.key, **choices})
    transaction.on_commit(lambda: soon(tasks.make_extract, extract=extract.pk))
    return extract


def make(extract: Extract) -> None:
    """Write the file from its first row to its last. Once more after a worker died: it begins anew."""
    extraction = extractions()[extract.kind](Choices(extract.choices))
    _tell(extract, state=Extract.State.MAKING, rows=0)
    try:
        with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            count = 0
            for piece in extraction.encoded(extraction.rows()):
                file.write(piece)
                count += 1
                if count % ROWS_A_STEP == 0:
                    _tell(extract, rows=count)
            file.seek(0)
            key = f"extracts/{extract.token}"
            store().put(key, file.read(), extraction.content_type)
    except Exception:
        _tell(extract, state=Extract.State.FAILED)
        raise
    now = clock.now()
    _tell(
        extract, state=Extract.State.READY, key=key, rows=_without_frame(count, extraction), made_at=now,
        name=extraction.name(f"{clock.london(now):%Y%m%d%H%M}"), content_type=extraction.content_type,
        expires_at=now + timedelta(hours=settings.EXTRACT_HOURS),
    )  # fmt: skip


def _without_frame(pieces: int, extraction: Extraction) -> int:
    """Rows, when the heading and a last line are left out."""
    return max(0, pieces - (1 if extraction.extension == "csv" else 2))


def _tell(extract: Extract, **fields: Any) -> None:
    Extract.objects.filter(pk=extract.pk).update(**fields)


def may_have(user: Any, extract: Extract) -> bool:
    """Only the person who asked, while the role still allows it and the link has not expired."""
    kind = extractions().get(extract.kind)
    return (
        kind is not None
        and extract.asked_by_id == user.pk
        and can(user, kind.verb)
        and extract.state == Extract.State.READY
        and extract.expires_at is not None
        and extract.expires_at > clock.now()
    )


def expire() -> int:
    """Delete the files whose time is over; how many they were."""
    found = Extract.objects.filter(state=Extract.State.READY, expires_at__lte=clock.now())
    for extract in found:
        store().delete(extract.key)
        _tell(extract, state=Extract.State.EXPIRED, key="")
    return len(found)
