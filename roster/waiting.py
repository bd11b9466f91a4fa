"""What waits for a person, for the first page of the planners' face.

A feature folder says its part in a module ``waiting`` with one function ``waiting(user)``: found here, never listed.
It names only pages that this person may open. What cannot be counted is left out and said so; the page stands.
"""

from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import structlog
from django.db import transaction

from foundation import discover

log = structlog.get_logger(__name__)

FIRST = "day"
"""What is short today is said before all else."""


@dataclass(frozen=True)
class Task:
    """What waits, in words, and the page where it is done. ``today``: it is for today or tomorrow, or late."""

    words: str
    href: str
    today: bool = False


@dataclass(frozen=True)
class Waiting:
    today: tuple[Task, ...] = ()
    soon: tuple[Task, ...] = ()
    uncounted: bool = False
    """Something could not be counted just now."""


def waiting(user: Any) -> Waiting:
    """All folders in one go; each by itself only where one of them fails, to leave that one out."""
    try:
        with transaction.atomic():
            return _told([task for _, module in _folders() for task in module.waiting(user)])
    except Exception:  # noqa: BLE001 - whatever it is, the other folders and the page stand
        return _one_by_one(user)


def _one_by_one(user: Any) -> Waiting:
    tasks: list[Task] = []
    for folder, module in _folders():
        try:
            with transaction.atomic():
                tasks += list(module.waiting(user))
        except Exception as error:  # noqa: BLE001
            log.warning("waiting.uncounted", folder=folder, error=type(error).__name__)
    return _told(tasks, uncounted=True)


def _told(tasks: list[Task], *, uncounted: bool = False) -> Waiting:
    today = tuple(each for each in tasks if each.today)
    return Waiting(today, tuple(each for each in tasks if not each.today), uncounted)


@cache
def _folders() -> list[tuple[str, ModuleType]]:
    return sorted(discover.in_folders("roster", "waiting").items(), key=lambda one: (one[0] != FIRST, one[0]))


def counted(number: int, one: str, many: str) -> str:
    """2 gaps."""
    return f"{number:,} {one if number == 1 else many}"
