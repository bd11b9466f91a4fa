"""Windows too wide to be counted exactly: what they sum up is paid for instead, as dearly as is needed to keep them.

At any price of one unit the cheapest line, less the price of what the window allows, is a lower bound for every line
that keeps it; at the right price the line found keeps it too. Two or three tries come near enough.
"""

from dataclasses import dataclass

import numpy as np

from optimiser.compiled import Count, Ints
from optimiser.network import LineKernel
from optimiser.rowtable import Longs

GROW = 4


@dataclass
class Penalty:
    """``low`` was too little, ``high`` enough (0: not known yet); ``sign`` is -1 where the window has too little."""

    count: Count
    weights: Longs
    limit: int
    sign: int
    price: int
    most: int
    low: int = 0
    high: int = 0

    def raise_price(self) -> bool:
        """Not enough: False where it may not rise."""
        if self.price >= self.most:
            return False
        self.low = self.price
        self.price = min(self.most, (self.low + self.high + 1) // 2 if self.high else self.price * GROW)
        return self.price > self.low

    def lower_price(self) -> bool:
        """Enough or too much: perhaps less would do. False where less was too little."""
        self.high = self.price
        self.price = (self.low + self.high + 1) // 2
        return self.price < self.high


class Penalties:
    """The penalties of one question to one person's kernel."""

    def __init__(self, kern: LineKernel, dearest: int) -> None:
        """``dearest``: what a penalty may add to one cell at most, in kernel units."""
        self.kern, self.dearest = kern, dearest
        self.all: list[Penalty] = []

    def table(self) -> Longs | None:
        """What is added to each cell."""
        if not self.all:
            return None
        added: Longs = np.sum([one.sign * one.price * one.weights for one in self.all], axis=0)
        return added

    @property
    def refund(self) -> int:
        """What lines at the limits would pay: taken off the value, a bound is left."""
        return sum(one.sign * one.price * one.limit for one in self.all)

    def paid(self, line: Ints) -> int:
        """What this line pays."""
        days = np.arange(len(line))
        return sum(one.sign * one.price * int(one.weights[days, line].sum()) for one in self.all)

    def tighten(self, count: Count, line: Ints) -> bool:
        """Make a broken window dearer; False where that is no way."""
        if count.rule.looks_back:
            return False
        weights = self.kern.weights_in(count)
        total = int(weights[np.arange(len(line)), line].sum())
        over = count.window.most is not None and total + count.past > count.window.most
        for one in self.all:
            if one.count is count:
                return one.raise_price() if (one.sign > 0) == over else one.lower_price()
        limit = count.window.most if over else count.window.least
        heaviest = int(abs(weights).max())
        if limit is None or not heaviest or weights.min() < 0:
            return False
        most = self.dearest // heaviest
        if count.rule.level != "block":
            most = min(most, count.rule.price * self.kern.network.scale // count.rule.per)
        first = max(1, min(most, self.dearest // (4 * GROW * heaviest)))
        self.all.append(Penalty(count, weights, limit - count.past, 1 if over else -1, first, most))
        return most > 0

    def loosen(self) -> bool:
        """All windows are kept: try a little less, where that is known to have been too little once."""
        wide = [one for one in self.all if one.price - one.low > max(1, one.price // 8)]
        for one in wide:
            one.lower_price()
        return bool(wide)
