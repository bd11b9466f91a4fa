"""A stack of programs: started, watched, killed and stopped without leaving anything behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foundation.postgres import socket_folder
from foundation.testing.stack import NotReady, Stack

SERVICE = "tests.foundation.trial"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path, database_url="postgresql://owner@/nowhere", service=SERVICE)
    yield stack
    stack.stop()


def pids(folder: Path, name: str) -> list[int]:
    return [int(number) for number in (folder / f"{name}.pids").read_text().split()]


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_starts_everything_and_stops_in_order_without_a_trace(stack: Stack, tmp_path: Path) -> None:
    stack.start(20)
    everybody = [pid for name in stack.processes for pid in pids(tmp_path, name)]
    assert len(everybody) == 6
    assert all(map(lives, everybody))
    stack.stop()
    until(lambda: not any(map(lives, everybody)))
    assert (tmp_path / "ended").read_text().split() == ["site", "worker", "stand-in"]


def test_a_killed_program_and_its_children_are_gone_and_come_back(stack: Stack, tmp_path: Path) -> None:
    stack.start(20)
    before = pids(tmp_path, "worker")
    stack.kill("worker")
    assert stack.dead("worker")
    assert stack.exit_code("worker") == -signal.SIGKILL
    until(lambda: not any(map(lives, before)))
    stack.restart("worker", 20)
    assert not stack.dead("worker")
    assert pids(tmp_path, "worker") != before


def test_a_stubborn_program_is_ended_all_the_same(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "stand-in is stubborn").touch()
    stack.start(20)
    stubborn = pids(tmp_path, "stand-in")
    stack.stop()
    until(lambda: not any(map(lives, stubborn)))


def test_says_which_program_could_not_start_and_its_last_words(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "worker cannot start").touch()
    with pytest.raises(NotReady, match=r"(?s)worker stopped \(exit code 1\).*No coal in the cellar"):
        stack.start(20)
    until(lambda: not lives(pids(tmp_path, "stand-in")[0]))


def test_says_which_program_is_not_well_and_what_it_answers(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "site is ill").touch()
    with pytest.raises(NotReady, match=r"site does not answer: .* answers 503: The kettle is off"):
        stack.start(2)


def test_names_a_port_that_is_in_use(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        stack = Stack(
            tmp_path, database_url="postgresql://owner@/nowhere", service=SERVICE, port_base=busy.getsockname()[1] - 2
        )
        with pytest.raises(NotReady, match=rf"Port {stack.port(2)} \(worker\) is in use"):
            stack.start()


def test_programs_end_when_the_one_that_watches_them_is_killed(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path; import time
from foundation.testing.stack import Stack
Stack(Path({str(tmp_path)!r}), database_url="postgresql://owner@/nowhere", service={SERVICE!r}).start()
print("started", flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as watcher:
        assert watcher.stdout
        assert watcher.stdout.readline() == b"started\n"
        leaders = [pids(tmp_path, name)[0] for name in ("site", "worker", "stand-in")]
        os.kill(watcher.pid, signal.SIGKILL)
        until(lambda: not any(map(lives, leaders)))
        for name in ("site", "worker", "stand-in"):
            os.kill(pids(tmp_path, name)[1], signal.SIGKILL)
    socket_folder(tmp_path).rmdir()
