"""Every kind of slip, planted in a book that balances, is among the first three clues."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.reports.statements.detective import (
    MOST_NAMED,
    Account,
    Cause,
    Clue,
    Entry,
    EntryKind,
    Figures,
    Transfer,
    explain,
    pounds,
    swapped_digits,
)


def book(random: Random) -> Figures:
    """A year that balances: two accounts, up to thirty entries of different amounts, two transfers."""
    pence = random.sample(range(1_000, 900_000), 40)
    amounts = [Decimal(one) / 100 for one in pence]
    kinds: list[EntryKind] = ["money-in", "money-out", "gift", "expense"]
    entries = [Entry(random.choice(kinds), f"Entry {at}", amounts.pop()) for at in range(random.randint(3, 30))]
    transfers = [Transfer("A", "B", amounts.pop()), Transfer("B", "A", amounts.pop())]
    opening = [amounts.pop(), amounts.pop()]
    first = amounts.pop()
    closing = sum(opening) + total(entries) - first
    accounts = [Account("A", opening[0], first, opening[0]), Account("B", opening[1], closing, opening[1])]
    return figures(entries, transfers, accounts)


def total(entries: list[Entry]) -> Decimal:
    return sum((one.amount if one.kind == "money-in" else -one.amount for one in entries), Decimal(0))


def figures(entries: list[Entry], transfers: list[Transfer], accounts: list[Account]) -> Figures:
    opening = sum((account.opening for account in accounts), Decimal(0))
    closing = sum((account.closing or Decimal(0) for account in accounts), Decimal(0))
    return Figures(opening + total(entries) - closing, entries, transfers, accounts)


def again(right: Figures, *, entries: list[Entry] | None = None, accounts: list[Account] | None = None) -> Figures:
    return figures(entries or list(right.entries), list(right.transfers), accounts or list(right.accounts))


def found(wrong: Figures, cause: Cause, figure: Decimal | None = None) -> bool:
    return any(clue.cause == cause and figure in (None, clue.amount) for clue in explain(wrong)[:3])


books = st.integers(0, 10**9).map(lambda seed: (book(Random(seed)), Random(seed + 1)))
Book = tuple[Figures, Random]


@given(books)
def test_a_book_that_balances_has_nothing_to_explain(drawn: Book) -> None:
    assert drawn[0].difference == 0
    assert explain(drawn[0]) == []


@given(books)
def test_a_missing_closing_balance(drawn: Book) -> None:
    right, _ = drawn
    one, other = right.accounts
    clue = explain(again(right, accounts=[replace(one, closing=None), other]))[0]
    assert clue.cause == Cause.MISSING_CLOSING
    assert one.closing is not None
    assert f"it is {pounds(one.closing)}" in clue.sentence


@given(books)
def test_an_entry_made_twice(drawn: Book) -> None:
    right, random = drawn
    twice = random.choice(list(right.entries))
    assert found(again(right, entries=[*right.entries, twice]), Cause.ENTERED_TWICE, twice.amount)


@given(books)
def test_an_entry_that_was_never_paid(drawn: Book) -> None:
    right, random = drawn
    extra = Entry(random.choice(list(right.entries)).kind, "Extra", Decimal("9876.54"))
    assert found(again(right, entries=[*right.entries, extra]), Cause.ONE_TOO_MANY, extra.amount)


@given(books)
def test_a_payment_made_twice_and_entered_once(drawn: Book) -> None:
    right, random = drawn
    missing = Entry(random.choice(list(right.entries)).kind, "Missing", Decimal("9876.54"))
    first, second = right.accounts
    assert first.closing is not None
    moved = 2 * missing.amount * (1 if missing.kind == "money-in" else -1)
    whole = again(
        right,
        entries=[*right.entries, missing, missing],
        accounts=[replace(first, closing=first.closing + moved), second],
    )
    assert whole.difference == 0
    assert found(again(whole, entries=[*right.entries, missing]), Cause.ONE_MISSING, missing.amount)


@given(books)
def test_money_in_entered_as_money_out_or_the_other_way(drawn: Book) -> None:
    right, random = drawn
    entries = list(right.entries)
    at = random.randrange(len(entries))
    entries[at] = replace(entries[at], kind="money-out" if entries[at].kind == "money-in" else "money-in")
    assert found(again(right, entries=entries), Cause.WRONG_DIRECTION, entries[at].amount)


@given(books)
def test_swapped_digits(drawn: Book) -> None:
    right, random = drawn
    entries = list(right.entries)
    at = random.randrange(len(entries))
    digits = list(f"{entries[at].amount:.2f}".replace(".", ""))
    places = [place for place in range(len(digits) - 3) if digits[place] != digits[place + 1]]
    if not places:
        return
    place = random.choice(places)
    digits[place : place + 2] = digits[place + 1], digits[place]
    was, entries[at] = entries[at].amount, replace(entries[at], amount=Decimal("".join(digits)) / 100)
    wrong = again(right, entries=entries)
    clue = next(clue for clue in explain(wrong)[:3] if clue.cause == Cause.SWAPPED_DIGITS)
    assert entries[at] in clue.entries
    if len(clue.entries) <= MOST_NAMED:
        assert f"should it be {pounds(was)}?" in clue.sentence


@given(books, st.sampled_from([10, 100, Decimal("0.1")]))
def test_a_decimal_point_that_slipped(drawn: Book, factor: Decimal) -> None:
    right, random = drawn
    entries = list(right.entries)
    at = random.randrange(len(entries))
    entries[at] = replace(entries[at], amount=entries[at].amount * 10)  # so that a tenth is whole pence
    right = again(right, entries=entries)
    first, second = right.accounts
    assert first.closing is not None
    right = again(right, accounts=[replace(first, closing=first.closing + right.difference), second])
    entries[at] = replace(entries[at], amount=entries[at].amount * factor)
    assert found(again(right, entries=entries), Cause.DECIMAL_POINT, entries[at].amount)


@given(books, st.booleans())
def test_a_transfer_that_was_also_entered_as_money(drawn: Book, several: bool) -> None:
    right, random = drawn
    transfer = random.choice(list(right.transfers))
    amount = transfer.amount * (2 if several else 1)
    entry = Entry(random.choice(["money-in", "money-out"]), "Moved", amount)
    wrong = again(right, entries=[*right.entries, entry])
    wrong = replace(wrong, transfers=[*right.transfers, transfer] if several else right.transfers)
    assert found(wrong, Cause.TRANSFER_COUNTED, amount)


@given(books)
def test_an_opening_balance_that_is_not_last_years_closing(drawn: Book) -> None:
    right, _ = drawn
    first, second = right.accounts
    wrong = again(right, accounts=[replace(first, opening=first.opening + Decimal("77.77")), second])
    assert explain(wrong)[0].cause == Cause.OPENING_DIFFERS
    assert found(again(wrong, entries=list(right.entries)[1:]), Cause.OPENING_UNLIKE_LAST_YEAR)


@given(books)
def test_an_overdraft_without_its_minus(drawn: Book) -> None:
    right, _ = drawn
    first, second = right.accounts
    assert second.closing is not None
    entries = [*right.entries, Entry("money-out", "Roof", 2 * abs(second.closing) + Decimal("123.45"))]
    overdrawn = replace(second, closing=second.closing - entries[-1].amount)
    assert again(right, entries=entries, accounts=[first, overdrawn]).difference == 0
    assert overdrawn.closing is not None
    wrong = again(right, entries=entries, accounts=[first, replace(overdrawn, closing=-overdrawn.closing)])
    assert found(wrong, Cause.WRONG_DIRECTION, -overdrawn.closing)


def only(entry: Entry, difference: str, *transfers: Transfer) -> list[Clue]:
    return explain(Figures(Decimal(difference), [entry], transfers))


def test_sentences_name_the_entry_and_say_pounds() -> None:
    tax = Entry("money-out", "Council tax", Decimal("143.00"))
    assert [clue.sentence for clue in only(tax, "-143.00")] == [
        "Council tax of £143.00 is exactly the difference. Was it entered twice, or not paid?"
    ]
    assert only(tax, "143")[0].sentence.endswith("Was it paid twice and entered only once?")
    assert only(tax, "-286")[0].sentence == (
        "Council tax of £143.00 is exactly half of the difference. Was it entered as money out though it is money in?"
    )
    assert (
        only(tax, "-9")[0].sentence == "Council tax of £143.00: should it be £134.00? Two digits may have been swapped."
    )
    moved = only(tax, "-143", Transfer("Current", "Savings", Decimal(143)))
    assert "A transfer from Current to Savings has the same amount." in moved[0].sentence


def test_alike_entries_make_one_clue_and_other_causes_keep_their_place() -> None:
    entries = [Entry("money-out", f"Shop {at}", Decimal(10)) for at in range(20)] + [
        Entry("money-in", "Refund", Decimal(5))
    ]
    clues = explain(Figures(Decimal(-10), entries))
    assert [clue.cause for clue in clues] == [Cause.ONE_TOO_MANY]
    assert len(clues[0].entries) == 20
    assert clues[0].sentence.startswith("Shop 0, Shop 1 or Shop 2 of £10.00")


def test_several_figures_with_swapped_digits_make_one_clue() -> None:
    entries = [Entry("money-out", f"Shop {at}", Decimal(43 + 100 * at)) for at in range(7)]
    clues = explain(Figures(Decimal(-9), entries))
    assert len(clues) == 1
    assert clues[0].sentence.startswith("Shop 0 of £43.00: should it be £34.00? Or: Shop 1 of £143.00: should it be")
    assert clues[0].sentence.endswith("Or one of 2 more? Two digits may have been swapped.")


@pytest.mark.parametrize(("difference", "clues"), [("0.19", 0), ("-0.19", 0), ("0.20", 1), ("-0.20", 1)])
def test_less_than_twenty_pence_counts_as_balanced(difference: str, clues: int) -> None:
    assert len(only(Entry("gift", "Card", abs(Decimal(difference))), difference)) == clues


@pytest.mark.parametrize(
    ("one", "other", "swapped"),
    [
        ("143", "134", True),
        ("12.34", "12.43", True),
        ("10", "1", True),
        ("143", "431", False),
        ("143", "143", False),
        ("-54", "-45", True),
        ("-54", "45", False),
        ("1234", "4231", False),
        ("0.12", "0.21", True),
    ],
)
def test_two_neighbouring_digits(one: str, other: str, swapped: bool) -> None:
    assert swapped_digits(Decimal(one), Decimal(other)) is swapped
