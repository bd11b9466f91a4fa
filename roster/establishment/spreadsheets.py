"""Tables out of files that people make: XLSX, and CSV in all the ways in which spreadsheet programs write it."""

import csv
import io
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

MOST_COLUMNS = 100
MOST_UNPACKED = 50_000_000
"""Bytes that a spreadsheet may hold: it is packed, and a small file can be made to hold gigabytes."""
OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
WIDE = b"\xff\xfe", b"\xfe\xff"


class Unreadable(Exception):
    """The file cannot be read as a table; the text says why."""


def table(name: str, content: bytes, *, most_rows: int) -> list[list[str]]:
    """The rows of a file as text, without blanks around it; a few more than ``most_rows`` of a longer one."""
    if content.startswith(OLD_SPREADSHEET):
        raise Unreadable("Spreadsheets of this kind cannot be read. Save the file as XLSX or CSV")
    packed = content.startswith(b"PK") or name.lower().endswith((".xlsx", ".xlsm"))
    rows = _of_spreadsheet(content, most_rows) if packed else _of_text(content)
    return [[cell.strip() for cell in row] for row in rows]


def _of_text(content: bytes) -> list[list[str]]:
    """Whatever stands between the cells of the first row: commas, semicolons or tabs."""
    text = _decoded(content)
    first, _, _ = text.partition("\n")
    between = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True))
    except csv.Error:
        raise Unreadable("The file is not a CSV file that we can read") from None


def _decoded(content: bytes) -> str:
    for encoding in ["utf-16"] if content.startswith(WIDE) else ["utf-8-sig", "cp1252"]:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise Unreadable("The file is not a CSV file that we can read")


def _of_spreadsheet(content: bytes, most_rows: int) -> list[list[str]]:
    """The first sheet: values as they were when it was saved. Macros and formulas are never run."""
    try:
        if sum(part.file_size for part in ZipFile(io.BytesIO(content)).infolist()) > MOST_UNPACKED:
            raise Unreadable("The spreadsheet holds too much. Keep only the columns and rows that are to be read")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        # Two rows more than we take, so that the message about too many rows is true.
        rows = book.worksheets[0].iter_rows(max_row=most_rows + 2, max_col=MOST_COLUMNS, values_only=True)
        return [[_text(cell) for cell in row] for row in rows]
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - over a broken file the library fails in any way
        raise Unreadable("The file is not a spreadsheet that we can read") from None


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)
