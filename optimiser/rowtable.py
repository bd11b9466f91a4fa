"""All rows (demand and mixes) as arrays: what a roster's gaps cost, and what prices on rows do to each cell."""

from collections.abc import Hashable, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from optimiser.problem import OFF, Problem
from optimiser.shapes import Row

Longs = NDArray[np.int64]


class RowTable:
    """``counts`` holds how many people stand in each row; its price is convex, with whole corners.

    People with the same coefficients in all rows are one *kind*: prices on cells are worked out once for each kind.
    ``row_at`` and ``cell_at`` name each cell (day and symbol) of each row, in the order of the cells.
    """

    def __init__(self, problem: Problem, rows: Sequence[Row]) -> None:
        self.problem, self.rows = problem, list(rows)
        self.size = len(rows)
        symbols = {shift.id: number for number, shift in enumerate((OFF, *problem.shifts))}
        self.symbols, self.days = len(symbols), problem.calendar.days
        pairs = sorted(
            (day * self.symbols + symbols[shift], number)
            for number, row in enumerate(rows)
            for day, shift in set(row.cells)
        )
        self.cell_at, self.row_at = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        factors = np.array(
            [[row.people.get(person.id, 0) for row in rows] for person in problem.people], dtype=np.int64
        ).reshape(len(problem.people), self.size)
        self.kinds, self.kind_of = np.unique(factors, axis=0, return_inverse=True)
        self.kind_of = self.kind_of.reshape(-1)
        self.constant = np.array([row.constant for row in rows], dtype=np.int64)
        self._corners()
        self._touching()

    def _corners(self) -> None:
        """For each row the corners of its price, with the fewest and the most people possible as the outermost."""
        lowest, highest = zip(*(self._extremes(row) for row in self.rows), strict=True) if self.rows else ((), ())
        least = self.constant + np.array(lowest, dtype=np.int64)
        most = self.constant + np.array(highest, dtype=np.int64)
        self.least, self.most = least, most
        corners = [
            sorted({int(low), int(high)} | {p for p, _ in (*row.under, *row.over) if low < p < high})
            for row, low, high in zip(self.rows, least, most, strict=True)
        ]
        width = max((len(one) for one in corners), default=1)
        self.corner = np.array([one + [one[-1]] * (width - len(one)) for one in corners], dtype=np.int64).reshape(
            self.size, width
        )
        self.corner_cost = np.array(
            [[row.cost(int(p)) for p in line] for row, line in zip(self.rows, self.corner, strict=True)], dtype=np.int64
        ).reshape(self.size, width)

        width = int((most - least).max(initial=0)) + 1
        alike: dict[Hashable, list[int]] = {}
        for row, low in zip(self.rows, least.tolist(), strict=True):
            key = row.under, row.over, low
            if key not in alike:
                alike[key] = [row.cost(low + k) for k in range(width)]
        self.price_of = np.array(
            [alike[row.under, row.over, low] for row, low in zip(self.rows, least.tolist(), strict=True)],
            dtype=np.int64,
        ).reshape(self.size, width)

    def _extremes(self, row: Row) -> tuple[int, int]:
        """The fewest and the most that the people of the row can make of it: each works one shift a day."""
        days = len({day for day, _ in row.cells})
        factors = row.people.values()
        return days * sum(min(0, f) for f in factors), days * sum(max(0, f) for f in factors)

    def _touching(self) -> None:
        """For each kind and cell its rows with their coefficients."""
        self.touch: list[list[list[tuple[int, int]]]] = []
        cells, rows = self.cell_at.tolist(), self.row_at.tolist()
        for kind in self.kinds:
            columns: list[list[tuple[int, int]]] = [[] for _ in range(self.days * self.symbols)]
            for cell, row, factor in zip(cells, rows, kind[self.row_at].tolist(), strict=True):
                if factor:
                    columns[cell].append((row, factor))
            self.touch.append(columns)

    def only(self, rows: NDArray[np.intp]) -> "RowTable":
        """The same people and days with some of the rows."""
        other = copy(self)
        other.rows, other.size = [self.rows[row] for row in rows], len(rows)
        number = np.full(self.size, -1, dtype=np.intp)
        number[rows] = np.arange(len(rows))
        kept = number[self.row_at] >= 0
        other.cell_at, other.row_at = self.cell_at[kept], number[self.row_at[kept]]
        other.kinds, other.constant = self.kinds[:, rows], self.constant[rows]
        other.least, other.most, other.price_of = self.least[rows], self.most[rows], self.price_of[rows]
        other.corner, other.corner_cost = self.corner[rows], self.corner_cost[rows]
        other._touching()
        return other

    def incidence(self, person: int, line: NDArray[np.int32]) -> dict[int, int]:
        """Row to how much this line adds to it."""
        found: dict[int, int] = {}
        columns = self.touch[self.kind_of[person]]
        for day, symbol in enumerate(line.tolist()):
            for row, factor in columns[day * self.symbols + symbol]:
                found[row] = found.get(row, 0) + factor
        return found

    def counts(self, lines: Sequence[NDArray[np.int32]]) -> Longs:
        counts = self.constant.copy()
        for person, line in enumerate(lines):
            for row, factor in self.incidence(person, line).items():
                counts[row] += factor
        return counts

    def costs(self, counts: Longs) -> Longs:
        """What each row costs at these counts."""
        found: Longs = self.price_of[np.arange(self.size), counts - self.least]
        return found

    def marginal(self, kind: int, counts: Longs) -> Longs:
        """What one more person of a kind saves on each cell, at counts without that person: by (day, symbol)."""
        factors = self.kinds[kind]
        saved = self.costs(counts) - self.costs(np.clip(counts + factors, self.least, self.most))
        return self._onto_cells(saved)

    def cell_prices(self, prices: Longs) -> Longs:
        """What working a cell earns each kind at these prices of rows: kind x (day, symbol)."""
        return np.array([self._onto_cells(kind * prices) for kind in self.kinds])

    def _onto_cells(self, prices: Longs) -> Longs:
        """What the rows of each cell pay together, by (day, symbol)."""
        # summed up as floating point numbers, in which whole numbers of this size are exact
        paid = np.bincount(self.cell_at, weights=prices[self.row_at], minlength=self.days * self.symbols)
        return paid.astype(np.int64)

    def least_cost(self, prices: Longs, scale: int) -> int:
        """The rows' share of the Lagrangian bound: each takes the count that suits it best. Exact, in kernel units."""
        values = self.corner_cost * scale + prices[:, None] * (self.corner - self.constant[:, None])
        return int(values.min(axis=1).sum()) if self.size else 0

    @property
    def dearest_day(self) -> int:
        """The most that sensible prices of rows can add to one day."""
        steepest = np.array(
            [max(sum(p for _, p in row.under), sum(p for _, p in row.over)) for row in self.rows], dtype=np.int64
        ).reshape(self.size)
        if not self.size:
            return 0
        return int(max(self._onto_cells(abs(kind) * steepest).max() for kind in self.kinds))
