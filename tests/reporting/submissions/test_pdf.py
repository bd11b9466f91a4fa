"""The printed report: accessible, complete, and never stopped by what a person typed."""

import io
import json
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pymupdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import typesetting
from foundation.typesetting import printable
from reporting.engine.rows import Line, Listing, Row, Rows
from reporting.submissions import pdf
from reporting.submissions.pdf import Chapter, Document

MADE_AT = datetime(2026, 11, 21, 15, 14, tzinfo=UTC)

ANY_TEXT = st.text(st.characters(), max_size=60)  # every plane, controls and lone surrogates too
LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x052F), min_size=1, max_size=60).filter(
    lambda text: set(map(ord, text)) <= printable.advances().keys()
)
COVERED = st.text(st.sampled_from(sorted(map(chr, printable.advances()))), max_size=60)
UNCOVERED = st.text(st.characters().filter(lambda char: printable.printable(char).startswith("[U+")), max_size=12)


def document(*chapters: Chapter, **facts: Any) -> Document:
    deputy = Rows((Row("Name", "Margaret Świątek"), Row("Address", "14 Larch Close\nStoke\nST4 7QX")), "Deputy details")
    client = Rows((Row("Name", "Harold Okonkwo"),), "Client details")
    given = {
        "title": "Property and financial affairs report",
        "case_number": "12345678",
        "period": "1 January 2025 to 31 December 2025",
        "cover": (deputy, client),
        "chapters": chapters,
        "made_at": MADE_AT,
    }
    return Document(**{**given, **facts})


def answers(*texts: str, title: str = "Lifestyle") -> Chapter:
    return Chapter(title, (Rows(tuple(Row("What happened?", text) for text in texts)),))


def table(*lines: Line, **facts: Any) -> Listing:
    given = {"title": "Gifts", "columns": ("Who", "Value"), "numeric": frozenset({1}), "lines": lines}
    return Listing(**{**given, **facts})


def everything() -> Document:
    gifts = table(Line(("Ann", "£20.00")), Line(("Bo", "£5.00")), total=("Total", "£25.00"))
    return document(
        Chapter("Decisions", (Rows((Row("Any decisions?", "No"), Row("Why not?", "")), "Mental capacity"),)),
        Chapter("Gifts", (gifts,), intro="What was given."),
        Chapter("Debts", (table(title="Debts", empty="There are no debts."),)),
        answers("العربية עברית हिन्दी 中文 한국어 日本語 ไทย Ελληνικά 🦊\x07"),
        Chapter("Financial summary", (table(Line(("Opening", "£1.00")), title="Totals", total=("Result", "£1.00")),)),
        notice="Preview: not submitted",
    )


def text_of(made: bytes) -> str:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(made)
        file.flush()
        done = subprocess.run(["pdftotext", "-raw", file.name, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def solid(text: str) -> str:
    """Without spaces, line ends and places to break: what a line break may change."""
    return re.sub(r"[\s\u200b]", "", unicodedata.normalize("NFC", text))


def structure(made: bytes) -> Iterator[pikepdf.Dictionary]:
    def walk(node: Any) -> Iterator[pikepdf.Dictionary]:
        for child in node if isinstance(node, pikepdf.Array) else [node]:
            if isinstance(child, pikepdf.Dictionary):
                yield child
                yield from walk(child.get("/K", pikepdf.Array()))

    with pikepdf.open(io.BytesIO(made)) as opened:
        yield from walk(opened.Root.StructTreeRoot.K)


def tags(made: bytes) -> list[str]:
    return [str(node.S) for node in structure(made) if "/S" in node]


# --- accessible ---------------------------------------------------------------------------------------------------


def test_the_checker_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf.render(everything()))
    found = outloud.check(str(path))
    assert [f"{finding.rule} {finding.message}" for finding in found.findings] == []


def test_it_says_what_it_is() -> None:
    with pikepdf.open(io.BytesIO(pdf.render(everything()))) as made:
        assert made.docinfo["/Title"] == "Property and financial affairs report"
        assert str(made.Root.Lang) == "en-GB"
        assert made.Root.MarkInfo.Marked
        assert made.open_metadata()["pdfuaid:part"] == "1"
        assert made.Root.ViewerPreferences.DisplayDocTitle
        with made.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[-5:] == ["Decisions", "Gifts", "Debts", "Lifestyle", "Financial summary"]
        assert [round(float(side)) for side in made.pages[0].mediabox] == [0, 0, 595, 842]  # A4


def test_tables_have_column_headers_and_headings_their_levels() -> None:
    made = pdf.render(everything())
    scopes = [str(attributes.Scope) for node in structure(made) if node.get("/S") == "/TH" for attributes in node.A]
    assert scopes == ["/Column"] * 4
    assert {"/Title", "/H1", "/H2", "/TOC", "/Table", "/THead", "/TFoot"} <= set(tags(made))


def test_every_page_after_the_cover_names_the_case_the_period_and_its_number() -> None:
    made = pymupdf.open(stream=pdf.render(everything()))
    for number, page in enumerate(made, 1):
        text = page.get_text()
        assert f"Page {number} of {len(made)}" in text
        assert "12345678" in text
        assert "1 January 2025 to 31 December 2025" in text
        assert "Preview: not submitted" in text


# --- complete -----------------------------------------------------------------------------------------------------


def test_questions_answers_and_entries_are_all_there() -> None:
    text = text_of(pdf.render(everything()))
    for words in [
        "Margaret Świątek",
        "Deputy details",
        "Mental capacity",
        "Any decisions?",
        "Not answered",
        "What was given.",
        "There are no debts.",
    ]:
        assert words in text
    assert re.search(r"Ann £20.00\s+Bo £5.00\s+Total £25.00", text)
    assert "[U+1F98A][U+0007]" in text


def test_answers_about_an_entry_that_have_no_column_follow_the_table() -> None:
    asked = (Row("Who?", "Ann"), Row("Why?", "Her wedding"), Row("Anything else?", ""))
    text = text_of(pdf.render(document(Chapter("Gifts", (table(Line(("Ann", "£20.00"), details=asked)),)))))
    assert re.search(r"Ann £20.00\s+Ann\s+Why\?\s+Her wedding", text)
    assert "Anything else" not in text


def test_an_answer_equal_to_another_one_in_the_table_is_not_lost() -> None:
    asked = (Row("Joint?", "Yes"), Row("Closed?", "Yes"))
    text = text_of(pdf.render(document(Chapter("Accounts", (table(Line(("Yes", "£20.00"), details=asked)),)))))
    assert re.search(r"Joint\?\s+Yes\s+Closed\?\s+Yes", text)


def test_an_unfinished_entry_says_so() -> None:
    text = text_of(pdf.render(document(Chapter("Gifts", (table(Line(("Ann", ""), finished=False)),)))))
    assert "Ann (not finished)" in text


def test_markup_in_an_answer_stays_text() -> None:
    typed = "#panic() *b* _i_ $x$ `c` = h - <a> @b \\ // /* #include \"passwd\" ~ -- 'q' #sys.inputs"
    assert typed in " ".join(text_of(pdf.render(document(answers(typed)))).split())


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf.render(everything()) == pdf.render(everything())


def test_a_table_keeps_its_columns_apart_and_on_the_page() -> None:
    cells = ("Nationwide", "Savings", "07-01-16", "9876", "Yes", "£120,000.00", "-£3,000.00", "£117,000.00")
    accounts = table(Line(cells), columns=tuple(f"Column {n}" for n in range(8)), numeric=frozenset({5, 6, 7}))
    made = pdf.render(document(Chapter("Accounts", (accounts,))))
    words = {word[4] for page in pymupdf.open(stream=made) for word in page.get_text("words")}
    assert set(cells) <= words  # none of them broken


# --- whatever was typed -------------------------------------------------------------------------------------------


def test_the_two_weights_of_a_family_cover_the_same_characters() -> None:
    coverage: dict[str, set[frozenset[int]]] = {}
    for path in printable.FONTS.glob("*.ttf"):
        font = TTFont(path, lazy=True)
        coverage.setdefault(font["name"].getBestFamilyName(), set()).add(frozenset(font.getBestCmap()))
    assert {family for family, sets in coverage.items() if len(sets) > 1} == set()


def test_the_template_finds_every_shipped_font() -> None:
    assert set(typesetting.fonts().families()) == printable.coverage().keys()
    assert next(iter(printable.coverage())) == "Noto Sans"


def test_every_covered_character_prints() -> None:
    typeset_directly(
        "".join(char + "\n" * (number % 50 == 0) for number, char in enumerate(map(chr, sorted(printable.advances()))))
    )


def typeset_directly(*texts: str) -> bytes:
    """Without the second try of `render`."""
    return pdf.typeset(pdf.Page(document(answers(*texts)), printable.MARKS).data(), MADE_AT)


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.one_of(ANY_TEXT, COVERED), min_size=1, max_size=8))
def test_any_text_prints_at_the_first_try(texts: list[str]) -> None:
    typeset_directly(*texts)


@settings(max_examples=40, deadline=None)
@given(a=ANY_TEXT, b=ANY_TEXT, c=COVERED)
def test_any_text_prints_in_any_place(a: str, b: str, c: str) -> None:
    listing = table(Line((a, b), details=(Row(b, c),)), title=c, columns=(b, c), total=(c, a))
    rows = Rows((Row(a, b), Row(c, a)), b)
    made = document(
        Chapter(f"1 {a}", (rows, listing, table(empty=a)), intro=c),
        title=f"Report {c}",
        case_number=a,
        period=b,
        notice=c,
        cover=(rows,),
    )
    assert pdf.render(made).startswith(b"%PDF")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(LETTERS, UNCOVERED), min_size=1, max_size=5))
def test_what_was_typed_can_be_read_in_the_pdf(typed: list[tuple[str, str]]) -> None:
    text = solid(text_of(pdf.render(document(answers(*(letters + " " + rest for letters, rest in typed))))))
    for letters, rest in typed:
        marks = "".join(f"[U+{ord(char):04X}]" for char in rest)
        assert solid(letters + marks) in text


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "W" * 5_000,
        "-" * 5_000,
        "word " * 20_000,
        "中" * 5_000,
        "䷀" * 2_000,
        "\x00" * 2_000,
        " " * 5_000,
        "a\n" * 2_000,
    ],
    ids=["letters", "wide", "signs", "100 KB of words", "han", "hexagrams", "controls", "spaces", "lines"],
)
def test_nothing_runs_off_the_page(text: str) -> None:
    listing = table(Line(("a", text[:5_000], "£1.00")), columns=("One", "Two", "Three"), numeric=frozenset({2}))
    made = pymupdf.open(stream=typeset_with(answers(text), Chapter("Gifts", (listing,))))
    margin = (595 - pdf.TEXT_WIDTH) / 2
    for page in made:
        for x0, _, x1, y1, word, *_ in page.get_text("words"):
            assert margin - 8 < x0, word
            assert x1 < 595 - margin + 8, word
            assert y1 < 842, word


def typeset_with(*chapters: Chapter) -> bytes:
    return pdf.typeset(pdf.Page(document(*chapters), printable.MARKS).data(), MADE_AT)


def test_a_pile_of_accents_beyond_any_script_is_spelt_out() -> None:
    assert printable.printable("e" + "\u0301" * 30) == "e" + "\u0301" * 30
    assert printable.printable("e" + "\u0301" * 31) == "e" + "[U+0301]" * 31
    typeset_directly("e" + "\u0301" * 5_000)


def test_line_ends_of_every_system_end_a_line() -> None:
    assert printable.printable("a\r\nb\rc\u2028d\x85e\tf") == "a\nb\nc\nd\ne    f"


def test_text_cannot_turn_a_figure_round() -> None:
    assert printable.printable("£\u202e001") == "£[U+202E]001"


def test_a_long_address_breaks_after_its_signs() -> None:
    broken = printable.fit("see margaret.okonkwo@example.org", 10)
    assert broken.split("\u200b") == ["see margaret.", "okonkwo@", "example.", "org"]


def test_words_that_fit_are_left_alone() -> None:
    assert printable.fit("an ordinary answer", 30) == "an ordinary answer"


def test_if_typesetting_fails_the_report_is_made_plainly(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(printable, "MARKS", printable.Marks({0x1F98A: "🦊"}))  # as if we thought it printable
    text = text_of(pdf.render(document(answers("Secret 🦊 words é"))))
    assert "Secret [U+1F98A] words [U+00E9]" in text
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "Secret" not in caplog.text


def test_the_template_is_given_data_only() -> None:
    data = pdf.Page(everything(), printable.MARKS).data()
    assert json.loads(json.dumps(data)) == json.loads(json.dumps(data, ensure_ascii=False))
