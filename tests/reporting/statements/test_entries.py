"""Lines become one entry a category; the short report gets ticks and large items; what is open is exact."""

from datetime import date
from decimal import Decimal

import pytest

from reporting.reports.statements.categories import suggest
from reporting.reports.statements.entries import Filed, entries, remaining, ticks_and_items
from reporting.reports.statements.lines import StatementLine
from tests.reporting.statements.test_reading import load


def filed(number: int, amount: str, kind: str, category: str | None = None) -> Filed:
    return Filed(str(number), StatementLine(number, date(2025, 4, 1), "x", Decimal(amount)), kind, category)  # type: ignore[arg-type]


def suggested(name: str) -> list[Filed]:
    lines = load(name).lines
    found = [(line, suggest(line, {})) for line in lines]
    return [Filed(str(line.row), line, suggestion.kind, suggestion.category) for line, suggestion in found]


def test_lines_of_one_category_make_one_entry_that_is_their_sum() -> None:
    lines = suggested("layout_a.csv")
    found = {(entry.kind, entry.category): entry for entry in entries(lines)}
    assert found["money-out", "council-tax"].amount == Decimal("429.00")
    assert found["gift", None].amount == Decimal("75.38")
    assert len(found["gift", None].ids) == 3
    assert sorted(key for entry in found.values() for key in entry.ids) == sorted(one.id for one in lines)
    added = sum(entry.amount * (1 if entry.kind == "money-in" else -1) for entry in found.values())
    assert added == sum(one.line.amount for one in lines)


def test_transfers_and_nothing_are_not_entries() -> None:
    assert entries([filed(1, "-5", "transfer"), filed(2, "0.00", "money-out", "gas")]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        filed(1, "5", "money-out", "gas"),
        filed(1, "-5", "money-in", "refunds"),
        filed(1, "5", "gift"),
        filed(1, "5", "expense"),
    ],
)
def test_money_in_is_never_summed_as_money_out(wrong: Filed) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        entries([wrong])


def test_the_short_report_gets_ticks_and_items_of_a_thousand_pounds_and_over() -> None:
    ticks, items = ticks_and_items(
        [
            filed(1, "-999.99", "money-out", "care-fees"),
            filed(2, "-1000.00", "money-out", "gas"),
            filed(3, "1000.01", "money-in", "state-pension"),
            filed(4, "-5000", "gift"),
            filed(5, "-5000", "transfer"),
            filed(6, "-1", "money-out", "cash-withdrawn"),
        ]
    )
    assert ticks == {"care_fees", "households_bills", "state_pension_and_benefit"}
    assert [item.id for item in items] == ["2", "3"]


def test_what_remains_to_balance_is_exact() -> None:
    lines = load("layout_a.csv").lines
    opening, closing = Decimal("5210.33"), Decimal("82.14")
    assert remaining(opening, closing, lines) == 0
    assert remaining(opening, closing, lines[1:]) == Decimal("-24.61")
    assert remaining(opening, closing, [line for line in lines if line.amount < 0]) > 0
