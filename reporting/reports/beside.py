"""What some sections show on their own page beside their answers, and that sections do not know of.

The balance: what could explain a difference. The short accounts of money: what the bank statements show.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from reporting.engine.section import Answers, Entry, Section
from reporting.reports import queries
from reporting.reports.statements import detective, short
from reporting.sections.balance import Balance, sums
from reporting.sections.bank_accounts import BankAccount, BankAccounts
from reporting.sections.deputy_expenses import DeputyExpenses
from reporting.sections.gifts import Gifts
from reporting.sections.money_in import MoneyIn
from reporting.sections.money_in_short import MoneyInShort
from reporting.sections.money_out import MoneyOut
from reporting.sections.money_out_short import MoneyOutShort
from reporting.sections.money_transfers import MoneyTransfer, MoneyTransfers
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses

COUNTED: dict[type[Section], detective.EntryKind] = {
    MoneyIn: "money-in",
    MoneyOut: "money-out",
    Gifts: "gift",
    DeputyExpenses: "expense",
    PaDeputyExpenses: "expense",
}


def beside(section: Section) -> dict[str, Any]:
    """More for the template of a section's page."""
    found = SHOWN.get(type(section))
    return found(section) if found else {}


def clues(section: Any) -> dict[str, Any]:
    """Sentences that could explain a difference, each with links to what it is about.

    While other sections are not finished the sums mean nothing yet; a missing closing balance can be named anyway.
    """
    answers: Answers = section.answers
    waiting = {type(each) for each in section.waits_for}
    if waiting - {BankAccounts}:
        return {}
    linked = list(_entries(answers))
    figures = detective.Figures(
        sums(answers).difference, [one for one, _link in linked], _transfers(answers), _accounts(answers)
    )
    found = [
        {"sentence": clue.sentence, "links": _links(answers, clue, linked)}
        for clue in detective.explain(figures)
        if not waiting or clue.cause is detective.Cause.MISSING_CLOSING
    ]
    return {"clues": found[:10]}


Linked = list[tuple[detective.Entry, tuple[str, str]]]


def _links(answers: Answers, clue: detective.Clue, linked: Linked) -> list[tuple[str, str]]:
    """Text and address of what a clue is about: its entries, else the accounts."""
    if clue.entries:
        return [link for one, link in linked if any(one is each for each in clue.entries)][: detective.MOST_NAMED]
    return [("Bank accounts", reverse("section", args=[answers.report.pk, BankAccounts.slug]))]


def _entries(answers: Answers) -> Any:
    for kind, name in COUNTED.items():
        section = answers[kind] if answers.has(kind) else None
        for entry in section.entries(section.entry_kinds()[0]) if section else ():
            row: Any = entry
            account = str(row.account.name) if row.account else None
            label = _short(entry.name)
            link = (f"{label}, {detective.pounds(row.amount or Decimal(0))}", _address(entry))
            yield detective.Entry(name, label, row.amount or Decimal(0), account), link


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= 60 else f"{name[:60].rstrip()}…"


def _address(entry: Entry) -> str:
    page = next(each for each in entry.pages if "amount" in each.questions)
    arguments = [entry.report.pk, entry.section.slug, entry.slug, entry.token, page.slug]
    return reverse("entry_page", args=arguments) + "?from=summary"


def _transfers(answers: Answers) -> list[detective.Transfer]:
    rows: list[Any] = answers[MoneyTransfers].entries(MoneyTransfer) if answers.has(MoneyTransfers) else []
    return [
        detective.Transfer(row.account_from.name, row.account_to.name, row.amount)
        for row in rows
        if row.account_from and row.account_to and row.amount is not None
    ]


def _accounts(answers: Answers) -> list[detective.Account]:
    before = queries.last_year(answers[BankAccounts])
    last = {each.identity(): each.closing for each in before.answers.entries(BankAccount)} if before else {}
    return [
        detective.Account(each.name, each.opening, each.closing, last.get(each.identity()))
        for each in answers.entries(BankAccount)
        if each.opening is not None
    ]


def suggested(section: Section) -> dict[str, Any]:
    return {"suggested": short.suggestions(section.answers, only=type(section))}


SHOWN: dict[type[Section], Callable[[Any], dict[str, Any]]] = {
    Balance: clues,
    MoneyInShort: suggested,
    MoneyOutShort: suggested,
}
