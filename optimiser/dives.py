"""A dive: fix the cells on which the linear program is nearly sure, price again, until a whole roster stands."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from optimiser.columns import Generation, Master, Pool, Prices
from optimiser.pricing import Column, Pricer
from optimiser.rowtable import Longs

SURE = 0.95
NEXT = 0.02
ROUNDS = 10
TOO_LITTLE = 0.01
"""What more rounds at one step could still gain, when they end."""

Masks = dict[int, NDArray[np.bool_]]


class Dive:
    """``masks``: person to what may still stand, day x symbol; people with nothing fixed are not in it."""

    def __init__(self, pricer: Pricer, pool: Pool, master: Master, fixed: Longs, centre: Longs | None) -> None:
        self.pricer, self.pool, self.master, self.fixed, self.centre = pricer, pool, master, fixed, centre
        self.masks: Masks = {}
        self.done: set[tuple[int, int]] = set()

    def run(self, stop: Callable[[], bool], prices: Prices) -> list[Column] | None:
        """A column for each person of the master, or None where the stop came first."""
        while not stop():
            chosen = self._whole(prices)
            if chosen is not None:
                return chosen
            self._fix(prices)
            generation = Generation(self.pricer, self.pool, self.master, self.fixed, self.masks, None)
            for _ in range(ROUNDS):
                if stop() or not generation.round() or generation.gap < TOO_LITTLE:
                    break
            prices = self.master.solve()
        return None

    def _whole(self, prices: Prices) -> list[Column] | None:
        """The roster, where every person has one line."""
        sure = [number for number, share in prices.shares.items() if share > 1 - 1e-5]
        if len(sure) < len(self.master.people):
            return None
        return [self.pool.columns[number] for number in sure]

    def _cells(self, prices: Prices) -> dict[tuple[int, int, int], float]:
        """How far each cell not yet fixed is decided."""
        values: dict[tuple[int, int, int], float] = {}
        for number, share in prices.shares.items():
            column = self.pool.columns[number]
            for day, symbol in enumerate(column.line.tolist()):
                if (column.person, day) not in self.done:
                    key = (column.person, day, symbol)
                    values[key] = values.get(key, 0.0) + share
        return values

    def _fix(self, prices: Prices) -> None:
        values = sorted(self._cells(prices).items(), key=lambda item: (-item[1], item[0]))
        if not values:  # every cell stands and yet no line: somebody has none; start with them afresh
            self._free(prices)
            return
        cells = len(self.master.people) * self.pricer.table.days
        sure = sum(value >= SURE for _, value in values)
        more = max(1, int(NEXT * cells))
        touched: set[int] = set()
        for (person, day, symbol), value in values[: sure + more]:
            if (person, day) in self.done or (value < 0.5 and touched):
                continue
            self._stand(person, day, symbol)
            touched.add(person)
        self._apply(touched)

    def _stand(self, person: int, day: int, symbol: int) -> None:
        mask = self.masks.get(person)
        if mask is None:
            mask = self.masks[person] = self.pricer.network.kernels[person].allowed.copy()
        mask[day] = False
        mask[day, symbol] = True
        self.done.add((person, day))

    def _apply(self, people: set[int]) -> None:
        """Switch off columns against the masks."""
        self.pool.switch(self.master, people, self.masks)

    def _free(self, prices: Prices) -> None:
        served = {self.pool.columns[number].person for number in prices.shares}
        missing = [person for person in self.master.people if person not in served] or self.master.people[:1]
        for person in missing:
            self.masks.pop(person, None)
            self.done -= {(person, day) for day in range(self.pricer.table.days)}
        self._apply(set(missing))

    def undo(self) -> None:
        """Allow every column again."""
        people = set(self.masks)
        self.masks = {}
        self._apply(people)
