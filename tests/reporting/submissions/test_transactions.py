import csv
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from foundation.csv_cells import neutral
from reporting.submissions.transactions import COLUMNS, Kind, Transaction, account_details, transactions_csv

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TRANSACTIONS = st.builds(
    Transaction,
    kind=st.sampled_from(Kind),
    amount=st.decimals("0.01", "100000000000", places=2),
    category=TEXT,
    bank_name=TEXT,
    account_details=TEXT,
    description=TEXT,
)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_rows_come_by_kind_with_the_agreed_columns() -> None:
    joint = account_details("Current account", "1234", "20-00-00", joint=True)
    rows = [
        Transaction(Kind.MONEY_IN, Decimal("9.5"), "State pension", "Barclays", joint),
        Transaction(Kind.MONEY_OUT, Decimal(1200), "Care fees", description="March"),
        Transaction(Kind.EXPENSE, Decimal("0.01"), description="Stamp"),
        Transaction(Kind.GIFT, Decimal("50.00"), description="=HYPERLINK(1)"),
        Transaction(Kind.MONEY_OUT, Decimal(7), "Clothes"),
    ]
    assert read(transactions_csv(rows)) == [
        ["Type", "Category", "Amount", "Bank name", "Account details", "Description"],
        ["Gift", "", "50.00", "", "", "'=HYPERLINK(1)"],
        ["Expense", "", "0.01", "", "", "Stamp"],
        ["Money out", "Care fees", "1200.00", "", "", "March"],
        ["Money out", "Clothes", "7.00", "", "", ""],
        [
            "Money in",
            "State pension",
            "9.50",
            "Barclays",
            "Current account ending 1234, sort code 20-00-00, joint account",
            "",
        ],
    ]


def test_nothing_to_list_gives_the_columns_alone() -> None:
    assert read(transactions_csv([])) == [list(COLUMNS)]


def test_only_a_joint_account_is_called_joint() -> None:
    assert account_details("Savings account", "9876", joint=False) == "Savings account ending 9876"
    assert account_details("Cash", "", joint=False) == "Cash"


@given(st.lists(TRANSACTIONS, max_size=8))
def test_every_transaction_is_one_row_whatever_was_typed(transactions: list[Transaction]) -> None:
    header, *rows = read(transactions_csv(transactions))
    assert header == list(COLUMNS)
    assert [row[0] for row in rows] == [kind.value for kind in Kind for t in transactions if t.kind is kind]
    assert sum(Decimal(row[2]) for row in rows) == sum(t.amount for t in transactions)
    assert {row[5] for row in rows} == {neutral(t.description) for t in transactions}
