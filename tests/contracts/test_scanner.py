"""The malware scanner: real clamd where it is installed, and the stand-in. One contract for both."""

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foundation.clients import Unavailable
from foundation.clients.scanner import Clamd, Scanner, scanner
from foundation.standins.clamd import EICAR, STREAM_LIMIT
from foundation.testing import servers


@pytest.fixture(scope="module", params=["clamd", "stand-in"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "clamd" and not servers.clamd_installed():
        pytest.skip("clamd is not installed")
    with servers.clamd(pretend=request.param == "stand-in") as socket_path:
        yield socket_path


@pytest.fixture
def either(address: str, settings: Any) -> Scanner:
    """The scanner of the settings: each of the two in turn."""
    settings.SCANNER_SOCKET = address
    return scanner()


@pytest.mark.parametrize("data", [b"", b"x", b"a clean statement" * 10_000, bytes(200_000)])
def test_clean_is_clean(either: Scanner, data: bytes) -> None:
    assert either.scan(data).clean


@pytest.mark.parametrize("data", [EICAR, b"words before " + EICAR + b" and after", bytes(65_530) + EICAR])
def test_the_test_text_is_found_anywhere(either: Scanner, data: bytes) -> None:
    verdict = either.scan(data)
    assert not verdict.clean
    assert verdict.name is not None
    assert "Eicar" in verdict.name


def test_it_is_found_inside_an_archive(either: Scanner) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("harmless.txt", EICAR)
    assert not either.scan(packed.getvalue()).clean


def test_a_file_as_large_as_we_accept_gets_a_verdict(either: Scanner) -> None:
    assert either.scan(bytes(15_000_000)).clean
    assert not either.scan(bytes(15_000_000 - 68) + EICAR).clean


def test_what_is_too_large_to_scan_is_never_clean(either: Scanner) -> None:
    with pytest.raises(Unavailable):
        either.scan(bytes(STREAM_LIMIT + 1_000_000))


def test_ping(either: Scanner) -> None:
    either.ping()


def test_many_at_once(either: Scanner) -> None:
    found: list[bool] = []

    def one(data: bytes) -> None:
        found.append(either.scan(data).clean)

    threads = [threading.Thread(target=one, args=(EICAR if n % 2 else b"clean",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 6 + [True] * 6


# A scanner that is absent or behaves badly: never a verdict.


def test_no_scanner_no_verdict(tmp_path: Path) -> None:
    for nowhere in (str(tmp_path / "absent"), "127.0.0.1:1", "host:port"):
        with pytest.raises(Unavailable):
            Clamd(nowhere, timeout=1).scan(b"x")
        with pytest.raises(Unavailable):
            Clamd(nowhere, timeout=1).ping()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"stream: ",
        b"stream: OK\n\0",
        b"OK\0",
        b"stream: OK ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: OK" + b" " * 9000 + b"\0",
        b"\xff\xfe\0",
    ],
)
def test_only_the_exact_words_are_a_verdict(answer: bytes) -> None:
    with _answers(answer) as address, pytest.raises(Unavailable):
        Clamd(address, timeout=2).scan(b"x")


def test_a_found_name_is_a_verdict_over_tcp_too() -> None:
    with _answers(b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0") as address:
        verdict = Clamd(address, timeout=2).scan(b"x")
    assert (verdict.clean, verdict.name) == (False, "Heuristics.Limits.Exceeded.MaxFileSize")


def test_silence_is_no_verdict() -> None:
    with _answers(None) as address, pytest.raises(Unavailable):
        Clamd(address, timeout=0.3).scan(b"x")


def test_a_scanner_that_hangs_is_found_out_before_the_file_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.clients.scanner.HEALTH_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        with pytest.raises(Unavailable):
            Clamd(f"127.0.0.1:{hanging.getsockname()[1]}", timeout=600).scan(b"x" * 1000)
        connection, _address = hanging.accept()
        with connection:
            assert connection.recv(4096) == b"zPING\0"


class _answers:
    """A server on a port that is alive, takes one stream and gives this answer; None: stays silent."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.over = threading.Event()

    def __enter__(self) -> str:
        threading.Thread(target=self._serve, daemon=True).start()
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.listener.close()

    def _serve(self) -> None:
        for answer in (b"PONG\0", self.answer):
            connection, _address = self.listener.accept()
            with connection:
                connection.recv(4096)
                if answer is None:
                    self.over.wait(10)
                else:
                    connection.sendall(answer)
