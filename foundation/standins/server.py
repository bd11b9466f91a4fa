"""What every stand-in shares: a server that can be told to fail, a record on disk, pages, and the command line."""

import argparse
import json
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from foundation import env

PAGES = Path(__file__).parent / "pages"
MAX_BODY = 64 * 1024 * 1024


class Record:
    """Lines of JSON on disk: each is flushed before it counts, and a line that a kill tore off is dropped."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path

    def read(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open("r+b") as file:
            whole = 0
            for line in file:
                if not line.endswith(b"\n"):
                    file.truncate(whole)
                    return
                whole += len(line)
                yield json.loads(line)

    def add(self, entry: dict[str, Any]) -> None:
        write_through(self.path, json.dumps(entry).encode() + b"\n", mode="ab")


def write_through(path: Path, data: bytes, mode: str = "wb") -> None:
    with path.open(mode) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@dataclass
class Failure:
    """How the next requests fail: a status code, or one of

    ``timeout`` (the request is kept, no answer comes), ``cut-before`` (the connection ends and nothing is kept),
    ``cut-after`` or ``cut`` (kept, then the connection ends), ``nonsense`` (kept, the answer makes no sense).
    """

    how: int | str
    shape: int | None = None
    match: str = ""
    retry_after: str = ""
    left: int = 1

    WORDS: ClassVar = ("timeout", "cut-before", "cut-after", "cut", "nonsense")

    @classmethod
    def asked(cls, wish: dict[str, Any]) -> "Failure":
        how = wish.get("how", wish.get("status"))
        if how not in cls.WORDS and not (isinstance(how, int) and 300 <= how <= 599):
            raise ValueError(f"how must be a status code or one of {', '.join(cls.WORDS)}")
        return cls(
            how=how,
            shape=wish.get("shape"),
            match=str(wish.get("match", "")),
            retry_after=str(wish.get("retry_after", "")),
            left=int(wish.get("next", 1)),
        )


class StandIn(ThreadingHTTPServer):
    """One running stand-in. Subclasses hold its state; ``lock`` guards it."""

    daemon_threads = True
    request_queue_size = 256
    name = "stand-in"

    def __init__(self, port: int, folder: Path, handler: type["Handler"]) -> None:
        self.folder = folder
        self.lock = threading.RLock()
        self.failures: list[Failure] = []
        super().__init__(("127.0.0.1", port), handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no fault of ours; anything else is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def next_failure(self, request: str) -> Failure | None:
        with self.lock:
            for failure in self.failures:
                if failure.match in request:
                    failure.left -= 1
                    if failure.left <= 0:
                        self.failures.remove(failure)
                    return failure
        return None


class Answer(Exception):
    """Ends a request with this status and content."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(status)
        self.status, self.content = status, content


class Handler(BaseHTTPRequestHandler):
    """One request. Subclasses say what is asked in ``outside`` and, for people and tests, in ``page`` and ``told``."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: StandIn
    pages: ClassVar[Path] = PAGES

    def outside(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Answer as the real service does."""
        raise NotImplementedError

    def failing(self, failure: Failure) -> tuple[int, Any]:
        """The real service's own way to say that it fails with this status."""
        return int(failure.how), {}

    def page(self, path: str) -> bool:
        """Answer a person or a test that looks; False if there is no such page."""
        return False

    def told(self, path: str, wish: dict[str, Any]) -> dict[str, Any] | None:
        """Do what a test says; None if there is nothing such to say."""
        return None

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/stand-in.css":
            self.send(200, (PAGES / "stand-in.css").read_bytes(), "text/css")
        elif not self.page(path):
            self._outside("GET", b"")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self._body()
        if path.startswith("/stand-in/"):
            self._told(path, body)
        else:
            self._outside("POST", body)

    def do_PUT(self) -> None:
        self._outside("PUT", self._body())

    def do_DELETE(self) -> None:
        self._outside("DELETE", self._body())

    do_PATCH = do_DELETE

    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def send(self, status: int, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def send_json(self, status: int, content: Any, **headers: str) -> None:
        self.send(status, json.dumps(content).encode(), "application/json", **headers)

    def send_page(self, template: str, **context: Any) -> None:
        text = _templates(self.pages).get_template(template).render(name=self.server.name, **context)
        self.send(200, text.encode(), "text/html; charset=utf-8")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Quiet: addresses and references are nobody's business in a log."""

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return b""
        return self.rfile.read(length)

    def _told(self, path: str, body: bytes) -> None:
        try:
            wish = json.loads(body or b"{}")
            if not isinstance(wish, dict):
                raise ValueError("an object is wanted")
            if path == "/stand-in/fail":
                with self.server.lock:
                    self.server.failures.append(Failure.asked(wish))
                return self.send_json(200, {})
            if path == "/stand-in/heal":
                with self.server.lock:
                    self.server.failures.clear()
                return self.send_json(200, {})
            done = self.told(path, wish)
        except (ValueError, TypeError, KeyError) as error:
            return self.send_json(400, {"error": str(error)})
        self.send_json(404 if done is None else 200, done)

    def _outside(self, method: str, body: bytes) -> None:
        failure = self.server.next_failure(f"{method} {self.path}")
        if failure and isinstance(failure.how, int):
            headers = {"Retry_After": failure.retry_after} if failure.retry_after else {}
            status, content = self.failing(failure)
            return self.send_json(status, content, **headers)
        if failure and failure.how == "cut-before":
            return self._hang_up()
        try:
            status, content = self.outside(method, urlsplit(self.path).path, body)
        except Answer as answer:
            status, content = answer.status, answer.content
        if not failure:
            return self.send_json(status, content)
        if failure.how == "nonsense":
            return self.send(200, b"<h1>Welcome</h1>", "text/html")
        if failure.how == "timeout":
            _until_hung_up(self.connection)
        self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _until_hung_up(connection: socket.socket) -> None:
    """Silence, until the other side has had enough."""
    connection.settimeout(600)
    with suppress(OSError):
        connection.recv(1)


@cache
def _templates(folder: Path) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(PAGES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = lambda text: f"{datetime.fromisoformat(text):%-d %B %Y at %H:%M:%S} UTC"
    environment.filters["words"] = lambda name: re.sub(r"_|(?=[A-Z])", " ", name).strip().capitalize()
    return environment


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def arguments(about: str, port: int) -> argparse.ArgumentParser:
    """The command line that all stand-ins share."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--port", type=int, default=port, help="0 takes any free port and prints it")
    parser.add_argument("--folder", type=Path, required=True, help="where what arrives is kept")
    return parser


def only_locally() -> None:
    if not env.flag("LOCAL"):
        sys.exit("A stand-in starts only with LOCAL=yes.")


def serve(make: Callable[[], StandIn]) -> None:
    """Run until told to stop (SIGTERM, Ctrl-C). Prints one line when it listens."""
    only_locally()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with make() as server:
        sys.stdout.write(f"{server.name} listening on {server.address}\n")
        sys.stdout.flush()
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            sys.exit(0)
