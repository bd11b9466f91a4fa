"""The eight known layouts, what is refused and at which line, and a person's correction of the columns."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reporting.reports.statements.columns import Role
from reporting.reports.statements.lines import AccountHint, Statement
from reporting.reports.statements.reading import Refused, read

DATA = Path(__file__).parents[2] / "data" / "bank_statements"
LAYOUTS = sorted(DATA.glob("layout_*"))


def load(name: str) -> Statement:
    return read((DATA / name).read_bytes(), name)


def text(content: str) -> Statement:
    return read(content.encode(), "statement.csv")


def refused(data: bytes | str, name: str = "statement.csv") -> Refused:
    with pytest.raises(Refused) as caught:
        read(data.encode() if isinstance(data, str) else data, name)
    return caught.value


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.name)
def test_each_known_layout_gives_the_same_payments(path: Path) -> None:
    lines = sorted(load(path.name).lines, key=lambda line: line.date)
    assert len(lines) == 48
    assert sum(line.amount for line in lines) == Decimal("-5128.19")
    assert (lines[0].date, lines[0].amount) == (date(2025, 4, 1), Decimal("-812.50"))
    assert lines[0].description.casefold().startswith("care home fees oaktree")
    assert (lines[-1].date, lines[-1].amount) == (date(2025, 11, 4), Decimal("-24.61"))


def test_there_are_eight_known_layouts() -> None:
    assert len(LAYOUTS) == 8


@pytest.mark.parametrize("name", ["layout_a.csv", "layout_d.csv", "layout_e.csv", "layout_g.csv", "layout_h.txt"])
def test_balances_are_proved_where_they_are_shown(name: str) -> None:
    statement = load(name)
    assert statement.balances_follow is True
    assert statement.lines[0].balance is not None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("layout_a.csv", AccountHint("300000", "0000")),
        ("layout_b.csv", AccountHint("200000", "5678")),
        ("layout_c.csv", None),
        ("layout_d.csv", AccountHint(None, "0000")),
        ("layout_e.csv", AccountHint("600000", "0000")),
        ("layout_h.txt", AccountHint(None, "0000")),
    ],
)
def test_the_account_is_named_by_columns_or_preamble_never_by_a_payment(name: str, hint: AccountHint | None) -> None:
    assert load(name).account == hint


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("broken_date.csv", 3, "30/02/2025"),
        ("broken_amount.csv", 2, "12.3.4"),
        ("broken_columns.csv", 3, "2 columns where the others have 4"),
        ("broken_html.csv", 1, "web page"),
    ],
)
def test_broken_files_are_refused_with_line_and_reason(name: str, line: int, words: str) -> None:
    refusal = refused((DATA / name).read_bytes(), name)
    assert refusal.line == line
    assert words in refusal.reason


HEAD = "Date,Description,Amount\n"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", None, "empty"),
        (b" \n\r\n ", None, "empty"),
        (b"%PDF-1.7 ...", None, "a PDF"),
        (b"PK\x03\x04rest", None, "a spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", None, "an old Excel"),
        (b"\x89PNG\r\n", None, "an image"),
        (b"\xff\xd8\xff\xe0", None, "an image"),
        (b"\x00\x00\x00\x18ftypheic", None, "an image"),
        (b"Date,Description,Amount\n01/04/2025,\x07GAS,1\n", 2, "not a text file"),
        (b"0" * 5_000_001, None, "larger than 5 MB"),
        (HEAD + "01/04/2025,GAS,1.00\n" * 20_001, None, "more than 20,000"),
        (HEAD, None, "could not find any payments"),
        ("Good morning", 1, "does not look like a bank statement"),
        (HEAD + "04/13/2025,GAS,1.00\n", 2, "not a day that exists"),
        (HEAD + "04/04/2025,GAS,1.00\n04/13/2025,GAS,1.00\n", 3, "not a day that exists"),
        (HEAD + "04/04/1925,GAS,1.00\n", 2, "not a year"),
        (HEAD + "01/04/2025,GAS,1.00\n,WATER,2.00\n", 3, "no date"),
        (HEAD + "01/04/2025,GAS,1.00\n02/04/2025,WATER,\n", 3, "no amount"),
        (HEAD + "01/04/2025,GAS,1.00\n02/04/2025,WATER,1.005\n", 3, "two decimal places"),
        (HEAD + '01/04/2025,"GAS,1.00\n02/04/2025,WATER,2.00\n', 2, "quotation marks"),
        (HEAD + "01/04/2025,GAS,1.00\n02/04/2025,WATER, LTD,2.00\n", 3, "4 columns where the others have 3"),
        (HEAD + "01/04/2025,GAS,£1.00\n02/04/2025,WATER,€2.00\n", 3, "EUR"),
        (HEAD + f"01/04/2025,{'GAS' * 400},1.00\n", 2, "longer than 1,000"),
        ("Date,Description,Amount,Currency\n01/04/2025,A B,1.00,GBP\n02/04/2025,C D,2.00,USD\n", 3, "USD"),
        ("Date,Description,Paid out,Paid in\n01/04/2025,A B,1.00,\n02/04/2025,C D,2.00,3.00\n", 3, "both paid out"),
        (
            "Date,Description,Amount,Account Number\n01/04/2025,A,1.00,00001234\n01/04/2025,B,2.00,00005678\n",
            3,
            "more than one",
        ),
        ("Date: 01/04/2025\nName: A\nAmount: 1.00\n\nDate: 02/04/2025\nName: B\n", 5, "no ‘Amount’"),
        ("Date: 01/04/2025\nName: A\nAmount: 1.00\n\nDate: 02/04/2025\nName: B\nAmount: x\n", 5, "not an amount"),
    ],
)
def test_what_is_not_a_statement_in_pounds_is_refused_whole(data: bytes | str, line: int | None, words: str) -> None:
    refusal = refused(data)
    assert words in refusal.reason
    assert refusal.line == line


def test_a_file_that_is_not_what_its_name_says_is_refused() -> None:
    assert ".ofx" in refused(HEAD + "01/04/2025,GAS,1.00\n", "statement.ofx").reason


def test_remarks_of_the_bank_are_not_payments() -> None:
    statement = text(
        "Date,Description,Paid out,Paid in,Balance\n"
        "01/04/2025,BALANCE BROUGHT FORWARD,,,100.00\n"
        "02/04/2025,GAS COMPANY,10.00,,90.00\n"
        "03/04/2025,STATE PENSION,,50.00,140.00\n"
        ",Total,10.00,50.00,\n"
        "Closing balance 140.00\n"
    )
    assert [line.amount for line in statement.lines] == [Decimal(-10), Decimal(50)]
    assert statement.lines[0].row == 3


def test_a_balance_shown_once_a_day_still_proves_the_sign() -> None:
    statement = text(
        "Datum,Tekst,A,B\n01/04/2025,GAS BILL,10.00,\n"
        "01/04/2025,RENT PAID,20.00,70.00\n02/04/2025,PENSION,-50.00,120.00\n"
        "03/04/2025,WATER CO,5.00,\n03/04/2025,FOOD SHOP,15.00,100.00\n"
    )
    assert [line.amount for line in statement.lines] == [-10, -20, 50, -5, -15]


def test_broken_balances_are_noticed_and_not_refused() -> None:
    statement = text("Date,Description,Amount,Balance\n01/04/2025,A B,-10.00,90.00\n02/04/2025,C D,-10.00,70.00\n")
    assert statement.balances_follow is False


def test_a_moment_in_utc_is_the_day_that_it_was_in_london() -> None:
    statement = text(
        "Date,Description,Amount\n2025-04-30T23:30:00Z,GAS BILL,-1.00\n2025-12-31T23:30:00Z,GAS BILL,-1.00\n"
    )
    assert [line.date for line in statement.lines] == [date(2025, 5, 1), date(2025, 12, 31)]


def test_spending_abroad_is_in_pounds_when_the_account_is() -> None:
    statement = text(
        "Date,Name,Amount,Currency,Local amount,Local currency\n"
        "01/04/2025,Hotel Paris,-85.00,GBP,-100.00,EUR\n02/04/2025,Gas,-5.00,GBP,-5.00,GBP\n"
    )
    assert statement.lines[0].amount == Decimal(-85)


def test_the_person_corrects_the_columns_and_is_obeyed() -> None:
    content = "Date,Description,Amount,Value\n01/04/2025,GAS BILL,1.00,9.00\n02/04/2025,WATER CO,2.00,9.00\n"
    found = text(content)
    assert found.mapping is not None
    assert found.sample[0] == ("01/04/2025", "GAS BILL", "1.00", "9.00")
    other = replace(found.mapping.as_role(2, Role.UNUSED).as_role(3, Role.AMOUNT), flipped=True)
    assert [line.amount for line in read(content.encode(), "a.csv", other).lines] == [-9, -9]


def test_a_mapping_that_cannot_be_used_says_what_to_choose() -> None:
    content = HEAD + "01/04/2025,GAS BILL,1.00\n"
    mapping = text(content).mapping
    assert mapping is not None
    for wrong, words in [
        (mapping.as_role(0, Role.UNUSED), "dates"),
        (mapping.as_role(2, Role.UNUSED), "amounts"),
        (mapping.as_role(1, Role.UNUSED), "descriptions"),
        (mapping.as_role(1, Role.DATE), "only one column for the date"),
        (mapping.as_role(1, Role.PAID_OUT), "either"),
        (replace(mapping, roles=mapping.roles[:2], names=mapping.names[:2]), "3 columns, not 2"),
    ]:
        with pytest.raises(Refused, match=words) as caught:
            read(content.encode(), "a.csv", wrong)
        assert caught.value.mapping is not None
        assert caught.value.sample


def test_columns_that_are_not_understood_are_offered_for_choice() -> None:
    refusal = refused("a,b,c\n01/04/2025,12345678,12345678\n02/04/2025,12345679,12345679\n")
    assert refusal.mapping is not None
    assert refusal.mapping.column(Role.DATE) == 0
    assert "amounts" in refusal.reason


@pytest.mark.parametrize("sign", ["DR", "Debit", "OUT", "-"])
def test_a_column_tells_the_direction(sign: str) -> None:
    statement = text(
        f"Date,Description,Amount,Debit/Credit\n01/04/2025,GAS BILL,1.00,{sign}\n02/04/2025,PENSION,2.00,CR\n"
    )
    assert [line.amount for line in statement.lines] == [-1, 2]
