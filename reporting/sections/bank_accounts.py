"""The client's bank, building society and other accounts, with their balances at both ends of the period."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reporting.engine.conditions import is_, zero
from reporting.engine.questions import Choice, Money, Option, Text, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import E, Entry, Section, page

KINDS = (
    Option("current", "Current account"),
    Option("savings", "Savings account"),
    Option("isa", "ISA"),
    Option("postoffice", "Post Office account"),
    Option("cfo", "Court Funds Office account"),
    Option("other", "Another account with a sort code"),
    Option("other_no_sortcode", "Another account without a sort code"),
)
WITH_BANK = ("current", "savings", "isa", "other", "other_no_sortcode")
WITH_SORT_CODE = ("current", "savings", "isa", "other")


class BankAccounts(Section):
    key = "bankAccounts"
    title = "Bank accounts"
    group = "money"
    order = {"lay": 60, "pa": 100, "prof": 50}
    place = 110
    description = "Every account that holds {client}’s money, with its balance at the start and at the end"
    intro = (
        "Tell us about every account that holds {client}’s money: current and savings accounts, ISAs, Post Office "
        "and Court Funds Office accounts. We need the balance of each on {start} and on {end}."
    )
    gather = (
        "Bank and building society statements that show the balance on {start} and on {end}",
        "The sort code and the last 4 digits of the number of each account",
    )
    checklist = "Satisfied with the accounts and their balances?"

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.property_and_affairs

    def sample_entries(self, kind: type[E], chance: random.Random) -> Iterator[E]:
        """Two accounts with the same money at the end as at the start, so that sums are easy to follow."""
        for number, option in enumerate(("current", "savings")):
            entry = kind(
                report=self.report,
                account_type=option,
                bank="Example Bank",
                number=f"12{number}4",
                sort_code="010203",
                joint="no",
                opening=Decimal("1000.00"),
                closing=Decimal("1000.00"),
            )
            entry.answers = self.answers
            yield entry


class BankAccount(Entry):
    section = BankAccounts
    one, many = "account", "accounts"
    columns = ("account_type", "bank", "number", "opening", "closing")

    account_type = Choice("What kind of account is it?", options=KINDS, short="Account", personal=False)
    bank = Text(
        "Name of the bank or building society",
        min_length=2,
        max_length=500,
        short="Bank",
        when=is_("account_type", *WITH_BANK),
        missing="Enter the name of the bank or building society",
        samples=("Example Bank", "Trial Building Society"),
    )
    number = Text(
        "Last 4 digits of the account number",
        max_length=4,
        width="4",
        short="Number",
        strip=" -",
        hint="If the number has letters, give its last 4 letters and digits",
        pattern=(r"[0-9A-Za-z]{4}", "Enter the last 4 digits or letters of the account number"),
        missing="Enter the last 4 digits of the account number",
        samples=("1234", "A9Z8"),
    )
    sort_code = Text(
        "Sort code",
        max_length=6,
        width="5",
        strip=" -",
        inputmode="numeric",
        when=is_("account_type", *WITH_SORT_CODE),
        hint="6 digits, for example 30 94 30",
        pattern=(r"[0-9]{6}", "Enter a sort code with 6 digits, like 30 94 30"),
        missing="Enter the sort code",
        samples=("010203", "309430"),
    )
    joint = YesNo("Is it a joint account?", missing="Select yes if it is a joint account", short="Joint")
    opening = Money(
        "Balance on {start}",
        hint="If the account was overdrawn, put a minus before the amount",
        least=None,
        missing="Enter the balance on {start}",
        short="Opening balance",
    )
    closing = Money(
        "Balance on {end}",
        hint="You can leave this blank until you know it",
        least=None,
        later=True,
        last_year=False,
        short="Closing balance",
    )
    closed = YesNo(
        "Has this account been closed?",
        when=zero("closing"),
        last_year=False,
        hint="Answer this if the balance at the end is £0.00",
        missing="Select yes if the account has been closed",
    )

    pages = (
        page("account_type"),
        page("bank", "number", "sort_code", "joint", title="Account details"),
        page("opening", "closing", "closed", title="Balances"),
    )

    @property
    def name(self) -> str:
        kind = next((option.label for option in KINDS if option.value == self.account_type), "New account")
        number = f"ending {self.number}" if self.number else ""
        return " ".join(
            part
            for part in (
                self.bank if self.account_type in WITH_BANK else "",
                kind.lower() if self.bank else kind,
                number,
            )
            if part
        )

    def may_remove(self) -> str:
        if self.statements.filter(stored=True).exists():  # of reports.statements
            return "Bank statements were imported for it: remove those first."
        return super().may_remove()

    def identity(self) -> Any:
        return self.account_type, self.bank, self.number, self.sort_code

    def carried_over(self) -> "BankAccount | None":
        """Open accounts go on with last year's closing balance; closed ones stay behind (oddity 11)."""
        if self.closed == "yes":
            return None
        return BankAccount(
            account_type=self.account_type,
            bank=self.bank,
            number=self.number,
            sort_code=self.sort_code,
            joint=self.joint,
            opening=self.closing,
        )
