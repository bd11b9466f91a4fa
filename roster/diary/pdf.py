"""An officer's own week on A4, as a tagged PDF: the same facts as page, CSV and calendar file (R-064)."""

from datetime import datetime
from pathlib import Path
from typing import Any

from foundation import clock, typesetting
from foundation.clock import london
from foundation.typesetting import printable
from roster.diary.week import COLUMNS, Week, facts
from roster.training import marked

TEMPLATE = Path(__file__).parent / "print" / "week.typ"
WIDEST = 26.0
"""Of a word in a cell, in its own letters' height, before it is broken."""


def as_pdf(week: Week) -> bytes:
    at = clock.now()
    try:
        return typesetting.typeset(TEMPLATE, _data(week, at, printable.MARKS), at)
    except typesetting.TypstError:
        return typesetting.typeset(TEMPLATE, _data(week, at, printable.PLAIN_MARKS), at)
    finally:
        typesetting.forget()


def _data(week: Week, at: datetime, marks: printable.Marks) -> dict[str, Any]:
    def text(words: str) -> str:
        return printable.fit(printable.printable(words, marks), WIDEST)

    return {
        "title": text(marked(week.title)), "name": text(week.person.name),
        "made": f"Made {london(at):%-d %B %Y at %H:%M}",
        "fonts": list(printable.coverage()), "facts": [[text(label), text(said)] for label, said in facts(week)],
        "columns": COLUMNS, "rows": [[text(cell) for cell in row] for row in week.rows],
    }  # fmt: skip
