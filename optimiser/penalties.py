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
    weights: Longs | None  # None: it looks back, so that kinds of steps pay and not cells
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
        tables = [one.sign * one.price * one.weights for one in self.all if one.weights is not None]
        if not tables:
            return None
        added: Longs = np.sum(tables, axis=0)
        return added

    def steps(self) -> Longs | None:
        """What is added to each kind of step."""
        paid = self.kern.paid
        tables = [one.price * self.kern.paid_weights[paid.index(one.count)] for one in self.all if one.weights is None]
        if not tables:
            return None
        added: Longs = np.sum(tables, axis=0)
        return added

    @property
    def refund(self) -> int:
        """What lines at the limits would pay: taken off the value, a bound is left."""
        return sum(one.sign * one.price * one.limit for one in self.all)

    def paid(self, line: Ints) -> int:
        """What this line pays."""
        return sum(one.sign * one.price * self._total(one.count, line) for one in self.all)

    def _total(self, count: Count, line: Ints) -> int:
        if not count.rule.looks_back:
            return int(self.kern.weights_in(count)[np.arange(len(line)), line].sum())
        return int(
            self.kern.network.weigh(count.rule, self.kern.person, line)[count.days.start : count.days.stop].sum()
        )

    def tighten(self, count: Count, line: Ints) -> bool:
        """Make a broken window dearer; False where that is no way."""
        if count.rule.looks_back and count not in self.kern.paid:
            return False
        weights = None if count.rule.looks_back else self.kern.weights_in(count)
        total = self._total(count, line)
        over = count.window.most is not None and total + count.past > count.window.most
        for one in self.all:
            if one.count is count:
                return one.raise_price() if (one.sign > 0) == over else one.lower_price()
        limit = count.window.most if over else count.window.least
        heaviest = 1 if weights is None else int(weights.max())
        if limit is None or heaviest < 1 or (weights is not None and weights.min() < 0):
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
