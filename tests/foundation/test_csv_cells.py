import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.csv_cells import FORMULA_STARTS, neutral, to_csv

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+44 1632 960001", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_evaluate_is_written_as_text(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", " ", "Care fees", "3 = 1 + 2", "£5", "'quoted'", "(-2)"])
def test_any_other_cell_is_left_alone(cell: str) -> None:
    assert neutral(cell) == cell


def test_numbers_stay_plain_numbers() -> None:
    assert read(to_csv([(Decimal("-1234567.50"), 3, Decimal("1E+3"))])) == [["-1234567.50", "3", "1000"]]


def test_the_file_is_utf8_with_its_mark_and_dos_line_ends() -> None:
    assert to_csv([("Żółć", "£"), ("a", "b")]) == b"\xef\xbb\xbf" + "Żółć,£\r\na,b\r\n".encode()


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1))
def test_any_text_comes_back_and_none_begins_like_a_formula(rows: list[list[str]]) -> None:
    back = read(to_csv(rows))
    assert back == [[neutral(cell) for cell in row] for row in rows]
    assert not any(cell.lstrip().startswith(FORMULA_STARTS) for row in back for cell in row)


def test_half_a_character_does_not_stop_the_file() -> None:
    assert read(to_csv([("a\ud800b",)])) == [["a?b"]]
