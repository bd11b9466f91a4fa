"""The balance detective: what could explain that a report does not balance.

Nearly every slip changes one figure. So for each figure we work out the value with which the report would balance,
and ask whether a known slip leads from that value to the one that was entered: entered twice, in for out, two digits
swapped, the decimal point moved. What was entered is never changed; the person gets sentences to check.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from itertools import groupby
from typing import Literal

BALANCED = Decimal("0.20")  # a difference below this counts as balanced
MOST_NAMED = 5  # figures named in one clue

EntryKind = Literal["money-in", "money-out", "gift", "expense"]


@dataclass(frozen=True)
class Entry:
    """A figure of the report in pounds, above zero. `name` is what the person sees, such as "Council tax"."""

    kind: EntryKind
    name: str
    amount: Decimal
    account: str | None = None


@dataclass(frozen=True)
class Transfer:
    """Money moved between two own accounts, in pounds; it does not count in the balance."""

    from_account: str
    to_account: str
    amount: Decimal


@dataclass(frozen=True)
class Account:
    """Balances in pounds; `closing` is None while missing. `last_closing` is last year's closing, where known."""

    name: str
    opening: Decimal
    closing: Decimal | None
    last_closing: Decimal | None = None


@dataclass(frozen=True)
class Figures:
    """A report's money. `difference`: its closing balance as added up, less the accounts' (a missing one counts 0)."""

    difference: Decimal
    entries: Sequence[Entry]
    transfers: Sequence[Transfer] = ()
    accounts: Sequence[Account] = ()


class Cause(IntEnum):
    """What may have happened, the likeliest first."""

    MISSING_CLOSING = 1
    OPENING_DIFFERS = 2
    TRANSFER_COUNTED = 3
    ENTERED_TWICE = 4
    WRONG_DIRECTION = 5
    ONE_TOO_MANY = 6
    SWAPPED_DIGITS = 7
    DECIMAL_POINT = 8
    ONE_MISSING = 9
    OPENING_UNLIKE_LAST_YEAR = 10


_SLIPS = {
    Cause.SWAPPED_DIGITS: "Two digits may have been swapped.",
    Cause.DECIMAL_POINT: "The decimal point may have slipped.",
}


@dataclass(frozen=True)
class Clue:
    """A possible explanation as a sentence; `amount` is the figure to look at, `entries` are those that hold it."""

    sentence: str
    amount: Decimal
    entries: tuple[Entry, ...]
    cause: Cause


def explain(figures: Figures) -> list[Clue]:
    """Clues, most likely first: the best of each cause, then the second best of each. None when all balances."""
    missing = any(account.closing is None for account in figures.accounts)
    if abs(figures.difference) < BALANCED and not missing:
        return []
    clues = sorted([*_from_entries(figures), *_from_accounts(figures)], key=lambda clue: clue.cause)
    ranked = [
        (turn, clue)
        for cause, same in groupby(clues, lambda clue: clue.cause)
        for turn, clue in enumerate(_together(cause, list(same)))
    ]
    return [clue for _, clue in sorted(ranked, key=lambda pair: (pair[0], pair[1].cause))]


def _together(cause: Cause, clues: list[Clue]) -> list[Clue]:
    """Slips of the hand as one clue: the same difference can often be two digits swapped in several figures."""
    if cause not in _SLIPS or len(clues) == 1:
        return clues
    questions = [clue.sentence.removesuffix(f" {_SLIPS[cause]}") for clue in clues]
    more = f" Or one of {len(questions) - MOST_NAMED} more?" if len(questions) > MOST_NAMED else ""
    sentence = f"{' Or: '.join(questions[:MOST_NAMED])}{more} {_SLIPS[cause]}"
    entries = tuple(entry for clue in clues for entry in clue.entries)
    return [Clue(sentence, clues[0].amount, entries, cause)]


def pounds(amount: Decimal) -> str:
    """£1,234.50, with a minus in front where below zero."""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def _from_accounts(figures: Figures) -> Iterator[Clue]:
    missing = [account for account in figures.accounts if account.closing is None]
    for account in missing:
        sentence = f"The closing balance of {account.name} is missing."
        if len(missing) == 1:
            sentence += f" If all else is right, it is {pounds(figures.difference)}."
        yield Clue(sentence, figures.difference, (), Cause.MISSING_CLOSING)
    for account in figures.accounts:
        yield from _from_balances(account, figures.difference)


def _from_balances(account: Account, difference: Decimal) -> Iterator[Clue]:
    last = account.last_closing
    if last is not None and account.opening != last:
        exact = account.opening - last == difference
        sentence = (
            f"{account.name} opens with {pounds(account.opening)}, but last year it closed with {pounds(last)}."
            f"{' This is exactly the difference.' if exact else ''} Which is right?"
        )
        cause = Cause.OPENING_DIFFERS if exact else Cause.OPENING_UNLIKE_LAST_YEAR
        yield Clue(sentence, account.opening, (), cause)
    balances = [("opening", account.opening, account.opening - difference)]
    if account.closing is not None:
        balances.append(("closing", account.closing, account.closing + difference))
    for which, entered, right in balances:
        if slip := _slip(entered, right):
            cause, how = slip
            sentence = (
                f"The {which} balance of {account.name} is {pounds(entered)}. Should it be {pounds(right)}? {how}"
            )
            yield Clue(sentence, entered, (), cause)


def _from_entries(figures: Figures) -> Iterator[Clue]:
    """One clue for all entries of one direction and amount: whatever explains one of them explains each."""
    groups: dict[tuple[bool, Decimal], list[Entry]] = defaultdict(list)
    for entry in figures.entries:
        groups[entry.kind == "money-in", entry.amount].append(entry)
    for (adds, amount), entries in groups.items():
        right = amount - figures.difference if adds else amount + figures.difference
        yield from _clues(entries, amount, right, figures.transfers)


def _clues(entries: list[Entry], amount: Decimal, right: Decimal, transfers: Sequence[Transfer]) -> Iterator[Clue]:
    """What leads from `right`, with which the report would balance, to the `amount` that was entered."""
    kind = entries[0].kind
    what = f"{_names(entries)} of {pounds(amount)}"

    def clue(cause: Cause, sentence: str) -> Clue:
        return Clue(sentence, amount, tuple(entries), cause)

    if right == 0:
        if kind in {"money-in", "money-out"} and (transfer := _transfer_of(amount, transfers)):
            yield clue(Cause.TRANSFER_COUNTED, f"{what} is exactly the difference. {transfer} Was it counted twice?")
        elif twins := _twins(entries):
            many = f"{len(twins)} entries are {twins[0].name} of {pounds(amount)}"
            yield clue(Cause.ENTERED_TWICE, f"{many}, and one of them is exactly the difference. Was it entered twice?")
        else:
            yield clue(Cause.ONE_TOO_MANY, f"{what} is exactly the difference. Was it entered twice, or not paid?")
    elif right == -amount:
        now, instead = ("money in", "money out") if kind == "money-in" else ("money out", "money in")
        half = f"{what} is exactly half of the difference"
        yield clue(Cause.WRONG_DIRECTION, f"{half}. Was it entered as {now} though it is {instead}?")
    elif right == 2 * amount:
        yield clue(Cause.ONE_MISSING, f"{what} is exactly the difference. Was it paid twice and entered only once?")
    elif right > 0 and (slip := _slip(amount, right)):
        cause, how = slip
        yield clue(cause, f"{what}: should it be {pounds(right)}? {how}")


def _slip(entered: Decimal, right: Decimal) -> tuple[Cause, str] | None:
    """The slip of the hand that turns `right` into `entered`, and a sentence about it."""
    if entered == right or entered == 0 or right == 0:
        return None
    if swapped_digits(entered, right):
        return Cause.SWAPPED_DIGITS, _SLIPS[Cause.SWAPPED_DIGITS]
    if any(entered == right * factor or right == entered * factor for factor in (10, 100)):
        return Cause.DECIMAL_POINT, _SLIPS[Cause.DECIMAL_POINT]
    if entered == -right:
        return Cause.WRONG_DIRECTION, "The minus of an overdraft may be missing, or one too many."
    return None


def swapped_digits(one: Decimal, other: Decimal) -> bool:
    """Whether the amounts in pence differ just by two neighbouring digits, as in 143 and 134. Signs must be equal."""
    if (one - other) % Decimal("0.09") or (one < 0) != (other < 0):
        return False
    digits = [f"{abs(amount):.2f}".replace(".", "") for amount in (one, other)]
    width = max(map(len, digits))
    first, second = (text.zfill(width) for text in digits)
    differ = [at for at in range(width) if first[at] != second[at]]
    return len(differ) == 2 and differ[1] - differ[0] == 1 and first[differ[0]] == second[differ[1]]


def _transfer_of(amount: Decimal, transfers: Sequence[Transfer]) -> str | None:
    """A sentence about the transfer, or all transfers from one account to another, with this amount."""
    for transfer in transfers:
        if transfer.amount == amount:
            return f"A transfer from {transfer.from_account} to {transfer.to_account} has the same amount."
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for transfer in transfers:
        totals[transfer.from_account, transfer.to_account] += transfer.amount
    pairs = (pair for pair, total in totals.items() if total == amount)
    return next((f"The transfers from {start} to {end} add up to the same amount." for start, end in pairs), None)


def _twins(entries: Iterable[Entry]) -> list[Entry]:
    """Entries alike in name and kind, when there are at least two."""
    alike: dict[tuple[EntryKind, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        alike[entry.kind, entry.name].append(entry)
    return max((same for same in alike.values() if len(same) > 1), key=len, default=[])


def _names(entries: Sequence[Entry]) -> str:
    """Names of at most three entries, "or" before the last."""
    names = list(dict.fromkeys(entry.name for entry in entries))[:3]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
