"""The documents of a period as the former scanning system takes them: lines of fixed width (deputy-admin 8.2)."""

from collections.abc import Iterable, Iterator, Sequence

from foundation import clock
from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction
from reporting.documents.models import Document

WIDTHS = (8, 40, 25, 40, 8, 34, 8, 10, 32, 170)
"""Characters of: case number, sender, first name, last name, received, form type, scanned, node, kind, document."""
HEADER, FOOTER = "00000000", "99999999"


def line(cells: Sequence[Cell]) -> str:
    """Each value filled up, or cut, to its width, so that no long name shifts what follows."""
    return "".join(" ".join(str(cell).split())[:width].ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))


class CaseDocuments(Extraction):
    key = "case-documents"
    title = "Documents in fixed width"
    about = "One line for each document that was submitted in the period, for systems that read the .dat file."
    verb = "figures.extract_documents"
    asks = ("period",)
    extension = "dat"
    content_type = "text/plain; charset=utf-8"

    def rows(self) -> Iterable[Sequence[Cell]]:
        first, after = self.choices.period.moments
        found = Document.objects.filter(submission__created_at__gte=first, submission__created_at__lt=after)
        for document in found.select_related("submission__created_by", "report__client").order_by("pk").iterator():
            submission, client = document.submission, document.report.client
            assert submission is not None
            sender = submission.created_by.name if submission.created_by else ""
            received = f"{clock.london(submission.created_at):%d%m%Y}"
            yield (
                client.case_number, sender, client.first_name, client.last_name, received, "Reports General",
                received, submission.pk, "Reports", document.name,
            )  # fmt: skip

    def name(self, stamp: str) -> str:
        return f"cwsdigidepsopg00001{stamp}.dat"

    def encoded(self, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        yield f"{HEADER}\r\n".encode()
        for row in rows:
            yield f"{line(row)}\r\n".encode()
        yield f"{FOOTER}\r\n".encode()
