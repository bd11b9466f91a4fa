"""Do the accounts add up? Not a form of its own: a table, and an explanation if they do not (deputy-reports 5.1)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from reporting.engine.conditions import Values
from reporting.engine.questions import LongText, Question, pounds
from reporting.engine.report_types import ReportType
from reporting.engine.rows import Block, Line, Listing, Missing, Row, Rows, State
from reporting.engine.section import Answers, Section, page
from reporting.sections.bank_accounts import BankAccount, BankAccounts
from reporting.sections.deputy_expenses import DeputyExpenses
from reporting.sections.gifts import Gifts
from reporting.sections.money_in import MoneyIn
from reporting.sections.money_out import MoneyOut
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses
from reporting.sections.prof_deputy_costs import ProfDeputyCosts

TOLERANCE = Decimal("0.20")
"""Totals that differ by less than this match."""


@dataclass(frozen=True)
class Part:
    """One line of the arithmetic: ``sign`` is +1 or -1; ``section`` is where it comes from."""

    label: str
    amount: Decimal
    sign: int
    section: type[Section]


@dataclass(frozen=True)
class Sums:
    """Pounds. Only sections of the report's type are in it (oddity 27); transfers never are."""

    opening: Decimal
    closing: Decimal
    parts: tuple[Part, ...]

    @property
    def expected(self) -> Decimal:
        """What the accounts should hold on the last day."""
        return self.opening + sum((part.sign * part.amount for part in self.parts), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """Expected less what the accounts do hold."""
        return self.expected - self.closing

    @property
    def matches(self) -> bool:
        return abs(self.difference) < TOLERANCE


COUNTED: list[tuple[str, int, type[Section]]] = [
    ("Deputy expenses", -1, DeputyExpenses),
    ("Deputy fees and expenses", -1, PaDeputyExpenses),
    ("Gifts", -1, Gifts),
    ("Deputy costs", -1, ProfDeputyCosts),
    ("Money in", +1, MoneyIn),
    ("Money out", -1, MoneyOut),
]
"""Estimates never count."""


def sums(answers: Answers) -> Sums:
    accounts = answers.entries(BankAccount)
    parts = [Part(label, answers[kind].total(), sign, kind) for label, sign, kind in COUNTED if answers.has(kind)]
    return Sums(
        sum((account.opening or Decimal(0) for account in accounts), Decimal("0.00")),
        sum((account.closing or Decimal(0) for account in accounts), Decimal("0.00")),
        tuple(parts),
    )


class Balance(Section):
    key = "balance"
    title = "Accounts balance check"
    group = "money"
    order = {"lay": 115, "pa": 135, "prof": 95}
    place = 118
    description = "Whether the money that came in and went out fits the balances of the accounts"
    checklist = "Satisfied that the accounts balance, or with the explanation?"
    needs = (BankAccounts, DeputyExpenses, PaDeputyExpenses, Gifts, ProfDeputyCosts, MoneyIn, MoneyOut)
    summary_template = "sections/balance.html"
    walked: ClassVar[bool] = False

    explanation = LongText(
        "Why do the accounts not balance?",
        min_length=10,
        last_year=False,
        hint="For example, a payment that you cannot find a record of",
        missing="Explain why the accounts do not balance",
    )

    pages = (page("explanation"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.higher_assets

    @cached_property
    def waits_for(self) -> list[Section]:
        """Sections that have to be finished before the sums mean anything (oddity 18: professional costs too)."""
        return [
            self.answers[kind]
            for kind in self.needs
            if self.answers.has(kind) and not self.answers[kind].state().finished
        ]

    def is_off(self) -> bool:
        return not self.waits_for and not sums(self.answers).matches

    def started(self) -> bool:
        return not self.waits_for

    def asked(self, question: Question, values: Values | None = None) -> bool:
        return self.is_off() and super().asked(question, values)

    def clear_unasked(self) -> list[str]:
        """The explanation is kept, unseen, while the totals happen to match."""
        return []

    def missing(self) -> list[Missing]:
        waiting = [Missing(f"Finish the section “{section.title}” first") for section in self.waits_for]
        return waiting or (super().missing() if self.is_off() else [])

    def state(self) -> State:
        missing = tuple(self.missing())
        if self.waits_for:
            return State("not-started", "More information needed", None, missing)
        if not self.is_off():
            return State("done", "Balanced")
        if missing:
            return State("not-matching", "Not balanced", None, missing)
        return State("explained", "Not balanced, explained")

    def count(self) -> int | None:
        return None

    def table(self) -> Listing:
        """The arithmetic with a running balance. What it comes to is not known while sections are unfinished."""
        found = sums(self.answers)
        difference = "Not known yet" if self.waits_for else pounds(found.difference)
        running = found.opening
        lines = [Line(("Opening balances", pounds(found.opening), pounds(running)))]
        for part in found.parts:
            running += part.sign * part.amount
            lines.append(Line((part.label, pounds(part.sign * part.amount), pounds(running))))
        lines += [
            Line(("Closing balance that follows from this", "", pounds(found.expected)), kind="subtotal"),
            Line(("Closing balances of the accounts", "", pounds(found.closing))),
            Line(("Difference", "", difference), kind="subtotal"),
        ]
        return Listing("Balance", ("", "Amount", "Running balance"), frozenset({1, 2}), tuple(lines))

    def blocks(self) -> list[Block]:
        verdict = Row("Do the accounts balance?", self.state().label)
        rows = [verdict, *self.rows()]
        return [Rows(tuple(rows)), self.table()]
