"""A dive: fix the cells on which the linear program is nearly sure, price again, until a whole roster stands."""

import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from optimiser.columns import Generation, Master, Pool, Prices
from optimiser.pricing import Column, Pricer
from optimiser.rowtable import Longs

SURE = 0.95
NEXT, LEAST = 0.04, 0.005
"""The share of all cells that a step fixes beside the sure ones: at most, and from where it is not made smaller."""
ROUNDS = 10
TOO_LITTLE = 0.01
"""What more rounds at one step could still gain, when they end."""

HARMLESS = 0.0003
"""A step may make the program so much worse, as a share of its value, before lines are written."""
BLUR = 0.3
"""The largest part that chance takes off."""
DEAR = 0.01
"""A step that costs more, as a share of the program's value, is taken back."""

Masks = dict[int, NDArray[np.bool_]]


class Dive:
    """``masks``: person to what may still stand, day x symbol; people with nothing fixed are not in it.

    ``begin``: masks to begin with, where only ``days`` are to be decided. ``chance`` blurs how sure the program seems,
    so that another roster comes of it.
    """

    def __init__(
        self, pricer: Pricer, pool: Pool, master: Master, fixed: Longs, centre: Longs | None,
        begin: Masks | None = None, days: range | None = None, chance: random.Random | None = None,
    ) -> None:  # fmt: skip
        self.pricer, self.pool, self.master, self.fixed, self.centre = pricer, pool, master, fixed, centre
        self.begin, self.days, self.chance = begin or {}, days or range(pricer.table.days), chance
        self.masks: Masks = {person: mask.copy() for person, mask in self.begin.items()}
        self.done: set[tuple[int, int]] = set()
        self.shares: dict[int, float] = {}

    def run(self, stop: Callable[[], bool], prices: Prices) -> list[Column] | None:
        """A column for each person of the master, or None where the stop came first.

        A step that makes the program much worse is taken back and tried with fewer cells.
        """
        share = NEXT
        while not stop():
            self.shares = prices.shares
            chosen = self._whole(prices)
            if chosen is not None:
                return chosen
            masks, done = {person: mask.copy() for person, mask in self.masks.items()}, set(self.done)
            self._fix(prices, share)
            after = self._priced(prices.value, stop)
            if after.value > prices.value + DEAR * abs(prices.value) and share > LEAST:
                share /= 4
                self._back_to(masks, done)
                prices = self.master.solve()
            else:
                share = min(NEXT, share * 2)
                prices = after
        return None

    def _priced(self, before: float, stop: Callable[[], bool]) -> Prices:
        """The program after a step. Lines are only written where what was fixed made it worse."""
        goal = before + max(TOO_LITTLE, HARMLESS * abs(before))
        generation = Generation(self.pricer, self.pool, self.master, self.fixed, self.masks, None, smooth=0)
        prices = self.master.solve()
        for _ in range(ROUNDS):
            if prices.value <= goal or stop() or not generation.round() or generation.gap < TOO_LITTLE:
                break
            prices = self.master.solve()
        return prices

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
            for day, symbol in zip(self.days, column.line[self.days.start : self.days.stop].tolist(), strict=True):
                if (column.person, day) not in self.done:
                    key = (column.person, day, symbol)
                    values[key] = values.get(key, 0.0) + share
        return values

    def _fix(self, prices: Prices, share: float) -> None:
        values = sorted(self._blurred(self._cells(prices)).items(), key=lambda item: (-item[1], item[0]))
        if not values:  # every cell stands and yet no line: somebody has none; start with them afresh
            self._free(prices)
            return
        cells = len(self.master.people) * len(self.days)
        sure = sum(value >= SURE for _, value in values)
        more = max(1, int(share * cells))
        touched: set[int] = set()
        for (person, day, symbol), value in values[: sure + more]:
            if (person, day) in self.done or (value < 0.5 and touched):
                continue
            self._stand(person, day, symbol)
            touched.add(person)
        self._apply(touched)

    def _blurred(self, values: dict[tuple[int, int, int], float]) -> dict[tuple[int, int, int], float]:
        """What is not sure less a part by chance."""
        chance = self.chance
        if chance is None:
            return values
        return {
            cell: value if value >= SURE else value * (1 - BLUR * chance.random()) for cell, value in values.items()
        }

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
            if person in self.begin:
                self.masks[person] = self.begin[person].copy()
            self.done -= {(person, day) for day in self.days}
        self._apply(set(missing))

    def _back_to(self, masks: Masks, done: set[tuple[int, int]]) -> None:
        """Let a step be as if it had not been."""
        people = set(self.masks)
        self.masks, self.done = masks, done
        self._apply(people)

    def undo(self) -> None:
        """Allow every column again."""
        people = set(self.masks)
        self.masks = {}
        self._apply(people)
