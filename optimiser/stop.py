"""When to end: by the clock, by core-seconds (fair on a busy machine), by work done, or because somebody asks."""

import time
from dataclasses import dataclass, field


class TooSoon(Exception):
    """Somebody asked to end before there was any roster."""


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

    def unless_interrupted(self) -> None:
        """Asked on the way to the first roster, which is waited for however short the time is."""
        if self.reason == "interrupted":
            raise TooSoon(f"it was interrupted after {self.elapsed:.1f} s, before there was one")

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
        cores = time.process_time() - self._cores_since + self.others
        return (
            self.reason == "interrupted"
            or (self.seconds is not None and self.elapsed >= self.seconds)
            or (self.core_seconds is not None and cores >= self.core_seconds)
        )
