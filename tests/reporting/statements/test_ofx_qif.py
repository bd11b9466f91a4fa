"""OFX and QIF by the kept libraries: read like CSV, refused when cut off, of two accounts or in other money."""

from datetime import date
from decimal import Decimal

import pytest

from reporting.reports.statements.lines import AccountHint, StatementLine
from reporting.reports.statements.reading import Refused, read
from tests.reporting.statements.test_reading import load

SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP
<BANKACCTFROM><BANKID>300000<ACCTID>30000012345678<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20250401<DTEND>20250430
{}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
PAYMENT = "<STMTTRN>\n<TRNTYPE>DEBIT<DTPOSTED>{0:%Y%m%d}000000[+1:BST]\n<TRNAMT>{1}<FITID>{2}<NAME>{3}\n</STMTTRN>\n"
GAS = PAYMENT.format(date(2025, 4, 1), "-12.50", 1, "GAS")


def ofx(lines: list[StatementLine]) -> bytes:
    return SGML.format("".join(PAYMENT.format(x.date, x.amount, x.row, x.description[:32]) for x in lines)).encode()


def qif(lines: list[StatementLine]) -> bytes:
    return ("!Type:Bank\n" + "".join(f"D{x.date:%d/%m/%Y}\nT{x.amount}\nP{x.description}\n^\n" for x in lines)).encode()


def refused(content: str | bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        read(content.encode() if isinstance(content, str) else content, "statement")
    return caught.value


@pytest.mark.parametrize(("write", "kind"), [(ofx, "ofx"), (qif, "qif")])
def test_a_statement_in_another_format_has_the_same_payments(write, kind) -> None:  # type: ignore[no-untyped-def]
    lines = load("layout_a.csv").lines
    found = read(write(lines), f"statement.{kind}")
    assert found.kind == kind
    assert [(x.date, x.amount, x.description) for x in found.lines] == [
        (x.date, x.amount, x.description) for x in lines
    ]


def test_ofx_names_its_account_and_each_payment_its_line() -> None:
    found = read(SGML.format(GAS + GAS).encode(), "x.ofx")
    assert found.account == AccountHint("300000", "5678")
    assert [line.row for line in found.lines] == [14, 18]
    assert found.lines[0].date == date(2025, 4, 1)  # midnight in summer is still the first, not 31 March in UTC


def test_ofx_as_xml_with_empty_fields_entities_and_marked_text() -> None:
    payment = (
        "<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20250402</DTPOSTED><TRNAMT>+3.00</TRNAMT><FITID>7</FITID>"
        "<NAME>Marks &amp; Co</NAME><MEMO><![CDATA[a < b]]></MEMO></STMTTRN>"
    )
    xml = f'<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n<OFX><STMTRS>{payment}</STMTRS></OFX>'
    assert read(xml.encode(), "x.ofx").lines[0].description == "Marks & Co a < b"
    empty = GAS.replace("<NAME>GAS\n", "<NAME>GAS\n<MEMO>\n")
    assert [x.description for x in read(SGML.format(empty + empty).encode(), "x").lines] == ["GAS", "GAS"]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (SGML.format(GAS)[:-10], None, "cut off"),
        (SGML.format(GAS.replace("</STMTTRN>", "")), None, "damaged"),
        ("OFXHEADER:100\n<OFX></OFX>", None, "no bank statement"),
        (SGML.format(""), None, "no payments"),
        (SGML.format(GAS.replace("20250401", "20250230")), 14, "not a day that exists"),
        (SGML.format(GAS.replace("-12.50", "-12.5.0")), 14, "not an amount"),
        (SGML.format(GAS.replace("<TRNAMT>-12.50", "")), 14, "no amount"),
        (SGML.format(GAS).replace("GBP", "EUR"), None, "EUR"),
        (
            SGML.format(GAS).replace("<OFX>", f"<OFX>{SGML.format(GAS).partition('<OFX>')[2][:-7]}"),
            None,
            "more than one account",
        ),
    ],
)
def test_ofx_refusals(content: str, line: int | None, words: str) -> None:
    refusal = refused(content)
    assert words in refusal.reason
    assert refusal.line == line


RECORD = "D01/04/2025\nT-12.50\nPGAS\n^\n"


@pytest.mark.parametrize("form", ["01/04/2025", "1/4/25", "01/04'25", " 1/ 4'2025", "2025-04-01", "01 Apr 2025"])
def test_qif_dates_have_the_day_first(form: str) -> None:
    assert read(f"!Type:Bank\nD{form}\nT1\n^\n".encode(), "x.qif").lines[0].date == date(2025, 4, 1)


def test_qif_memos_numbers_splits_and_amounts() -> None:
    content = (
        "!Option:AutoSwitch\n!Account\nNCurrent\nTBank\n^\n!Type:Bank\n"
        "D02/04/2025\nU1,000.00\nT1,000.00\nN101\nPShop\nMFood\nLHousehold\nSFood\n$600.00\nEx\nSOther\n$400.00\n^\n"
        "D03/04/2025\nT(5.00)\n^\n"
    )
    first, second = read(content.encode("cp1252"), "x.qif").lines
    assert (first.amount, first.description, first.reference, first.row) == (Decimal(1000), "Shop Food", "101", 7)
    assert (second.amount, second.description) == (Decimal(-5), "")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("!Type:Bank\n", None, "no payments"),
        ("!Type:Invst\n" + RECORD, 1, "not a bank statement"),
        ("!Type:Bank\n" + RECORD.replace("^\n", ""), 2, "no end"),
        ("!Type:Bank\n" + RECORD + RECORD.replace("01/04", "30/02"), 6, "not a day that exists"),
        ("!Type:Bank\n" + RECORD.replace("01/04", "04/13"), 2, "not a day that exists"),
        ("!Type:Bank\n" + RECORD.replace("12.50", "12O.50"), 3, "not an amount"),
        ("!Type:Bank\n" + RECORD.replace("-12.50", "€3"), 3, "pounds"),
        ("!Type:Bank\n" + RECORD.replace("T-12.50\n", ""), 2, "no amount"),
        ("!Type:Bank\n" + RECORD.replace("D01/04/2025\n", ""), 2, "no date"),
        (
            "!Account\nNA\n^\n!Type:Bank\n" + RECORD + "!Account\nNB\n^\n!Type:Bank\n" + RECORD,
            9,
            "more than one account",
        ),
    ],
)
def test_qif_refusals(content: str, line: int | None, words: str) -> None:
    refusal = refused(content)
    assert words in refusal.reason
    assert refusal.line == line
