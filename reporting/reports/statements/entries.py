"""From lines that have been given a category to what the report asks for: sums, ticks, and what is still open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reporting.reports.statements.categories import SHORT_IN, SHORT_OUT, Kind, fits
from reporting.reports.statements.lines import StatementLine

LARGE_ITEM = Decimal(1000)


@dataclass(frozen=True)
class Filed:
    """A line with what it is; `id` is the caller's own key for it. Only money in and money out have a category."""

    id: str
    line: StatementLine
    kind: Kind
    category: str | None = None


@dataclass(frozen=True)
class EntrySum:
    """One entry of the report: `amount` in pounds, above zero, is the sum of the lines with these ids."""

    kind: Kind
    category: str | None
    amount: Decimal
    ids: tuple[str, ...]


def entries(lines: Iterable[Filed]) -> list[EntrySum]:
    """One entry for each kind and category of one account. Transfers are not entries; lines of 0.00 add nothing.

    Raises ValueError for a line whose kind or category contradicts the direction of its money.
    """
    groups: dict[tuple[Kind, str | None], list[Filed]] = defaultdict(list)
    for filed in lines:
        if filed.kind != "transfer" and filed.line.amount:
            if not fits(filed.category or filed.kind, paid_in=filed.line.amount > 0):
                raise ValueError(f"Line {filed.id} cannot be {filed.category or filed.kind}.")
            groups[filed.kind, filed.category].append(filed)
    return [
        EntrySum(
            kind, category, sum((abs(one.line.amount) for one in group), Decimal(0)), tuple(one.id for one in group)
        )
        for (kind, category), group in groups.items()
    ]


def ticks_and_items(lines: Iterable[Filed]) -> tuple[set[str], list[Filed]]:
    """For a 103 report: the short-form categories to tick, and the single payments of £1,000 and over.

    Only money in and money out count: gifts, expenses and transfers have their own places. An account's lines in both
    directions may be given at once; the items keep their sign.
    """
    money = [filed for filed in lines if filed.kind in {"money-in", "money-out"} and filed.line.amount]
    ticks = {
        tick
        for filed in money
        if (tick := (SHORT_IN if filed.kind == "money-in" else SHORT_OUT).get(filed.category or ""))
    }
    return ticks, [filed for filed in money if abs(filed.line.amount) >= LARGE_ITEM]


def remaining(opening: Decimal, closing: Decimal, lines: Iterable[StatementLine]) -> Decimal:
    """Pounds that the lines do not explain: above zero, money in is missing; below zero, money out is missing."""
    return closing - opening - sum((line.amount for line in lines), Decimal(0))
