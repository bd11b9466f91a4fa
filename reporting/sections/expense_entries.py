"""What an expense is, whoever the deputy (deputy-reports 4.13, 4.14)."""

from decimal import Decimal

from reporting.engine.questions import LongText, Money
from reporting.engine.section import page
from reporting.sections.picks import account
from reporting.sections.summed import Summed


class ExpenseEntry(Summed):
    one, many = "expense", "expenses"
    columns = ("explanation", "account", "amount")
    total = "amount"

    explanation = LongText(
        "What was the expense for?",
        short="Expense",
        rows=3,
        missing="Describe the expense",
        samples=("Train fares to visits", "Postage & copies", "Parking at the hospital"),
    )
    amount = Money(
        "How much did you claim?", least=Decimal("0.01"), missing="Enter how much you claimed", short="Amount"
    )
    account = account()

    pages = (page("explanation", "amount", "account", title="Expense"),)

    class Meta(Summed.Meta):
        abstract = True
