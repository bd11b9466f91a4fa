"""For the short account of money (103): kinds to tick and single payments of £1,000 and over, from the statements.

They are only suggested: nothing is ticked or added until the person says so. What was added is the person's answer: it
stays when the statement is removed, and is not suggested again when the statement comes back.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from reporting.engine.section import Answers
from reporting.reports.actions import locked, touch
from reporting.reports.models import Report
from reporting.reports.statements.applying import payees, payments_of
from reporting.reports.statements.categories import kind_of
from reporting.reports.statements.entries import Filed, ticks_and_items
from reporting.reports.statements.models import Payment
from reporting.sections.money_in_short import MoneyInItem, MoneyInShort
from reporting.sections.money_out_short import MoneyOutItem, MoneyOutShort
from reporting.sections.money_short import MOST, ShortMoney


@dataclass(frozen=True)
class Suggested:
    """What the statements show for one of the two sections and what it does not say yet."""

    section: Any
    ticks: list[tuple[str, str]]
    items: list[Payment]


SIDES: tuple[tuple[bool, type[ShortMoney], type[Any]], ...] = (
    (True, MoneyInShort, MoneyInItem),
    (False, MoneyOutShort, MoneyOutItem),
)


def suggestions(answers: Answers, only: type[Any] | None = None) -> list[Suggested]:
    """For both sections, or the one given; without those that need nothing."""
    if not answers.has(MoneyInShort):
        return []
    payments = [payment for payment in payments_of(answers) if payment.choice]
    found = [_suggested(answers, paid_in, section, item, payments) for paid_in, section, item in SIDES]
    return [one for one in found if (one.ticks or one.items) and only in {None, type(one.section)}]


def _suggested(answers: Answers, paid_in: bool, kind: Any, item: type[Any], payments: list[Payment]) -> Suggested:
    section = answers[kind]
    known = {str(payment.pk): payment for payment in payments if payment.paid_in == paid_in}
    ticks, items = ticks_and_items(
        Filed(key, each.line, kind_of(each.choice, paid_in=paid_in), each.choice) for key, each in known.items()
    )
    options = {option.value: option.label for option in section.questions()["categories"].options_for(section)}
    ticked = set(section.categories or [])
    large = [known[each.id] for each in items if known[each.id].entry is None and abs(each.line.amount) <= MOST]
    return Suggested(
        section,
        [(value, label) for value, label in options.items() if value in ticks - ticked],
        _not_there(large, answers.entries(item), {payment.entry for payment in payments}),
    )


def _not_there(large: list[Payment], items: list[Any], linked: set[Any]) -> list[Payment]:
    """Without those that an item speaks of already, though no payment is linked to it (any more)."""
    there = Counter((each.date, each.amount, each.description) for each in items if each.token not in linked)
    found = []
    for payment in large:
        same = (payment.date, abs(payment.amount), payees([payment]))
        if there[same]:
            there[same] -= 1
        else:
            found.append(payment)
    return found


def use(report: Report, ticks: Collection[str], items: Collection[str], *, by: Any) -> int:
    """Tick the kinds and add the payments that the person has chosen among the suggested; returns how many."""
    with locked(report) as row:
        answers, used = Answers(row), 0
        for suggested in suggestions(answers):
            entry = next(item for _, section, item in SIDES if section is type(suggested.section))
            chosen = [value for value, _ in suggested.ticks if f"{suggested.section.slug}:{value}" in ticks]
            large = [payment for payment in suggested.items if str(payment.pk) in items]
            if chosen or large:
                _tick(suggested.section, chosen, bool(large), by)
                for payment in large:
                    _add(answers, entry, payment, by)
                used += len(chosen) + len(large)
        if used:
            touch(answers)
        return used


def _tick(section: Any, chosen: list[str], large: bool, by: Any) -> None:
    section.exists = "yes"
    options = [option.value for option in section.questions()["categories"].options_for(section)]
    section.categories = [value for value in options if value in {*(section.categories or []), *chosen}] or None
    if large:
        section.one_offs = "yes"
    section.clear_unasked()
    section.changed_by = by
    section.save()


def _add(answers: Answers, kind: type[Any], payment: Payment, by: Any) -> None:
    item = kind(
        report=answers.report,
        description=payees([payment]),
        amount=abs(payment.amount),
        date=payment.date,
        changed_by=by,
    )
    item.save()
    Payment.objects.filter(pk=payment.pk).update(entry=item.token)
