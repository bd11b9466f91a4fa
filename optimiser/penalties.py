"""Windows too wide to be counted: what they sum up is paid for instead, as dearly as is needed to keep them.

At any price of one unit the cheapest line, less the price of what the window allows, is a lower bound for every line
that keeps it; at the right price the line found keeps it too. A window that is only warned of never asks for more than
the rule itself does. Each kernel remembers its prices, and the last lines that it found: what these would cost at other
prices limits the bound from above, so that the kernel is only asked where the bound may still be best.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from optimiser import kernel
from optimiser.compiled import Workspace
from optimiser.counters import Count, Ints
from optimiser.line_kernel import ROOM, LineKernel
from optimiser.rowtable import Longs

BEGIN, GROW = 16, 4
"""The first step is this part of the dearest price at most; how much longer the next may be where it was too short."""
NUDGE = 500
"""A nudge is this part of the dearest price."""
TRIES = 8
"""So many lines are steered at a time: the first has the least room to be dearer, each after it twice as much."""
LITTLE = 0.002
"""A bound that could rise by less (in cost) is as good as the best."""
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
    pushed: float = 0.0
    way: int = 0
    usual: NDArray[np.float64] | None = None  # see ``LineKernel.usual``

    @property
    def least(self) -> int | None:
        """What the weights must add up to; rounded so that the bound holds."""
        least = self.count.window.least
        return None if least is None else -((self.count.past - least) // self.unit)

    @property
    def most(self) -> int | None:
        most = self.count.window.most
        return None if most is None else (most - self.count.past) // self.unit

    @property
    def limit(self) -> int:
        """What the weights may add up to on the side that is paid for."""
        return (self.most if self.price > 0 else self.least) or 0

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
        high, low = self.most, self.least
        half = 1 if self.weights is None else int(self.weights.max()) // 2
        if high is not None and (self.price > 0 or total > high or low is None):
            return high - min(half, (high - low) // 2) if low is not None else high - half
        assert low is not None
        return low + (half if high is None else min(half, (high - low) // 2))

    def move(self, best: int) -> None:
        """To a better price, but not too far at once."""
        far = abs(best - self.price)
        if far <= self.step:
            self.price, self.step = best, max(1.0, self.dearest / BEGIN, 2 * far)
        else:
            self.price += round(self.step) if best > self.price else -round(self.step)
            self.step = min(GROW * self.step, 2 * self.dearest)

    def push(self, way: int) -> None:
        """A step that way, longer where the last went the same way, shorter where it went back."""
        self.pushed = self.pushed * (2.0 if way == self.way else 0.4) if self.way else self.dearest / BEGIN
        self.pushed, self.way = max(1.0, min(self.pushed, self.dearest)), way
        self.price = max(-self.dearest, min(self.price + way * round(self.pushed), self.dearest))


class Penalties:
    """The penalties of one question to one person's kernel."""

    def __init__(self, kern: LineKernel, remembered: bool) -> None:
        self.kern = kern
        self.all: dict[int, Penalty] = kern.penalties if remembered else {}
        self.settled: dict[int, int] = {}

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
        if one is None or not one.price:
            return None
        assert self.kern.begun is not None
        return abs(one.price) * self._rest(one, np.arange(self.kern.begun.around), one.price > 0)

    def _of_begun(self) -> Penalty | None:
        begun = self.kern.begun
        return None if begun is None else self.all.get(id(begun.counts[0]))

    def _rest(self, one: Penalty, totals: Longs, too_much: bool) -> Longs:
        """From these sums, in units, to where the next unit of the rule begins: on the side that is paid for."""
        assert self.kern.begun is not None
        beyond = totals - (one.most or 0) if too_much else (one.least or 0) - totals
        return -beyond % self.kern.begun.around

    @property
    def refund(self) -> int:
        """What lines may pay too much: taken off the value, a bound is left."""
        return sum(one.refund(self.kern.network.scale) for one in self.all.values())

    def paid(self, line: Ints) -> int:
        """What this line pays."""
        lines = line[None, :]
        return sum(int(self._paying(one, self._totals(one, lines))[0]) for one in self.all.values() if one.price)

    def _paying(self, one: Penalty, totals: Longs) -> Longs:
        """What lines with these sums pay."""
        paying: Longs = one.price * totals
        if one is self._of_begun():
            paying = paying + abs(one.price) * self._rest(one, totals, one.price > 0)
        return paying

    def _totals(self, one: Penalty, lines: Ints) -> Longs:
        """What lines sum up."""
        totals: Longs
        if one.weights is not None:
            totals = one.weights[np.arange(lines.shape[1]), lines].sum(axis=1)
        else:
            days, kern = one.count.days, self.kern
            weighed = [kern.network.weigh(one.count.rule, kern.person, line)[days.start : days.stop] for line in lines]
            totals = np.array([each.sum() for each in weighed], dtype=np.int64)
        return totals

    def _total(self, one: Penalty, line: Ints) -> int:
        return int(self._totals(one, line[None, :])[0])

    def tighten(self, broken: Broken, exact: Ints) -> bool:
        """Ask at other prices: of each rule the window that is broken worst pays from now on. False: nothing moves."""
        worst: dict[str, tuple[Count, int | None]] = {}
        for count, charge in broken:
            before = worst.get(count.rule.name)
            if before is None or (before[1] is not None and (charge is None or charge > before[1])):
                worst[count.rule.name] = count, charge
        self._know(worst.values())
        against = {id(count) for count, _ in broken}
        moving = [one for key, one in self.all.items() if one.price or key in against]
        return bool(moving) and (self._move(moving, exact) or self._push(broken))

    def _know(self, broken: Iterable[tuple[Count, int | None]]) -> None:
        """A penalty, at no price yet, for each of these windows that has none and can be paid for."""
        for count, _ in broken:
            if id(count) not in self.all and (fresh := self._fresh(count)) is not None:
                self.all[id(count)] = fresh

    def _push(self, broken: Broken) -> bool:
        """Each by itself is where it is best, and yet together they are not: what is forbidden pays a step more."""
        moved = False
        for count, charge in broken:
            one = self.all.get(id(count))
            if charge is None and one is not None:
                before = one.price
                over = one.most is not None and self._total(one, self.kern.seen.last) > one.most
                one.push(1 if over else -1)
                moved |= one.price != before
        return moved

    def nudge(self, broken: Broken, times: int) -> bool:
        """Beside the best prices, where lines just keep what they just break at these; what lines have too much of at
        no price pays a little, too. False: nothing is paid for."""
        self._know(broken)
        against = {id(count) for count, _ in broken}
        for key, one in self.all.items():
            if one.price or (key in against and one.least is None):
                self.settled.setdefault(key, one.price)
                further = max(1, times * one.dearest // NUDGE) * (1 if (one.price >= 0) == (key in against) else -1)
                one.price = max(-one.dearest, min(one.price + further, one.dearest))
        return bool(self.settled)

    def settle(self) -> None:
        """Back to the best prices."""
        for key, price in self.settled.items():
            if key in self.all:
                self.all[key].price = price
        self.settled = {}

    def _move(self, moving: Sequence[Penalty], exact: Ints) -> bool:
        """Each in turn to the price that is best for the lines known. False where there is nothing to gain."""
        lines, worth = self.kern.seen.at(exact)
        sums = [self._totals(one, lines) for one in moving]
        paid = [self._paying(one, totals) - one.price * one.limit for one, totals in zip(moving, sums, strict=True)]
        together = worth + np.sum(paid, axis=0)
        moved, little = False, LITTLE * self.kern.network.scale
        for one, totals, own in zip(moving, sums, paid, strict=True):
            others = together - own
            best, gain = kernel.best_price(others, *self._beyond(one, totals), float(one.price))
            if gain > little and round(best) != one.price:
                one.move(round(best))
                moved = True
                together = others + self._paying(one, totals) - one.price * one.limit
        return moved

    def _beyond(self, one: Penalty, totals: Longs) -> tuple[Longs, Longs, float, float]:
        """How far lines are above the most and below the least, and from where to where prices go."""
        begun = one is self._of_begun()
        over = totals - (one.most or 0)
        under = totals - (one.least or 0)
        if begun:
            over, under = over + self._rest(one, totals, True), under - self._rest(one, totals, False)
        lowest = 0 if one.least is None else -one.dearest
        return over, under, float(lowest), float(0 if one.most is None else one.dearest)

    def spare(self, limited: Sequence[Count]) -> None:
        """Let these windows pay dearly, more so where they are named more often."""
        for count in limited:
            if (fresh := self._fresh(count)) is not None:
                fresh.price = max(1, int(fresh.dearest) * limited.count(count) // len(limited))
                self.all[id(count)] = fresh

    def steered(self, line: Ints, broken: Broken, space: Workspace, slack: int) -> Iterator[tuple[int, Ints]]:
        """Lines nearly as cheap that are nearer to the limit of the window from which this one is farthest."""
        against = {id(count) for count, _ in broken}
        ways = [
            ((one.dearest if key in against else abs(one.price)) * abs(one.target(total) - total), number, one, total)
            for number, (key, one) in enumerate(self.all.items())
            if one.weights is not None and (one.price or key in against)
            for total in [self._total(one, line)]
        ]
        if not ways:
            return
        _, _, one, total = max(ways, key=lambda way: way[:2])
        assert one.weights is not None
        if one.usual is None:
            one.usual = self.kern.usual(one.weights)
        target, weights, seen = one.target(total), one.weights.astype(np.int32), {line.tobytes()}
        for halved in reversed(range(TRIES)):
            dearer, other = self.kern.steered(space, weights, one.usual, target, slack >> halved)
            if other.tobytes() not in seen:
                seen.add(other.tobytes())
                yield dearer, other

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
