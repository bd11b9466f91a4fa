"""Between a line that has too little of something and one that has too much there is one that has what is needed.

Where a sum is paid for and not counted, prices alone may lead only to lines far below its window or far above it: a
year of hours jumps from one to the other. Two such lines are joined: the days of the one, a few days that the kernel
writes anew, the days of the other. Where to join them is found by halving.
"""

from math import ceil, log2

import numpy as np

from optimiser import kernel
from optimiser.compiled import Workspace
from optimiser.counters import Count, Ints
from optimiser.line_kernel import ROOM, LineKernel

JOINT = 7
"""So many days between the two are free, so that patterns can be kept."""
TRIES = 4
"""How often it is halved down to a day, each time without what there was too much of before."""
Charges = list[tuple[Count, int | None]]


class Between:
    """Of the lines of one question those to join: with too little of one thing, and with nothing but too much."""

    def __init__(self, kern: LineKernel) -> None:
        self.kern = kern
        self.little: dict[int, tuple[Count, Ints]] = {}
        self.much: dict[int, tuple[int, Ints]] = {}

    def saw(self, line: Ints, broken: Charges) -> None:
        forbidden = [count for count, charge in broken if charge is None]
        if any(count.window.following for count in forbidden):
            return
        if all(self._off(line, count) > 0 for count in forbidden):
            for count in forbidden:
                if id(count) not in self.much or len(forbidden) <= self.much[id(count)][0]:
                    self.much[id(count)] = len(forbidden), line
        elif len(forbidden) == 1:
            self.little[id(forbidden[0])] = forbidden[0], line

    def _off(self, line: Ints, count: Count) -> int:
        """How much too much of it there is; below 0: too little."""
        days, window = slice(count.days.start, count.days.stop), count.window
        total = int(self.kern.network.weigh(count.rule, self.kern.person, line)[days].sum()) + count.past
        excess = window.excess(total)
        return excess if window.most is not None and total > window.most else -excess

    def line(self, prices: Ints, space: Workspace) -> tuple[int, Ints, Charges] | None:
        """A line that keeps all windows that may not be broken, with its value and what else it breaks; None where
        this does not lead to one."""
        for key, (count, little) in self.little.items():
            if key in self.much and (found := self._joined(count, little, self.much[key][1], prices, space)):
                return found
        return None

    def _joined(
        self, count: Count, little: Ints, much: Ints, prices: Ints, space: Workspace
    ) -> tuple[int, Ints, Charges] | None:
        """More days of ``little`` where there is too much, fewer where there is too little. What else there is too much
        of is shut out, and the kernel writes those days anew, with as much as can be of what is wanted."""
        days, prices, weights = np.arange(len(prices)), prices.copy(), self.kern.weights_in(count)[:, 0]
        worth = weights * (ROOM // len(prices) // max(1, int(weights.max())))
        first, last = 0, len(prices)
        for _ in range(TRIES * ceil(log2(len(prices)) + 1)):
            joint = (first + last) // 2
            stands = np.where(days < joint, little, much)
            free = abs(days - joint) <= JOINT // 2
            free |= np.convolve(prices[days, stands] >= kernel.DEAD, np.ones(3), "same") > 0
            held = np.full_like(prices, kernel.INFINITE)
            held[days, stands] = prices[days, stands]
            held[free] = np.where(prices >= kernel.DEAD, prices, prices - worth)[free]
            value, line = self.kern.best(held, space)
            if line is None:
                return None
            broken = self.kern.broken(line)
            forbidden = [other for other, charge in broken if charge is None]
            if not forbidden:
                return value + int(worth[days, line][free].sum()), line, broken
            off = self._off(line, count)
            if off:
                first, last = (joint, last) if off > 0 else (first, joint)
            elif all(self.kern.hold(other, line, prices) for other in forbidden):
                first, last = 0, len(prices)
            else:
                return None
        return None
