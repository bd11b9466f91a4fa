"""A long horizon is solved span by span: some weeks are written anew for everybody while the other weeks stand still.

Kernel and linear program see whole lines, of which only the days of the span may change: so hours of a year, weekends
and whatever else reaches over the span are kept exactly. Spans overlap, so that work can move along the horizon. The
prices that the spans leave on their rows, asked of all kernels at once over the whole horizon, prove a bound; where
time is left they are bettered by small steps against what the lines found have too many or too few of.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.columns import Generation, Master, Pool
from optimiser.dives import Dive, Masks
from optimiser.kernel import INFINITE
from optimiser.pricing import Column, Pricer
from optimiser.roster import Roster
from optimiser.rowtable import Longs, RowTable

LONG = 13 * 7
"""Horizons of more days are solved span by span."""
ROWS = 300
GROW = 1.5
"""So many rows a span has at most to begin with, but always a week; so much longer it gets when nothing was found."""
WEEK = 7
ROUNDS = 80
CLOSE = 0.002
"""Rounds of pricing of one span at most; the share of its value at which its program is close enough to its bound."""


@dataclass(frozen=True)
class Span:
    days: range
    rows: NDArray[np.intp]


def spans(table: RowTable, most: float) -> list[Span]:
    """The spans of a horizon with at most so many rows, each beginning in the middle of the one before."""
    length = min(table.days, max(WEEK, int(most * table.days / max(1, table.size))))
    starts = [*range(0, table.days - length, max(1, length // 2)), table.days - length]
    return [Span(days, _touched(table, days)) for start in starts for days in [range(start, start + length)]]


def _touched(table: RowTable, days: range) -> NDArray[np.intp]:
    """The rows that these days can change."""
    on = table.cell_at // table.symbols
    return np.unique(table.row_at[(on >= days.start) & (on < days.stop)])


@dataclass(frozen=True)
class Written:
    """``columns`` of everybody, None where it was not better; ``prices`` of the span's rows, in kernel units."""

    columns: list[Column] | None
    prices: Longs | None
    effort: int


def rewrite(pricer: Pricer, roster: Roster, span: Span, stop: Callable[[], bool]) -> Written:
    """The days of the span anew: the linear program with its prices, then a dive."""
    table = roster.table.only(span.rows)
    with pricer.over(table):
        standing = [pricer.column(one.person, one.line, one.cost) for one in roster.columns]
        before = Roster(table, standing).cost
        pool, people = Pool(len(standing)), range(len(standing))
        master = Master(table, pool, people, table.constant, float(before + 1))
        for column in standing:
            if (number := pool.add(column)) is not None:
                master.add(number)
        masks = _frozen(pricer, roster, span.days)
        generation = Generation(pricer, pool, master, table.constant, masks)
        for _ in range(ROUNDS):
            if stop() or not generation.round() or generation.settled:
                break
            if generation.prices and generation.gap < CLOSE * abs(generation.prices.value):
                break
        columns = None
        if generation.bound < (before - 1) * pricer.scale and not stop():
            dive = Dive(pricer, pool, master, table.constant, generation.centre, masks, span.days)
            columns = dive.run(stop, master.solve())
        if columns is not None and Roster(table, columns).cost >= before:
            columns = None
    if columns is not None:
        columns.sort(key=lambda column: column.person)
        columns = [pricer.column(one.person, one.line, one.cost) for one in columns]
    return Written(columns, generation.centre, master.effort)


def _frozen(pricer: Pricer, roster: Roster, days: range) -> Masks:
    """Everything but these days stands."""
    masks: Masks = {}
    for column in roster.columns:
        mask = np.zeros_like(pricer.network.kernels[column.person].allowed)
        mask[np.arange(len(mask)), column.line] = True
        mask[days.start : days.stop] = pricer.network.kernels[column.person].allowed[days.start : days.stop]
        masks[column.person] = mask
    return masks


class Ascent:
    """A bound over the whole horizon from the prices of all rows. ``prices`` are the best so far."""

    def __init__(self, pricer: Pricer, stop: Callable[[], bool]) -> None:
        self.pricer, self.table, self.stop = pricer, pricer.table, stop
        self.prices: Longs = np.zeros(self.table.size, dtype=np.int64)
        self.bound = NOT_ASKED
        self.share = FIRST
        under = [sum(price for _, price in row.under) for row in self.table.rows]
        over = [sum(price for _, price in row.over) for row in self.table.rows]
        self.highest = np.array(under, dtype=np.int64) * pricer.scale
        self.lowest = -np.array(over, dtype=np.int64) * pricer.scale
        self.slope: NDArray[np.float64] = np.zeros(self.table.size)

    def ask(self, prices: Longs) -> bool:
        """The bound at these prices. False where there was no time to hear everybody."""
        priced = []
        everybody = range(len(self.pricer.network.kernels))
        for people in _parts(everybody, CHUNK):
            if self.stop():
                return False
            priced += self.pricer.price(prices, people)
        if any(one.value >= INFINITE for one in priced):
            return False
        bound = self.pricer.bound(prices, priced)
        better = bound > self.bound
        self.share = min(FIRST, self.share * 1.2) if better else self.share / 2
        if better:
            self.bound, self.prices = bound, prices
            self.slope = self._slope(prices, [one.column for one in priced if one.column])
        return True

    def _slope(self, prices: Longs, columns: Sequence[Column]) -> NDArray[np.float64]:
        """Where a row takes more than the lines found give it, its price should rise."""
        table = self.table
        values = table.corner_cost * self.pricer.scale + prices[:, None] * (table.corner - table.constant[:, None])
        wanted = table.corner[np.arange(table.size), values.argmin(axis=1)]
        given = table.constant.copy()
        for column in columns:
            for row, factor in column.adds.items():
                given[row] += factor
        slope: NDArray[np.float64] = (wanted - given).astype(np.float64)
        return slope

    def again(self) -> None:
        """Other prices than one's own steps are asked: begin with large steps."""
        self.share = FIRST

    def step(self, best: int) -> bool:
        """Ask a little further along the slope, so far as would close a share of the gap to the best roster."""
        steep = float((self.slope**2).sum())
        gap = best * self.pricer.scale - self.bound
        if not steep or gap <= 0 or self.share < LEAST:
            return False
        further = self.prices + np.rint(self.share * gap / steep * self.slope).astype(np.int64)
        return self.ask(np.clip(further, self.lowest, self.highest))


def filled(table: RowTable, prices: Longs, known: NDArray[np.bool_]) -> Longs:
    """Rows without a price get the average of the others that ask for the same shifts at the same cost."""
    alike: dict[object, list[int]] = defaultdict(list)
    for number, row in enumerate(table.rows):
        steps = [price for _, price in (*row.under, *row.over)]
        alike[frozenset(shift for _, shift in row.cells), tuple(steps)].append(number)
    full = prices.copy()
    for rows in alike.values():
        of = np.array(rows)
        if known[of].any():
            full[of[~known[of]]] = int(prices[of[known[of]]].mean())
    return full


NOT_ASKED = -(1 << 62)
CHUNK = 8
"""So many people are priced before the clock is looked at."""
FIRST, LEAST = 0.3, 0.01
"""The share of the gap that a step of the ascent tries to close to begin with; smaller ones lead nowhere."""


def _parts(people: range, size: int) -> Iterator[range]:
    for first in range(0, len(people), size):
        yield people[first : first + size]
