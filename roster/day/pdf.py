"""The detail sheet on A4 landscape, as a tagged PDF: the same tables as on screen, and a column to write in."""

from datetime import datetime
from pathlib import Path
from typing import Any

from foundation import typesetting
from foundation.clock import london
from foundation.typesetting import printable
from roster.day.tables import Page, Table
from roster.training import marked

TEMPLATE = Path(__file__).parent / "print" / "sheet.typ"
WIDTH, SIZE, PADDING = 770.0, 8.0, 6.0
"""Of the text on the page, of its letters, and beside each cell: in points."""
SLACK = 1.04
WRITTEN = "Radio and keys"
"""Filled in by hand."""
WRITTEN_WIDTH = 12


def render(page: Page, at: datetime, by: str, issue: str = "") -> bytes:
    """``by``: who prints it."""
    try:
        return typesetting.typeset(TEMPLATE, _data(page, at, by, issue, printable.MARKS), at)
    except typesetting.TypstError:
        return typesetting.typeset(TEMPLATE, _data(page, at, by, issue, printable.PLAIN_MARKS), at)
    finally:
        typesetting.forget()


def _data(page: Page, at: datetime, by: str, issue: str, marks: printable.Marks) -> dict[str, Any]:
    def text(words: str, room: float = WIDTH) -> str:
        return printable.fit(printable.printable(" ".join(words.split()), marks), room / SIZE / SLACK)

    return {
        "title": text(marked(page.title)), "establishment": text(page.establishment), "day": text(page.day),
        "issue": text(issue), "made": text(f"Printed {london(at):%-d %B %Y at %H:%M} by {by}"),
        "fonts": list(printable.coverage()),
        "facts": [[text(label, 120), text(said, 600)] for label, said in page.facts],
        "tables": [_table(table, marks, text) for table in page.tables],
    }  # fmt: skip


def _table(table: Table, marks: printable.Marks, text: Any) -> dict[str, Any]:
    lines = [[*table.columns, WRITTEN], *([*row.cells, ""] for row in table.rows)]
    cells = [[printable.printable(cell, marks) for cell in line] for line in lines]
    room = (WIDTH - PADDING * len(cells[0])) / SIZE / SLACK
    widths = printable.column_widths([[*line[:-1], "m" * WRITTEN_WIDTH] for line in cells], room)
    fitted = [[printable.fit(cell, wide) for cell, wide in zip(line, widths, strict=True)] for line in cells]
    return {
        "title": text(table.title), "note": text(table.note), "short": table.short, "empty": table.empty,
        "columns": fitted[0],
        "rows": fitted[1:], "widths": [wide * SIZE * SLACK + PADDING for wide in widths],
    }  # fmt: skip
