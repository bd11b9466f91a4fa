"""Several people at once: threads that start at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Self

from django.db import connection

from foundation.testing import database

MOST = 7
"""Threads at once: the pool of connections has eight, and the test holds one."""
PATIENCE = 60
Run = Callable[[], Any]


class Racers:
    """People who race again and again: their threads and connections last for as many rounds as are wanted.

    with Racers(5) as race:
        results = race.together(*runs)
    """

    def __init__(self, number: int) -> None:
        assert number <= MOST
        self._start, self._end = (threading.Barrier(number + 1) for _ in range(2))
        self._runs: Sequence[Run] = ()
        self._results: list[Any] = [None] * number
        self._threads = [threading.Thread(target=self._race, args=(place,)) for place in range(number)]

    def __enter__(self) -> Self:
        # A live server of an earlier test may still hold connections of the pool: begin with a fresh one.
        database.disconnect()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._start.abort()
        for thread in self._threads:
            thread.join()

    def together(self, *runs: Run) -> list[Any]:
        """What each of them returned or raised, in their order."""
        assert len(runs) == len(self._threads)
        self._runs = runs
        self._start.wait(PATIENCE)
        self._end.wait(PATIENCE)
        return list(self._results)

    def _race(self, place: int) -> None:
        try:
            connection.ensure_connection()
            while True:
                self._start.wait()
                try:
                    self._results[place] = self._runs[place]()
                except Exception as error:  # noqa: BLE001 - the test judges it
                    self._results[place] = error
                self._end.wait(PATIENCE)
        except threading.BrokenBarrierError:
            return
        finally:
            connection.close()


def together(*runs: Run) -> list[Any]:
    """One round of as many people as there are runs."""
    with Racers(len(runs)) as race:
        return race.together(*runs)


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)
