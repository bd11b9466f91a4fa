"""What a lay deputy paid out of pocket and was paid back from the client's money."""

from reporting.engine.conditions import yes
from reporting.engine.questions import YesNo
from reporting.engine.report_types import Family, ReportType
from reporting.engine.section import Section, page
from reporting.sections.bank_accounts import BankAccounts
from reporting.sections.expense_entries import ExpenseEntry


class DeputyExpenses(Section):
    key = "deputyExpenses"
    title = "Deputy expenses"
    group = "money"
    order = {"lay": 70}
    place = 130
    description = "Costs of being a deputy that you claimed back"
    intro = (
        "Tell us about costs of being {client}’s deputy that you claimed back from their money from {start} to {end}, "
        "such as postage, phone calls and travel. What you bought for {client} is money out, not an expense."
    )
    gather = ("Receipts for your own costs as a deputy",)
    checklist = "Satisfied with the deputy’s expenses?"
    needs = (BankAccounts,)

    paid = YesNo("Did you claim any expenses?", missing="Select yes if you claimed any expenses")

    pages = (page("paid"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.family is Family.LAY


class Expense(ExpenseEntry):
    section = DeputyExpenses
    when = yes("paid")
