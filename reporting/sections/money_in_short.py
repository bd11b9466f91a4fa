"""Money in, the short account (base 103)."""

from reporting.engine.conditions import yes
from reporting.engine.questions import Date, LongText
from reporting.sections.money_in import MoneyIn
from reporting.sections.money_short import LargeItem, ShortMoney


class MoneyInShort(ShortMoney, MoneyIn):
    key = "moneyInShort"
    order = {"lay": 102, "pa": 140, "prof": 70}
    place = 120
    intro = (
        "Tell us what kinds of money {client} received from {start} to {end}, and about any single amount of £1,000 or "
        "more."
    )
    noun = "Money in"

    class Meta:
        proxy = True


class MoneyInItem(LargeItem):
    section = MoneyInShort
    when = yes("one_offs")

    description = LongText(
        "What was it?",
        short="Description",
        rows=2,
        missing="Describe the money that came in",
        samples=("A refund from the council", "Sale of Premium Bonds", "A gift from a cousin"),
    )
    date = Date("When was it received? (optional)", hint="For example, 27 3 2026", required=False, short="Date")
