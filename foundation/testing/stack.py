"""Everything that one service runs, as processes on this machine: sites, worker, stand-ins for the outside world.

``./run`` keeps a stack alive for a person; journeys and kill tests start one of their own:

    stack = Stack(folder, database_url=...)       # free ports, everything below the folder
    stack.start()                                 # returns when every process answers, raises NotReady otherwise
    stack.urls["front"], stack.urls["notify"]     # where a browser finds them
    stack.kill("worker"); stack.restart("worker") # a crash, and the process again
    stack.stop()                                  # sites, worker, stand-ins, database, in this order

A stack that has to survive crashes of its database takes a server of its own:

    stack = Stack(folder); stack.make_database(); stack.start(); stack.kill("database"); stack.restart("database")

Stand-ins are told to fail, and asked what came, at their addresses: foundation/testing/servers.py.
What there is to start is declared by the service in ``<service>/local.py``. Start processes in the main thread: they
are tied to the life of the thread that starts them, so that nothing is left behind when this process is killed.
"""

import http.client
import importlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from foundation.postgres import Server, change, socket_folder

ROOT = Path(__file__).resolve().parents[2]
SITE, WORKER, STAND_IN = "site", "worker", "stand-in"
STOPPING = {SITE: 3.0, WORKER: 3.0, STAND_IN: 1.5}
"""In this order, and how many seconds each kind has to end by itself."""


class NotReady(Exception):
    """Something did not start or does not answer; the text says what, and where to look."""


@dataclass(frozen=True)
class Process:
    """One program. ``trouble`` is given the time of its start and says why it is not ready yet, or "" when it is."""

    name: str
    kind: str
    arguments: list[str]
    trouble: Callable[[float], str]
    port: int | None = None
    url: str = ""
    about: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = sys.executable


class Stack:
    """The processes of one service in one folder. Logs are in ``folder/logs``."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        app_url: str = "",
        service: str = "reporting",
        name: str = "",
        port_base: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """``database_url`` is the owner's; without one the stack has a server of its own (see ``server``).

        ``port_base`` 0 takes free ports. ``environment`` is added last: short lease and stall times, for example.
        ``name`` tells several stacks of one service apart.
        """
        self.folder = folder.resolve()
        self.service = service
        self.name = name or service
        self.server = None if database_url else Server(self.folder)
        self.database = service.rpartition(".")[2]
        self.database_url = self.server.url(self.database) if self.server else database_url
        self.app_url = app_url or change(self.database_url, user=os.environ.get("DATABASE_APP_ROLE", "app"))
        self.port_base = port_base
        self.scanner_socket = socket_folder(self.folder) / "clamd"
        self._ports: dict[int, int] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        local = importlib.import_module(f"{service}.local")
        self.environment = {
            **os.environ,
            "LOCAL": "yes",
            "SERVICE": service,
            "DJANGO_SETTINGS_MODULE": f"{service}.settings",
            "DATABASE_URL": self.app_url,
            "DATA_DIR": str(self.folder / "data"),
            "SCANNER_SOCKET": str(self.scanner_socket),
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        }
        self.environment |= {**local.environment(self), **(environment or {})}
        self.processes: dict[str, Process] = {process.name: process for process in local.processes(self)}
        self.urls = {process.name: process.url for process in self.processes.values() if process.url}

    def port(self, number: int) -> int:
        """Port ``number`` of this stack: counted from the base, or a free one that stays the same."""
        if self.port_base:
            return self.port_base + number
        if number not in self._ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self._ports[number] = probe.getsockname()[1]
        return self._ports[number]

    def start(self, timeout: float = 120) -> None:
        """Start the database (if it is ours) and every process; return when all of them answer."""
        self.check_ports()
        if self.server:
            self.server.start()
        try:
            for name in self.processes:
                self.launch(name)
            self.wait(timeout)
        except BaseException:
            self.stop()
            raise

    def check_ports(self) -> None:
        for process in self.processes.values():
            if process.port and not free(process.port):
                raise NotReady(f"Port {process.port} ({process.name}) is in use by another program.")

    def launch(self, name: str) -> None:
        """Start one process without waiting for it."""
        process = self.processes[name]
        if name in self._running:
            _signal(self._running[name], signal.SIGKILL)  # what its predecessor may have left behind
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        self.scanner_socket.parent.mkdir(mode=0o700, exist_ok=True)
        self._started[name] = time.time()
        with log.open("ab") as output:
            self._running[name] = subprocess.Popen(
                [*_die_with_us(), process.command, *process.arguments],
                cwd=ROOT,
                env={**self.environment, **process.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal reaches us alone: we stop them in order
            )

    def wait(self, timeout: float = 120, *names: str) -> None:
        """Return when the named processes (all by default) answer; NotReady says which one does not, and why."""
        deadline = time.monotonic() + timeout
        for name in names or self.processes:
            while trouble := self.processes[name].trouble(self._started[name]):
                if self.dead(name):
                    raise NotReady(f"{name} stopped (exit code {self.exit_code(name)}).{self._last_words(name)}")
                if time.monotonic() > deadline:
                    raise NotReady(f"{name} does not answer: {trouble}.{self._last_words(name)}")
                time.sleep(0.1)

    def dead(self, name: str) -> bool:
        return self.exit_code(name) is not None

    def exit_code(self, name: str) -> int | None:
        """None while it runs; negative: the number of the signal that ended it."""
        return self._running[name].poll()

    def kill(self, name: str) -> None:
        """A crash: SIGKILL for the process and all its children, or an immediate stop of our own database."""
        if name == "database":
            assert self.server, "only a stack with a server of its own may kill it"
            return self.server.stop("immediate")
        _signal(self._running[name], signal.SIGKILL)
        self._running[name].wait()

    def restart(self, name: str, timeout: float = 120) -> None:
        """Start again what was killed (or stop and start what runs), and wait until it answers."""
        if name == "database":
            assert self.server
            return self.server.start()
        self._end([name], STOPPING[self.processes[name].kind])
        self.launch(name)
        return self.wait(timeout, name)

    def stop(self) -> None:
        """Sites first, so that nothing new comes in; then worker, stand-ins, and our own database."""
        for kind, seconds in STOPPING.items():
            self._end([name for name in self._running if self.processes[name].kind == kind], seconds)
        self._running.clear()
        shutil.rmtree(self.scanner_socket.parent, ignore_errors=True)
        if self.server:
            self.server.stop()

    def hurry(self) -> None:
        """End every process at once, without grace."""
        for process in self._running.values():
            _signal(process, signal.SIGKILL)

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def make_database(self) -> None:
        """Bring the database up to date, and make it first if the server is ours."""
        if self.server:
            self.server.start()
            create_missing(self.server.url(), self.database)
        self.manage("createcachetable", owner=True)
        self.manage("migrate", "--verbosity=0", owner=True)

    def manage(self, *arguments: str, owner: bool = False) -> str:
        """Run a management command of the service, as the app or as the owner, and return what it says."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT,
            env={**self.environment, **({"DATABASE_URL": self.database_url} if owner else {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
            raise NotReady(f"manage.py {' '.join(arguments)} failed:\n{last}")
        return done.stdout

    # What services declare with (see reporting/local.py)

    def address(self, name: str, number: int) -> str:
        """Where a site is: on a host of its own, so that no two share cookies."""
        stack = "" if self.name == self.service else f".{self.name}"
        return f"http://{name}{stack}.localhost:{self.port(number)}"

    def site(self, name: str, number: int, *, about: str, workers: int = 2, ready: str, **environment: str) -> Process:
        """A web site on ``name.localhost``: gunicorn with threads, as in production."""
        port = self.port(number)
        url = self.address(name, number)
        arguments = ["-m", "gunicorn", f"{self.service}.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        arguments += ["--worker-class", "gthread", "--workers", str(workers), "--threads", "4"]
        arguments += ["--graceful-timeout", "2", "--no-control-socket", "--preload"]
        return Process(
            name, SITE, arguments, lambda _: http_trouble(url + ready), port, url, about, {"SITE": name, **environment}
        )

    def worker(self, name: str = "worker", queue: str = "default") -> Process:
        """A worker of one queue: ready when it has signed on."""
        command = ["manage.py", "worker", "--queue", queue]
        return Process(name, WORKER, command, lambda started: _worker_trouble(self.app_url, started))

    def stand_in(self, name: str, number: int, module: str, *more: str, about: str) -> Process:
        """A stand-in that listens on a port and has a page at / that shows what arrived."""
        port = self.port(number)
        url = f"http://127.0.0.1:{port}"
        arguments = ["-m", module, "--port", str(port), "--folder", str(self.folder / name)]
        arguments += more
        return Process(name, STAND_IN, arguments, lambda _: http_trouble(url), port, url, about)

    def scanner(self) -> Process:
        """clamd with two local signatures, or its stand-in where it is not installed."""
        arguments = ["-m", "foundation.standins.clamd", "--socket", str(self.scanner_socket)]
        arguments += ["--folder", str(self.folder / "scanner")]
        return Process("scanner", STAND_IN, arguments, lambda _: _socket_trouble(self.scanner_socket))

    def _end(self, names: list[str], seconds: float) -> None:
        ending = [self._running[name] for name in names if name in self._running]
        for process in ending:
            _signal(process, signal.SIGTERM, group=False)
        deadline = time.monotonic() + seconds
        for process in ending:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _signal(process, signal.SIGKILL)
            process.wait()

    def _last_words(self, name: str) -> str:
        log = self.log(name)
        lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        return "\n".join(["", f"Last lines of {log}:", *(f"    {line}" for line in lines)])


def create_missing(url: str, database: str) -> None:
    """Make an empty database on the server of this URL, unless it is there."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def free(port: int) -> bool:
    """Nobody listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def http_trouble(url: str) -> str:
    """Ask an address of this machine; ``name.localhost`` need not be known to the resolver."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    try:
        connection.request("GET", parts.path or "/", headers={"Host": parts.netloc})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"{url} does not answer ({error})"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"{url} answers {answer.status}: {_plain(text)}"


def _plain(page: str) -> str:
    text = re.sub(r"(?s)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", page)
    return " ".join(text.split())[:500]


def _socket_trouble(path: Path) -> str:
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
    except OSError as error:
        return f"its socket does not answer ({error})"
    return ""


def _worker_trouble(database_url: str, started: float) -> str:
    try:
        with psycopg.connect(database_url, connect_timeout=5) as connection:
            statement = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat >= to_timestamp(%s)"
            found = connection.execute(statement, [started]).fetchone() is not None
    except psycopg.Error as error:
        return f"the database cannot be asked ({type(error).__name__})"
    return "" if found else "it has not signed on to the queue"


def _die_with_us() -> list[str]:
    """A prefix that ends a child when this process is killed, so that nothing is left behind."""
    tied = shutil.which("setpriv") and threading.current_thread() is threading.main_thread()
    return ["setpriv", "--pdeathsig", "TERM"] if tied else []


def _signal(process: subprocess.Popen[bytes], number: signal.Signals, group: bool = True) -> None:
    """To the process and all that it has started (it leads a group of its own), or to itself alone."""
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(process.pid, number)
