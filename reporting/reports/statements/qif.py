"""QIF (Quicken) statements, by quiffen.

quiffen alone would read 02/13/2025 as 13 February, (5.00) as money in and 12O.00 as 12. So every date and amount is
first read by our own strict rules and put into its plainest form; quiffen then reads the structure.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from quiffen import Qif, Transaction

from reporting.reports.statements.lines import LONGEST_DESCRIPTION, MOST_LINES, Refused, Statement, StatementLine
from reporting.reports.statements.values import amount_from, currency_shown, date_from

logging.getLogger("quiffen").setLevel(logging.ERROR)  # its warnings quote the payments

_DAMAGED = "This QIF file is damaged or cut off. Download it again."
_ACCOUNTS = ("!type:bank", "!type:cash", "!type:ccard", "!type:otha", "!type:othl")
_KEPT = "PMN"


def read(text: str) -> Statement:
    """The payments of the one account in the file. Raises only `Refused`."""
    rows, plain = list[int](), list[str]()
    for row, record in _records(text):
        rows.append(row)
        plain += [*record, "^"]
    if not rows:
        raise Refused(None, "There are no payments in this file.")
    if len(rows) > MOST_LINES:
        raise Refused(None, f"This file has more than {MOST_LINES:,} payments. Download a shorter period.")
    payments = _parse("\n".join(["!Type:Bank", *plain]))
    if len(payments) != len(rows):
        raise Refused(None, _DAMAGED)
    return Statement([_line(payment, row) for payment, row in zip(payments, rows, strict=True)], "qif")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each payment's first line in the file, and its fields in their plainest form."""
    accounts, section, begins = 0, "", 0
    record: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("!"):
            if record:
                raise Refused(begins, "This payment has no end: a line with ^ is missing.")
            section = line.casefold().replace(" ", "")
            accounts += section == "!account"
            if accounts > 1:
                raise Refused(number, "This file holds more than one account. Download one account at a time.")
            if section.startswith("!type:") and section not in (*_ACCOUNTS, "!type:cat", "!type:class", "!type:tag"):
                raise Refused(number, "This QIF file is not a bank statement.")
        elif section in _ACCOUNTS and line == "^":
            if record:
                yield begins, _plain(record, begins)
            record = {}
        elif section in _ACCOUNTS and line:
            begins = begins if record else number
            _add(record, line, number)
    if record:
        raise Refused(begins, "This payment has no end: a line with ^ is missing.")


def _add(record: dict[str, str], line: str, number: int) -> None:
    """One field of a payment; what splits and categories add is left out, for the total is all that counts."""
    code, value = line[0], " ".join(line[1:].split())
    split_begun = "S" in record
    try:
        if code == "D" and not split_begun:
            record["D"] = date_from(value.replace("'", "/").replace(" ", "")).strftime("%d/%m/%Y")
        elif code in "TU" and not split_begun:
            if (currency_shown(value) or "GBP") != "GBP":
                raise ValueError("The report needs every payment in pounds (GBP).")
            record["T"] = "" if (amount := amount_from(value)) is None else str(amount)
        elif code in _KEPT and not split_begun:
            record[code] = value
        elif not line[0].isprintable():
            raise ValueError(_DAMAGED)
        else:
            record.setdefault(code, "")
    except ValueError as error:
        raise Refused(number, str(error)) from None


def _plain(record: dict[str, str], begins: int) -> list[str]:
    if not record.get("D"):
        raise Refused(begins, "There is no date for this payment.")
    if not record.get("T"):
        raise Refused(begins, "There is no amount for this payment.")
    return [f"{code}{record[code]}" for code in f"DT{_KEPT}" if record.get(code)]


def _parse(text: str) -> list[Transaction]:
    try:
        accounts = Qif.parse_string(text, day_first=True).accounts.values()
    except Exception:  # noqa: BLE001 - whatever a foreign parser raises, the file is refused
        raise Refused(None, _DAMAGED) from None
    return [payment for account in accounts for payments in account.transactions.values() for payment in payments]


def _line(payment: Transaction, row: int) -> StatementLine:
    assert isinstance(payment.date, datetime)
    assert payment.amount is not None
    payee, memo = payment.payee or "", payment.memo or ""
    description = payee if memo.casefold() in payee.casefold() else f"{payee} {memo}".strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise Refused(row, f"The description is longer than {LONGEST_DESCRIPTION:,} characters.")
    reference = "" if payment.check_number is None else str(payment.check_number)
    return StatementLine(row, payment.date.date(), description, payment.amount, None, reference)
