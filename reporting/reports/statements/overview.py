"""What is imported for each account of a report, and what remains to balance."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Max, Min

from reporting.engine.section import Answers
from reporting.reports.statements import short
from reporting.reports.statements.actions import offers
from reporting.reports.statements.applying import payments_of, unexplained
from reporting.reports.statements.models import Payment, StatementImport
from reporting.sections.balance import Balance, Sums, sums
from reporting.sections.bank_accounts import BankAccount


@dataclass(frozen=True)
class Imported:
    """A statement of an account: how many payments it brought, from when to when."""

    statement: StatementImport
    count: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Row:
    """An account with its statements. ``remaining`` is None while a balance is missing."""

    account: BankAccount
    imported: list[Imported]
    waiting: list[StatementImport]
    count: int
    unsorted: int
    remaining: Decimal | None
    offers: Mapping[str, Decimal]


class Overview:
    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    @cached_property
    def payments(self) -> Mapping[int, list[Payment]]:
        found: dict[int, list[Payment]] = defaultdict(list)
        for payment in payments_of(self.answers):
            found[payment.account_id].append(payment)
        return found

    @cached_property
    def rows(self) -> list[Row]:
        statements: dict[int, list[StatementImport]] = defaultdict(list)
        every = StatementImport.objects.filter(account__report=self.answers.report).defer("content")
        for statement in every.annotate(
            count=Count("payments"), first=Min("payments__date"), last=Max("payments__date")
        ):
            statements[statement.account_id].append(statement)
        return [self._row(account, statements[account.pk]) for account in self.answers.entries(BankAccount)]

    def _row(self, account: BankAccount, statements: list[StatementImport]) -> Row:
        payments = self.payments[account.pk]
        return Row(
            account,
            [
                Imported(each, each.count, each.first, each.last)  # type: ignore[attr-defined]
                for each in statements
                if each.stored
            ],
            [each for each in statements if not each.stored],
            len(payments),
            sum(not payment.choice for payment in payments),
            unexplained(account, (payment for payment in payments if payment.choice)),
            offers(account, statements),
        )

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def unsorted(self) -> int:
        return sum(row.unsorted for row in self.rows)

    @cached_property
    def sums(self) -> Sums | None:
        """The balance of the whole report; None where it has none (103) or a balance of an account is missing."""
        accounts = self.answers.entries(BankAccount)
        if not self.answers.has(Balance) or not accounts:
            return None
        if any(account.opening is None or account.closing is None for account in accounts):
            return None
        return sums(self.answers)

    @cached_property
    def suggestions(self) -> list[short.Suggested]:
        return short.suggestions(self.answers)
