"""Money in, the short account (base 103): kinds to tick, and single amounts of £1,000 or more."""

from decimal import Decimal

from reporting.engine.conditions import yes
from reporting.engine.questions import Date, LongText, Money
from reporting.engine.report_types import ReportType
from reporting.engine.section import Entry, page
from reporting.sections.money_in import MoneyIn
from reporting.sections.money_short import ShortMoney

LEAST, MOST = Decimal("1000"), Decimal("10_000_000")
"""Limits of a single amount in pounds, both inclusive (oddity 8)."""


class MoneyInShort(ShortMoney, MoneyIn):
    key = "moneyInShort"
    order = {"lay": 102, "pa": 140, "prof": 70}
    place = 120
    intro = (
        "Tell us what kinds of money {client} received from {start} to {end}, and about any single amount of £1,000 or "
        "more."
    )
    noun = "Money in"

    pages = (page("exists"), page("reason"), page("categories"), page("one_offs"))

    class Meta:
        proxy = True

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.lower_assets


class MoneyInItem(Entry):
    """One amount of £1,000 or more that came in."""

    section = MoneyInShort
    when = yes("one_offs")
    one, many = "item over £1,000", "items over £1,000"
    columns = ("description", "date", "amount")
    total = "amount"
    ungates = False

    description = LongText("What was it?", short="Description", rows=2, missing="Describe the money that came in")
    amount = Money("How much was it?", least=LEAST, most=MOST, short="Amount", missing="Enter the amount")
    date = Date("When was it received? (optional)", hint="For example, 27 3 2026", required=False, short="Date")

    pages = (page("description", "amount", "date", title="Money of £1,000 or more"),)
