"""The rules of one line as arrays for the kernel.

A line walks two machines at once. The *graph* is the product of all patterns, minimised: it is the same for everybody
with the same rules. The *counters* carry the sums of windows: the widest one (contracted minutes) as a plain number,
the others together as the states of a second machine that changes from day to day. Windows that would make the counters
too large are left out: the line found is then checked, and the window is taken in only when it is broken.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.problem import OFF, Calendar, Person, Problem, Shift
from optimiser.shapes import Cell, LineRule, Pattern, Window, WindowSum

Ints = NDArray[np.int32]

FORBIDDEN = 1 << 28
"""The price of what may not be, in the kernel's arithmetic."""

MOST_NODES = 4000
MOST_COUNTS = 10_000
MOST_STATES = 200


@dataclass(frozen=True)
class Count:
    """One window of one rule, reduced to the days to plan: what the past adds is already taken off the limits."""

    rule: WindowSum
    window: Window
    past: int

    @property
    def days(self) -> range:
        return range(max(0, self.window.first), self.window.last + 1)

    def charge(self, total: int) -> int:
        """What the window costs when the days to plan add up to ``total``."""
        price = self.rule.charge(self.rule.amount(self.window, total + self.past))
        return FORBIDDEN if price is None else price


def counts_of(person: Person, calendar: Calendar, rules: Iterable[LineRule]) -> list[Count]:
    """Every window that reaches a day to plan, with the sum of its past days but for what looks back from day 0."""
    found = []
    for rule in rules:
        if not isinstance(rule, WindowSum):
            continue
        for window in rule.windows(person, calendar):
            if window.last < calendar.days and (window.last >= 0 or window.following):
                past = sum(
                    rule.weight(calendar, day, worked(person, day - 1), worked(person, day))
                    for day in range(max(window.first, -len(person.history)), 0)
                )
                found.append(Count(rule, window, past))
    return found


def worked(person: Person, day: int) -> Shift:
    return person.history[day] if -day <= len(person.history) else OFF


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
    """The product of patterns over all symbols, minimised. ``memory`` of a node: what is known of the day before."""

    def __init__(self, memory: Memory, patterns: Sequence[Pattern], starts: Iterable[tuple[Hashable, ...]]) -> None:
        self.symbols = memory.symbols
        self.patterns = tuple(patterns)
        self.classes = [memory.of(symbol) for symbol in self.symbols]
        self._explore(starts)
        self._minimise()

    def _step(self, state: tuple[Any, ...], symbol: int) -> tuple[tuple[Hashable, ...], int] | None:
        shift = self.symbols[symbol]
        after: list[Hashable] = [self.classes[symbol]]
        cost = 0
        for pattern, part in zip(self.patterns, state[1:], strict=True):
            new, amount = pattern.step(part, shift)
            price = pattern.charge(amount)
            if price is None:
                return None
            cost += price
            after.append(new)
        return tuple(after), cost

    def _explore(self, starts: Iterable[tuple[Hashable, ...]]) -> None:
        """Number every state that can be reached; ``after`` and ``cost`` are tables node x symbol, -1 forbidden."""
        waiting = list(dict.fromkeys(starts))
        self.nodes = {state: number for number, state in enumerate(waiting)}
        after: list[list[int]] = []
        cost: list[list[int]] = []
        while len(after) < len(waiting):
            state = waiting[len(after)]
            row, price = [], []
            for symbol in range(len(self.symbols)):
                step = self._step(state, symbol)
                if step is not None and step[0] not in self.nodes:
                    if len(self.nodes) >= MOST_NODES:
                        raise TooLarge
                    self.nodes[step[0]] = len(waiting)
                    waiting.append(step[0])
                row.append(-1 if step is None else self.nodes[step[0]])
                price.append(0 if step is None else step[1])
            after.append(row)
            cost.append(price)
        self._after, self._cost = np.array(after), np.array(cost)
        self._memory = np.array([state[0] for state in waiting])

    def _minimise(self) -> None:
        """Join nodes that nothing after them can tell apart."""
        number = self._memory
        while True:
            targets = np.where(self._after < 0, -1, number[self._after])
            rows = np.concatenate([number[:, None], targets, self._cost], axis=1)
            _, first, refined = np.unique(rows, axis=0, return_index=True, return_inverse=True)
            refined = refined.reshape(-1)
            if len(first) == len(np.unique(number)):
                break
            number = refined
        self.after = np.where(self._after[first] < 0, -1, refined[self._after[first]])
        self.cost = self._cost[first]
        self.memory = self._memory[first]
        self.nodes = {state: int(refined[node]) for state, node in self.nodes.items()}
        self.size = len(first)

    @cached_property
    def same_column(self) -> tuple[int, ...]:
        """For each symbol the first one that every node treats alike."""
        columns = np.concatenate([self.after, self.cost], axis=0).T
        _, first, inverse = np.unique(columns, axis=0, return_index=True, return_inverse=True)
        return tuple(int(first[one]) for one in inverse.reshape(-1))


class TooLarge(Exception):
    """The rules need more states than the kernel is given."""


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


def edges_of(graph: Graph, leaders: Sequence[int], scale: int) -> Edges:
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
    return Edges(graph.size, sizes.astype(np.int32), flat[:, 0].copy(), flat[:, 1] * np.int32(scale), *columns)


@dataclass(frozen=True)
class Counters:
    """What the sums of one person need: ``step`` (minutes in units, day x group), their limits, and the second machine.

    ``after[day, kind, state]`` is the next state of the second machine (-1: forbidden), ``price`` what it costs;
    ``kind[memory, group]`` which column applies. ``final`` prices the plain number at the end.
    """

    step: Ints
    low: Ints
    high: Ints
    final: Ints
    after: Ints
    price: Ints
    kind: Ints
    states: int

    @property
    def sums(self) -> int:
        return len(self.final)


def plain_sum(count: Count | None, weights: NDArray[Any], allowed: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    """Steps in units of the common divisor, the range of sums to follow on each day, and the price at the end."""
    days, symbols = allowed.shape
    if count is None:
        zero = np.zeros(days + 1, dtype=np.int32)
        return np.zeros((days, symbols), dtype=np.int32), zero, zero.copy(), np.zeros(1, dtype=np.int32)
    base = np.where(allowed.any(axis=1), np.where(allowed, weights, 1 << 30).min(axis=1), 0)  # a booking's own minutes
    reachable = np.where(allowed, weights - base[:, None], 0)
    unit = gcd(*(int(w) for w in np.unique(reachable))) or 1
    steps = reachable // unit
    most = np.where(allowed, steps, -1).max(axis=1).clip(0)
    least = np.where(allowed, steps, 1 << 30).min(axis=1)
    high = np.concatenate([[0], np.cumsum(most)])
    low = np.concatenate([[0], np.cumsum(least)])
    charges = [count.charge(int(base.sum()) + int(k) * unit) for k in range(int(high[-1]) + 1)]
    fine = [k for k, price in enumerate(charges) if price < FORBIDDEN]
    if fine:  # follow only sums from which a permitted total can still be reached
        high = np.minimum(high, fine[-1] - (low[-1] - low))
        low = np.maximum(low, fine[0] - (np.cumsum([0, *most])[-1] - np.cumsum([0, *most])))
    final = np.array(charges[: int(high[-1]) + 1], dtype=np.int32)
    return steps.astype(np.int32), low.astype(np.int32), high.astype(np.int32), final


def second_machine(
    counts: Sequence[Count], weights: Sequence[NDArray[Any]], paid: Sequence[NDArray[Any]], days: int
) -> tuple[Ints, Ints, Ints, int, list[NDArray[Any]]]:
    """Walk all windows together, day by day, over every state that can be reached.

    ``paid`` are weights of windows that no state counts: of these it is only told what each kind of step weighs.
    """
    if not (counts or paid):
        return (
            np.zeros((days, 1, 1), dtype=np.int32), np.zeros((days, 1, 1), dtype=np.int32),
            np.zeros((1, 1), dtype=np.int32), 1, [],
        )  # fmt: skip
    stacked = np.stack([*weights, *paid])  # window x day x before x symbol
    shape = stacked.shape[2:]
    flat = stacked.reshape(len(stacked), days, -1)
    _, first, inverse = np.unique(flat.reshape(len(stacked) * days, -1), axis=1, return_index=True, return_inverse=True)
    kinds = [flat[: len(counts), :, one] for one in first]
    layers: list[dict[tuple[int, ...], int]] = [{(0,) * len(counts): 0}]
    moves: list[dict[tuple[int, int], tuple[int, int]]] = []
    for day in range(days):
        following: dict[tuple[int, ...], int] = {}
        move = {}
        for state, number in layers[-1].items():
            for kind, table in enumerate(kinds):
                target, price = advance(counts, state, table[:, day], day)
                if price < FORBIDDEN:
                    move[kind, number] = (following.setdefault(target, len(following)), price)
        if len(following) > MOST_STATES:
            raise TooLarge
        layers.append(following)
        moves.append(move)
    width = max(len(layer) for layer in layers) or 1
    after = np.full((days, len(kinds), width), -1, dtype=np.int32)
    price_of = np.zeros((days, len(kinds), width), dtype=np.int32)
    for day, move in enumerate(moves):
        for (kind, number), (to, price) in move.items():
            after[day, kind, number], price_of[day, kind, number] = to, price
    return (
        after,
        price_of,
        inverse.reshape(shape).astype(np.int32),
        width,
        [one[:, first] for one in flat[len(counts) :]],
    )


def advance(
    counts: Sequence[Count], state: tuple[int, ...], added: NDArray[Any], day: int
) -> tuple[tuple[int, ...], int]:
    """One day of the second machine: add, close the windows that end, price them."""
    new, price = [], 0
    for count, value, more in zip(counts, state, added, strict=True):
        total = value + int(more)
        most, least, hard = count.window.most, count.window.least, count.rule.level == "block"
        if day == count.window.last:
            price += count.charge(total)
            total = 0
        elif hard and most is not None and total + count.past > most:
            price += FORBIDDEN
        elif most is None and least is not None:
            total = min(total, max(0, least - count.past))
        new.append(total)
    return tuple(new), price


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
