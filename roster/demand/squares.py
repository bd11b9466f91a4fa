"""Demand against supply as rows of squares, for the demand board and under the planning board (R-052).

A square has a colour, a sign and words, so that nothing is said by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from roster.demand.coverage import Coverage, by_key, clock_of
from roster.demand.models import Half, Level
from roster.demand.supply import Stretch

COLOURS = {Level.GREEN: "green", Level.GREEN_AMBER: "yellow", Level.AMBER_RED: "orange", Level.RED: "red",
           Level.BELOW_RED: "purple"}  # fmt: skip
LETTERS = {Level.GREEN: "G", Level.GREEN_AMBER: "GA", Level.AMBER_RED: "AR", Level.RED: "R", Level.BELOW_RED: "R!"}


@dataclass(frozen=True)
class Square:
    """One post and session on one day at its worst moment.

    ``short``: people missing below the minimum; ``under``: below the target; ``over``: more than the target throughout.
    """

    level: Level
    short: int
    under: int
    over: int
    sentence: str

    @property
    def words(self) -> str:
        if self.short:
            return f"{self.short} short"
        if self.under:
            return f"{self.under} under target"
        return f"{self.over} over" if self.over else "Met"

    @property
    def sign(self) -> str:
        """In as few letters as the planning board has room for: ! as a rule that blocks, ~ as one that warns."""
        if self.short:
            return f"\N{MINUS SIGN}{self.short}!"
        if self.under:
            return f"\N{MINUS SIGN}{self.under}~"
        return f"+{self.over}" if self.over else "ok"

    @property
    def colour(self) -> str:
        return COLOURS[self.level]

    @property
    def light(self) -> str:
        """Red: below the minimum; amber: below the target."""
        return "red" if self.short else "amber" if self.under else "green"


@dataclass(frozen=True)
class Row:
    """One post and session over the days; None: it is not asked for on that day."""

    key: int
    name: str
    times: str
    squares: list[tuple[date, Square | None]]


def square(coverage: Coverage, found: Sequence[Stretch]) -> Square | None:
    if not found:
        return None
    worst = min(found, key=lambda one: (one.level, -one.gap, -one.below_target))
    over = min(one.surplus for one in found)
    return Square(Level(worst.level), worst.gap, worst.below_target, over, coverage.sentence(worst))


def rows(coverage: Coverage) -> list[Row]:
    """What is asked for on any of the days, in order of time; cases last."""
    listed = by_key(coverage.stretches)
    keys = sorted({key for key, _ in listed}, key=lambda key: (key < 0, _start(coverage, key), coverage.name(key)))
    return [
        Row(key, coverage.name(key), times(coverage, key),
            [(day, square(coverage, listed.get((key, day), []))) for day in coverage.days])
        for key in keys
    ]  # fmt: skip


def regimes(coverage: Coverage) -> list[tuple[Half, list[tuple[date, Level]]]]:
    """The level that the numbers allow, by half day."""
    return [(half, [(day, coverage.level(day, half)) for day in coverage.days]) for half in Half]


def _start(coverage: Coverage, key: int) -> int:
    return coverage.requirements[key].start if key > 0 else 0


def times(coverage: Coverage, key: int) -> str:
    if key < 0:
        return coverage.cases[-key].get_kind_display()
    row = coverage.requirements[key]
    return f"{clock_of(row.start)} to {clock_of(row.end)}"
