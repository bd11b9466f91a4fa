"""Money out, the short account (base 103)."""

from reporting.engine.conditions import yes
from reporting.engine.questions import Date, LongText
from reporting.sections.money_out import MoneyOut
from reporting.sections.money_short import LargeItem, ShortMoney


class MoneyOutShort(ShortMoney, MoneyOut):
    key = "moneyOutShort"
    order = {"lay": 112, "pa": 150, "prof": 92}
    place = 121
    intro = (
        "Tell us what {client}’s money was spent on from {start} to {end}, and about any single payment of £1,000 or "
        "more."
    )
    noun = "Money out"

    class Meta:
        proxy = True


class MoneyOutItem(LargeItem):
    section = MoneyOutShort
    when = yes("one_offs")

    description = LongText(
        "What was it for?",
        short="Description",
        rows=2,
        missing="Describe what was paid for",
        samples=("A new boiler", "Repairs to the roof", "A stairlift & its fitting"),
    )
    date = Date("When was it paid? (optional)", hint="For example, 27 3 2026", required=False, short="Date")
