"""Why a duty could not be written, in words for the person who tried."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


class Refused(Exception):
    """The sentence is for the page; nothing was changed."""


class NothingThere(Refused):
    pass


class NeedsReason(Refused):
    """Staff have planned by what was published: why is it changed so late?"""


@dataclass(frozen=True)
class Differs:
    """A cell that is no longer as it was seen: what is there now, by whom and since when."""

    person_id: int
    shift_date: date
    version: int
    now: dict[str, Any]
    by: str
    at: datetime | None


class Stale(Refused):
    """Somebody else changed it meanwhile: ``cells`` holds the other value of each."""

    def __init__(self, cells: list[Differs]) -> None:
        self.cells = cells
        first = cells[0]
        who = first.by or "Somebody else"
        super().__init__(f"{who} has changed {first.shift_date.day} {first.shift_date:%B} meanwhile.")


@dataclass(frozen=True)
class Obstacle:
    """A shift that cannot be, as the person is somewhere else.

    ``duty``: the number of the one that is stored; None if both are new.
    """

    person_id: int
    shift_date: date
    other_date: date
    other: str
    duty: int | None

    @property
    def sentence(self) -> str:
        day, other = self.shift_date, self.other_date
        return f"The shift of {day.day} {day:%B} overlaps {self.other} of {other.day} {other:%B}."


class InTheWay(Refused):
    """A person can be in one place at a time."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(obstacles[0].sentence)
