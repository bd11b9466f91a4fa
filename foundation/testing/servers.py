"""The outside world for tests: each function starts one real server and stops it at the end of its ``with`` block.

    with servers.case_system(tmp_path / "cases", honour_key=True) as cases:
        settings.CASE_SYSTEM_URL = cases.url
        cases.fail(next=3, how=503)
        ...
        assert len(cases.received()) == 1

A server started again on the same folder remembers what it had. ``kill()`` ends one without warning.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from foundation import env
from foundation.clients import Unavailable
from foundation.clients.scanner import Clamd

START_SECONDS = 20
S3_BUCKET = "documents"


class StandIn:
    """A stand-in in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process, self.url = process, url

    def fail(self, how: int | str, *, next: int = 1, **more: Any) -> None:
        """Fail the next requests: a status code, timeout, cut-before, cut-after or nonsense.

        ``match`` limits it to requests whose method and path contain the text; ``shape`` (1-3) and ``retry_after``
        shape the answer.
        """
        self.tell("fail", how=how, next=next, **more)

    def heal(self) -> None:
        """Forget the failures that are still due."""
        self.tell("heal")

    def tell(self, what: str, **wish: Any) -> None:
        httpx.post(f"{self.url}/stand-in/{what}", json=wish).raise_for_status()

    def ask(self, what: str, **query: str) -> Any:
        return httpx.get(f"{self.url}/stand-in/{what}", params=query).raise_for_status().json()

    def received(self) -> list[dict[str, Any]]:
        """What the case system took, oldest first."""
        return list(self.ask("received"))

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """The mails that Notify took, newest first."""
        return list(self.ask("mails", to=to))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def standin(
    module: str, folder: Path, *arguments: str, port: int = 0, environment: Mapping[str, str] | None = None
) -> Iterator[StandIn]:
    """Any stand-in by its module, on a free port."""
    command = [sys.executable, "-m", module, "--port", str(port), "--folder", str(folder), *arguments]
    variables = {**os.environ, "LOCAL": "yes", **(environment or {})}
    process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True, cwd=_root())
    try:
        yield StandIn(process, _first_line(process).rpartition(" ")[2].strip())
    finally:
        _stop(process)


@contextmanager
def identity(folder: Path, people: list[dict[str, Any]], **options: Any) -> Iterator[StandIn]:
    """The identity provider of staff; ``people`` as its module describes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "people.json"
    file.write_text(json.dumps(people))
    with standin("foundation.standins.identity", folder, "--people", str(file), **options) as server:
        yield server


@contextmanager
def notify(folder: Path, *, callback: str = "", callback_token: str = "", port: int = 0) -> Iterator[StandIn]:
    """GOV.UK Notify; with ``callback`` it posts a receipt of each mail there. Set NOTIFY_URL to its ``url``."""
    arguments = ["--callback", callback, "--callback-token", callback_token] if callback else []
    with standin("foundation.standins.notify", folder, *arguments, port=port) as server:
        yield server


@contextmanager
def case_system(
    folder: Path, *, honour_key: bool = False, port: int = 0, signed_with: tuple[str, str] | None = None
) -> Iterator[StandIn]:
    """The case system; with ``signed_with`` (key id, secret) it takes signed requests only. Set CASE_SYSTEM_URL."""
    arguments = ["--honour-key"] if honour_key else []
    environment = {}
    if signed_with:
        arguments.append("--require-signature")
        environment = {"AWS_ACCESS_KEY_ID": signed_with[0], "AWS_SECRET_ACCESS_KEY": signed_with[1]}
    with standin("reporting.standins.case_system", folder, *arguments, port=port, environment=environment) as server:
        yield server


@contextmanager
def clamd(*, pretend: bool = False) -> Iterator[str]:
    """A malware scanner: real clamd if installed, unless ``pretend``. Yields what SCANNER_SOCKET has to be."""
    folder = Path(tempfile.mkdtemp(prefix="clamd"))  # short: a socket's path has at most 107 bytes
    address = str(folder / "socket")
    command = [sys.executable, "-m", "foundation.standins.clamd", "--socket", address, "--folder", str(folder)]
    process = subprocess.Popen(
        [*command, *(["--pretend"] if pretend else [])],
        env={**os.environ, "LOCAL": "yes"},
        stdout=subprocess.PIPE,
        text=True,
        cwd=_root(),
    )
    try:
        _wait_for_scanner(Clamd(address), process)
        yield address
    finally:
        _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def clamd_installed() -> bool:
    return shutil.which("clamd") is not None


@contextmanager
def s3() -> Iterator[str]:
    """An S3 server (moto) with one empty bucket, S3_BUCKET. Yields what STORAGE_ENDPOINT has to be."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    try:
        with patch.dict(os.environ, credentials):
            client = boto3.client("s3", endpoint_url=address, region_name="eu-west-1")
            client.create_bucket(Bucket=S3_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
            yield address
    finally:
        server.stop()


def _root() -> Path:
    return Path(env.__file__).parent.parent


def _first_line(process: "subprocess.Popen[str]") -> str:
    """The line that says where a server listens; if it never comes, the server is ended and this fails."""
    assert process.stdout is not None
    impatient = threading.Timer(START_SECONDS, process.kill)
    impatient.start()
    line = process.stdout.readline()
    impatient.cancel()
    if not line:
        raise RuntimeError(f"{process.args!r} did not start.")
    return line


def _wait_for_scanner(scanner: Clamd, process: "subprocess.Popen[str]") -> None:
    for _ in range(START_SECONDS * 20):
        try:
            return scanner.ping()
        except Unavailable:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError("The scanner did not start.")


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
