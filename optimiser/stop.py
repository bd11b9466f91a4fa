"""When to end: by the clock, by core-seconds (fair on a busy machine), by work done, or because somebody asks."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GRACE = 10.0
"""So many seconds a first roster may still take when the time is over."""


class TooSoon(Exception):
    """It had to end before there was a roster of everybody. ``lines``: of whom there was one already."""

    lines: Mapping[str, Sequence[str]] = {}


@dataclass
class Stop:
    """The first limit that is reached ends the search; what was found so far is the answer.

    ``effort`` counts work units and not time: with the same seed it gives the same roster on any machine.
    """

    seconds: float | None = None
    core_seconds: float | None = None
    effort: int | None = None
    reason: str = field(default="", init=False)
    others: float = field(default=0.0, init=False)
    """Core-seconds of other processes that work for this run."""

    def __post_init__(self) -> None:
        self._since, self._cores_since = time.monotonic(), time.process_time()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._since

    def interrupt(self) -> None:
        self.reason = "interrupted"

    def unless_pressed(self) -> None:
        """Asked on the way to the first roster."""
        if self.pressed:
            self.reason = self.reason or "time"
            why = "it was interrupted" if self.reason == "interrupted" else "the time was over"
            raise TooSoon(f"{why} after {self.elapsed:.1f} s, before there was one")

    @property
    def pressed(self) -> bool:
        """Whether not even a first roster may be waited for any longer; effort is never short of that."""
        return self._over(GRACE)

    def reached(self, effort: int = 0) -> bool:
        """Asked everywhere where the search could end."""
        if not self.reason:
            if self.out_of_time:
                self.reason = self.reason or "time"  # a signal may have come meanwhile
            elif self.effort is not None and effort >= self.effort:
                self.reason = "effort"
        return bool(self.reason)

    def used(self, effort: int) -> float:
        """The share of the limit that is used up."""
        cores = time.process_time() - self._cores_since + self.others
        limits = [(self.elapsed, self.seconds), (cores, self.core_seconds), (effort, self.effort)]
        return max((value / limit for value, limit in limits if limit), default=0.0)

    @property
    def out_of_time(self) -> bool:
        """By the clock or in core-seconds, or somebody asked."""
        return self._over(0)

    def _over(self, grace: float) -> bool:
        cores = time.process_time() - self._cores_since + self.others
        return (
            self.reason == "interrupted"
            or (self.seconds is not None and self.elapsed >= self.seconds + grace)
            or (self.core_seconds is not None and cores >= self.core_seconds + grace)
        )
