"""Which column is what, judged by what stands in it; the header's words only help.

A statement proves itself: each balance is the one before plus the amount. So every way of reading the money columns
is tried, and the way in which the balances follow wins. It also tells the sign, and newest first from oldest first.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise, permutations

from reporting.reports.statements.table import Row, Table, is_note
from reporting.reports.statements.values import amount_from, date_from, is_amount, is_date


class Role(StrEnum):
    """What a column holds. A file has one date and either one amount or paid out and paid in."""

    DATE = "date"
    DESCRIPTION = "description"
    AMOUNT = "amount"
    PAID_OUT = "paid-out"
    PAID_IN = "paid-in"
    DIRECTION = "direction"
    BALANCE = "balance"
    REFERENCE = "reference"
    UNUSED = "unused"


MONEY = {Role.AMOUNT, Role.PAID_OUT, Role.PAID_IN, Role.BALANCE}
ONLY_ONCE = MONEY | {Role.DATE, Role.DIRECTION}

# The first row that fits a header decides; an earlier row within one role is the better column of two.
HEADERS: tuple[tuple[Role, str], ...] = (
    (Role.UNUSED, r"local|original|foreign|exchange|currency|\bfees?\b|\btax\b|sort ?code|\btime\b|account n|categor"),
    (Role.DATE, r"^date$|^transaction date$|^date of transaction$"),
    (Role.DATE, r"\b(post|book|complet|process)\w*.*\bdate\b|\bdate\b.*\b(post|book|complet|process)"),
    (Role.DATE, r"\bdate\b"),
    (Role.BALANCE, r"^(closing |running |ledger )?balance\b"),
    (Role.BALANCE, r"\bbalance\b"),
    (Role.DIRECTION, r"\bdebit\b.*\bcredit\b|\bcredit\b.*\bdebit\b|\bdr\b.*\bcr\b|\bdirection\b|\bin\b.*\bout\b"),
    (Role.PAID_OUT, r"\b(paid|money|payments?|amount) out\b|\bdebits?\b|\bwithdraw\w*|\boutgoings?\b|\bspent\b|^out$"),
    (Role.PAID_IN, r"\b(paid|money|payments?|amount) in\b|\bcredits?\b|\bdeposit\w*|\breceipts?\b|\bincoming\b|^in$"),
    (Role.REFERENCE, r"\bref(erence)?\b|\b(transaction|payment) (id|no|number)\b|\bcheque\b|^id$|^number$"),
    (Role.AMOUNT, r"^(transaction )?(amount|value)\b"),
    (Role.AMOUNT, r"\bamount\b|\bvalue\b|\bgbp\b|£"),
    (Role.DESCRIPTION, r"\b(description|narrative)\b"),
    (Role.DESCRIPTION, r"\b(details?|counter ?party|merchant|payee)\b"),
    (Role.DESCRIPTION, r"\b(memo|particulars)\b|^name$|^transaction$"),
)
DIRECTIONS = {
    **dict.fromkeys(("dr", "d", "debit", "out", "paid out", "money out", "withdrawal", "payment", "-"), -1),
    **dict.fromkeys(("cr", "c", "credit", "in", "paid in", "money in", "deposit", "receipt", "+"), 1),
}
_ENOUGH_ROWS = 300


@dataclass(frozen=True)
class Mapping:
    """One role a column, in the order of the file. `flipped`: a positive amount is money out.

    A person corrects it with `as_role` or by making a new one with other roles; `reading.read` then obeys.
    """

    names: tuple[str, ...]
    roles: tuple[Role, ...]
    flipped: bool = False

    def column(self, role: Role) -> int | None:
        """The first column with that role."""
        return self.roles.index(role) if role in self.roles else None

    def columns(self, role: Role) -> list[int]:
        return [at for at, held in enumerate(self.roles) if held == role]

    def as_role(self, at: int, role: Role) -> "Mapping":
        return replace(self, roles=(*self.roles[:at], role, *self.roles[at + 1 :]))

    def problem(self) -> str | None:
        """Why nothing can be read with it, as a sentence; None when it can be used."""
        for role in ONLY_ONCE:
            if self.roles.count(role) > 1:
                return f"Choose only one column for the {role.replace('-', ' ')}."
        if self.column(Role.DATE) is None:
            return "We could not find the column with the dates. Choose it."
        single, pair = Role.AMOUNT in self.roles, {Role.PAID_OUT, Role.PAID_IN} & set(self.roles)
        if not single and not pair:
            return "We could not find the column with the amounts. Choose it."
        if single and pair:
            return "Choose either one column of amounts, or the columns of money paid out and paid in."
        if self.column(Role.DESCRIPTION) is None:
            return "We could not find the column with the descriptions. Choose it."
        return None


def recognise(table: Table) -> Mapping:
    """The best reading of the table's columns. It may have a `problem`: then a person must choose."""
    grid = _Grid(table)
    roles = [Role.UNUSED] * len(table.names)
    dates = grid.dates
    if dates is not None:
        roles[dates] = Role.DATE
    readings = list(_money_readings(grid, dates))
    best = max(readings, key=lambda reading: _score(grid, reading), default=Reading({}))
    for at, role in best.roles.items():
        roles[at] = role
    for role in (Role.DESCRIPTION, Role.REFERENCE):
        if (found := grid.words(role, {at for at, held in enumerate(roles) if held != Role.UNUSED})) is not None:
            roles[found] = role
    return Mapping(table.names, tuple(roles), best.flipped)


def amount_of(row: Row, mapping: Mapping) -> Decimal | None:
    """The row's amount in pounds, positive when money came in; None when its cells are blank.

    Raises ValueError with a sentence when a cell is no amount, or money goes both ways.
    """
    if (at := mapping.column(Role.AMOUNT)) is not None:
        value = amount_from(row.cells[at])
        direction = mapping.column(Role.DIRECTION)
        if value is not None and direction is not None:
            value = abs(value) * _direction(row.cells[direction])
    else:
        value = _paid(row, mapping)
    return -value if value and mapping.flipped else value


def _direction(cell: str) -> int:
    try:
        return DIRECTIONS[cell.casefold()]
    except KeyError:
        raise ValueError(f"‘{cell[:40]}’ does not say whether money was paid in or out.") from None


def _paid(row: Row, mapping: Mapping) -> Decimal | None:
    out, into = (
        amount_from(row.cells[at]) if (at := mapping.column(role)) is not None else None
        for role in (Role.PAID_OUT, Role.PAID_IN)
    )
    if out and into:
        raise ValueError("This line has money both paid out and paid in.")
    if out:
        return -abs(out)
    return into if into is not None else out


def follows(
    amounts: Sequence[Decimal | None], balances: Sequence[Decimal | None], newest_first: bool | None
) -> float | None:
    """The share of balances that are the one before plus the amounts since. A balance may be left out on some lines.

    None when fewer than two balances are shown. `newest_first` None: not known, so the better of both.
    """
    if sum(balance is not None for balance in balances) < 2:
        return None
    lines = list(zip(amounts, balances, strict=True))
    orders = {False: [lines], True: [lines[::-1]], None: [lines, lines[::-1]]}
    return max(_share(order) for order in orders[newest_first])


def newest_first(first: date, last: date) -> bool | None:
    """The order of a file by its first and last day; None when both are the same."""
    return None if first == last else first > last


def _share(lines: list[tuple[Decimal | None, Decimal | None]]) -> float:
    total, shown = Decimal(0), list[Decimal]()
    for amount, balance in lines:
        total += amount or 0
        if balance is not None:
            shown.append(balance - total)
    return sum(now == before for before, now in pairwise(shown)) / (len(shown) - 1)


@dataclass(frozen=True)
class Reading:
    """One way of reading the money columns."""

    roles: dict[int, Role]
    flipped: bool = False

    def at(self, role: Role) -> int | None:
        return next((at for at, held in self.roles.items() if held == role), None)


def role_by_name(name: str) -> tuple[Role, int] | None:
    """The role that a header's words suggest, and how good the words are: a smaller number is better."""
    text = " ".join(re.sub(r"[_.:*]+", " ", name.casefold()).split())
    found = (number for number, (_, words) in enumerate(HEADERS) if re.search(words, text))
    return next(((HEADERS[number][0], number) for number in found), None)


class _Grid:
    """A table's first rows with what each cell parses to; made once, asked many times."""

    def __init__(self, table: Table) -> None:
        self.rows = table.rows[:_ENOUGH_ROWS]
        self.cells = [[row.cells[at] for row in self.rows] for at in range(len(table.names))]
        self.named = [role_by_name(name) if table.headed else None for name in table.names]
        self.date_share = [_share_of(cells, is_date) for cells in self.cells]
        self.money_share = [_share_of(cells, is_amount) for cells in self.cells]
        self.amounts = [[_amount_or_none(cell) for cell in cells] for cells in self.cells]
        self.sides = [at for at in range(len(self.cells)) if self.name(at) in {Role.PAID_OUT, Role.PAID_IN}]
        self.notes = sum(is_note(row.cells) for row in self.rows)
        self.dates = self._dates()
        self.newest_first = self._newest_first()

    def name(self, at: int) -> Role | None:
        return named[0] if (named := self.named[at]) else None

    def _dates(self) -> int | None:
        """The column of dates: most cells are dates, or only its header says so and the lines will be refused."""
        likely = [at for at, share in enumerate(self.date_share) if share >= 0.5 and self._filled(at) >= 0.5]
        likely = likely or [at for at in range(len(self.cells)) if self.name(at) == Role.DATE]
        return min(likely, key=lambda at: (self._rank(at, Role.DATE), -self.date_share[at], at), default=None)

    def _newest_first(self) -> bool | None:
        days = [date_from(cell) for cell in self.cells[self.dates] if is_date(cell)] if self.dates is not None else []
        return newest_first(days[0], days[-1]) if days else None

    def money(self, dates: int | None) -> list[int]:
        """Columns that may hold money, the likeliest first, at most six: trying all ways grows fast."""
        likely = [at for at in range(len(self.cells)) if at != dates and self._may_be_money(at)]
        return sorted(likely, key=lambda at: (self.name(at) not in MONEY, at))[:6]

    def _may_be_money(self, at: int) -> bool:
        name, cells = self.name(at), self.cells[at]
        if name in MONEY:
            return True
        if name in {Role.UNUSED, Role.REFERENCE, Role.DATE} or self.money_share[at] < 0.5 or self.date_share[at] >= 0.5:
            return False
        numbers = [cell for cell in cells if cell]
        if any(len(cell) > 1 and cell[0] == "0" and cell.isdigit() for cell in numbers):
            return False  # 00000000 is an account number
        return any(not cell.isdigit() for cell in numbers) or all(len(cell) <= 5 for cell in numbers)

    def directions(self) -> list[int]:
        return [
            at
            for at, cells in enumerate(self.cells)
            if all(cell.casefold() in DIRECTIONS for cell in cells) and not self._may_be_money(at)
        ][:3]

    def words(self, role: Role, taken: set[int]) -> int | None:
        """The column whose header has the role, else (for descriptions) the one with most and most varied letters."""
        free = [at for at in range(len(self.cells)) if at not in taken and self.date_share[at] < 0.5]
        named = [at for at in free if self.name(at) == role and any(self.cells[at])]
        if named or role != Role.DESCRIPTION:
            return min(named, key=lambda at: (self._rank(at, role), at), default=None)
        unnamed = [at for at in free if self.name(at) is None and self._letters(at)]
        return max(unnamed, key=lambda at: (self._letters(at), -at), default=None)

    def _letters(self, at: int) -> float:
        cells = self.cells[at]
        mean = sum(letter.isalpha() for cell in cells for letter in cell) / len(cells)
        return mean * math.sqrt(len(set(cells)) / len(cells))

    def _rank(self, at: int, role: Role) -> int:
        named = self.named[at]
        return named[1] if named and named[0] == role else len(HEADERS)

    def _filled(self, at: int) -> float:
        return sum(bool(cell) for cell in self.cells[at]) / max(1, len(self.cells[at]))

    def value(self, row: int, reading: Reading) -> Decimal | None:
        """As `amount_of`, quick and without refusals."""
        if (at := reading.at(Role.AMOUNT)) is not None:
            value, direction = self.amounts[at][row], reading.at(Role.DIRECTION)
            if value is not None and direction is not None:
                value = abs(value) * DIRECTIONS[self.cells[direction][row].casefold()]
        else:
            out, into = (
                self.amounts[at][row] if (at := reading.at(role)) is not None else None
                for role in (Role.PAID_OUT, Role.PAID_IN)
            )
            if out and into:
                return None
            value = -abs(out) if out else into if into is not None else out
        return -value if value is not None and reading.flipped else value


def _share_of(cells: list[str], test: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(map(test, filled)) / len(filled) if filled else 0.0


def _amount_or_none(cell: str) -> Decimal | None:
    try:
        return amount_from(cell)
    except ValueError:
        return None


def _money_readings(grid: _Grid, dates: int | None) -> Iterator[Reading]:
    """Every way in which the money columns could be meant."""
    money = grid.money(dates)
    for balance in [None, *money]:
        shown = {} if balance is None else {balance: Role.BALANCE}
        rest = [at for at in money if at != balance]
        for at in rest:
            for flipped in (False, True):
                yield Reading({at: Role.AMOUNT, **shown}, flipped)
            yield Reading({at: Role.PAID_OUT, **shown})
            yield Reading({at: Role.PAID_IN, **shown})
            for direction in grid.directions():
                yield Reading({at: Role.AMOUNT, direction: Role.DIRECTION, **shown})
        for out, into in permutations(rest, 2):
            yield Reading({out: Role.PAID_OUT, into: Role.PAID_IN, **shown})


def _score(grid: _Grid, reading: Reading) -> tuple[float, ...]:
    """How well a reading fits: balances that follow first, then lines that get an amount, then the header's words."""
    amounts = [grid.value(row, reading) for row in range(len(grid.rows))]
    covered = min(1.0, sum(amount is not None for amount in amounts) / max(1, len(amounts) - grid.notes))
    at = reading.at(Role.BALANCE)
    proof = (follows(amounts, grid.amounts[at], grid.newest_first) if at is not None and any(amounts) else None) or 0.0
    agreement = sum(_agreement(grid, column, role) for column, role in reading.roles.items())
    agreement -= 2 * sum(at not in reading.roles for at in grid.sides)
    if at is not None and proof < 0.8 and grid.name(at) != Role.BALANCE:
        agreement -= 10
    proved = (12 if proof == 1 else 8) if proof >= 0.8 and covered >= 0.95 else 0
    decimals = sum("." in cell for column in reading.roles for cell in grid.cells[column]) / max(1, len(amounts))
    return (
        proved + 6 * covered + agreement - reading.flipped - _unlikely(grid, reading),
        proof,
        decimals,
        -float(sum(reading.roles)),
    )


def _agreement(grid: _Grid, column: int, role: Role) -> float:
    name = grid.name(column)
    if name == role:
        return 2 - grid._rank(column, role) / 100
    if name is None or (name in {Role.PAID_OUT, Role.PAID_IN} and role == Role.AMOUNT):
        return 0
    return -5


def _unlikely(grid: _Grid, reading: Reading) -> float:
    """What speaks against a reading whatever the header: a direction beside signed amounts, one-sided columns."""
    at, direction = reading.at(Role.AMOUNT), reading.at(Role.DIRECTION)
    if at is not None:
        signed = any((amount or 0) < 0 for amount in grid.amounts[at])
        return (2.0 if signed else -1.0) if direction is not None else 0.0
    sides = [at for role in (Role.PAID_OUT, Role.PAID_IN) if (at := reading.at(role)) is not None]
    named = sum(grid.name(at) in {Role.PAID_OUT, Role.PAID_IN} for at in sides)
    into = reading.at(Role.PAID_IN)
    negative = into is not None and any((amount or 0) < 0 for amount in grid.amounts[into])
    return len(sides) - named + 0.5 * (len(sides) == 1) + 0.5 * negative
