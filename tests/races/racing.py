"""Several people at once: threads that start at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

MOST = 7
"""Threads at once: the pool of connections has eight, and the test holds one."""


def together(*runs: Callable[[], Any]) -> list[Any]:
    """What each of them returned or raised, in their order."""
    assert len(runs) <= MOST
    results: list[Any] = [None] * len(runs)
    start = threading.Barrier(len(runs))
    # A live server of an earlier test may still hold connections of the pool: begin with a fresh one.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            results[number] = runs[number]()
        except Exception as error:  # noqa: BLE001 - the test judges it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)
