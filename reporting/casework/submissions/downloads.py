"""Several submissions as one ZIP that holds a ZIP of each, made while it is sent.

A file that is gone makes no download fail: what is missing is known before (``missing``), and should one vanish on
the way, a text file in its place says so.
"""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from foundation.clients import Rejected, Unavailable
from foundation.clients.storage import store
from reporting.casework.submissions.queries import may_download
from reporting.documents.models import Document
from reporting.submissions.models import Submission

IN_MEMORY = 5 * 1024 * 1024
PIECE = 256 * 1024
GONE = "MISSING.txt"


@dataclass(frozen=True)
class Parcel:
    """What is sent of one submission, read from the database before anything is sent."""

    submission: Submission
    documents: list[Document]

    @property
    def name(self) -> str:
        return f"{self.submission.report.client.case_number}_submission_{self.submission.pk}.zip"


def parcels(submissions: Iterable[Submission], user: Any) -> list[Parcel]:
    """What this person may download of each submission that may be downloaded at all."""
    return [
        Parcel(each, [document for document in each.documents.all() if may_download(user, document)])
        for each in submissions
        if each.downloadable
    ]


def missing(documents: Iterable[Document]) -> list[Document]:
    """Those of which there is no file (any more, or yet); ``Unavailable`` if the storage cannot tell."""
    keep = store()
    return [document for document in documents if not document.made or not keep.exists(document.key)]


def stream(parcels: Iterable[Parcel]) -> Iterator[bytes]:
    """The bytes of the ZIP; at any time one submission is held, on disk if it is large."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as outer:
        for parcel in parcels:
            with SpooledTemporaryFile(max_size=IN_MEMORY) as inner:
                _pack(parcel.documents, inner)
                inner.seek(0)
                with outer.open(parcel.name, "w", force_zip64=True) as entry:
                    while piece := inner.read(PIECE):
                        entry.write(piece)
                        yield sink.taken()
    yield sink.taken()


def _pack(documents: Iterable[Document], target: IO[bytes]) -> None:
    gone, used = [], {GONE}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in documents:
            name = _unused(document.name, used)
            try:
                with store().open(document.key) as file, archive.open(name, "w", force_zip64=True) as entry:
                    shutil.copyfileobj(file, entry, PIECE)
            except (Rejected, Unavailable):
                gone.append(name)
        if gone:
            archive.writestr(GONE, "These files could not be read:\n" + "\n".join(gone) + "\n")


def _unused(name: str, used: set[str]) -> str:
    """The name, numbered if another file of the ZIP has it; never one that leads out of a folder."""
    plain = name.replace("/", "_").replace("\\", "_").lstrip(".") or "document"
    stem, dot, extension = plain.rpartition(".")
    number, candidate = 2, plain
    while candidate in used:
        candidate = f"{stem or extension}-{number}{dot}{extension if stem else ''}"
        number += 1
    used.add(candidate)
    return candidate


class _Sink(RawIOBase):
    """A file that only takes what is written and hands it on."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)
