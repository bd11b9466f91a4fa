"""The patterns and cells of one line as arrays for the kernel; ``counters.py`` has the sums.

The *graph* is the product of all patterns, minimised: it is the same for everybody with the same rules. Patterns that
would make it too large are left out: the line found is then checked against them.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser import kernel
from optimiser.counters import FORBIDDEN, Ints, TooLarge
from optimiser.problem import OFF, Calendar, Person, Problem, Shift
from optimiser.shapes import Cell, LineRule, Pattern, WindowSum

MOST_NODES = 4000
"""Nodes of a graph, minimised; on the way there, with one more pattern, it may be so many times larger."""
ON_THE_WAY = 8
Start = tuple[int, tuple[Hashable, ...]]
"""Where somebody begins: the memory of yesterday and the state of each pattern."""


class Memory:
    """What the rules that look back need to know of the day before: a class of shifts, each with an example."""

    def __init__(self, calendar: Calendar, symbols: Sequence[Shift], looking: Sequence[WindowSum]) -> None:
        self.calendar, self.symbols, self.looking = calendar, tuple(symbols), tuple(looking)
        self.examples: list[Shift] = []
        self._seen: dict[tuple[int, ...], int] = {}
        self._of: dict[Shift, int] = {}
        for symbol in symbols:
            self.of(symbol)

    def of(self, before: Shift) -> int:
        if before not in self._of:
            row = tuple(
                rule.weight(self.calendar, day, before, today)
                for rule in self.looking
                for day in range(self.calendar.days)
                for today in self.symbols
            )
            number = self._seen.setdefault(row, len(self._seen))
            if number == len(self.examples):
                self.examples.append(before)
            self._of[before] = number
        return self._of[before]


class Graph:
    """The product of patterns over all symbols, minimised. ``memory`` of a node: what is known of the day before.

    Pattern after pattern is multiplied in and minimised again, so that the product stays small on the way.
    ``left_out``: patterns with which it would be too large.
    """

    def __init__(self, memory: Memory, patterns: Sequence[Pattern], starts: Iterable[Start]) -> None:
        self.symbols = memory.symbols
        given = list(dict.fromkeys(starts))
        classes = np.array([memory.of(symbol) for symbol in self.symbols])
        self.memory = np.arange(len(memory.examples))
        self.after = np.broadcast_to(classes, (len(self.memory), len(self.symbols)))
        self.cost = np.zeros(self.after.shape, dtype=np.int64)
        begun = [remembered for remembered, _ in given]
        self.patterns: tuple[Pattern, ...] = ()
        self.left_out: list[Pattern] = []
        for number, pattern in sorted(enumerate(patterns), key=lambda one: one[1].level != "block"):
            try:
                begun = self._with(pattern, list(zip(begun, (states[number] for _, states in given), strict=True)))
            except TooLarge:
                self.left_out.append(pattern)
            else:
                self.patterns = (*self.patterns, pattern)
        self.nodes = dict(zip(given, begun, strict=True))

    @property
    def size(self) -> int:
        return len(self.memory)

    def _with(self, pattern: Pattern, starts: Sequence[tuple[int, Hashable]]) -> list[int]:
        """Multiply one pattern in: the nodes at which to begin then."""
        steps = _Steps(pattern, self.symbols)
        before: Any = self.after.tolist()
        costs: Any = self.cost.tolist()
        waiting = list(dict.fromkeys(starts))
        numbers = {state: number for number, state in enumerate(waiting)}
        after: list[list[int]] = []
        cost: list[list[int]] = []
        while len(after) < len(waiting):
            node, part = waiting[len(after)]
            row, price = [], []
            for target, paid, step in zip(before[node], costs[node], steps.of(part), strict=True):
                state = None if step is None or target < 0 else (target, step[0])
                if state is not None and state not in numbers:
                    if len(waiting) >= MOST_NODES * ON_THE_WAY:
                        raise TooLarge
                    numbers[state] = len(waiting)
                    waiting.append(state)
                row.append(-1 if state is None else numbers[state])
                price.append(0 if state is None or step is None else paid + step[1])
            after.append(row)
            cost.append(price)
        refined = self._minimise(np.array(after), np.array(cost), self.memory[[node for node, _ in waiting]])
        return [int(refined[numbers[state]]) for state in starts]

    def _minimise(self, after: NDArray[Any], cost: NDArray[Any], memory: NDArray[Any]) -> NDArray[Any]:
        """Join nodes that nothing after them can tell apart: the new number of each."""
        number, size = memory, len(np.unique(memory))
        while True:
            targets = np.where(after < 0, -1, number[after])
            rows = np.concatenate([number[:, None], targets, cost], axis=1)
            _, first, refined = np.unique(rows, axis=0, return_index=True, return_inverse=True)
            number = refined.reshape(-1)
            if len(first) == size:
                break
            size = len(first)
        if size > MOST_NODES:
            raise TooLarge
        self.after = np.where(after[first] < 0, -1, number[after[first]])
        self.cost, self.memory = cost[first], memory[first]
        return number

    @cached_property
    def same_column(self) -> tuple[int, ...]:
        """For each symbol the first one that every node treats alike."""
        columns = np.concatenate([self.after, self.cost], axis=0).T
        _, first, inverse = np.unique(columns, axis=0, return_index=True, return_inverse=True)
        return tuple(int(first[one]) for one in inverse.reshape(-1))

    def usual(self, weights: NDArray[Any], allowed: NDArray[np.bool_], days: int) -> NDArray[np.float64]:
        """Of each node what so many days before it weigh, where every way there that costs nothing is as likely.
        ``weights``: of each symbol; ``allowed``: whether it may stand."""
        source, symbol = np.nonzero((self.after >= 0) & (self.cost == 0) & allowed)
        target = self.after[source, symbol]
        ways = np.maximum(1, np.bincount(target, minlength=self.size))
        found = np.zeros(self.size)
        for _ in range(days):
            found = np.bincount(target, weights=weights[symbol] + found[source], minlength=self.size) / ways
        return found


class _Steps:
    """A pattern's steps from a state: for each symbol the state after it and its price, None where forbidden."""

    def __init__(self, pattern: Pattern, symbols: Sequence[Shift]) -> None:
        self.pattern, self.symbols = pattern, symbols
        self.known: dict[Hashable, list[tuple[Hashable, int] | None]] = {}

    def of(self, state: Hashable) -> list[tuple[Hashable, int] | None]:
        if state not in self.known:
            self.known[state] = [self._step(state, symbol) for symbol in self.symbols]
        return self.known[state]

    def _step(self, state: Hashable, symbol: Shift) -> tuple[Hashable, int] | None:
        after, amount = self.pattern.step(state, symbol)
        price = self.pattern.charge(amount)
        return None if price is None else (after, price)


@dataclass(frozen=True)
class Edges:
    """The graph's edges with symbols joined into groups; nodes with the same way on are one predecessor set.

    For each set the nodes in it (``set_from[k]`` to ``set_from[k + 1]`` of ``set_node`` and ``set_cost``), for each
    edge its set, group, target node and the memory class of its predecessors.
    """

    nodes: int
    set_from: Ints
    set_node: Ints
    set_cost: Ints
    edge_set: Ints
    edge_group: Ints
    edge_to: Ints
    edge_memory: Ints


def edges_of(graph: Graph, leaders: Sequence[int]) -> Edges:
    """``leaders``: one symbol for each group."""
    sets: dict[tuple[tuple[int, int], ...], int] = {}
    found: list[tuple[int, int, int, int]] = []
    for group, symbol in enumerate(leaders):
        into: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for node in range(graph.size):
            target = int(graph.after[node, symbol])
            if target >= 0:
                key = (target, int(graph.memory[node]))
                into.setdefault(key, []).append((node, int(graph.cost[node, symbol])))
        for (target, memory), members in into.items():
            number = sets.setdefault(tuple(members), len(sets))
            found.append((number, group, target, memory))
    found.sort()
    table = np.array(found, dtype=np.int32).reshape(-1, 4)
    sizes = np.cumsum([0, *(len(members) for members in sets)])
    flat = np.array([pair for members in sets for pair in members], dtype=np.int32).reshape(-1, 2)
    columns = [np.ascontiguousarray(table[:, k]) for k in range(4)]
    return Edges(graph.size, sizes.astype(np.int32), flat[:, 0].copy(), flat[:, 1].copy(), *columns)


def cell_prices(problem: Problem, person: Person, rules: Iterable[LineRule]) -> NDArray[np.int64]:
    """What each symbol costs on each day by itself; FORBIDDEN where it may not stand."""
    symbols = (OFF, *problem.shifts)
    numbers = {shift.id: number for number, shift in enumerate(symbols)}
    cells = [rule for rule in rules if isinstance(rule, Cell)]
    table = np.full((problem.calendar.days, len(symbols)), FORBIDDEN, dtype=np.int64)
    for day in problem.days:
        for shift in problem.choices(person, day):
            prices = [rule.charge(rule.amount(person, problem.calendar, day, shift)) for rule in cells]
            if None not in prices:
                table[day, numbers[shift.id]] = sum(price for price in prices if price)
    return table


class Arrays(NamedTuple):
    """What the kernel walks, in the order in which it takes it: see ``Edges``, ``plain_sum`` and ``Machine``."""

    set_from: Ints
    set_node: Ints
    set_cost: Ints
    edge_set: Ints
    edge_group: Ints
    edge_to: Ints
    edge_kind: Ints
    step: Ints
    low: Ints
    high: Ints
    after: Ints
    extra: Ints


Walked = tuple[Ints, Ints, Ints, Ints, Arrays]
"""The filled table, what in it is alive, the prices of groups and the symbol chosen of each, the arrays used."""


class Workspace:
    """Room for the kernel's tables, one for each thread."""

    def __init__(self) -> None:
        self.table = np.zeros(0, dtype=np.int32)
        self.ends = np.zeros(3, dtype=np.int32)
        self.walked: Walked | None = None

    def room(self, size: int) -> Ints:
        if len(self.table) < size:
            self.table = np.zeros(size, dtype=np.int32)
        return self.table


@dataclass(frozen=True)
class Compiled:
    """All that the kernel needs for one person, in the order in which it takes it. Prices are those of the rules until
    ``at_scale`` makes them the kernel's units."""

    nodes: int
    states: int
    sums: int
    start: int
    arrays: Arrays
    final: Ints
    group_from: Ints
    group_symbol: Ints

    @cached_property
    def without_sum(self) -> bool:
        """Nothing is summed up plainly: there is a quicker way through."""
        return self.sums == 1 and not self.arrays.step.any()

    def at_scale(self, scale: int) -> "Compiled":
        unit, arrays = np.int32(scale), self.arrays
        arrays = arrays._replace(set_cost=arrays.set_cost * unit, extra=arrays.extra * unit)
        final = np.where(self.final >= FORBIDDEN, kernel.INFINITE, self.final.astype(np.int64) * scale)
        return replace(self, arrays=arrays, final=final.astype(np.int32))

    @property
    def sizes(self) -> tuple[int, int, int]:
        return self.nodes, self.states, self.sums

    def work(self, days: int) -> int:
        """About how many sums one pricing adds up."""
        return days * len(self.arrays.edge_set) * self.states * self.sums
