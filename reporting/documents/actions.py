"""What a deputy does with documents: add some, remove one. And what the night does: sweep up what nobody owns.

Bytes go to the storage first and the row after them, so that a row always has its file. A cut in between leaves a
file that no row names; ``sweep_orphans`` takes it away.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction

from foundation import audit, clock
from foundation.clients import Rejected, Unavailable
from foundation.clients.scanner import scanner
from foundation.clients.storage import store
from reporting.documents import rules
from reporting.documents.examine import examine
from reporting.documents.models import Document, deputy_documents
from reporting.documents.rules import Accepted, Refused
from reporting.documents.uploads import IN_MEMORY, Upload

Then = Callable[[Any], None]
"""What the caller does with the report, whose row is locked, in the transaction of the change."""

KEPT_DAYS = 730
"""How long the storage keeps a file (deputy-reports 6.6)."""
SETTLED = timedelta(hours=24)
"""A file younger than this may be waiting for its row."""

log = structlog.get_logger()


class NotAdded(Exception):
    """Nothing was added. ``refusals`` says why, a sentence for each file at fault or one for all."""

    def __init__(self, refusals: Sequence[Refused]) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = list(refusals)


class NotRemoved(Exception):
    """The document stays; the text says why, in words for the person."""


@dataclass(frozen=True)
class _Ready:
    """A file that passed every check and waits to be stored; large ones on disk."""

    sent_name: str
    name: str
    content_type: str
    size: int
    sha256: str
    content: Any
    key: str


def add_documents(report: Any, files: Sequence[Upload], *, by: Any, then: Then | None = None) -> list[Document]:
    """Add all of these files to the report, or none: then raises ``NotAdded``.

    Files may join a report that is open, or one that the caller already knows as submitted (they are sent later).
    If it was submitted while the files were on their way, nothing is added.
    """
    ready = _checked(report, files, by=by)
    with _stored(ready), transaction.atomic():
        row = type(report)._default_manager.select_for_update(of=("self",)).get(pk=report.pk)
        if row.submitted != report.submitted:
            raise NotAdded([SUBMITTED_MEANWHILE])
        _refuse(_used(row, [file.name for file in ready]))
        documents = Document.objects.bulk_create(
            Document(
                report=row,
                name=file.name,
                key=file.key,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                created_by=by,
            )
            for file in ready
        )
        audit.record("DOCUMENTS_ADDED", by=by, subject=row, after={"documents": [each.pk for each in documents]})
        if then:
            then(row)
    return documents


def remove_document(document: Document, *, by: Any, then: Then | None = None) -> None:
    """Remove a document and its file at once; raises ``NotRemoved`` once it has been sent (⚠13)."""
    with transaction.atomic():
        reports = Document._meta.get_field("report").related_model._default_manager
        report = reports.select_for_update(of=("self",)).get(pk=document.report_id)
        row = deputy_documents(report).filter(pk=document.pk).first()
        if row is None:
            return
        if row.is_sent:
            raise NotRemoved(f"{rules.shown(row.name)} has been sent to the Office of the Public Guardian and stays")
        audit.record("DOCUMENT_REMOVED", by=by, subject=row, before={"report": report.pk, "sha256": row.sha256})
        row.delete()
        if then:
            then(report)
        transaction.on_commit(lambda: _discard([document.key]))


def sweep_orphans() -> int:
    """Delete stored files that no document names; returns how many. Keys are by month, so that no list is long."""
    now = clock.now()
    swept = 0
    for month in _months(now.date() - timedelta(days=KEPT_DAYS), now.date()):
        found = [each.key for each in store().list(f"documents/{month}/") if each.modified < now - SETTLED]
        named = set(Document.objects.filter(key__in=found).values_list("key", flat=True))
        swept += _discard(key for key in found if key not in named)
    return swept


def new_key(report: Any) -> str:
    """Where in the storage a new file of this report goes: never used before, and says nothing about a person."""
    now = clock.now()
    return f"documents/{now:%Y-%m}/dd_doc_{report.pk}_{now.timestamp() * 1000:.0f}_{uuid4().hex}"


# Checks


SUBMITTED_MEANWHILE = Refused(
    "submitted",
    "This report was submitted while your files were on their way, and they were not added."
    " Use “Attach documents” on the submitted report to send them",
)
NO_SCANNER = Refused(
    "scanner",
    "We cannot check files for viruses just now, so nothing was added."
    " Your other answers are safe. Try again in a few minutes",
)
NO_STORAGE = Refused(
    "storage",
    "We cannot keep files just now, so nothing was added. Your other answers are safe. Try again in a few minutes",
)
NO_FILE = Refused("none", f"Choose at least one {rules.ACCEPTED} file")


def _checked(report: Any, files: Sequence[Upload], *, by: Any) -> list[_Ready]:
    """Every file by every rule, then every file by the scanner."""
    _refuse([] if files else [NO_FILE])
    _refuse(_over_the_limits(files))
    ready, refused = [], []
    for file in files:
        verdict = examine(file.sent_name, _content(file), max_bytes=settings.DOCUMENT_MAX_BYTES)
        if isinstance(verdict, Accepted):
            ready.append(_ready(report, file, verdict))
        else:
            refused.append(verdict)
    _refuse(refused + _used(report, [file.name for file in ready]) + _twice([file.name for file in ready]))
    _scan(report, files, by=by)
    return ready


def _refuse(refusals: list[Refused]) -> None:
    if refusals:
        raise NotAdded(refusals)


def _over_the_limits(files: Sequence[Upload]) -> list[Refused]:
    if any(file.over == "count" for file in files):
        return [Refused("count", f"Choose {settings.REQUEST_MAX_FILES} files or fewer at a time")]
    large = [rules.too_large(file.sent_name, settings.DOCUMENT_MAX_BYTES) for file in files if file.over == "file"]
    if not large and any(file.over == "request" for file in files):
        limit = settings.REQUEST_MAX_BYTES // 1024**2
        return [Refused("request", f"Your files are larger than {limit}MB together. Add fewer of them at a time")]
    return large


def _used(report: Any, names: list[str]) -> list[Refused]:
    used = deputy_documents(report).filter(name__in=names).values_list("name", flat=True)
    return [rules.already_used(name) for name in used]


def _twice(names: list[str]) -> list[Refused]:
    return [rules.chosen_twice(name) for name in dict.fromkeys(names) if names.count(name) > 1]


def _scan(report: Any, files: Sequence[Upload], *, by: Any) -> None:
    """Scanned is what was sent, not what we made of it. Without a verdict nothing is accepted."""
    infected = []
    for file in files:
        content = _content(file)
        try:
            verdict = scanner().scan(content)
        except Unavailable as error:
            log.warning("scanner_unavailable", reason=str(error))
            raise NotAdded([NO_SCANNER]) from None
        if not verdict.clean:
            found = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            audit.record("UPLOAD_INFECTED", by=by, subject=report, reason=verdict.name or "", after=found)
            infected.append(rules.infected(file.sent_name))
    _refuse(infected)


def _content(file: Upload) -> bytes:
    file.seek(0)
    return bytes(file.read())


def _ready(report: Any, file: Upload, accepted: Accepted) -> _Ready:
    content = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 has no name: gone when it is let go
    content.write(accepted.data)
    return _Ready(
        file.sent_name,
        accepted.name,
        accepted.content_type,
        len(accepted.data),
        hashlib.sha256(accepted.data).hexdigest(),
        content,
        new_key(report),
    )


# Storage


@contextmanager
def _stored(files: list[_Ready]) -> Iterator[None]:
    """The files in the storage; taken out again if the block fails."""
    try:
        try:
            for file in files:
                file.content.seek(0)
                store().put(file.key, file.content.read(), file.content_type)
        except (Unavailable, Rejected) as error:
            log.warning("storage_unavailable", reason=str(error))
            raise NotAdded([NO_STORAGE]) from None
        yield
    except BaseException:
        _discard(file.key for file in files)
        raise


def _discard(keys: Iterable[str]) -> int:
    """Delete files that nothing names; returns how many went. What fails is swept another night."""
    gone = 0
    for key in keys:
        with suppress(Unavailable, Rejected):
            store().delete(key)
            gone += 1
    return gone


def _months(first: Any, last: Any) -> Iterator[str]:
    month = first.replace(day=1)
    while month <= last:
        yield f"{month:%Y-%m}"
        month = (month + timedelta(days=32)).replace(day=1)
