"""A downloaded statement file, whatever the bank, becomes a `Statement`; anything else is refused whole.

CSV of any layout, label: value text, OFX and QIF. What the file is, is judged by its content, never by its name.
"""

import codecs
import re
from decimal import Decimal

from ofxtools.models.i18n import CURRENCY_CODES

from reporting.reports.statements import columns, ofx, qif
from reporting.reports.statements.columns import Mapping, Role
from reporting.reports.statements.lines import (
    LONGEST_DESCRIPTION,
    MOST_BYTES,
    MOST_LINES,
    AccountHint,
    Kind,
    Refused,
    Statement,
    StatementLine,
    quoted,
)
from reporting.reports.statements.table import DELIMITERS, Row, Table, delimited, is_note, labelled, split
from reporting.reports.statements.values import amount_from, currency_shown, date_from

_ADVICE = "Sign in to your bank and download the statement as CSV, OFX or QIF."
_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a spreadsheet or a zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"\x00\x00\x00", "an image or a film"),
    (b"{\\rtf", "a Word document"),
    (b"\x1f\x8b", "a compressed file"),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MOST_ROWS = 12 * MOST_LINES  # a payment of OFX or label: value text takes several
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_ACCOUNT_WORDS = re.compile(r"account|sort ?code", re.IGNORECASE)
_SORT_CODE = re.compile(r"(?<!\d)(\d{2})-?(\d{2})-?(\d{2})(?=[ -]+\d{8}\b|$)")
_LAST_FOUR = re.compile(r"(?<![\d-])(?:\d{4}|[\dXx*]{4,}[ -]?)(?:[ -]?[\dXx*]{4})*?(\d{4})$")


def read(data: bytes, name: str, mapping: Mapping | None = None) -> Statement:
    """The payments of one account in pounds, in the order of the file.

    With `mapping`, a person has said which column is what, and it is obeyed. Raises only `Refused`.
    """
    text = decode(data)
    kind = kind_of(text, name)
    if kind == "ofx":
        return ofx.read(text)
    if kind == "qif":
        return qif.read(text)
    kind, table, mapping = _table(text, mapping)
    return _statement(kind, table, mapping)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, Windows-1252 or Latin-1. Raises Refused for anything that is not text."""
    if len(data) > MOST_BYTES:
        raise Refused(None, f"This file is larger than {MOST_BYTES // 1_000_000} MB. Download a shorter period.")
    if not data.strip():
        raise Refused(None, f"This file is empty. {_ADVICE}")
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise Refused(None, f"This file is {what}, which we cannot read as a statement. {_ADVICE}")
    text = _text(data).removesuffix("\x1a").replace("\xa0", " ")
    if text.count("\n") > _MOST_ROWS or text.count("\r") > _MOST_ROWS or text.count("<") > 2 * _MOST_ROWS:
        raise Refused(None, f"This file has more than {MOST_LINES:,} payments. Download a shorter period.")
    if bad := _CONTROL.search(text):
        raise Refused(text.count("\n", 0, bad.start()) + 1, f"This is not a text file. {_ADVICE}")
    return text


def _text(data: bytes) -> str:
    encodings = [encoding for bom, encoding in _BOMS if data.startswith(bom)]
    if not encodings and b"\x00" in data[:200]:
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    for encoding in encodings or ("utf-8", "windows-1252", "latin-1"):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise Refused(None, f"This is not a text file that we can read. {_ADVICE}")


def kind_of(text: str, name: str) -> Kind:
    """What the content is; "csv" stands for any text that is nothing else. Raises Refused for a web page."""
    start = text[:2_000].lstrip().upper()
    if "OFXHEADER" in start or start.startswith("<OFX>"):
        return "ofx"
    if start.startswith(("!TYPE", "!ACCOUNT", "!OPTION", "!CLEAR")):
        return "qif"
    if start.startswith("<"):
        raise Refused(1, f"This is a web page, not a statement: your bank may have signed you out. {_ADVICE}")
    if (ending := name.casefold().rpartition(".")[2]) in {"ofx", "qfx", "qif"}:
        raise Refused(1, f"The name of this file ends with .{ending}, but its content is something else. {_ADVICE}")
    return "csv"


def _table(text: str, mapping: Mapping | None) -> tuple[Kind, Table, Mapping]:
    """The table and what its columns mean: the delimiter under which the columns are best understood."""
    if (blocks := labelled(text)) is not None:
        return "labels", blocks, mapping or columns.recognise(blocks)
    found, refusals = list[tuple[Table, Mapping]](), list[Refused]()
    for delimiter in sorted((d for d in DELIMITERS if d in text), key=text.count, reverse=True):
        try:
            table = delimited(split(text, delimiter))
        except Refused as refusal:
            refusals.append(refusal)
            continue
        found.append((table, mapping or columns.recognise(table)))
    if found:
        table, mapping = max(found, key=lambda pair: _fitness(*pair))
        return "csv", table, mapping
    where = [refusal for refusal in refusals if refusal.line]
    raise (where or refusals or [Refused(1, f"This does not look like a bank statement. {_ADVICE}")])[0]


def _fitness(table: Table, mapping: Mapping) -> tuple[bool, bool, int, int]:
    fits = len(mapping.roles) == len(table.names)
    return fits, mapping.problem() is None, len(table.rows), len(table.names)


def _statement(kind: Kind, table: Table, mapping: Mapping) -> Statement:
    sample = table.sample()
    if len(mapping.roles) != len(table.names):
        reason = f"This file has {len(table.names)} columns, not {len(mapping.roles)}."
        raise Refused(None, reason, columns.recognise(table), sample)
    if problem := mapping.problem():
        raise Refused(None, problem, mapping, sample)
    _only_pounds(table, mapping)
    lines = []
    for row in table.rows:
        try:
            line = _line(row, mapping)
        except ValueError as error:
            raise Refused(row.line, str(error), mapping, sample) from None
        if line is not None:
            lines.append(line)
    if not lines:
        raise Refused(None, "There are no payments in this file.", mapping, sample)
    order = columns.newest_first(lines[0].date, lines[-1].date)
    proof = columns.follows([line.amount for line in lines], [line.balance for line in lines], order)
    return Statement(lines, kind, mapping, _account(table), sample, None if proof is None else proof == 1)


def _line(row: Row, mapping: Mapping) -> StatementLine | None:
    """The payment of a row; None for the bank's remarks. Raises ValueError with a sentence."""
    day = _cell(row, mapping, Role.DATE)
    amount = columns.amount_of(row, mapping) if day or not is_note(row.cells) else None
    if amount is None and is_note(row.cells):
        return None
    if not day:
        raise ValueError("There is no date on this line.")
    when = date_from(day)
    if amount is None:
        raise ValueError("There is no amount on this line.")
    description = " ".join(filter(None, (row.cells[at] for at in mapping.columns(Role.DESCRIPTION))))
    reference = " ".join(filter(None, (row.cells[at] for at in mapping.columns(Role.REFERENCE))))
    if len(description) + len(reference) > LONGEST_DESCRIPTION:
        raise ValueError(f"The description is longer than {LONGEST_DESCRIPTION:,} characters.")
    return StatementLine(row.line, when, description, amount, _balance(row, mapping), reference)


def _balance(row: Row, mapping: Mapping) -> Decimal | None:
    return amount_from(_cell(row, mapping, Role.BALANCE))


def _cell(row: Row, mapping: Mapping, role: Role) -> str:
    at = mapping.column(role)
    return "" if at is None else row.cells[at]


def _only_pounds(table: Table, mapping: Mapping) -> None:
    """Raises Refused at the first line in another currency, by a column of currencies or a sign beside an amount."""
    money = [at for at, role in enumerate(mapping.roles) if role in columns.MONEY]
    codes = _currency_column(table)
    for row in table.rows:
        shown = {currency for at in money if (currency := currency_shown(row.cells[at]))}
        if codes is not None and row.cells[codes]:
            shown.add(row.cells[codes].upper())
        if others := sorted(shown - {"GBP"}):
            reason = f"This payment is in {' and '.join(others)}. The report needs every payment in pounds (GBP)."
            raise Refused(row.line, reason, mapping, table.sample())


def _currency_column(table: Table) -> int | None:
    """The column that names the currency of the account: what was paid locally abroad is no concern of ours."""
    likely = []
    for at, name in enumerate(table.names):
        cells = {cell.upper() for cell in table.column(at) if cell}
        if cells == {"GBP"}:
            return at
        if cells and cells <= set(CURRENCY_CODES) and not re.search(r"local|original|foreign", name, re.IGNORECASE):
            likely.append(at)
    return likely[0] if likely else None


def _account(table: Table) -> AccountHint | None:
    """The one account that the columns or the preamble name. Raises Refused when the columns name several."""
    texts = [" ".join(row.cells) for row in table.preamble if _ACCOUNT_WORDS.search(" ".join(row.cells))]
    for at in (at for at, name in enumerate(table.names) if table.headed and _ACCOUNT_WORDS.search(name)):
        cells = list(dict.fromkeys(cell for cell in table.column(at) if cell))
        if len(cells) > 1 and all(_hint([cell]) for cell in cells):
            second = next(row.line for row in table.rows if row.cells[at] == cells[1])
            reason = f"This file holds more than one account ({quoted(cells[0])} and {quoted(cells[1])})."
            raise Refused(second, f"{reason} Download one account at a time.")
        texts += cells[:1]
    return _hint(texts)


def _hint(texts: list[str]) -> AccountHint | None:
    sort_code = next(("".join(found.groups()) for text in texts if (found := _SORT_CODE.search(text))), None)
    last_four = next((found[1] for text in texts if (found := _LAST_FOUR.search(text))), None)
    return AccountHint(sort_code, last_four) if sort_code or last_four else None
