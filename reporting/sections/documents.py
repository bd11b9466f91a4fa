"""Whether there are documents to send with the report, and which."""

from collections.abc import Mapping
from typing import Any, ClassVar

from reporting.documents.models import Document, deputy_documents
from reporting.engine.questions import YesNo
from reporting.engine.report_types import Family, ReportType
from reporting.engine.rows import Block, Line, Listing, Missing
from reporting.engine.section import Page, Section, page

CERTIFICATE = "If your costs of the last period were assessed, add the final cost certificate."


def introduction(section: Any) -> str:
    every = "You can send documents that support the report: PDF files and pictures of up to 15 MB each."
    return f"{every} {guidance(section)}".strip()


def guidance(section: Any) -> str:
    """What professionals send every year (D-148)."""
    return CERTIFICATE if section.report.kind.family is Family.PROF else ""


class Documents(Section):
    """The files themselves are not entries: reporting.documents keeps them."""

    key = "documents"
    title = "Documents"
    group = "documents"
    order = {"lay": 160, "pa": 180, "prof": 180}
    place = 210
    description = "Statements, bills and letters that support the report"
    intro = staticmethod(introduction)
    gather = ("Scans or photographs of documents that you want to send",)
    checklist = "Satisfied with the documents?"
    summary_template: ClassVar[str] = "sections/documents.html"

    has = YesNo(
        "Do you have documents to send with the report?",
        hint=guidance,
        missing="Select yes if you have documents to send",
        last_year=False,
    )

    pages = (page("has"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return True

    def files(self) -> list[Document]:
        return list(deputy_documents(self.report))

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        files = self.files() if values.get("has") == "no" else []
        if any(file.is_sent for file in files):
            return {"has": "Documents have been sent with this report already, so the answer stays yes"}
        if files:
            return {"has": "You have added documents. Remove them first if you do not want to send any"}
        return {}

    def onward(self) -> str:
        return "upload/" if self.has == "yes" else ""

    def missing(self) -> list[Missing]:
        found = super().missing()
        if self.has == "yes" and not self.files():
            found.append(Missing("Add at least one document", "upload"))
        return found

    def count(self) -> int | None:
        return len(self.files()) if self.has == "yes" else 0

    def counted(self, count: int) -> str:
        return "No documents" if count == 0 else "1 document" if count == 1 else f"{count} documents"

    def blocks(self) -> list[Block]:
        files = self.files()
        lines = tuple(Line((file.name, f"{file.created_at:%-d %B %Y at %H:%M}")) for file in files)
        listing = Listing("Documents", ("Name", "Added"), frozenset(), lines, empty="No documents added yet.")
        return [*super().blocks(), *([listing] if self.has == "yes" else [])]

    def fill(self, chance: Any) -> None:
        """A sample has no files to add."""
        self.has = "yes" if self.files() else "no"
