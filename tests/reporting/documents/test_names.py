"""File names made safe (deputy-reports 6.2)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.documents.rules import Accepted, Refused, check, clean_name, shown
from tests.reporting.documents import samples

PDF = samples.pdf()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("statement.pdf", "statement.pdf"),
        ("bank statement  may.pdf", "bank_statement__may.pdf"),
        ("a.b-c.d.PDF", "a_b_c_d.pdf"),
        ("£500 (receipt) & more!.pdf", "500_receipt__more.pdf"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("Llanfair ŵ é ß.pdf", "Llanfair_w_e_.pdf"),
        ("under_score.pdf", "under_score.pdf"),
        ("  spaced  .pdf", "spaced.pdf"),
        ("tab\tline\nend.pdf", "tab_line_end.pdf"),
        ("statement", "statement.pdf"),
        ("no. 12 of the list", "no__12_of_the_list.pdf"),
        (".pdf", None),
        ("***.pdf", None),
        ("письмо.pdf", None),
        ("", None),
    ],
)
def test_a_name_is_cleaned_or_refused(name: str, stored: str | None) -> None:
    verdict = check(name, PDF)
    if stored is None:
        assert isinstance(verdict, Refused)
        assert verdict.code == "name"
    else:
        assert isinstance(verdict, Accepted)
        assert verdict.name == stored


def test_a_name_may_have_255_characters_and_no_more() -> None:
    longest = check("a" * 251 + ".pdf", PDF)
    assert isinstance(longest, Accepted)
    assert len(longest.name) == 255
    longer = check("a" * 252 + ".pdf", PDF)
    assert isinstance(longer, Refused)
    assert longer.code == "name_length"


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_and_leaves_no_path(name: str) -> None:
    cleaned = clean_name(name)
    assert clean_name(cleaned) == cleaned
    assert re.fullmatch(r"([A-Za-z0-9_]+(\.[a-z0-9]{1,10})?)?", cleaned)


@given(st.text(max_size=300))
def test_a_name_in_a_sentence_is_short_and_on_one_line(name: str) -> None:
    assert len(shown(name)) <= 62
    assert shown(name).isprintable()
