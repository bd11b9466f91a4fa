"""Money out, the short account (base 103): kinds to tick, and single payments of £1,000 or more."""

from reporting.engine.conditions import yes
from reporting.engine.questions import Date, LongText, Money
from reporting.engine.report_types import ReportType
from reporting.engine.section import Entry, page
from reporting.sections.money_in_short import LEAST, MOST
from reporting.sections.money_out import MoneyOut
from reporting.sections.money_short import ShortMoney


class MoneyOutShort(ShortMoney, MoneyOut):
    key = "moneyOutShort"
    order = {"lay": 112, "pa": 150, "prof": 92}
    place = 121
    intro = (
        "Tell us what {client}’s money was spent on from {start} to {end}, and about any single payment of £1,000 or "
        "more."
    )
    noun = "Money out"

    pages = (page("exists"), page("reason"), page("categories"), page("one_offs"))

    class Meta:
        proxy = True

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.lower_assets


class MoneyOutItem(Entry):
    """One payment of £1,000 or more."""

    section = MoneyOutShort
    when = yes("one_offs")
    one, many = "item over £1,000", "items over £1,000"
    columns = ("description", "date", "amount")
    total = "amount"
    ungates = False

    description = LongText(
        "What was it for?", short="Description", rows=2, missing="Describe what the money was spent on"
    )
    amount = Money("How much was it?", least=LEAST, most=MOST, short="Amount", missing="Enter the amount")
    date = Date("When was it paid? (optional)", hint="For example, 27 3 2026", required=False, short="Date")

    pages = (page("description", "amount", "date", title="Payment of £1,000 or more"),)
