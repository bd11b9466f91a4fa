"""Layouts that nobody has shown us are read right as well, and no bytes at all do more than be refused."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.reports.statements.reading import Refused, read
from tests.reporting.statements.layouts import Written, statements


@settings(max_examples=300, deadline=None)
@given(statements())
def test_any_layout_gives_back_its_payments(written: Written) -> None:
    statement = read(written.data, "statement.csv")
    assert [(line.date, line.description, line.amount) for line in statement.lines] == written.payments
    assert statement.balances_follow is not False
    assert statement.mapping is not None
    assert read(written.data, "statement.csv", statement.mapping).lines == statement.lines


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.ofx", "a.qif", "a.pdf", ""]))
def test_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    only_refused(data, name)


STARTS = [
    "",
    "!Type:Bank\n",
    "OFXHEADER:100\n<OFX>",
    "Date,Description,Amount\n",
    "Date: 01/04/2025\nAmount: 3\nName: x\n\n",
]
CELLS = ["01/04/2025", "30/02/2025", "12.50", "-£1,000.00", "GAS", "Balance brought forward", "GBP", "EUR", "€5.00"]
MARKS = [",", ";", '"', "\n", "\n\n", "\r", "\x0b", "&", "^", "S", "L[x]\n", "D01/04/2025\n", "T1\n", "!Account\n"]
TAGS = ["<STMTTRN>", "</STMTTRN>", "<TRNAMT>-1", "<DTPOSTED>20250401", "<STMTRS>", "</STMTRS>", "</OFX>", "<![CDATA["]
LABELS = ["Date: ", "Amount: 3\n", "Name: x"]
PIECES = st.one_of(st.sampled_from([*CELLS, *MARKS, *TAGS, *LABELS]), st.text(max_size=3))


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(STARTS), st.lists(PIECES, max_size=40))
def test_nearly_right_files_are_read_or_refused(start: str, pieces: list[str]) -> None:
    only_refused((start + "".join(pieces)).encode("utf-8", "replace"), "a.csv")


@settings(max_examples=150, deadline=None)
@given(statements(), st.data())
def test_a_damaged_file_is_read_whole_or_refused(written: Written, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(written.data)))
    only_refused(written.data[:at] + data.draw(st.binary(max_size=3)) + written.data[at:], "a.csv")


def only_refused(data: bytes, name: str) -> None:
    with suppress(Refused):
        assert read(data, name).lines
