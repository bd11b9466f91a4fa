"""The transactions file that goes with a report on property and affairs: what was paid out and came in, line by line.

Offered for every report type with full money sections (`ReportType.higher_assets`), on demand and at submission alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from foundation.csv_cells import Cell, to_csv

COLUMNS = ("Type", "Category", "Amount", "Bank name", "Account details", "Description")
PENCE = Decimal("0.01")


class Kind(StrEnum):
    """In the order in which the file lists them."""

    GIFT = "Gift"
    EXPENSE = "Expense"
    MONEY_OUT = "Money out"
    MONEY_IN = "Money in"


@dataclass(frozen=True)
class Transaction:
    kind: Kind
    amount: Decimal
    category: str = ""  # the words shown; only money in and money out have one
    bank_name: str = ""  # empty where no account was chosen, as are the details
    account_details: str = ""
    description: str = ""


def transactions_csv(transactions: Iterable[Transaction]) -> bytes:
    """The whole file. Transactions of one kind keep the order in which they come."""
    order = list(Kind)
    ordered = sorted(transactions, key=lambda transaction: order.index(transaction.kind))
    return to_csv([COLUMNS, *map(cells, ordered)])


def cells(transaction: Transaction) -> tuple[Cell, ...]:
    return (
        transaction.kind.value,
        transaction.category,
        transaction.amount.quantize(PENCE),
        transaction.bank_name,
        transaction.account_details,
        transaction.description,
    )


def account_details(account_type: str, last_four: str, sort_code: str = "", *, joint: bool) -> str:
    """One bank account in words; `sort_code` stays empty for types that have none."""
    parts = [f"{account_type} ending {last_four}" if last_four else account_type]
    if sort_code:
        parts.append(f"sort code {sort_code}")
    if joint:
        parts.append("joint account")
    return ", ".join(parts)
