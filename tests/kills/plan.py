"""Where to cut, agreed between the test and the processes under kill through files in one folder.

A *step* is a moment before or after which the world differs: a statement that writes, the end of a transaction that
wrote, a request to the outside, a file stored. Steps are counted in one process only (front or worker), and only while
it submits or delivers. At step ``at`` (or at the ``nth`` step that is called ``label``) the victim is killed, once.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

PATIENCE = 60.0


@dataclass(frozen=True)
class Cut:
    """``who`` counts: front or worker. ``victim``: self, all (with parent and siblings), or database."""

    who: str
    victim: str
    at: int = 0
    label: str = ""
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.victim} of {self.who} at {self.label or 'step'} {self.at or self.nth}"


class Plan:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    # The test

    def make(self, cut: Cut) -> None:
        self.clear()
        draft = self._file("draft")
        draft.write_text(json.dumps(asdict(cut)))
        draft.rename(self._file("cut"))

    def clear(self) -> None:
        """From here on nothing is counted and nobody dies."""
        for name in ("cut", "journal", "reached", "go"):
            self._file(name).unlink(missing_ok=True)

    def plant(self, fault: str) -> None:
        self._file("plant").write_text(fault)

    def reached(self) -> str:
        """The step at which the cut was made; "" if the process never came so far."""
        return _text(self._file("reached"))

    def journal(self) -> list[str]:
        return _text(self._file("journal")).splitlines()

    def database_may_die(self) -> bool:
        return bool(self.reached()) and not self._file("go").exists()

    def go_on(self) -> None:
        self._file("go").touch()

    # The processes

    @property
    def planted(self) -> str:
        return _text(self._file("plant"))

    def step(self, who: str, label: str) -> None:
        found = _text(self._file("cut"))
        cut = Cut(**json.loads(found)) if found else None
        if cut is None or cut.who != who or not self._counted(cut, label):
            return
        if cut.victim == "self":
            os.kill(os.getpid(), signal.SIGKILL)
        elif cut.victim == "all":
            os.killpg(0, signal.SIGKILL)
        else:
            self._wait_for_the_end_of_the_database()

    def _counted(self, cut: Cut, label: str) -> bool:
        """Note the step; whether this is the one."""
        with self._alone():
            if self._file("reached").exists():
                return False
            with self._file("journal").open("a") as journal:
                journal.write(f"{label}\n")
            steps = self.journal()
            here = len(steps) == cut.at if cut.at else (label == cut.label and steps.count(label) == cut.nth)
            if here:
                self._file("reached").write_text(label)
            return here

    def _wait_for_the_end_of_the_database(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._file("go").exists() and time.monotonic() < deadline:
            time.sleep(0.005)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._file("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _file(self, name: str) -> Path:
        return self.folder / name


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""
