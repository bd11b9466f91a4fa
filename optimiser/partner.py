"""A second process that searches beside the first, in step with it.

It is forked once prices are settled, so that it has all kernels and lines already. Then each turn has the same work
units on both sides and ends with an exchange: so a run is the same again with the same seed and effort.
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from optimiser.pricing import Column

Work = Callable[[Any, int], tuple[list[Column], int]]
PATIENCE = 0.3
"""Seconds that an answer may still take when time is up."""


@dataclass(frozen=True)
class Turn:
    """What a turn brought: the best columns, the work done, the core-seconds that it took."""

    columns: list[Column]
    effort: int
    core_seconds: float


class Partner:
    """``work(given, effort)`` runs in the other process: from what is given, so much work, to better columns."""

    def __init__(self, work: Work) -> None:
        self.mine, theirs = multiprocessing.Pipe()
        self.process = os.fork()
        if self.process == 0:
            self.mine.close()
            _serve(theirs, work)
        theirs.close()
        self.busy = False

    def start(self, given: Any, effort: int) -> None:
        self.mine.send((given, effort))
        self.busy = True

    def collect(self, patience: float | None) -> Turn | None:
        """The end of the turn; None where it did not come within so many seconds (None: wait as long as it takes)."""
        if not self.busy or (patience is not None and not self.mine.poll(patience)):
            return None
        try:
            turn: Turn = self.mine.recv()
        except (EOFError, ConnectionError):
            return None
        finally:
            self.busy = False
        return turn

    def end(self) -> None:
        self.mine.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def _serve(pipe: Connection, work: Work) -> None:
    """Turn after turn, until the other side is gone. The process ends here and never returns to its caller."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    code = 0
    try:
        while True:
            question: Any = pipe.recv()
            before = time.process_time()
            columns, effort = work(*question)
            pipe.send(Turn(columns, effort, time.process_time() - before))
    except (EOFError, ConnectionError):
        pass
    except BaseException:  # noqa: BLE001  (whatever it was, the first process goes on alone)
        code = 1
    finally:
        os._exit(code)
