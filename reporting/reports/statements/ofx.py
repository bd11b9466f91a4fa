"""OFX (Money, Quicken) statements. ofxtools parses the tags; we read the few that a statement needs.

Its typed models are not used: they refuse files of real banks for details of the header, and they turn the bank's
day into a moment in UTC, by which a payment of a summer's midnight falls on the day before.
"""

import logging
import re
from itertools import pairwise
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, unescape

from ofxtools.Parser import TreeBuilder

from reporting.reports.statements.lines import (
    LONGEST_DESCRIPTION,
    MOST_LINES,
    AccountHint,
    Refused,
    Statement,
    StatementLine,
)
from reporting.reports.statements.values import amount_from, date_from

logging.getLogger("ofxtools").setLevel(logging.WARNING)  # its debug messages quote the payments

_DAMAGED = "This OFX file is damaged or cut off. Download it again."
_TAG = re.compile(r"<(/?)([A-Za-z0-9._]+)[ \t]*>")
_EMPTY = re.compile(r"<(NAME|MEMO|CHECKNUM|REFNUM|FITID|TRNTYPE|BRANCHID|SIC|PAYEEID)>\s*(?=<(?!/\1>))")


def read(text: str) -> Statement:
    """The payments of the one account in the file. Raises only `Refused`."""
    body = _EMPTY.sub("", _TAG.sub(lambda tag: f"<{tag[1]}{tag[2].upper()}>", _without_cdata(text))).rstrip()
    root = _tree(body)
    statements = [found for found in root.iter() if found.tag in {"STMTRS", "CCSTMTRS"}]
    if not statements:
        raise Refused(None, "This OFX file holds no bank statement.")
    if len(statements) > 1:
        raise Refused(None, "This file holds more than one account. Download one account at a time.")
    payments, rows = list(statements[0].iter("STMTTRN")), _rows(body)
    if not len(payments) == len(rows) == body.count("</STMTTRN>"):
        raise Refused(None, _DAMAGED)
    if not payments:
        raise Refused(None, "There are no payments in this file.")
    if len(payments) > MOST_LINES:
        raise Refused(None, f"This file has more than {MOST_LINES:,} payments. Download a shorter period.")
    _only_pounds(statements[0].findtext("CURDEF"), None)
    lines = [_line(payment, row) for payment, row in zip(payments, rows, strict=True)]
    return Statement(lines, "ofx", account=_account(statements[0]))


def _without_cdata(text: str) -> str:
    """Plain text for marked sections: the parser's own search for their ends can take minutes on a hostile file."""
    first, *marked = text.split("<![CDATA[")
    parts = (part.partition("]]>") for part in marked)
    return first + "".join(escape(inside) + after for inside, _, after in parts)


def _tree(body: str) -> Element:
    start = body.find("<OFX>")
    if start < 0 or not body.endswith("</OFX>"):
        raise Refused(None, _DAMAGED)
    builder = TreeBuilder()
    try:
        builder.feed(body[start:])
        root = builder.close()
    except (SyntaxError, AssertionError, LookupError, ValueError, TypeError):
        raise Refused(None, _DAMAGED) from None
    return root


def _rows(body: str) -> list[int]:
    """The line on which each payment begins."""
    starts = [0, *(found.start() for found in re.finditer("<STMTTRN>", body))]
    rows = [1]
    for before, now in pairwise(starts):
        rows.append(rows[-1] + body.count("\n", before, now))
    return rows[1:]


def _line(payment: Element, row: int) -> StatementLine:
    try:
        when = date_from(_text(payment, "DTPOSTED")[:8])  # the bank's own day, before any time and zone
        amount = amount_from(_text(payment, "TRNAMT"))
    except ValueError as error:
        raise Refused(row, str(error)) from None
    if amount is None:
        raise Refused(row, "There is no amount for this payment.")
    _only_pounds(payment.findtext("CURRENCY/CURSYM"), row)
    name, memo = _text(payment, "NAME") or _text(payment, "PAYEE/NAME"), _text(payment, "MEMO")
    description = name if memo.casefold() in name.casefold() else f"{name} {memo}".strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise Refused(row, f"The description is longer than {LONGEST_DESCRIPTION:,} characters.")
    return StatementLine(row, when, description, amount, None, _text(payment, "FITID")[:LONGEST_DESCRIPTION])


def _text(element: Element, path: str) -> str:
    return " ".join(unescape(element.findtext(path) or "", {"&nbsp;": " ", "&quot;": '"', "&apos;": "'"}).split())


def _only_pounds(currency: str | None, row: int | None) -> None:
    if currency and currency.strip().upper() != "GBP":
        reason = f"These payments are in {currency.strip()[:3].upper()}."
        raise Refused(row, f"{reason} The report needs every payment in pounds (GBP).")


def _account(statement: Element) -> AccountHint | None:
    bank, number = _text(statement, "BANKACCTFROM/BANKID"), _text(statement, "BANKACCTFROM/ACCTID")
    digits = re.sub(r"\D", "", number if len(number) == 14 else bank + number)
    if len(digits) == 14:
        return AccountHint(digits[:6], digits[-4:])
    return AccountHint(None, number[-4:]) if len(number) >= 4 else None
