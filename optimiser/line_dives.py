"""A dive by lines: let the line on which the program is most sure stand, price again, until a whole roster stands.

Slower than a dive by cells (``dives``), and better where people are hard to fit together: whoever is left stays wholly
free to answer. A line that makes the program much dearer is taken back and others are tried; the cheapest of them
stands. The same dive serves everybody and, while the others stand still, a group.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from optimiser.columns import TINY, Generation, Master, Prices
from optimiser.pricing import Column, Pricer, whole
from optimiser.rowtable import Longs

ROUNDS = 20
"""Rounds of pricing after each step; the first program has twice as many."""
GOOD, DEAR, LEAST_DEAR = (0.02, 0.0003), (0.1, 0.01), 1.0
"""A step needs no more lines where it costs no more than these parts of what is left below the limit, and of the
program's value (``GOOD``). One that costs more than ``DEAR``, and at least ``LEAST_DEAR``, makes others be tried."""
TRIES = 3
"""How many lines are tried at one step."""
STEPS = 30
"""About so many steps a dive has: of many people several lines stand at a time, as long as that does no harm."""
WHOLE = 1 - 1e-5

Masks = dict[int, NDArray[np.bool_]]


class LineDive:
    """``limit``: the cost of the roster to undercut; ``masks``: the people whose line stands, to what may stand there.

    ``hopeless`` says in the end that already the first program saw nothing to gain; ``used`` are the columns of the
    pool that the program used on the way.
    """

    def __init__(
        self, pricer: Pricer, master: Master, limit: int, centre: Longs | None, stop: Callable[[], bool]
    ) -> None:
        self.pricer, self.master, self.pool, self.limit, self.stop = pricer, master, master.pool, limit, stop
        self.centre = centre
        self.masks: Masks = {}
        self.applied: Masks = {}
        self.tried: set[int] = set()
        self.many = self.most = max(1, len(master.people) // STEPS)
        self.used: set[int] = set()
        self.hopeless = False

    def run(self) -> list[Column] | None:
        """A column for each person of the program that together cost less than the limit, or None."""
        prices = self._price(self.masks, -np.inf, 2 * ROUNDS)
        self.hopeless = not self._promises(prices)
        while prices is not None and self._promises(prices) and not self.stop():
            self.used.update(prices.shares)
            sure = [number for number, share in prices.shares.items() if share > WHOLE]
            if len(sure) == len(self.master.people):
                return [self.pool.columns[number] for number in sure]
            prices = self._step(prices)
        return None

    def _promises(self, prices: Prices | None) -> bool:
        """Whether a roster that costs one less than the limit may still come of it."""
        return prices is not None and prices.value <= self.limit - 1 + TINY

    def _price(self, masks: Masks, enough: float, rounds: int) -> Prices | None:
        """What the program says; where that is not good enough, when better lines are found. None where nothing below
        the limit is left."""
        generation = Generation(self.pricer, self.pool, self.master, self.master.fixed, masks, self.centre)
        prices = self.master.solve()
        for _ in range(rounds):
            if prices.value <= enough or self.stop():
                break
            more = generation.round()
            if generation.impossible or whole(generation.bound, self.pricer.scale) >= self.limit:
                return None
            prices = self.master.solve()
            if not more or generation.settled:
                break
        if not masks:
            self.centre = generation.centre
        return prices

    def _step(self, prices: Prices) -> Prices | None:
        """Let lines stand: what the program says then, or None where every try led nowhere."""
        dear = prices.value + max(LEAST_DEAR, self._part(DEAR, prices))
        enough = prices.value + self._part(GOOD, prices)
        best: tuple[Prices, Masks] | None = None
        for columns in self._choices(prices):
            masks = self.masks | {column.person: self._only(column) for column in columns}
            self._allow(masks)
            found = self._price(masks, enough, ROUNDS)
            if found is not None and found.value <= dear:
                self.masks = masks
                self.many = min(self.most, 2 * self.many)
                return found
            if found is not None and (best is None or found.value < best[0].value):
                best = found, masks
            self.many = 1
            if self.stop():
                break
        if best is None:
            return None
        self._allow(best[1])
        self.masks = best[1]
        return self.master.solve()

    def _part(self, parts: tuple[float, float], prices: Prices) -> float:
        return min(parts[0] * (self.limit - prices.value), parts[1] * abs(prices.value))

    def _choices(self, prices: Prices) -> Iterator[list[Column]]:
        """The lines that the program has chosen whole and some on which it is most sure, others each time."""
        open_lines = [
            (-share, number)
            for number, share in prices.shares.items()
            if self.pool.columns[number].person not in self.masks
        ]
        chosen = [self.pool.columns[number] for share, number in open_lines if -share > WHOLE]
        parts = [number for share, number in sorted(open_lines) if -share <= WHOLE and number not in self.tried]
        for turn in range(TRIES):
            parts = [number for number in parts if number not in self.tried]
            some = {self.pool.columns[number].person: number for number in reversed(parts[: self.many])}
            if not some and (turn or not chosen):
                return
            yield [*chosen, *(self.pool.columns[number] for number in some.values())]
            if len(some) == 1:
                self.tried.update(some.values())

    def _only(self, column: Column) -> NDArray[np.bool_]:
        """The mask under which nothing but this line is left."""
        mask = np.zeros_like(self.pricer.network.kernels[column.person].allowed)
        mask[np.arange(len(column.line)), column.line] = True
        return mask

    def _allow(self, masks: Masks) -> None:
        """Allow the program what these masks leave."""
        people = [one for one in self.master.people if self.applied.get(one) is not masks.get(one)]
        self.pool.switch(self.master, people, masks)
        self.applied = masks

    def undo(self) -> None:
        """Allow every column again."""
        self._allow({})
