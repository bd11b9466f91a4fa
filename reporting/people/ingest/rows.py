"""From a line of a file to checked values, or to the reason why it is refused."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

from foundation import clock

CASE_NUMBER = re.compile(r"[0-9]{7}[0-9T]([0-9A-Z]{2})?")
"""8 digits, or 7 digits and T; two more characters may follow and are not part of the comparison."""

IDENTIFIER = re.compile(r"[0-9][0-9A-Za-z-]{0,35}")

MAX_REFUSED_KEPT = 1000
"""How many refusals one run keeps with their reasons; all are counted."""


class BadRow(Exception):
    """Why a row is refused, in words without personal data."""


class BadFile(Exception):
    """The file as a whole cannot be used."""


@dataclass
class Refusals:
    """The rows that were refused: line, identifiers and reason, nothing else about anybody."""

    count: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: int, reason: str, **identifiers: str) -> None:
        self.count += 1
        if len(self.kept) < MAX_REFUSED_KEPT:
            # A shifted row may hold a name where a number belongs.
            known = {name: value for name, value in identifiers.items() if IDENTIFIER.fullmatch(value)}
            self.kept.append({"line": line, "reason": reason, **known})


def read(text: str, columns: list[str]) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Line number and trimmed values by column; None for a row that has more or fewer values than the header."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
    except (StopIteration, csv.Error):
        raise BadFile("The file is empty.") from None
    missing = [name for name in columns if name not in header]
    if missing:
        raise BadFile(f"Columns are missing: {', '.join(missing)}.")
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None
            continue
        if values:
            trimmed = dict(zip(header, map(str.strip, values), strict=False))
            yield reader.line_num, trimmed if len(values) == len(header) else None


def required(row: dict[str, str], *columns: str) -> None:
    missing = [name for name in columns if not row[name]]
    if missing:
        raise BadRow(f"{', '.join(missing)} missing")


def text(row: dict[str, str], column: str, longest: int) -> str:
    value = row.get(column, "")
    if len(value) > longest:
        raise BadRow(f"{column} is longer than {longest} characters")
    if not value.isprintable():
        raise BadRow(f"{column} has characters that cannot be printed")
    return value


def one_of(row: dict[str, str], column: str, allowed: dict[str, Any]) -> Any:
    """The meaning of a value that the file may spell in any case."""
    try:
        return allowed[row[column].upper()]
    except KeyError:
        raise BadRow(f"{column} is none of {', '.join(allowed)}") from None


def case_number(row: dict[str, str], column: str) -> str:
    value = row[column].upper()
    if not CASE_NUMBER.fullmatch(value):
        raise BadRow(f"{column} is not a case number")
    return value


def uid(row: dict[str, str], column: str, longest: int) -> str:
    value = text(row, column, longest)
    if not IDENTIFIER.fullmatch(value):
        raise BadRow(f"{column} is not an identifier")
    return value


def day(row: dict[str, str], column: str) -> date:
    found = parse_date(row[column])
    if found is None:
        raise BadRow(f"{column} is not a date")
    return found


def parse_date(value: str) -> date | None:
    """2014-12-16 (a time may follow), 16-Dec-2014 or 16-Dec-14, which is never more than a year ahead."""
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        pass
    for form in ("%d-%b-%Y", "%d-%b-%y"):
        try:
            found = datetime.strptime(value, form).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
        if form.endswith("%y") and found > clock.today() + timedelta(days=366):
            found = found.replace(year=found.year - 100)
        return found
    return None
