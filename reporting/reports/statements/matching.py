"""Which lines of a new file are new, and which pairs of lines are one transfer between own accounts."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reporting.reports.statements.categories import names_account, without_date
from reporting.reports.statements.lines import AccountHint, StatementLine

TRANSFER_DAYS = 3
_SHORTEST_PREFIX = 6
_MOST_ALIKE = 50  # equal sums of one day that are compared by name
_TRANSFER = re.compile(r"\b(transfer\w*|tfr|trf|xfer)\b", re.IGNORECASE)


@dataclass(frozen=True)
class NewLine:
    """A line to store, with its fingerprint: unique within one account."""

    line: StatementLine
    fingerprint: str


@dataclass(frozen=True)
class Overlap:
    """An incoming file against the lines already stored.

    `doubtful` are among `known`: same day, sum and payee, but the bank shows another balance after it. That happens
    when a bank lists a day in another order; or when a file began within a day that has the same payment twice.
    """

    new: list[NewLine]
    known: list[StatementLine]
    doubtful: list[StatementLine]


def new_lines(
    existing: Iterable[StatementLine], incoming: Iterable[StatementLine], taken: Collection[str] = ()
) -> Overlap:
    """What `incoming` adds to `existing`, both of one account. `taken` are the fingerprints stored so far.

    Lines are the same payment when day and amount are equal and the descriptions are equal but for case, spaces,
    punctuation and a closing date, or one begins with the other (OFX cuts names after 32 characters). Each stored
    line answers for one incoming line, so the same payment twice on one day is two payments.
    """
    stored: dict[tuple[date, Decimal], list[StatementLine]] = defaultdict(list)
    for line in existing:
        stored[line.date, line.amount].append(line)
    groups: dict[tuple[date, Decimal], list[StatementLine]] = defaultdict(list)
    for line in incoming:
        groups[line.date, line.amount].append(line)
    used, overlap = set(taken), Overlap([], [], [])
    for key, group in groups.items():
        _compare(stored[key], group, used, overlap)
    overlap.new.sort(key=lambda new: new.line.row)
    return overlap


def _compare(stored: list[StatementLine], group: list[StatementLine], used: set[str], overlap: Overlap) -> None:
    """Lines of one day and amount: equal descriptions are paired first, then beginnings; what is left is new."""
    pairs, group = _paired(stored, group, loose=False)
    stored = _without(stored, [before for before, _ in pairs])
    more, group = _paired(stored, group, loose=True)
    for before, now in [*pairs, *more]:
        overlap.known.append(now)
        if before.balance is not None and now.balance is not None and before.balance != now.balance:
            overlap.doubtful.append(now)
    occurrences: Counter[str] = Counter()
    for line in group:
        name = payee_key(line.description)
        while (mark := fingerprint(line, occurrences[name])) in used:
            occurrences[name] += 1
        used.add(mark)
        overlap.new.append(NewLine(line, mark))


def _paired(
    stored: list[StatementLine], group: list[StatementLine], *, loose: bool
) -> tuple[list[tuple[StatementLine, StatementLine]], list[StatementLine]]:
    """Pairs of stored and incoming lines, with equal balances preferred; and the incoming lines without one."""
    free: dict[str, list[StatementLine]] = defaultdict(list)
    for line in stored:
        free[payee_key(line.description)].append(line)
    pairs, rest = [], []
    for line in group:
        name = payee_key(line.description)
        alike = next((free[key] for key in free if free[key] and _begins(key, name)), []) if loose else free[name]
        if not alike:
            rest.append(line)
            continue
        best = next((at for at, one in enumerate(alike) if one.balance == line.balance), 0)
        pairs.append((alike.pop(best), line))
    return pairs, rest


def _begins(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_PREFIX and long.startswith(short)


def _without(lines: list[StatementLine], gone: list[StatementLine]) -> list[StatementLine]:
    count = Counter(map(id, gone))
    return [line for line in lines if not count[id(line)]]


def payee_key(description: str) -> str:
    """Letters and digits only, in small letters, without a closing date: equal across a bank's formats."""
    return re.sub(r"[\W_]+", "", without_date(description))


def fingerprint(line: StatementLine, occurrence: int) -> str:
    """64 characters that are the same whenever the same payment is read again; `occurrence` counts equals from 0."""
    text = f"{line.date:%Y-%m-%d}|{line.amount:.2f}|{payee_key(line.description)}|{occurrence}"
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class AccountLines:
    """An own account and its lines, each with the caller's own key for it."""

    account: str
    hint: AccountHint
    lines: Sequence[tuple[str, StatementLine]]


@dataclass(frozen=True)
class OwnTransfer:
    """Money that left one own account and reached another. `check`: nothing but sum and date says so."""

    from_account: str
    to_account: str
    amount: Decimal
    out_line: str
    in_line: str
    date: date
    check: bool


@dataclass(frozen=True)
class _Side:
    account: AccountLines
    key: str
    line: StatementLine


def own_transfers(accounts: Sequence[AccountLines]) -> list[OwnTransfer]:
    """Equal and opposite sums on two accounts within three days, each line used once.

    The nearest date goes first; on one date, a description that names the other account, then the word transfer.
    """
    arrived: dict[tuple[Decimal, date], list[_Side]] = defaultdict(list)
    left: list[_Side] = []
    for account in accounts:
        for key, line in account.lines:
            if line.amount > 0:
                arrived[line.amount, line.date].append(_Side(account, key, line))
            elif line.amount < 0:
                left.append(_Side(account, key, line))
    left.sort(key=lambda side: (side.line.date, side.line.row))
    found: list[OwnTransfer] = []
    for days in range(TRANSFER_DAYS + 1):
        for strength in (2, 1, 0):
            left = [side for side in left if not _match(side, arrived, days, strength, found)]
    return sorted(found, key=lambda transfer: (transfer.date, transfer.out_line))


def _match(
    out: _Side, arrived: dict[tuple[Decimal, date], list[_Side]], days: int, strength: int, found: list[OwnTransfer]
) -> bool:
    for day in dict.fromkeys((out.line.date + timedelta(days), out.line.date - timedelta(days))):
        sides = arrived.get((-out.line.amount, day), [])
        for at, into in enumerate(sides[:_MOST_ALIKE]):
            if into.account.account != out.account.account and _strength(out, into) >= strength:
                del sides[at]
                found.append(_transfer(out, into, check=strength == 0))
                return True
    return False


def _transfer(out: _Side, into: _Side, *, check: bool) -> OwnTransfer:
    accounts = (out.account.account, into.account.account)
    return OwnTransfer(*accounts, into.line.amount, out.key, into.key, out.line.date, check)


def _strength(out: _Side, into: _Side) -> int:
    """2: one line names the other's account; 1: one says transfer; 0: neither."""
    texts = (out.line.description, into.line.description)
    if names_account(texts[0], into.account.hint) or names_account(texts[1], out.account.hint):
        return 2
    return 1 if any(_TRANSFER.search(text) for text in texts) else 0
