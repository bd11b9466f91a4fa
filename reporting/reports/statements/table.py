"""From text to rows and columns: CSV with any delimiter and preamble, or label: value blocks."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reporting.reports.statements.lines import MOST_LINES, Refused, Sample, quoted
from reporting.reports.statements.values import is_amount, is_date

MOST_COLUMNS = 60
_TOO_MANY = f"This file has more than {MOST_LINES:,} payments. Download a shorter period."
DELIMITERS = ",;\t|^~"
_LABEL = re.compile(r"(?P<label>[A-Za-z][A-Za-z /()&-]{0,30}?)\s*:\s*(?P<value>.*)")
_NOTE = re.compile(
    r"\b(opening|closing|start(ing)?|end(ing)?|brought|carried|previous|current|available|ledger)\b.*\b(balance|forward)\b"
    r"|\btotals?\b|\bbalance (brought|carried)\b|\bend of (file|statement|report)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Row:
    """The cells of one row, trimmed, and the line of the file where the row begins, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The payments of a file as a grid: every row has as many cells as there are names.

    `headed` tells names that the file gave from our own "Column 1". `preamble` is what stood above.
    """

    names: tuple[str, ...]
    rows: list[Row]
    headed: bool
    preamble: list[Row]

    def sample(self, size: int = 5) -> Sample:
        return tuple(row.cells for row in self.rows[:size])

    def column(self, index: int) -> list[str]:
        return [row.cells[index] for row in self.rows]


def is_note(cells: tuple[str, ...]) -> bool:
    """Whether a row without a payment is a remark of the bank, such as a balance brought forward or a total."""
    return bool(_NOTE.search(" ".join(cells)))


def split(text: str, delimiter: str) -> list[Row]:
    """The rows of delimited text that hold anything. Raises Refused where quotation marks do not pair up."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            row = Row(begins, tuple(_trimmed(cell) for cell in cells))
            begins = reader.line_num + 1
            if any(row.cells):
                rows.append(row)
            if len(row.cells) > MOST_COLUMNS:
                raise Refused(row.line, f"This line has more than {MOST_COLUMNS} columns.")
            if len(rows) > MOST_LINES + 100:
                raise Refused(None, _TOO_MANY)
    except csv.Error:
        raise Refused(begins, "The quotation marks on this line do not pair up, or a cell is far too long.") from None
    return rows


def _trimmed(cell: str) -> str:
    """Without outer spaces, and without the apostrophe that keeps a spreadsheet from changing the cell."""
    return " ".join(cell.split()).removeprefix("'").strip()


def delimited(rows: list[Row]) -> Table:
    """The table within delimited rows: below its header, or from the first row with a date in it.

    Raises Refused when there is no table, or a row has too few or too many columns.
    """
    start = _start(rows)
    if start is None:
        raise Refused(None, "We could not find any payments in this file: no row begins with a date and an amount.")
    header = _header(rows, start)
    body = [row for row in rows[start:] if header is None or row.cells != header.cells]
    width = _width(header, body)
    if width < 3:
        raise Refused(rows[start].line, "We need at least three columns: a date, a description and an amount.")
    names = _names(header.cells if header else (), width)
    preamble = rows[: start - 1 if header else start]
    return _limited(Table(names, [kept for row in body if (kept := _fit(row, width))], header is not None, preamble))


def _names(header: tuple[str, ...], width: int) -> tuple[str, ...]:
    return tuple((header[at] if at < len(header) else "") or f"Column {at + 1}" for at in range(width))


def _start(rows: list[Row]) -> int | None:
    """Where the payments begin. A preamble may show dates too, so the row's width must be the usual one."""
    dated = [at for at, row in enumerate(rows) if len(row.cells) >= 2 and any(is_date(cell) for cell in row.cells)]
    if not dated:
        return next((at + 1 for at, row in enumerate(rows[:-1]) if _looks_like_header(row)), None)
    width = _usual_width([rows[at] for at in dated])
    first = next(at for at in dated if len(rows[at].cells) == width)
    paid = next((at for at in dated if any(is_amount(cell) for cell in rows[at].cells)), first)
    for is_header in (_looks_like_header, lambda row: _names_columns(row, width)):
        if (headed := next((at for at in range(paid - 1, -1, -1) if is_header(rows[at])), None)) is not None:
            return headed + 1
    return first


def _names_columns(row: Row, width: int) -> bool:
    return len(row.cells) >= width >= 3 and not any(is_date(cell) or is_amount(cell) for cell in row.cells)


def _looks_like_header(row: Row) -> bool:
    words = [cell.casefold() for cell in row.cells if cell]
    return (
        len(words) >= 3
        and any("date" in word for word in words)
        and not any(is_date(cell) or is_amount(cell) for cell in row.cells)
    )


def _header(rows: list[Row], start: int) -> Row | None:
    above = rows[start - 1] if start else None
    if above is None or any(is_date(cell) or is_amount(cell) for cell in above.cells):
        return None
    named = len([cell for cell in above.cells if cell])
    return above if named >= 3 and named >= len(rows[start].cells) / 2 else None


def _width(header: Row | None, body: list[Row]) -> int:
    """As many columns as the header where any row agrees with it, else as most rows."""
    if header and any(len(row.cells) == len(header.cells) for row in body):
        return len(header.cells)
    return max(_usual_width(body), len(_without_blank_end(header.cells)) if header else 0)


def _usual_width(rows: list[Row]) -> int:
    widths = Counter(len(row.cells) for row in rows)
    return max(widths, key=lambda width: (widths[width], width))


def _without_blank_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _fit(row: Row, width: int) -> Row | None:
    """The row with exactly `width` cells; None for a remark of the bank."""
    cells = _without_blank_end(row.cells) if len(row.cells) > width else row.cells
    if len(cells) == width:
        return Row(row.line, cells)
    if is_note(cells) and not any(is_date(cell) for cell in cells):
        return None
    advice = "Some are missing." if len(cells) < width else "A comma within a description may have split it."
    columns = "1 column" if len(cells) == 1 else f"{len(cells)} columns"
    raise Refused(row.line, f"This line has {columns} where the others have {width}. {advice}")


def _limited(table: Table) -> Table:
    if len(table.rows) > MOST_LINES:
        raise Refused(None, _TOO_MANY)
    return table


def labelled(text: str) -> Table | None:
    """The table within blocks of "label: value" lines, one block a payment; None when the text is nothing like that.

    Raises Refused at a line without a label between blocks.
    """
    lines = [(number, " ".join(line.split())) for number, line in enumerate(io.StringIO(text, newline=None), 1)]
    matches = [(number, line, _LABEL.fullmatch(line)) for number, line in lines]
    filled = [match for _, line, match in matches if line]
    if len(filled) < 3 or sum(match is not None for match in filled) < 0.75 * len(filled):
        return None
    blocks = list(_blocks(matches))
    usual = Counter(tuple(block) for _, block in blocks).most_common(1)[0][0]
    if len(usual) < 3 or not any("date" in label.casefold() for label in usual):
        return None
    names = tuple(dict.fromkeys(usual))
    first = next(at for at, (_, block) in enumerate(blocks) if tuple(block) == usual)
    preamble = [Row(line, (label, value)) for line, block in blocks[:first] for label, value in block.items()]
    rows = [Row(line, _values(line, block, names)) for line, block in blocks[first:]]
    return _limited(Table(names, rows, True, preamble))


def _values(line: int, block: dict[str, str], names: tuple[str, ...]) -> tuple[str, ...]:
    missing = [name for name in names if name not in block]
    unknown = [name for name in block if name not in names]
    if missing or unknown:
        what = f"no {quoted(missing[0])}" if missing else f"{quoted(unknown[0])}, which the others do not have"
        raise Refused(line, f"The payment that begins on this line has {what}.")
    return tuple(block[name] for name in names)


def _blocks(matches: list[tuple[int, str, re.Match[str] | None]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Blocks end at a blank line, or where a label comes again."""
    begins, block = 0, dict[str, str]()
    for number, line, match in matches:
        if line and match is None:
            raise Refused(number, f"{quoted(line)} has no label in front of it, such as “Date:” or “Amount:”.")
        if block and (match is None or match["label"] in block):
            yield begins, block
            block = {}
        if match is not None:
            begins = begins if block else number
            block[match["label"]] = _trimmed(match["value"])
    if block:
        yield begins, block
