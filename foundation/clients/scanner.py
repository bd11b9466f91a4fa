"""Malware scan by ClamAV's daemon (clamd), spoken to over its own socket with its INSTREAM command.

Only the answer ``stream: OK`` means clean. Where there is no such answer there is no verdict either:
Unavailable is raised, and what could not be scanned must not be accepted.
"""

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from foundation.clients import HEALTH_SECONDS, Unavailable

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Verdict:
    clean: bool
    name: str | None = None
    """What was found, in the words of the signature."""


class Scanner(Protocol):
    def scan(self, data: bytes) -> Verdict: ...

    def ping(self) -> None:
        """Return if the scanner answers; raise Unavailable otherwise."""
        ...


class Clamd:
    def __init__(self, address: str, *, timeout: float = 30) -> None:
        self.address, self.timeout = address, timeout

    def scan(self, data: bytes) -> Verdict:
        self.ping()  # a scanner that hangs is found out in seconds, before anybody waits for their file
        answer = self._ask(b"INSTREAM", self.timeout, stream=data)
        if answer == "stream: OK":
            return Verdict(clean=True)
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return Verdict(clean=False, name=answer.removeprefix("stream: ").removesuffix(" FOUND"))
        raise Unavailable("The scanner gave no verdict.")

    def ping(self) -> None:
        if self._ask(b"PING", min(self.timeout, HEALTH_SECONDS)) != "PONG":
            raise Unavailable("The scanner does not answer as it should.")

    def _ask(self, command: bytes, timeout: float, stream: bytes | None = None) -> str:
        """One command, one answer. With the prefix z both end in a zero byte."""
        try:
            with self._connect(timeout) as connection:
                # Over its size limit clamd answers and hangs up while we still send: its answer counts.
                with suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(b"z" + command + b"\0")
                    if stream is not None:
                        _send_in_chunks(connection, stream)
                return _until_zero(connection)
        except (OSError, ValueError):
            raise Unavailable("The scanner does not answer.") from None

    def _connect(self, timeout: float) -> socket.socket:
        if ":" in self.address and not self.address.startswith("/"):
            host, _, port = self.address.rpartition(":")
            return socket.create_connection((host, int(port)), timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _send_in_chunks(connection: socket.socket, data: bytes) -> None:
    """Each chunk after its length; a length of zero ends the stream."""
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        connection.sendall(struct.pack("!I", len(chunk)) + chunk)
    connection.sendall(struct.pack("!I", 0))


def _until_zero(connection: socket.socket) -> str:
    """The answer, or what came of it: an answer that was cut off is not one that we know."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096 and (part := connection.recv(4096)):
        answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace") if answer.endswith(b"\0") else ""


def scanner() -> Scanner:
    """The scanner that the settings name."""
    return Clamd(settings.SCANNER_SOCKET, timeout=settings.SCANNER_TIMEOUT)
