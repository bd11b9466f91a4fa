"""Reading the files of a request: within the limits always, and what is over one says which."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from reporting.documents.uploads import Upload


def send(*files: tuple[str, bytes], **fields: str) -> list[Upload]:
    body = encode_multipart(BOUNDARY, fields | {"files": [named(*file) for file in files]})
    request = RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)
    assert request.POST.dict() == fields
    return request.FILES.getlist("files")  # type: ignore[return-value]


def named(name: str, data: bytes) -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


@pytest.fixture(autouse=True)
def _small_limits(settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES, settings.REQUEST_MAX_BYTES, settings.REQUEST_MAX_FILES = 300_000, 1_000_000, 5


def test_files_arrive_whole_in_memory_or_on_disk() -> None:
    small, large = send(("a.pdf", b"x" * 10), ("b.pdf", b"y" * 300_000), word="kept")
    assert small.read() == b"x" * 10
    assert large.read() == b"y" * 300_000
    assert (small.over, large.over) == ("", "")


def test_an_empty_file_arrives_as_one() -> None:
    (empty,) = send(("a.pdf", b""))
    assert (empty.size, empty.read(), empty.over) == (0, b"", "")


def test_a_file_over_the_limit_has_no_content_and_says_so() -> None:
    first, large, last = send(("a.pdf", b"x"), ("b.pdf", b"y" * 300_001), ("c.pdf", b"z"), word="kept")
    assert (large.over, large.read()) == ("file", b"")
    assert (first.read(), last.read()) == (b"x", b"z")


def test_together_they_may_not_be_over_the_limit_of_a_request() -> None:
    files = send(*[(f"{n}.pdf", b"x" * 290_000) for n in range(5)])
    assert [file.over for file in files] == ["", "", "", "request", "request"]
    assert files[4].read() == b""


def test_too_many_files_are_counted_not_kept() -> None:
    files = send(*[(f"{n}.pdf", b"x") for n in range(7)])
    assert [file.over for file in files] == [""] * 5 + ["count"] * 2
    assert files[6].read() == b""


def test_a_long_name_arrives_whole() -> None:
    (file,) = send(("n" * 400 + ".pdf", b"x"))
    assert file.sent_name == "n" * 400 + ".pdf"


@pytest.mark.parametrize(("sent", "name"), [("..\\..\\a.pdf", "a.pdf"), ("/etc/a.pdf", "a.pdf")])
def test_a_path_is_dropped(sent: str, name: str) -> None:
    body = encode_multipart(BOUNDARY, {"files": named("x.pdf", b"x")}).replace(b'"x.pdf"', f'"{sent}"'.encode())
    request = RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)
    (file,) = request.FILES.getlist("files")
    assert isinstance(file, Upload)
    assert file.sent_name == name


def test_a_body_cut_short_leaves_no_file() -> None:
    body = encode_multipart(BOUNDARY, {"files": named("a.pdf", b"x" * 100_000)})[:50_000]
    request = RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)
    assert not request.FILES.getlist("files")


def test_an_absurd_body_is_not_read() -> None:
    request = RequestFactory().generic("POST", "/", b"x", content_type=MULTIPART_CONTENT, CONTENT_LENGTH=10_000_000)
    with pytest.raises(RequestDataTooBig):
        request.FILES.getlist("files")
