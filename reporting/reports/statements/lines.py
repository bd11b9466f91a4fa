"""What every statement file is turned into, whatever the bank and the format, and how one is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reporting.reports.statements.columns import Mapping

MOST_BYTES = 5_000_000
MOST_LINES = 20_000
LONGEST_DESCRIPTION = 1_000

Kind = Literal["csv", "labels", "ofx", "qif"]
Sample = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class StatementLine:
    """One payment. `row` is its line in the file, from 1; `amount` is in pounds, positive when money came in."""

    row: int
    date: date
    description: str
    amount: Decimal
    balance: Decimal | None = None
    reference: str = ""


@dataclass(frozen=True)
class AccountHint:
    """What the file says about its account: six digits of sort code, last four characters of the number."""

    sort_code: str | None = None
    last_four: str | None = None


@dataclass(frozen=True)
class Statement:
    """A file that was read whole.

    `mapping` says which column is what (None for OFX and QIF); `sample` holds the first rows as they stand in the
    file, for a preview above which a person can correct the mapping. `balances_follow` says whether each balance
    is the one before plus the amount: None when the file shows fewer than two balances.
    """

    lines: list[StatementLine]
    kind: Kind
    mapping: Mapping | None = None
    account: AccountHint | None = None
    sample: Sample = field(default=())
    balances_follow: bool | None = None


class Refused(Exception):
    """A file that is not read at all. `line` is where, from 1, or None when the whole file is meant.

    `mapping` and `sample` are given where the columns were found but their meaning, or a cell, was not understood:
    a page can then ask the person which column is what.
    """

    def __init__(self, line: int | None, reason: str, mapping: Mapping | None = None, sample: Sample = ()) -> None:
        super().__init__(f"Line {line}: {reason}" if line else reason)
        self.line, self.reason, self.mapping, self.sample = line, reason, mapping, sample


def quoted(cell: str) -> str:
    """A cell as shown within a reason: in quotation marks, cut after 40 characters."""
    return f"‘{cell[:40]}…’" if len(cell) > 40 else f"‘{cell}’"
