"""Whether the client gets the benefits they are entitled to, and money that others receive for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from reporting.engine.conditions import is_, yes
from reporting.engine.questions import Choice, LongText, Money, MonthYear, Option, Text, Tick
from reporting.engine.report_types import ReportType
from reporting.engine.rows import Row
from reporting.engine.section import Entry, Page, Section, page


class ClientBenefitsCheck(Section):
    """Asked of every report whose type has it (oddity 1)."""

    key = "clientBenefitsCheck"
    title = "Benefits check"
    group = "money"
    order = {"lay": 50, "pa": 90, "prof": 40}
    place = 80
    description = "Whether {client} gets all benefits, and money that others receive for {client}"
    intro = (
        "Tell us when you last checked that {client} gets all the benefits they are entitled to, and whether anybody "
        "other than you receives money on {client}’s behalf."
    )
    gather = ("The month in which you last checked {client}’s benefits", "Letters about benefits")
    checklist = "Satisfied that benefits were checked?"

    checked = Choice(
        "When did you last check that {client} gets all the benefits they are entitled to?",
        options=(
            Option("haveChecked", "I have checked"),
            Option("currentlyChecking", "I am checking now"),
            Option("neverChecked", "I have never checked"),
        ),
        missing="Select whether you have checked {client}’s benefits",
        last_year=False,
    )
    checked_on = MonthYear(
        "When did you check?",
        hint="For example, 3 2026",
        when=is_("checked", "haveChecked"),
        not_future=True,
        missing="Enter the month in which you last checked",
        last_year=False,
    )
    never_checked = LongText(
        "Why have you never checked?",
        min_length=4,
        when=is_("checked", "neverChecked"),
        rows=3,
        missing="Explain why you have never checked",
    )
    others_receive = Choice(
        "Does anybody other than you receive money on {client}’s behalf?",
        options=(Option("yes", "Yes"), Option("no", "No"), Option("dontKnow", "I don’t know")),
        missing="Select whether anybody else receives money on {client}’s behalf",
    )
    dont_know = LongText(
        "Why don’t you know?",
        min_length=4,
        when=is_("others_receive", "dontKnow"),
        rows=3,
        missing="Explain why you don’t know",
    )

    pages = (
        page("checked", "checked_on", "never_checked", title="Checking benefits"),
        page("others_receive", "dont_know", title="Money others receive"),
    )

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.property_and_affairs

    def count(self) -> int | None:
        return None


class MoneyOthersReceive(Entry):
    section = ClientBenefitsCheck
    when = yes("others_receive")
    one, many = "payment others receive", "payments others receive"
    columns = ("money_type", "receiver", "amount")
    ungates = False

    money_type = Text(
        "What kind of money is it?",
        max_length=500,
        short="Money",
        missing="Enter what kind of money it is",
        samples=("Attendance Allowance",),
    )
    receiver = Text(
        "Who receives it?",
        max_length=500,
        short="Received by",
        missing="Enter who receives the money",
        samples=("The care home",),
    )
    amount = Money("How much did they receive from {start} to {end}?", required=False, short="Amount")
    amount_unknown = Tick("I don’t know how much")

    pages = (page("money_type", "receiver", "amount", "amount_unknown", title="Money that others receive"),)

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        if values.get("amount") is None and not values.get("amount_unknown"):
            return {"amount": "Enter the amount, or select that you don’t know how much"}
        if values.get("amount") is not None and values.get("amount_unknown"):
            return {"amount": "Enter the amount or select that you don’t know, not both"}
        return {}

    def row(self, question: Any) -> Row:
        row = super().row(question)
        if question.name == "amount" and self.amount_unknown:
            return Row(row.label, "Not known", row.question, row.page, row.kind)
        return row

    def cells(self) -> Sequence[str]:
        return (self.money_type or "", self.receiver or "", "Not known" if self.amount_unknown else super().cells()[2])

    def fill(self, chance: Any) -> None:
        super().fill(chance)
        self.amount_unknown = self.amount is None
