"""What may be added: content and name together (deputy-reports 6.2; D-142)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.documents.rules import Accepted, Refused, check, form_of
from tests.reporting.documents import samples

PDF, PNG, JPEG, HEIF = samples.pdf(), samples.picture("PNG"), samples.picture("JPEG"), samples.picture("HEIF")


@pytest.mark.parametrize(
    ("name", "data", "stored", "content_type"),
    [
        ("a.pdf", PDF, "a.pdf", "application/pdf"),
        ("a.PDF", b"\r\n" + samples.plain_pdf(), "a.pdf", "application/pdf"),
        ("a.png", PNG, "a.png", "image/png"),
        ("a.JPG", JPEG, "a.jpg", "image/jpeg"),
        ("a.jpeg", JPEG, "a.jpeg", "image/jpeg"),
        ("a.jfif", JPEG, "a.jpeg", "image/jpeg"),
        ("a.heic", HEIF, "a.jpeg", "image/jpeg"),
        ("a.heif", HEIF, "a.jpeg", "image/jpeg"),
        ("a", PNG, "a.png", "image/png"),
        ("a", HEIF, "a.jpeg", "image/jpeg"),
    ],
)
def test_what_is_taken_and_as_what(name: str, data: bytes, stored: str, content_type: str) -> None:
    verdict = check(name, data)
    assert isinstance(verdict, Accepted)
    assert (verdict.name, verdict.content_type) == (stored, content_type)


def test_a_pdf_is_stored_as_it_came() -> None:
    verdict = check("a.pdf", PDF)
    assert isinstance(verdict, Accepted)
    assert verdict.data == PDF


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("notes.txt", b"hello", "type", "“notes.txt” must be a PDF, JPEG, PNG, HEIC or JFIF file"),
        ("notes", b"hello", "type", "“notes” must be a PDF"),
        ("sheet.xlsx", b"PK\x03\x04", "type", "“sheet.xlsx” must be a PDF"),
        ("photo.jpeg", PNG, "mismatch", "“photo.jpeg” is really a PNG file. Change the end of its name to “.png”"),
        ("photo.png", JPEG, "mismatch", "“.jpeg”"),
        ("photo.jpg", HEIF, "mismatch", "“.heic”"),
        ("photo.heic", JPEG, "mismatch", "“.jpeg”"),
        ("run.exe", PDF, "mismatch", "“.pdf”"),
        ("a.pdf.exe", PDF, "mismatch", "“.pdf”"),
        ("statement.pdf", b"<html>", "content", "“statement.pdf” is not a PDF file, although its name says so"),
        ("statement.pdf", b"", "empty", "“statement.pdf” is empty"),
        ("statement.pdf", b"%PDF-1.7 and then nothing", "broken", "“statement.pdf” is damaged"),
        ("moving.gif", b"GIF89a", "type", "“moving.gif” must be a PDF"),
        ("picture.avif", b"\0\0\0\x1cftypavif", "type", "“picture.avif” must be a PDF"),
    ],
)
def test_what_is_refused_and_why(name: str, data: bytes, code: str, words: str) -> None:
    verdict = check(name, data)
    assert isinstance(verdict, Refused)
    assert verdict.code == code
    assert words in verdict.message


def test_the_limit_is_fifteen_million_bytes_and_is_said() -> None:
    at_the_limit = check("a.pdf", PDF + bytes(100), max_bytes=len(PDF) + 100)
    assert getattr(at_the_limit, "code", "") != "size"
    over = check("a.pdf", PDF + bytes(15_000_001 - len(PDF)))
    assert over == Refused("size", "“a.pdf” must be 15MB or smaller")


@given(st.text(max_size=40) | st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.heic", "a.jfif"]), st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_and_never_raise(name: str, data: bytes) -> None:
    assert isinstance(check(name, data), Refused)


@given(st.sampled_from([("a.pdf", PDF), ("a.png", PNG), ("a.jpg", JPEG), ("a.heic", HEIF)]), st.data())
def test_damaged_files_get_a_verdict(sample: tuple[str, bytes], draw: st.DataObject) -> None:
    name, data = sample
    at = draw.draw(st.integers(0, len(data) - 1))
    damaged = draw.draw(st.sampled_from([data[:at], data[:at] + b"\0\xff\0" + data[at:], data[at:] + data]))
    assert isinstance(check(name, damaged), Accepted | Refused)


@given(st.binary(max_size=60))
def test_a_form_is_known_by_its_first_bytes(rest: bytes) -> None:
    assert form_of(b"%PDF-" + rest) == "PDF"
    assert form_of(b"\xff\xd8\xff" + rest) == "JPEG"
    assert form_of(b"MZ" + rest) is None
