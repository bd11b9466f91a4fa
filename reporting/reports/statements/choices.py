"""What a person may say that a payment was for, as a list to choose from.

A choice is a category of money, "gift", "expense" or "transfer". A transfer also names the account at its other end,
so its value in a form is "transfer-" and that account's token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reporting.engine.section import Answers
from reporting.reports.statements.categories import EXPENSE, GIFT, TRANSFER, fits, names_account
from reporting.reports.statements.lines import AccountHint
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.deputy_expenses import DeputyExpenses
from reporting.sections.gifts import Gifts
from reporting.sections.money_categories import MONEY_IN, MONEY_OUT, kind_of
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses

Option = tuple[str, str]


@dataclass(frozen=True)
class Picked:
    """A choice that was picked, and the account at the other end of a transfer."""

    choice: str
    other: BankAccount | None = None

    @property
    def value(self) -> str:
        return f"{TRANSFER}-{self.other.token}" if self.choice == TRANSFER and self.other else self.choice


class Choices:
    """The choices of one report."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.family = str(answers.report.kind.family)

    @cached_property
    def accounts(self) -> Sequence[BankAccount]:
        return self.answers.entries(BankAccount)

    def groups(self, account: BankAccount, *, paid_in: bool) -> list[tuple[str, list[Option]]]:
        """Options under their headings, for a payment of this account and direction."""
        found = [
            (group.label, [(one.id, one.label) for one in group.kinds if self.family in one.families])
            for group in (MONEY_IN if paid_in else MONEY_OUT)
        ]
        return [(label, options) for label, options in [*found, *self._others(account, paid_in)] if options]

    def _others(self, account: BankAccount, paid_in: bool) -> list[tuple[str, list[Option]]]:
        special = []
        if not paid_in and self.answers.has(Gifts):
            special.append((GIFT, "A gift"))
        if not paid_in and (self.answers.has(DeputyExpenses) or self.answers.has(PaDeputyExpenses)):
            special.append((EXPENSE, "A deputy expense"))
        way = "Moved from" if paid_in else "Moved to"
        moved = [(Picked(TRANSFER, one).value, f"{way} {one.name}") for one in self.accounts if one.pk != account.pk]
        return [("Gifts and expenses", special), ("Between own accounts", moved)]

    def picked(self, value: str, account: BankAccount, *, paid_in: bool) -> Picked | None:
        """What a form's value means; None where it is not among the options."""
        if all(value != option for _heading, options in self.groups(account, paid_in=paid_in) for option, _ in options):
            return None
        if not value.startswith(f"{TRANSFER}-"):
            return Picked(value) if fits(value, paid_in=paid_in) else None
        return Picked(TRANSFER, next(one for one in self.accounts if value.endswith(str(one.token))))

    def words(self, choice: str, other: BankAccount | None = None) -> str:
        """How a choice is called."""
        if choice == TRANSFER:
            return f"Moved between accounts ({other.name})" if other else "Moved between accounts"
        if choice in {GIFT, EXPENSE}:
            return "A gift" if choice == GIFT else "A deputy expense"
        kind = kind_of(choice)
        return kind.label if kind else "Not sorted yet"

    def account(self, pk: int | None) -> BankAccount | None:
        return next((one for one in self.accounts if one.pk == pk), None)

    def other_end(self, account: BankAccount, description: str) -> BankAccount | None:
        """The own account that a description names, or the only other one there is."""
        others = [one for one in self.accounts if one.pk != account.pk]
        named = [one for one in others if names_account(description, hint_of(one))]
        if len(named) == 1:
            return named[0]
        return others[0] if len(others) == 1 else None


def hint_of(account: BankAccount) -> AccountHint:
    return AccountHint(account.sort_code or None, account.number or None)
