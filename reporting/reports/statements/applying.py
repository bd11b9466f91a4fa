"""From payments to what the report asks for: one entry for each account and kind of money, and the transfers.

``apply`` may run any number of times: what is right already is left as it is. Entries that a person typed are never
touched; those that it made carry how many payments they add up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from reporting.engine.section import Answers, Section
from reporting.reports.actions import touch
from reporting.reports.statements import entries
from reporting.reports.statements.categories import TRANSFER, fits, kind_of, without_date
from reporting.reports.statements.choices import hint_of
from reporting.reports.statements.entries import Filed
from reporting.reports.statements.matching import AccountLines, own_transfers
from reporting.reports.statements.models import Payment, StatementImport
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.sections.gifts import Gift, Gifts
from reporting.sections.money_entries import needs_description
from reporting.sections.money_in import MoneyIn, MoneyReceived
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses, PaExpense
from reporting.sections.summed import Summed

PAYEES_NAMED = 5


@dataclass(frozen=True)
class Place:
    """Where payments of a kind go: the section, its first question and its kind of entry."""

    section: type[Section]
    gate: str
    entry: type[Summed]


PLACES: dict[str, Place] = {
    "money-in": Place(MoneyIn, "exists", MoneyReceived),
    "money-out": Place(MoneyOut, "exists", MoneySpent),
    "gift": Place(Gifts, "given", Gift),
    "expense": Place(DeputyExpenses, "paid", Expense),
    "transfer": Place(MoneyTransfers, "moved", MoneyTransfer),
}
EXPENSE_OF_PA = Place(PaDeputyExpenses, "paid", PaExpense)


def places(answers: Answers) -> dict[str, Place]:
    """Where this report's payments go, by kind."""
    return PLACES | ({"expense": EXPENSE_OF_PA} if answers.has(PaDeputyExpenses) else {})


@dataclass
class _Wanted:
    """An entry as it should be, and the payments in it."""

    answers: dict[str, Any]
    payments: list[Payment]
    entry: Any = None
    text: dict[str, str] = field(default_factory=dict)


def apply(answers: Answers, *, by: Any, without: StatementImport | None = None) -> None:
    """Bring the entries in line with the payments, in the caller's transaction. ``without``: about to be removed."""
    answers.forget()
    every = payments_of(answers)
    payments = [payment for payment in every if payment.statement_id != (without.pk if without else None)]
    before = {payment.pk: _stored(payment) for payment in every}
    texts = _descriptions(every)
    pairs = _pair(answers, payments)
    for payment in payments:
        # In a short account an item of £1,000 that was taken over keeps its payment (short.py).
        if answers.has(places(answers)[_kind(payment)].section) or not payment.choice:
            payment.entry = None
    wanted = {kind: _sums(answers, payments, kind) for kind in PLACES if kind != TRANSFER}
    wanted[TRANSFER] = _transfers(pairs, payments)
    for kind, place in places(answers).items():
        if answers.has(place.section):
            _store(answers, place, wanted[kind], texts, before, by)
    _keep(payments, before)
    touch(answers)


def _keep(payments: Iterable[Payment], before: dict[int, tuple[Any, ...]]) -> None:
    """Store what has changed of the payments; their entries with one statement an entry, as there may be many."""
    moved: dict[UUID | None, list[int]] = defaultdict(list)
    chosen = []
    for payment in payments:
        if payment.entry != before[payment.pk][-1]:
            moved[payment.entry].append(payment.pk)
        if _stored(payment)[:-1] != before[payment.pk][:-1]:
            chosen.append(payment)
    for entry, keys in moved.items():
        Payment.objects.filter(pk__in=keys).update(entry=entry)
    Payment.objects.bulk_update(chosen, ["choice", "other", "suggested", "why"], batch_size=1000)


def payments_of(answers: Answers) -> list[Payment]:
    """Every payment in the period of the report, with its accounts."""
    accounts = {account.pk: account for account in answers.entries(BankAccount)}
    period = (answers.report.start, answers.report.end)
    found = list(Payment.objects.of(answers.report).filter(date__range=period))
    for payment in found:
        payment.account = accounts[payment.account_id]
        payment.other = accounts.get(payment.other_id) if payment.other_id else None
    return found


def _stored(payment: Payment) -> tuple[Any, ...]:
    return payment.choice, payment.other_id, payment.suggested, payment.why, payment.entry


def _kind(payment: Payment) -> str:
    return kind_of(payment.choice, paid_in=payment.paid_in)


def _descriptions(payments: Iterable[Payment]) -> dict[UUID, str]:
    """What we would have written for each entry that there is: what differs from it, a person wrote."""
    groups: dict[UUID, list[Payment]] = defaultdict(list)
    for payment in payments:
        if payment.entry:
            groups[payment.entry].append(payment)
    return {token: payees(group) for token, group in groups.items()}


def payees(payments: Sequence[Payment]) -> str:
    """Whom the payments name, the most frequent first: "Age Charity (3 payments), School Fund"."""
    counts = Counter(without_date(payment.description).title() for payment in payments)
    named = [f"{name} ({count} payments)" if count > 1 else name for name, count in counts.most_common(PAYEES_NAMED)]
    return ", ".join(named) + (f" and {len(counts) - PAYEES_NAMED} more" if len(counts) > PAYEES_NAMED else "")


def _pair(answers: Answers, payments: list[Payment]) -> list[tuple[Payment, Payment]]:
    """Mark both sides of each transfer between own accounts; returns (left, arrived) of those that are certain.

    A payment that a person put elsewhere stays there. Where only sum and date agree, a transfer is suggested.
    """
    accounts = {account.pk: account for account in answers.entries(BankAccount)}
    free = [payment for payment in payments if payment.choice == TRANSFER or not payment.by_person]
    sides = {str(payment.pk): payment for payment in free}
    lines: dict[int, list[Any]] = {pk: [] for pk in accounts}
    for payment in free:
        lines[payment.account_id].append((str(payment.pk), payment.line))
    found = own_transfers([AccountLines(str(pk), hint_of(accounts[pk]), lines[pk]) for pk in accounts])
    pairs = []
    for transfer in found:
        out, into = sides[transfer.out_line], sides[transfer.in_line]
        chosen = [side for side in (out, into) if side.by_person]
        ends = ((out, into), (into, out))
        if any(side.by_person and side.other_id not in {None, end.account_id} for side, end in ends):
            continue
        if transfer.check and len(chosen) < 2 and not (out.choice == into.choice == TRANSFER):
            for side, end in ends:
                _suggest(side, end, accounts[end.account_id])
            continue
        for side, end in ends:
            side.choice, side.other = TRANSFER, accounts[end.account_id]
            if not side.by_person:
                side.suggested, side.why = TRANSFER, f"The same amount is in {side.other.name} at that time."
        pairs.append((out, into))
    return pairs


def _suggest(side: Payment, end: Payment, account: BankAccount) -> None:
    if not side.choice and not side.by_person:
        way = "left" if side.paid_in else "reached"
        side.suggested, side.other = TRANSFER, account
        side.why = f"The same amount {way} {account.name} on {end.date:%-d %B}."


def _sums(answers: Answers, payments: Iterable[Payment], kind: str) -> list[_Wanted]:
    """One entry for each account and category."""
    if not answers.has(places(answers)[kind].section):
        return []
    known = {str(payment.pk): payment for payment in payments}
    by_account: dict[int, list[Filed]] = defaultdict(list)
    for key, payment in known.items():
        if payment.choice and _kind(payment) == kind and fits(payment.choice, paid_in=payment.paid_in):
            category = payment.choice if kind in {"money-in", "money-out"} else None
            by_account[payment.account_id].append(Filed(key, payment.line, kind, category))  # type: ignore[arg-type]
    found = []
    for account in answers.entries(BankAccount):
        for total in entries.entries(by_account[account.pk]):
            answered: dict[str, Any] = {"account": account, "amount": total.amount}
            if total.category:
                answered["category"] = total.category
            found.append(_Wanted(answered, [known[key] for key in total.ids]))
    return found


def _transfers(pairs: list[tuple[Payment, Payment]], payments: Iterable[Payment]) -> list[_Wanted]:
    """One entry for each pair, and for each side whose other side is not here (yet)."""
    paired = {side.pk for pair in pairs for side in pair}
    sides: list[tuple[Payment, ...]] = [*pairs]
    sides += [(one,) for one in payments if one.choice == TRANSFER and one.other and one.pk not in paired]
    found = []
    for group in sides:
        first = group[0]
        ends = (first.other, first.account) if first.paid_in else (first.account, first.other)
        answered = {"account_from": ends[0], "account_to": ends[1], "amount": abs(first.amount)}
        if first.amount:
            found.append(_Wanted(answered, list(group)))
    return found


def _store(
    answers: Answers,
    place: Place,
    wanted: list[_Wanted],
    texts: dict[UUID, str],
    before: dict[int, tuple[Any, ...]],
    by: Any,
) -> None:
    """Change, make and remove entries until they are as wanted; answer the section's first question."""
    every: list[Any] = answers.entries(place.entry)
    made = {entry.token: entry for entry in every if entry.payments}
    for one in wanted:
        one.entry = _existing(one, made, before) or place.entry(report=answers.report)
        made.pop(one.entry.token, None)
        one.entry.answers = answers
        _fill(one, texts, by)
        for payment in one.payments:
            payment.entry = one.entry.token
    for entry in made.values():
        entry.delete()
    _answer_gate(answers, place, bool(wanted), bool(made) and len(every) == len(made), by)


def _existing(one: _Wanted, made: dict[UUID, Any], before: dict[int, tuple[Any, ...]]) -> Any:
    """The entry that is there for it: of the same account and category, or for a transfer, of one of its payments."""
    if "account" not in one.answers:
        return next((made[token] for payment in one.payments if (token := before[payment.pk][-1]) in made), None)
    account, category = one.answers["account"].pk, one.answers.get("category")
    return next(
        (each for each in made.values() if each.account_id == account and getattr(each, "category", None) == category),
        None,
    )


def _fill(one: _Wanted, texts: dict[UUID, str], by: Any) -> None:
    entry = one.entry
    should = {**one.answers, "payments": len(one.payments)}
    name = "explanation" if hasattr(entry, "explanation") else "description"
    if getattr(entry, name) in {None, "", texts.get(entry.token)}:
        should[name] = None
        if name == "explanation" or "category" not in should or needs_description(_with(entry, should)):
            should[name] = payees(one.payments)[: 75 if isinstance(entry, MoneyTransfer) else None]
    if entry.pk and all(getattr(entry, name) == value for name, value in should.items()):
        return
    for each, value in should.items():
        setattr(entry, each, value)
    entry.changed_by = by
    entry.save()


def _with(entry: Any, should: dict[str, Any]) -> Any:
    entry.category = should["category"]
    return entry


def _answer_gate(answers: Answers, place: Place, wanted: bool, emptied: bool, by: Any) -> None:
    """Yes where nothing was answered; a no stays and is asked about (``denied``). Unanswered when the last one went."""
    section: Any = answers[place.section]
    answer = getattr(section, place.gate)
    if wanted and answer is None:
        answer = "yes"
    elif not wanted and emptied and place.entry.ungates and answer == "yes":
        answer = None
    if answer != getattr(section, place.gate):
        setattr(section, place.gate, answer)
        section.clear_unasked()
        section.changed_by = by
        section.save()


def denied(answers: Answers) -> list[Section]:
    """Sections whose answer says that there is nothing, though the statements show payments."""
    return [
        answers[place.section]
        for place in places(answers).values()
        if answers.has(place.section)
        and getattr(answers[place.section], place.gate) == "no"
        and any(entry.payments for entry in answers.entries(place.entry))
    ]


def admit(answers: Answers, section: type[Section], *, by: Any) -> None:
    """Change such a "no" to yes."""
    gate = next(place.gate for place in places(answers).values() if place.section is section)
    row: Any = answers[section]
    setattr(row, gate, "yes")
    row.clear_unasked()
    row.changed_by = by
    row.save()
    touch(answers)


def unexplained(account: BankAccount, payments: Iterable[Payment]) -> Decimal | None:
    """What the sorted payments of an account do not explain; None while a balance is missing."""
    if account.opening is None or account.closing is None:
        return None
    return entries.remaining(account.opening, account.closing, (payment.line for payment in payments))
