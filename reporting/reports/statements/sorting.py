"""Payments that are alike, sorted together: same account, same payee, same direction, same choice so far."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from reporting.reports.statements.actions import Decision, value_of
from reporting.reports.statements.categories import OTHER_IN, OTHER_OUT, TRANSFER
from reporting.reports.statements.choices import Choices, Option, Picked
from reporting.reports.statements.models import Payment


@dataclass(frozen=True)
class Group:
    """Payments shown with one choice. ``key`` names it in the form."""

    choices: Choices
    payments: list[Payment]

    @property
    def key(self) -> str:
        return str(self.first.pk)

    @property
    def first(self) -> Payment:
        return self.payments[0]

    @property
    def last(self) -> Payment:
        return self.payments[-1]

    @cached_property
    def total(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal("0.00"))

    @property
    def seen(self) -> str:
        return value_of(self.first)

    @property
    def why(self) -> str:
        """Why it is what it is; what a person said needs no reason."""
        return "" if self.first.by_person else self.first.why

    @property
    def offered(self) -> str:
        """What the list shows: the choice, else what was suggested. "Anything else" is left to the person to say."""
        first = self.first
        if first.choice or first.suggested in {OTHER_IN, OTHER_OUT, ""}:
            return self.seen
        if first.suggested == TRANSFER and first.other is None:
            return ""
        value = Picked(first.suggested, first.other).value
        return value if self.choices.picked(value, first.account, paid_in=first.paid_in) else ""

    @property
    def words(self) -> str:
        return self.choices.words(self.first.choice, self.first.other)

    @property
    def days(self) -> tuple[date, date]:
        return self.first.date, self.last.date

    @cached_property
    def options(self) -> list[tuple[str, list[Option]]]:
        return self.choices.groups(self.first.account, paid_in=self.first.paid_in)


def _alike(payment: Payment) -> tuple[Any, ...]:
    suggested = "" if payment.choice else payment.suggested
    return payment.account_id, payment.paid_in, payment.payee, value_of(payment), suggested


def groups(choices: Choices, payments: Iterable[Payment]) -> list[Group]:
    """Those to look at first; then by what they are, the largest sums first."""
    found: dict[tuple[Any, ...], list[Payment]] = defaultdict(list)
    for payment in payments:
        found[_alike(payment)].append(payment)
    made = [Group(choices, each) for each in found.values()]
    return sorted(made, key=lambda group: (bool(group.seen), group.words if group.seen else "", -abs(group.total)))


def singles(choices: Choices, payments: Iterable[Payment]) -> list[Group]:
    """Each payment alone."""
    return [Group(choices, [payment]) for payment in payments]


def like(payment: Payment, payments: Iterable[Payment]) -> list[Payment]:
    return [each for each in payments if _alike(each) == _alike(payment)]


@dataclass(frozen=True)
class Sent:
    """What a page of choices sent: for each key, what it showed and what was picked."""

    fields: Mapping[str, tuple[str, str]]
    alone: bool
    """Each payment for itself, not all that are like it."""

    @classmethod
    def of(cls, data: Any, *, alone: bool) -> "Sent":
        keys = [name.removeprefix("choice-") for name in data if name.startswith("choice-")]
        fields = {key: (data.get(f"seen-{key}", ""), data.get(f"choice-{key}", "")) for key in keys}
        return cls({key: pair for key, pair in fields.items() if pair[1] and pair[0] != pair[1]}, alone)

    def decisions(self, choices: Choices, payments: list[Payment]) -> list[Decision]:
        """Raises KeyError for a payment that is gone, ValueError for a choice that was not offered."""
        known = {str(payment.pk): payment for payment in payments}
        found = []
        for key, (seen, value) in self.fields.items():
            first = known[key]
            picked = choices.picked(value, first.account, paid_in=first.paid_in)
            if picked is None:
                raise ValueError(value)
            found.append(Decision(key, [first] if self.alone else like(first, payments), seen, picked))
        return found
