"""Rows of the nightly files: dates, case numbers, refusals (deputy-admin 9.2; D-054, D-063, D-064, D-080)."""

from datetime import date

import pytest

from reporting.people.ingest import lay, rows
from reporting.people.ingest.rows import BadFile, BadRow, Refusals, parse_date, read


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2014-12-16", date(2014, 12, 16)),
        ("2014-12-16 07:15:20", date(2014, 12, 16)),
        ("16-Dec-2014", date(2014, 12, 16)),
        ("16-Dec-14", date(2014, 12, 16)),
        ("16-DEC-14", date(2014, 12, 16)),
        ("29-Feb-20", date(2020, 2, 29)),
        ("01-Jan-99", date(1999, 1, 1)),
        ("01-Jan-50", date(1950, 1, 1)),
        ("29-Feb-21", None),
        ("16/12/2014", None),
        ("", None),
    ],
)
def test_d080_dates_of_the_case_system_fall_in_the_right_century(value: str, expected: date | None) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize("value", ["12345678", "1234567T", "1234567t", "1234567801", "1234567T01"])
def test_d054_case_numbers_of_8_or_10_characters_are_taken_in_upper_case(value: str) -> None:
    assert rows.case_number({"Case": value}, "Case") == value.upper()


@pytest.mark.parametrize("value", ["1234567", "123456789", "12345678901", "ABCDEFGH", "1234567X", "1234 567"])
def test_d054_other_case_numbers_are_refused(value: str) -> None:
    with pytest.raises(BadRow, match="Case"):
        rows.case_number({"Case": value}, "Case")


def row(**changed: str) -> dict[str, str]:
    values = dict.fromkeys(lay.COLUMNS, "") | {
        "Case": "90000001", "ClientSurname": "Examplea", "DeputyUid": "990000000001", "DeputyFirstname": "Deputyone",
        "DeputySurname": "Examplea", "DeputyPostcode": "ZZ1 1AA", "ReportType": "OPG102", "MadeDate": "2021-04-14",
        "OrderType": "pfa", "CoDeputy": "no", "Hybrid": "SINGLE",
    }  # fmt: skip
    return values | changed


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Case": "", "ClientSurname": ""}, "Case, ClientSurname missing"),
        ({"DeputyUid": ""}, "DeputyUid missing"),
        ({"ReportType": "OPG105"}, "ReportType is none of OPG102, OPG103, OPG104"),
        ({"Hybrid": "perhaps"}, "Hybrid is none of SINGLE, HYBRID, DUAL"),
        ({"CoDeputy": "1"}, "CoDeputy is none of YES, NO"),
        ({"MadeDate": "2021-02-30"}, "MadeDate is not a date"),
        ({"ClientSurname": "x" * 101}, "ClientSurname is longer than 100 characters"),
        ({"ClientAddress3": "a\x00b"}, "ClientAddress3 has characters that cannot be printed"),
        ({"DeputyUid": "Smith"}, "DeputyUid is not an identifier"),
    ],
)
def test_a_refused_row_says_why_without_its_values(changed: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRow) as refused:
        lay.check(row(**changed))
    assert str(refused.value) == reason


def test_d058_a_deputy_without_postcode_is_taken() -> None:
    assert lay.check(row(DeputyPostcode=""))[lay.FIELDS.index("deputy_postcode")] == ""


def test_refusals_never_keep_what_stands_where_an_identifier_belongs() -> None:
    refusals = Refusals()
    refusals.add(7, "why", case_number="90000001", deputy_uid="SMITH")
    assert refusals.kept == [{"line": 7, "reason": "why", "case_number": "90000001"}]


def test_lines_are_counted_and_ragged_rows_are_seen() -> None:
    text = 'a,b\r\n1, 2 \r\n\r\n"x\ny",4\r\n5\r\n'
    assert list(read(text, ["a", "b"])) == [(2, {"a": "1", "b": "2"}), (5, {"a": "x\ny", "b": "4"}), (6, None)]


@pytest.mark.defect("admin 9.3", "rows of more than 2,000 characters and unexpected columns were refused")
def test_long_rows_and_further_columns_are_taken() -> None:
    long = "x" * 5000
    [(line, found)] = read(f"a,new,b\n{long},y,2\n", ["a", "b"])
    assert found is not None
    assert (line, found["a"], found["b"]) == (2, long, "2")


@pytest.mark.parametrize("text", ["", "a,c\n1,2\n"])
def test_a_file_without_the_columns_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(BadFile):
        list(read(text, ["a", "b"]))
