"""Windows too wide to be counted: what they sum up is paid for instead, as dearly as is needed to keep them.

At any price of one unit the cheapest line, less the most that a line could pay beyond what the rule asks of it, is a
lower bound; at the right price the line found keeps the window too. A window that is only warned of asks for no more
than the rule itself does, but for rounding. Each kernel remembers its prices: the next question is much like the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from optimiser import kernel
from optimiser.compiled import Workspace
from optimiser.counters import Count, Ints
from optimiser.line_kernel import ROOM, LineKernel
from optimiser.rowtable import Longs

GROW, SHRINK = 2.0, 0.4
"""How a price's step changes when the next one goes the same way, and when it goes back."""
BEGIN = 16
"""The first step is this part of the dearest price."""
Broken = Sequence[tuple[Count, int | None]]


@dataclass
class Penalty:
    """``price`` of one unit: above 0 for what there is, below 0 where the window has too little."""

    count: Count
    weights: Longs | None  # None: it looks back, so that kinds of steps pay and not cells
    unit: int  # of the window's own sum
    dearest: int
    step: float
    price: int = 0
    way: int = 0

    @property
    def limit(self) -> int:
        """What the weights may add up to on the side that is paid for."""
        if self.price > 0:
            return ((self.count.window.most or 0) - self.count.past) // self.unit
        return -((self.count.past - (self.count.window.least or 0)) // self.unit)

    def refund(self, scale: int) -> int:
        """The most that a line can pay beyond what the rule asks of it: taken off its value, a bound is left.

        That is at the limit if every unit beyond it is charged. But where units do not divide what an amount is (shifts
        of 90 minutes, hours begun), a sum further out may be charged for fewer amounts than it pays for.
        """
        if not self.price:
            return 0
        window, per, past = self.count.window, self.count.rule.per, self.count.past
        if self.price > 0:
            furthest = ((window.most or 0) - past + self._amounts * per) // self.unit
        else:
            furthest = np.maximum(0, -((past - (window.least or 0) + self._amounts * per) // self.unit))
        return int((self.price * furthest - self._amounts * self.count.rule.price * scale).max())

    @property
    def _amounts(self) -> Longs:
        """Amounts that may be charged, until sums and amounts stand to one another as they do at the limit."""
        rule = self.count.rule
        return np.arange(1 if self.count.hard else self.unit // gcd(self.unit, rule.per))

    def target(self, total: int) -> int:
        """A sum that keeps the window, by half a weight if there is room: where lines of ``total`` should rather be."""
        most, least = self.count.window.most, self.count.window.least
        high = None if most is None else (most - self.count.past) // self.unit
        low = None if least is None else -((self.count.past - least) // self.unit)
        half = 1 if self.weights is None or not self.count.hard else int(self.weights.max()) // 2
        if high is not None and (self.price > 0 or total > high or low is None):
            return high - min(half, (high - low) // 2) if low is not None else high - half
        assert low is not None
        return low + (half if high is None else min(half, (high - low) // 2))

    def move(self, total: int) -> bool:
        """Dearer where the window is broken, else cheaper; False where that changes nothing."""
        way = self._way(total)
        if not way:
            return False
        self.step = max(
            1.0, min(self.step * (SHRINK if way == -self.way else GROW if way == self.way else 1), self.dearest)
        )
        self.way, before = way, self.price
        price = round(self.price + way * self.step)
        broken = self.count.window.excess(total * self.unit + self.count.past) > 0
        if not broken and price * before < 0:
            price = 0
        self.price = max(-self.dearest, min(price, self.dearest))
        return self.price != before

    def _way(self, total: int) -> int:
        most, least = self.count.window.most, self.count.window.least
        if most is not None and total * self.unit + self.count.past > most:
            return 1
        if least is not None and total * self.unit + self.count.past < least:
            return -1
        if self.price == 0 or total == self.limit:
            return 0
        return -1 if self.price > 0 else 1


class Penalties:
    """The penalties of one question to one person's kernel."""

    def __init__(self, kern: LineKernel, remembered: bool) -> None:
        self.kern = kern
        self.all: dict[int, Penalty] = kern.penalties if remembered else {}

    def added_to(self, prices: Ints) -> Ints:
        """The prices of cells with what is paid besides."""
        paying = [(one, one.weights) for one in self.all.values() if one.price and one.weights is not None]
        if not paying:
            return prices
        added: Longs = np.sum([one.price * weights for one, weights in paying], axis=0)
        while int(abs(added).max(axis=1).sum()) > 2 * ROOM:  # together they would leave no room for sums
            for one, _ in paying:
                one.price //= 2
            added = np.sum([one.price * weights for one, weights in paying], axis=0)
        return np.where(prices >= kernel.DEAD, prices, prices + added).astype(np.int32)

    def steps(self) -> Longs | None:
        """What is added to each kind of step."""
        paid = self.kern.paid
        paying = [one for one in self.all.values() if one.price and one.weights is None]
        if not paying:
            return None
        added: Longs = np.sum([one.price * self.kern.paid_weights[paid.index(one.count)] for one in paying], axis=0)
        return added

    def last(self) -> Longs | None:
        """What is paid in the end for what is left of a sum: the rest of an hour begun (see ``Begun``)."""
        one = self._of_begun()
        return None if one is None else self._rest(one, np.arange(self._around))

    def _of_begun(self) -> Penalty | None:
        begun = self.kern.begun
        one = None if begun is None else self.all.get(id(begun.counts[0]))
        return one if one is not None and one.price else None

    @property
    def _around(self) -> int:
        assert self.kern.begun is not None
        return self.kern.begun.around

    def _rest(self, one: Penalty, totals: Longs) -> Longs:
        """From these sums, in units, to where the next unit of the rule begins: on the side that is paid for."""
        beyond = totals - one.limit if one.price > 0 else one.limit - totals
        return abs(one.price) * (-beyond % self._around)

    @property
    def refund(self) -> int:
        """What lines may pay too much: taken off the value, a bound is left."""
        return sum(one.refund(self.kern.network.scale) for one in self.all.values())

    def paid(self, line: Ints) -> int:
        """What this line pays."""
        paid = sum(one.price * self._total(one, line) for one in self.all.values() if one.price)
        one = self._of_begun()
        return paid if one is None else paid + int(self._rest(one, np.array(self._total(one, line))))

    def _total(self, one: Penalty, line: Ints) -> int:
        if one.weights is not None:
            return int(one.weights[np.arange(len(line)), line].sum())
        days, kern = one.count.days, self.kern
        return int(kern.network.weigh(one.count.rule, kern.person, line)[days.start : days.stop].sum())

    def tighten(self, broken: Broken, line: Ints) -> bool:
        """Ask at other prices: of each rule the window that is broken worst pays from now on. False: nothing moves."""
        worst: dict[str, tuple[Count, int | None]] = {}
        for count, charge in broken:
            before = worst.get(count.rule.name)
            if before is None or (before[1] is not None and (charge is None or charge > before[1])):
                worst[count.rule.name] = count, charge
        for count, _ in worst.values():
            if id(count) not in self.all and (fresh := self._fresh(count)) is not None:
                self.all[id(count)] = fresh
        moved = [one.move(self._total(one, line)) for one in self.all.values()]
        return any(moved)

    def spare(self, limited: Sequence[Count]) -> None:
        """Let these windows pay dearly, more so where they are named more often."""
        for count in limited:
            if (fresh := self._fresh(count)) is not None:
                fresh.price = max(1, int(fresh.dearest) * limited.count(count) // len(limited))
                self.all[id(count)] = fresh

    def steered(self, line: Ints, space: Workspace, slack: int) -> tuple[int, Ints] | None:
        """A line nearly as cheap that is nearer to keeping the window from which this one is farthest."""
        ways = [
            (one.dearest * abs(one.target(total) - total), number, one, total)
            for number, one in enumerate(self.all.values())
            if one.weights is not None
            and one.count.window.excess((total := self._total(one, line)) * one.unit + one.count.past)
        ]
        if not ways:
            return None
        _, _, one, total = max(ways, key=lambda way: way[:2])
        assert one.weights is not None
        return self.kern.steered(space, one.weights.astype(np.int32), one.target(total), slack)

    def _fresh(self, count: Count) -> Penalty | None:
        """None where prices are no way to keep a window."""
        if count.rule.looks_back and count not in self.kern.paid:
            return None
        weights = None if count.rule.looks_back else self.kern.weights_in(count)[:, 0]
        unit = 1 if weights is None else int(np.gcd.reduce(weights, axis=None)) or 1
        weights = None if weights is None else weights // unit
        heaviest = 1 if weights is None else int(weights.max())
        if heaviest < 1 or (weights is not None and weights.min() < 0):
            return None
        if weights is None:  # a weekend counts on one day of seven: what a whole line may pay is what matters
            reach = int(self.kern.paid_weights[self.kern.paid.index(count)].max(axis=1).sum())
            dearest = ROOM // 2 // len(self.kern.paid) // max(1, reach)
        else:
            dearest = 2 * ROOM // self.kern.network.problem.calendar.days // heaviest
        if not count.hard:
            dearest = min(dearest, unit * count.rule.price * self.kern.network.scale // count.rule.per)
        return Penalty(count, weights, unit, dearest, max(1, dearest / BEGIN)) if dearest else None
