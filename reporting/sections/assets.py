"""What the client owns: property, and other things of value."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from reporting.engine.conditions import is_, yes
from reporting.engine.questions import Choice, Date, LongText, Money, MonthYear, Number, Option, Text, YesNo, pounds
from reporting.engine.report_types import ReportType
from reporting.engine.rows import Line, Listing
from reporting.engine.section import Entry, Section, page

KINDS = (
    Option("antiques", "Antiques"),
    Option("artwork", "Artwork"),
    Option("investment_bonds", "Investment bonds"),
    Option("jewellery", "Jewellery"),
    Option("national_savings_certificates", "National Savings certificates"),
    Option("premium_bonds", "Premium Bonds"),
    Option("property", "Property"),
    Option("stocks_shares", "Stocks and shares"),
    Option("unit_trusts", "Unit trusts"),
    Option("vehicles", "Vehicles"),
    Option("assets_held_outside_england_and_wales", "Assets held outside England and Wales"),
    Option("other_assets", "Other valuable assets"),
)
TOGETHER = {
    "artwork": "Artwork, antiques and jewellery",
    "antiques": "Artwork, antiques and jewellery",
    "jewellery": "Artwork, antiques and jewellery",
}
"""Kinds that the summary puts in one group."""
LIQUID = frozenset(
    {"investment_bonds", "national_savings_certificates", "premium_bonds", "stocks_shares", "unit_trusts"}
)
"""Assets that can be turned into money quickly, for the internal summary (oddity 17)."""
PROPERTY = is_("kind", "property")
OTHER = is_("kind", *(option.value for option in KINDS if option.value != "property"))


class Assets(Section):
    key = "assets"
    title = "Assets"
    group = "money"
    order = {"lay": 120, "pa": 160, "prof": 120}
    place = 90
    description = "Property, investments, vehicles and other things of value that {client} owns"
    intro = "Tell us about everything of value that {client} owned on {end}, apart from money in bank accounts."
    gather = ("Valuations of property and possessions", "Statements of investments and Premium Bonds")
    checklist = "Satisfied with the assets?"

    own = YesNo(
        "Does {client} own any assets?",
        hint="For example, a home, a car, investments or Premium Bonds",
        missing="Select yes if {client} owns any assets",
    )

    pages = (page("own"),)
    carried_answers = ("own",)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return kind.property_and_affairs


class Asset(Entry):
    """One asset. The share of a part-owned property counts in totals."""

    section = Assets
    when = yes("own")
    one, many = "asset", "assets"
    columns = ("kind", "description", "value")
    total = "value"

    kind = Choice("What kind of asset is it?", options=KINDS, short="Kind", missing="Select what kind of asset it is")

    description = LongText(
        "Describe it",
        min_length=3,
        rows=2,
        when=OTHER,
        short="Asset",
        missing="Describe the asset",
        samples=("Bought in 1998", "Left by an aunt – in the safe at home", "Valued by a dealer"),
    )
    valued_on = Date("When was it valued? (optional)", hint="For example, 27 3 2026", when=OTHER, required=False)

    address = Text(
        "Address line 1",
        max_length=200,
        when=PROPERTY,
        missing="Enter the first line of the address",
        samples=("1 Sample Road",),
    )
    address2 = Text("Address line 2 (optional)", max_length=200, when=PROPERTY, required=False)
    county = Text("County (optional)", max_length=75, when=PROPERTY, required=False)
    postcode = Text(
        "Postcode", max_length=10, width="10", when=PROPERTY, missing="Enter the postcode", samples=("ZZ1 1AA",)
    )
    occupants = LongText(
        "Who lives there?",
        most=550,
        rows=2,
        when=PROPERTY,
        missing="Tell us who lives there, or that nobody does",
        samples=("Nobody at present", "A tenant", "The client’s sister & her children"),
    )
    owned = Choice(
        "How much of it does {client} own?",
        when=PROPERTY,
        missing="Select how much of it {client} owns",
        options=(Option("fully", "All of it"), Option("partly", "A part of it")),
    )
    share = Number(
        "What part of it, in per cent?",
        least=1,
        most=100,
        unit="%",
        when=PROPERTY & is_("owned", "partly"),
        missing="Enter the part that {client} owns",
    )
    equity_release = YesNo(
        "Is there an equity release scheme on it?",
        when=PROPERTY,
        missing="Select yes if there is an equity release scheme",
    )
    mortgage = YesNo("Is there a mortgage on it?", when=PROPERTY, missing="Select yes if there is a mortgage")
    mortgage_left = Money(
        "How much of the mortgage is left to pay?",
        when=PROPERTY & yes("mortgage"),
        missing="Enter how much of the mortgage is left to pay",
    )
    charges = YesNo(
        "Are there any other charges on it?",
        hint="For example, a charge for care fees",
        when=PROPERTY,
        missing="Select yes if there are other charges on it",
    )
    rented = YesNo("Is it rented out?", when=PROPERTY, missing="Select yes if it is rented out")
    rent_until = MonthYear(
        "When does the rental agreement end?",
        hint="For example, 3 2027",
        when=PROPERTY & yes("rented"),
        missing="Enter when the rental agreement ends",
    )
    rent = Money(
        "How much rent is paid each month?",
        when=PROPERTY & yes("rented"),
        missing="Enter how much rent is paid each month",
    )
    value = Money("What is it worth?", short="Value", missing="Enter what it is worth")

    pages = (
        page("kind"),
        page("description", "valued_on", "address", "address2", "county", "postcode", "occupants", title="About it"),
        page("owned", "share", "equity_release", "mortgage", "mortgage_left", "charges", title="Ownership"),
        page("rented", "rent_until", "rent", title="Rent"),
        page("value"),
    )

    @property
    def is_property(self) -> bool:
        return self.kind == "property"

    @property
    def name(self) -> str:
        return self.cells()[1] or self.cells()[0] or f"New {self.one}"

    def cells(self) -> Sequence[str]:
        kind, description, value = super().cells()
        if self.is_property:
            description = ", ".join(part for part in (self.address, self.address2, self.county, self.postcode) if part)
            if self.share and self.owned == "partly":
                description += f" ({self.share}% owned)"
        return kind, description, value

    def identity(self) -> Any:
        if self.is_property:
            return "property", self.address, self.address2, self.postcode
        return self.kind, self.description

    def carried_over(self) -> "Entry | None":
        return self.copied()

    def worth(self) -> Decimal:
        """The client's share of the value, to the penny."""
        value = self.value or Decimal("0.00")
        if self.is_property and self.owned == "partly" and self.share:
            value = value * self.share / 100
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @classmethod
    def listing(cls, owner: Section, entries: Sequence[Any]) -> Listing:
        """Grouped by kind in the order of the alphabet, each group of several with its sum."""
        ordered: list[Any] = sorted(entries, key=_group)
        listing = super().listing(owner, ordered)
        lines: list[Line] = []
        for at, (asset, line) in enumerate(zip(ordered, listing.lines, strict=True)):
            lines.append(line)
            members = [other for other in ordered if _group(other) == _group(asset)]
            if len(members) > 1 and (at + 1 == len(ordered) or _group(ordered[at + 1]) != _group(asset)):
                total = sum((other.worth() for other in members), Decimal("0.00"))
                lines.append(Line((f"{_group(asset)} in total", "", pounds(total)), kind="subtotal"))
        return Listing(
            listing.title, listing.columns, listing.numeric, tuple(lines), listing.total, listing.empty, listing.kind
        )


def _group(asset: Any) -> str:
    label = next((option.label for option in KINDS if option.value == asset.kind), "")
    return TOGETHER.get(asset.kind or "", label)
