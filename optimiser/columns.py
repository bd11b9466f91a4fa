"""Column generation: a linear program over the lines found sets the prices; the kernel answers with better lines.

The program: for each person the shares of lines add up to one; each row's count is what lines add, and every step away
from the count that costs least is paid. Its answers are only advice: the bound comes from the kernel alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from optimiser.kernel import INFINITE
from optimiser.pricing import Column, Pricer
from optimiser.rowtable import Longs, RowTable

Floats = NDArray[np.float64]
SMOOTH = 0.6
"""How much of the best prices so far stays in those that the kernel is asked at."""
NEARLY = 0.1
"""The gap of program and bound, as a share of its value, from which prices are nearly right."""
EXACT, FAR = 0.1, 1e6
"""Answers need to be exact to this part of the gap; a gap beyond this is as good as none known."""
TINY = 1e-6
GLOP = "use_preprocessing: false change_status_to_imprecise: false"
"""Preprocessing costs a third more time than it saves here. An answer a little less precise than asked for is as good:
prices are advice."""


@dataclass
class Pool:
    """All columns found, each once; by person."""

    people: int
    columns: list[Column] = field(default_factory=list)
    seen: dict[tuple[int, bytes], int] = field(default_factory=dict)
    of: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.of = [[] for _ in range(self.people)]

    def add(self, column: Column) -> int | None:
        """Its number, or None where it was there already."""
        if column.key in self.seen:
            return None
        number = self.seen[column.key] = len(self.columns)
        self.columns.append(column)
        self.of[column.person].append(number)
        return number

    def switch(self, master: "Master", people: Iterable[int], masks: dict[int, NDArray[np.bool_]]) -> None:
        """Allow the program only those columns of these people that keep to their masks."""
        for person in people:
            mask = masks.get(person)
            numbers = [number for number in self.of[person] if number in master.chosen]
            if mask is None:
                fits = np.ones(len(numbers), dtype=bool)
            else:
                lines = np.array([self.columns[number].line for number in numbers]).reshape(len(numbers), -1)
                fits = mask[np.arange(len(mask)), lines].all(axis=1)
            for number, fit in zip(numbers, fits.tolist(), strict=True):
                master.allow(number, fit)

    def likely(self, person: int, earned: Longs, scale: int, most: int) -> list[int]:
        """So many columns of a person at most, the cheapest when cells earn ``earned`` (kernel units)."""
        numbers = self.of[person]
        if len(numbers) <= most:
            return numbers
        lines = np.array([self.columns[number].line for number in numbers])
        costs = np.array([self.columns[number].cost for number in numbers], dtype=np.int64) * scale
        costs -= earned[np.arange(lines.shape[1]), lines].sum(axis=1)
        return [numbers[place] for place in np.argsort(costs, kind="stable")[:most].tolist()]


@dataclass(frozen=True)
class Prices:
    """What the program says: prices of rows and people, its value, the share of each column of the pool."""

    rows: Floats
    people: dict[int, float]
    value: float
    shares: dict[int, float]

    def reduced(self, column: Column) -> float:
        earned = sum(self.rows[row] * factor for row, factor in column.adds.items())
        return float(column.cost - earned - self.people[column.person])


class Master:
    """The program over some people while the others' counts stand still (``fixed``)."""

    def __init__(self, table: RowTable, pool: Pool, people: Sequence[int], fixed: Longs, missing: float) -> None:
        self.table, self.pool, self.people, self.fixed, self.missing = table, pool, list(people), fixed, missing
        self.effort = 0
        self.off: set[int] = set()
        self.tightened = False
        self.chosen: dict[int, Any] = {}
        self._build()

    def _build(self) -> None:
        """The program from its beginnings: rows, people, then the columns that it had."""
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SetSolverSpecificParametersAsString(GLOP)
        self.infinity = self.solver.infinity()
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.rows = [self._row(number, int(self.fixed[number])) for number in range(self.table.size)]
        self.whole: dict[int, Any] = {}
        for person in self.people:
            self.whole[person] = self.solver.RowConstraint(1, 1, "")
            self._entry(self.whole[person], self.missing, 1)
        columns, off = list(self.chosen), self.off
        self.chosen, self.off = {}, set()
        for number in columns:
            self.add(number)
            self.allow(number, number not in off)

    def _entry(self, row: Any, cost: float, factor: float, most: float | None = None) -> None:
        variable = self.solver.NumVar(0, self.infinity if most is None else most, "")
        row.SetCoefficient(variable, factor)
        self.objective.SetCoefficient(variable, cost)

    def _row(self, number: int, fixed: int) -> Any:
        """Count = the cheapest corner, minus the steps below it, plus the steps above it."""
        corners = sorted(set(self.table.corner[number].tolist()))
        costs = [self.table.rows[number].cost(corner) for corner in corners]
        middle = costs.index(min(costs))
        right = corners[middle] - fixed
        row = self.solver.RowConstraint(right, right, "")
        for k in range(len(corners) - 1):
            width = corners[k + 1] - corners[k]
            slope = (costs[k + 1] - costs[k]) / width
            self._entry(row, abs(slope), 1 if k < middle else -1, width)
        return row

    def add(self, number: int) -> None:
        """Bring in a column of the pool."""
        column = self.pool.columns[number]
        variable = self.chosen[number] = self.solver.NumVar(0, self.infinity, "")
        self.whole[column.person].SetCoefficient(variable, 1)
        self.objective.SetCoefficient(variable, column.cost)
        for row, factor in column.adds.items():
            self.rows[row].SetCoefficient(variable, factor)

    def allow(self, number: int, allowed: bool) -> None:
        if allowed == (number in self.off):
            self.chosen[number].SetUb(self.infinity if allowed else 0.0)
            self.off ^= {number}
            self.tightened |= not allowed

    def solve(self) -> Prices:
        self.solver.SetSolverSpecificParametersAsString(GLOP + (" use_dual_simplex: true" if self.tightened else ""))
        self.tightened = False
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            self._build()  # warm starts can go wrong numerically; from the beginning it goes well
            if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
                raise ArithmeticError("the linear program cannot be solved")
        self.effort += self.solver.iterations()
        shares = {
            number: value
            for number, variable in self.chosen.items()
            if number not in self.off and (value := variable.solution_value()) > TINY
        }
        rows = np.array([row.dual_value() for row in self.rows])
        people = {person: row.dual_value() for person, row in self.whole.items()}
        return Prices(rows, people, self.objective.Value(), shares)


class Generation:
    """The loop of program and kernel over some people. ``bound`` is proved; ``centre``: the prices that proved it."""

    def __init__(
        self, pricer: Pricer, pool: Pool, master: Master, fixed: Longs, masks: Any = None, centre: Longs | None = None,
        smooth: float = SMOOTH,
    ) -> None:  # fmt: skip
        self.pricer, self.pool, self.master, self.fixed, self.masks = pricer, pool, master, fixed, masks
        self.bound = -(1 << 62)
        self.centre, self.smooth = centre, smooth
        self.impossible = False
        self.prices: Prices | None = None

    def round(self) -> bool:
        """One program, then the kernel until it finds something new. False: there is nothing left to find."""
        prices = self.prices = self.master.solve()
        exact = self.pricer.units(prices.rows)
        asked = exact if self.centre is None else self._between(exact, self.smooth)
        while True:
            priced = self.pricer.price(asked, self.master.people, self.masks, self._near_enough())
            self._learn(asked, priced)
            new = self._take((one.column for one in priced if one.column), prices)
            if new or (asked == exact).all():
                return bool(new)
            asked = exact

    def _near_enough(self) -> int:
        """How exact answers need to be: to a part of what is open between program and bound, shared by all."""
        return int(EXACT * self.pricer.scale * min(self.gap, FAR) / len(self.master.people))

    def _between(self, exact: Longs, share: float) -> Longs:
        assert self.centre is not None
        return np.rint(share * self.centre + (1 - share) * exact).astype(np.int64)

    def _learn(self, asked: Longs, priced: Sequence[Any]) -> None:
        self.impossible = any(one.value >= INFINITE for one in priced)
        value = sum(one.value for one in priced) + self._rows_share(asked)
        if value > self.bound:
            self.bound, self.centre = value, asked

    def _rows_share(self, asked: Longs) -> int:
        """The rows' share of the bound, where the people who stand still have added their part."""
        table = self.pricer.table
        still = int((asked * (self.fixed - table.constant)).sum())
        return table.least_cost(asked, self.pricer.scale) - still

    def _take(self, columns: Iterable[Column], prices: Prices) -> int:
        """Bring in what the program would use."""
        new = 0
        for column in columns:
            if prices.reduced(column) < -TINY:
                number = self.pool.add(column)
                number = self.pool.seen[column.key] if number is None else number
                if number not in self.master.chosen:
                    self.master.add(number)
                    new += 1
        return new

    @property
    def settled(self) -> bool:
        """Whether more rounds could not raise the bound by one: whole costs lie on whole bounds."""
        if self.prices is None:
            return False
        least = self.bound / self.pricer.scale
        return (self.prices.value <= math.ceil(least - TINY) + TINY and self.gap < 0.05) or self.gap < 1e-3

    @property
    def nearly(self) -> bool:
        """Whether prices are about right, so that it pays to ask the kernel more exactly."""
        return self.prices is not None and self.gap < NEARLY * abs(self.prices.value)

    @property
    def gap(self) -> float:
        """How far the program is above the bound, in cost."""
        return float("inf") if self.prices is None else self.prices.value - self.bound / self.pricer.scale
