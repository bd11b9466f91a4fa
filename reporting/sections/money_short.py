"""What the short accounts of money in and out (base 103) have in common: kinds to tick, and single large amounts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from reporting.engine.questions import Money
from reporting.engine.report_types import ReportType
from reporting.engine.rows import State
from reporting.engine.section import Entry, Page, page

if TYPE_CHECKING:
    from reporting.engine.section import Section

    Base = Section
else:
    Base = object

LEAST, MOST = Decimal("1000"), Decimal("10_000_000")
"""Limits of a single amount in pounds, both inclusive (oddity 8)."""


class ShortMoney(Base):
    """``noun`` is shown when kinds are ticked and no single amount was large (state ``low-assets-done``)."""

    noun: ClassVar[str]
    pages: ClassVar[Sequence[Page]] = (page("exists"), page("reason"), page("categories"), page("one_offs"))
    exists: str | None
    one_offs: str | None

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.lower_assets

    def state(self) -> State:
        found = super().state()
        if found.key != "done":
            return found
        if self.exists == "no":
            return State("done", f"No {self.noun.lower()}", 0)
        if self.one_offs == "no":
            return State("low-assets-done", self.noun, 0)
        return found


class LargeItem(Entry):
    """One amount of £1,000 or more. What it was and when are asked in the words of each side."""

    one, many = "item over £1,000", "items over £1,000"
    columns = ("description", "date", "amount")
    total = "amount"
    ungates = False

    amount = Money("How much was it?", least=LEAST, most=MOST, short="Amount", missing="Enter the amount")

    pages = (page("description", "amount", "date", title="£1,000 or more"),)

    class Meta(Entry.Meta):
        abstract = True
