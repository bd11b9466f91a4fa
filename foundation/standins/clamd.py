"""Malware scanner for this machine: Debian's clamd with two local signatures, or a stand-in where it is not installed.

    python -m foundation.standins.clamd --socket PATH --folder DIR [--pretend]

Both speak clamd's protocol on the socket, and both know one thing only: the EICAR test text, which every scanner
agrees to find. So our code is the same everywhere. ``--pretend`` takes the stand-in even where clamd is installed.
"""

import argparse
import os
import shutil
import signal
import socketserver
import struct
import sys
from pathlib import Path
from typing import NoReturn

from foundation.standins.server import only_locally

# In two pieces, so that no scanner takes this file for the test file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_LIMIT = 25_000_000
"""Above what we accept as an upload, so that the scanner never stops short of a whole file."""

CONFIGURATION = """\
LocalSocket {socket}
LocalSocketMode 600
FixStaleSocket yes
DatabaseDirectory {signatures}
Foreground yes
MaxThreads 4
StreamMaxLength {limit}
MaxFileSize {limit}
MaxScanSize {scan}
AlertExceedsMax yes
Bytecode no
"""


def become_clamd(socket: Path, folder: Path) -> NoReturn:
    """Write clamd's configuration and signatures, then become clamd: signals and exit code are its own.

    ``AlertExceedsMax``: without it, what is too large to be scanned passes as clean.
    """
    signatures = folder / "signatures"
    signatures.mkdir(parents=True, exist_ok=True)
    (signatures / "local.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Local.Eicar-Test\n")
    (signatures / "local.ndb").write_text(f"Local.Eicar-Embedded:0:*:{EICAR.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        CONFIGURATION.format(socket=socket, signatures=signatures, limit=STREAM_LIMIT, scan=4 * STREAM_LIMIT)
    )
    log = os.open(folder / "clamd.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(log, sys.stdout.fileno())
    os.execvp("clamd", ["clamd", f"--config-file={configuration}"])  # noqa: S606


class Pretender(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


class Command(socketserver.StreamRequestHandler):
    """One command: ``zNAME`` ends with a zero byte, ``nNAME`` with a new line, and so do their answers."""

    def handle(self) -> None:
        prefix = self.rfile.read(1)
        end = {b"z": b"\0", b"n": b"\n"}.get(prefix)
        if end is None:
            return
        answer = self._answer(self._until(end))
        self.wfile.write(answer.encode() + end)

    def _answer(self, command: bytes) -> str:
        if command == b"PING":
            return "PONG"
        if command == b"VERSION":
            return "ClamAV stand-in (knows EICAR only)"
        if command == b"INSTREAM":
            return self._scan()
        return "UNKNOWN COMMAND"

    def _scan(self) -> str:
        data = bytearray()
        while (size := self._length()) != 0:
            if size < 0:
                return "INSTREAM: the stream ended early. ERROR"
            if len(data) + size > STREAM_LIMIT:
                return "INSTREAM size limit exceeded. ERROR"
            data += self.rfile.read(size)
        return "stream: Local.Eicar-Test FOUND" if EICAR in data else "stream: OK"

    def _length(self) -> int:
        """The length of the next chunk; -1 where the stream broke off."""
        four = self.rfile.read(4)
        return int(struct.unpack("!I", four)[0]) if len(four) == 4 else -1

    def _until(self, end: bytes) -> bytes:
        command = b""
        while len(command) < 64 and (byte := self.rfile.read(1)) not in (b"", end):
            command += byte
        return command


def pretend(socket: Path) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    socket.unlink(missing_ok=True)
    with Pretender(str(socket), Command) as server:
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            sys.exit(0)
        finally:
            socket.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="A malware scanner for this machine.")
    parser.add_argument("--socket", type=Path, required=True, help="at most 107 bytes long")
    parser.add_argument("--folder", type=Path, required=True, help="for clamd's configuration, signatures and log")
    parser.add_argument("--pretend", action="store_true", help="take the stand-in even where clamd is installed")
    options = parser.parse_args()
    only_locally()
    real = shutil.which("clamd") and not options.pretend
    sys.stdout.write(f"scanner ({'clamd' if real else 'stand-in'}) listening on {options.socket}\n")
    sys.stdout.flush()
    if real:
        become_clamd(options.socket.resolve(), options.folder.resolve())
    pretend(options.socket)


if __name__ == "__main__":
    main()
