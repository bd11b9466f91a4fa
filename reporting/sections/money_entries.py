"""What an entry of money in and one of money out have in common."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from reporting.engine.questions import Choice, LongText, Money, Option, pounds
from reporting.engine.rows import Line, Listing
from reporting.engine.section import Answered, Entry, Section, page
from reporting.sections.money_categories import Group, kind_of
from reporting.sections.summed import Summed


class Category(Choice):
    """One of the kinds of money that this report's deputies are offered, under the headings of their groups."""

    def __init__(self, label: Any = "", *, groups: tuple[Group, ...] = (), **options: Any) -> None:
        self.groups = groups
        every = [Option(kind.id, kind.label, group.label) for group in groups for kind in group.kinds]
        super().__init__(label, options=every, **options)

    def options_for(self, owner: Answered) -> Sequence[Option]:
        family = str(owner.report.kind.family)
        stored = getattr(owner, self.name)
        return [
            Option(kind.id, kind.label, group.label)
            for group in self.groups
            for kind in group.kinds
            if family in kind.families or kind.id == stored
        ]


def needs_description(entry: Any) -> bool:
    kind = kind_of(entry.category)
    return bool(kind and kind.describe)


class MoneyEntry(Summed):
    columns = ("category", "description", "account", "amount")
    total = "amount"
    ungates = False
    groups: ClassVar[tuple[Group, ...]]

    description = LongText(
        "Describe it",
        short="Description",
        rows=2,
        missing="Enter a description",
        samples=("Paid every month", "Twice, in spring and autumn", "One payment – see the statement"),
        required=needs_description,
        hint=lambda entry: "" if needs_description(entry) else "You can leave this blank",
    )
    amount = Money("How much in total?", least=Decimal("0.01"), missing="Enter an amount", short="Amount")

    pages = (page("category"), page("description", "amount", "account", title="Details"))

    class Meta(Summed.Meta):
        abstract = True

    @property
    def name(self) -> str:
        kind = kind_of(getattr(self, "category", None))
        return kind.label if kind else f"New {self.one}"

    @classmethod
    def listing(cls, owner: Section, entries: Sequence[Entry]) -> Listing:
        """By groups in their order, each of several entries with its sum."""
        listing = super().listing(owner, entries)
        pairs = list(zip(entries, listing.lines, strict=True))
        lines: list[Line] = []
        for group in cls.groups:
            ids = {kind.id for kind in group.kinds}
            members = [(entry, line) for entry, line in pairs if getattr(entry, "category", None) in ids]
            lines += [line for _entry, line in members]
            if len(members) > 1:
                total = sum((entry.amount or Decimal(0) for entry, _line in members), Decimal("0.00"))  # type: ignore[attr-defined]
                blanks = [""] * (len(cls.columns) - 2)
                lines.append(Line((f"{group.label} in total", *blanks, pounds(total)), kind="subtotal"))
        lines += [line for entry, line in pairs if kind_of(getattr(entry, "category", None)) is None]
        return Listing(
            listing.title, listing.columns, listing.numeric, tuple(lines), listing.total, listing.empty, listing.kind
        )
