"""Windows that the kernel does not count, looked at on every line that it finds: all of one person's at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimiser.counters import Count, Ints, worked
from optimiser.problem import Person

if TYPE_CHECKING:
    from optimiser.network import Network

FAR = 1 << 60


class Watched:
    """Some of one person's windows as arrays: which sum each takes, between which days, and its limits."""

    def __init__(self, network: "Network", person: Person, counts: Sequence[Count]) -> None:
        self.network, self.counts = network, list(counts)
        self.before = network.cells_of(person, np.zeros(1, dtype=np.int32))[1]
        numbers: dict[int, int] = {}  # by the rule's identity: rules are slow to compare
        self.sum_of = np.array([numbers.setdefault(id(count.rule), len(numbers)) for count in counts], dtype=np.intp)
        rules = {id(count.rule): count.rule for count in counts}
        self.weights = [network.weights(rules[one]) for one in numbers]
        windows = [count.window for count in counts]
        self.first = np.array([max(0, window.first) for window in windows], dtype=np.intp)
        self.stop = np.array([max(0, window.last + 1) for window in windows], dtype=np.intp)
        self.following = np.array([_still_following(person, count) for count in counts], dtype=np.intp)
        self.prolonged = np.array([window.following > 0 for window in windows], dtype=bool)
        limits = [(window.least, window.most) for window in windows]
        past = np.array([count.past for count in counts], dtype=np.int64)
        self.least = np.array([-FAR if least is None else least for least, _ in limits], dtype=np.int64) - past
        self.most = np.array([FAR if most is None else most for _, most in limits], dtype=np.int64) - past

    def broken(self, line: Ints) -> list[tuple[Count, int | None]]:
        """The windows that cost something on this line, with what they cost (None: forbidden)."""
        if not self.counts:
            return []
        days = np.arange(len(line))
        before = np.concatenate([self.before, self.network.classes[line[:-1]]])
        sums = np.zeros((len(self.weights), len(line) + 1), dtype=np.int64)
        for row, weights in zip(sums, self.weights, strict=True):
            np.cumsum(weights[days, before, line], out=row[1:])
        totals = sums[self.sum_of, self._stop(line)] - sums[self.sum_of, self.first]
        found: list[tuple[Count, int | None]] = []
        for number in np.flatnonzero((totals > self.most) | (totals < self.least)).tolist():
            count = self.counts[number]
            if amount := count.rule.amount(count.window, int(totals[number]) + count.past):
                found.append((count, count.rule.charge(amount)))
        return found

    def _stop(self, line: Ints) -> NDArray[Any]:
        """The day after the last that each window sums: some go on to working days after them."""
        if not self.prolonged.any():
            return self.stop
        works = np.flatnonzero(self.network.works[line])
        last = np.searchsorted(works, self.stop) + self.following - 1
        ends = np.append(works + 1, len(line))[np.minimum(last, len(works))]
        return np.where(self.prolonged, ends, self.stop)


def _still_following(person: Person, count: Count) -> int:
    """How many of the working days after the window are still to be planned."""
    after = range(count.window.last + 1, 0)
    return count.window.following - sum(worked(person, day).works for day in after)
