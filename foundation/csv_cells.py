"""CSV files that people open in a spreadsheet, safe to open.

A spreadsheet takes a cell that begins with = + - @ for a formula and runs it. What a person typed is therefore
written so that it stays text; numbers stay numbers. The file begins with a byte order mark, for without one Excel
reads UTF-8 as Western European and spoils £ and every accented name; readers that know UTF-8 ignore the mark.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # the last four: East Asian spreadsheets

Cell = str | int | Decimal


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet evaluates; spaces before a sign do not hide it."""
    risky = cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS)
    return f"'{cell}" if risky else cell


def plain(cell: Cell) -> str:
    match cell:
        case str():
            return neutral(cell)
        case Decimal():
            return f"{cell:f}"  # never with an exponent
        case int():
            return str(cell)


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(map(plain, row) for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")
