"""The printed report: a tagged PDF/UA-1 that people who use a screen reader can read too.

`render` turns a `Document`, which is plain data in the words to be shown, into the bytes of the PDF. The look is in
`print/report.typ`. Answers reach the template only as JSON, so nothing that a person typed is ever taken for markup.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any, assert_never

from foundation import typesetting
from foundation.typesetting import printable
from reporting.engine.rows import Block, Listing, Row, Rows

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "print" / "report.typ"

# Points. The template takes these too, so that both agree on what fits in a line.
TEXT_WIDTH = 482.0
QUESTION_WIDTH = 180.0
GAP = 14.0
ANSWER_WIDTH = TEXT_WIDTH - QUESTION_WIDTH - GAP
CELL_PADDING = 5.0
SIZES = {"text": 10.5, "table": 9.0, "title": 22.0, "small": 8.0}
SLACK = 1.02  # room for what the sum of letters' widths does not know, such as kerning

ENTRY_NAME_LENGTH = 80
NOT_ANSWERED = "Not answered"
NOT_FINISHED = "(not finished)"


@dataclass(frozen=True)
class Chapter:
    """A heading of the contents page and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
    intro: str = ""


@dataclass(frozen=True)
class Document:
    """Everything that is printed, in its order.

    The cover says what is reported, for whom and by whom; the chapters are the internal summary (staff's copy), the
    sections, the financial summary and the declaration, as far as this copy has them.
    """

    title: str
    case_number: str
    period: str
    cover: tuple[Rows, ...]
    chapters: tuple[Chapter, ...]
    made_at: datetime  # the same document made twice gives the same bytes
    notice: str = ""  # shown on the cover and every page, such as "Preview: not submitted"


def render(document: Document) -> bytes:
    try:
        return typeset(Page(document, printable.MARKS).data(), document.made_at)
    except typesetting.TypstError:
        # No combination of covered characters is known to fail; if one does, the report must still be delivered.
        log.warning("report pdf: typesetting failed, printing everything beyond plain Latin as code points")
        return typeset(Page(document, printable.PLAIN_MARKS).data(), document.made_at)
    finally:
        typesetting.forget()


def typeset(data: Mapping[str, Any], made_at: datetime) -> bytes:
    return typesetting.typeset(TEMPLATE, data, made_at)


@dataclass(frozen=True)
class Page:
    """The document as the template's JSON: every text printable, and broken where it would leave the page."""

    document: Document
    marks: printable.Marks

    def data(self) -> dict[str, Any]:
        document = self.document
        return {
            "title": self.line(document.title, TEXT_WIDTH, "title"),
            "case_number": self.line(document.case_number, TEXT_WIDTH / 3, "small"),
            "period": self.line(document.period, TEXT_WIDTH / 3, "small"),
            "notice": self.line(document.notice, TEXT_WIDTH / 3, "small"),
            "cover": [self.block(rows) for rows in document.cover],
            "chapters": [self.chapter(chapter) for chapter in document.chapters],
            "style": {
                "fonts": list(printable.coverage()),
                "sizes": SIZES,
                "width": TEXT_WIDTH,
                "question": QUESTION_WIDTH,
                "gap": GAP,
                "padding": CELL_PADDING,
            },
        }

    def chapter(self, chapter: Chapter) -> dict[str, Any]:
        return {
            "title": self.line(chapter.title, TEXT_WIDTH, "title"),
            "intro": self.text(chapter.intro, TEXT_WIDTH, "text"),
            "blocks": [self.block(untitled(block, chapter.title)) for block in chapter.blocks],
        }

    def block(self, block: Block) -> dict[str, Any]:
        match block:
            case Rows():
                return self.rows(block)
            case Listing():
                return self.listing(block)
            case _:
                assert_never(block)

    def rows(self, block: Rows) -> dict[str, Any]:
        return {
            "kind": "rows",
            "title": self.line(block.title, TEXT_WIDTH, "title"),
            "rows": [self.row(row) for row in block.rows],
        }

    def row(self, row: Row) -> dict[str, Any]:
        answered = bool(row.text.strip())
        return {
            "label": self.line(row.label, QUESTION_WIDTH, "text"),
            "text": self.text(row.text, ANSWER_WIDTH, "text") if answered else NOT_ANSWERED,
            "answered": answered,
        }

    def listing(self, block: Listing) -> dict[str, Any]:
        lines = [line.cells if line.finished else unfinished(line.cells) for line in block.lines]
        head, *body = self.table([tuple(map(one_line, block.columns)), *lines, *([block.total] if block.total else [])])
        return {
            "kind": "listing",
            "title": self.line(block.title, TEXT_WIDTH, "title"),
            "columns": [cell for cell, _ in head],
            "widths": [room for _, room in head],
            "numeric": [number in block.numeric for number in range(len(block.columns))],
            "lines": [[cell for cell, _ in line] for line in body[: len(lines)]],
            "total": [cell for line in body[len(lines) :] for cell, _ in line],
            "empty": self.text(block.empty, TEXT_WIDTH, "text"),
            "more": [self.rows(Rows(rows, title)) for title, rows in answers_beyond_the_table(block)],
        }

    def table(self, lines: list[tuple[str, ...]]) -> list[list[tuple[str, float]]]:
        """Every cell with the width of its column in points."""
        em, padding = SIZES["table"] * SLACK, 2 * CELL_PADDING
        cells = [[printable.printable(cell, self.marks) for cell in line] for line in lines]
        room = (TEXT_WIDTH - padding * len(lines[0])) / em
        widths = printable.column_widths(cells, room)
        return [
            [(printable.fit(cell, wide), wide * em + padding) for cell, wide in zip(line, widths, strict=True)]
            for line in cells
        ]

    def line(self, text: str, room: float, size: str) -> str:
        return self.text(one_line(text), room, size)

    def text(self, text: str, room: float, size: str) -> str:
        return printable.fit(printable.printable(text, self.marks), room / SIZES[size] / SLACK)


def one_line(text: str) -> str:
    return " ".join(text.splitlines())


def untitled(block: Block, heading: str) -> Block:
    """The block without its title where that would only say the chapter's again."""
    return replace(block, title="") if block.title == heading else block


def answers_beyond_the_table(block: Listing) -> Iterable[tuple[str, tuple[Row, ...]]]:
    """What was answered about an entry and has no column, under the entry's first words.

    Two equal answers of which the table shows one are both given again: better twice than not at all.
    """
    for line in block.lines:
        given = Counter(row.text for row in line.details)
        shown = Counter(line.cells)
        rows = tuple(row for row in line.details if row.text.strip() and given[row.text] > shown[row.text])
        if rows:
            name = next((cell for cell in line.cells if cell.strip()), block.title)
            yield shorten(name, ENTRY_NAME_LENGTH, placeholder="..."), rows


def unfinished(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{cells[0]} {NOT_FINISHED}".strip(), *cells[1:])
