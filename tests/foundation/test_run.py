"""./run as a person meets it, with the trial service: what it says, keeps, starts again and leaves behind (nothing)."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from foundation.postgres import Server
from foundation.testing.stack import free
from tests.foundation.test_stack import lives, pids, until

NAMES = ("stand-in", "worker", "site")
Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a folder with spaces"
    yield folder
    Server(folder).stop("immediate") if folder.exists() else None


@pytest.fixture
def port() -> int:
    """The first of ten ports that are free, below those that the system hands out by itself."""
    return next(
        base for base in range(20000 + os.getpid() % 1000 * 10, 32000, 10) if all(map(free, range(base, base + 10)))
    )


@pytest.fixture
def run(folder: Path, port: int) -> Iterator[Run]:
    started: list[subprocess.Popen[str]] = []
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    environment["POSTGRES_DURABLE"] = "no"

    def start(*options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "foundation.devserver", "--service", "tests.foundation.trial"]
        command += ["--folder", str(folder), "--port-base", str(port), *options]
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def said_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"{words!r} was never said, only: {said}")


def everybody(folder: Path) -> list[int]:
    return [pid for name in NAMES for pid in pids(folder, name)]


def test_check_starts_everything_says_where_it_is_and_leaves_nothing_running(run: Run, folder: Path, port: int) -> None:
    first = run("--check")
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert "Preparing the database" in said
    for address in (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", "ada@example.org", "Kettle4tea"):
        assert address in said
    until(lambda: not any(map(lives, everybody(folder))))
    assert not Server(folder).running()
    start = json.loads((folder / "start" / "start.json").read_text())
    assert start["people"][0]["url"] == f"http://127.0.0.1:{port + 1}"

    keys = folder / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    kept = keys.read_text()
    second = run("--check")
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 0, said
    assert "Preparing" not in said
    assert keys.read_text() == kept
    assert (folder / "demo").read_text() == "made\n"

    managed = run("manage", "demo", "--people")
    said, _ = managed.communicate(timeout=60)
    assert managed.returncode == 0
    assert "ada@example.org" in said
    assert not Server(folder).running()

    third = run("--check", "--reset")
    said, _ = third.communicate(timeout=60)
    assert third.returncode == 0, said
    assert "Preparing" in said
    assert keys.read_text() != kept


def test_check_fails_with_the_reason(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "worker cannot start").touch()
    process = run("--check")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "worker stopped (exit code 1)" in said
    assert "No coal in the cellar" in said
    until(lambda: not lives(pids(folder, "stand-in")[0]))
    assert not Server(folder).running()


def test_a_port_in_use_is_named(run: Run, port: int) -> None:
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", port + 1))
        busy.listen()
        process = run("--check")
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Port {port + 1} (site) is in use by another program." in said


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
)
def test_a_running_one_starts_again_what_dies_and_ends_without_a_trace(
    run: Run, folder: Path, port: int, number: signal.Signals
) -> None:
    process = run()
    said_until(process, "Ctrl-C stops everything")
    with urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert "ada@example.org" in answer.read().decode()

    before = pids(folder, "worker")
    os.kill(before[0], signal.SIGKILL)
    assert "worker stopped (exit code -9) and is started again in 1 s." in said_until(process, "worker stopped")
    until(lambda: pids(folder, "worker") != before)
    until(lambda: not any(map(lives, before)))

    again = run()
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 1
    assert f"running already (process {process.pid})" in said

    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 0
    until(lambda: not any(map(lives, everybody(folder))))
    assert not Server(folder).running()


def test_a_database_that_crashed_is_started_again(run: Run, folder: Path) -> None:
    process = run()
    said_until(process, "Ctrl-C stops everything")
    Server(folder).stop("immediate")
    said_until(process, "database stopped and is started again")
    until(Server(folder).running)


def test_a_database_of_ones_own_is_used_and_never_deleted(folder: Path, port: int, tmp_path: Path) -> None:
    own = Server(tmp_path / "own")
    own.start()
    try:
        command = [sys.executable, "-m", "foundation.devserver", "--service", "tests.foundation.trial", "--check"]
        command += ["--reset", "--folder", str(folder), "--port-base", str(port)]
        environment = {**os.environ, "DATABASE_URL": own.url(), "DJANGO_SETTINGS_MODULE": ""}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "its data stay as they are" in done.stdout
        assert not (folder / "postgres").exists()
        assert own.running()
    finally:
        own.stop()
