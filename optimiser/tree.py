"""Branch and price: a tree of decisions "this shift stands there" or "it does not", each node with its own bound.

The search dives: it lets the cell stand on which the program is most sure, and turns aside when that costs more than
not letting it. What it turns away from waits with its bound, so that in the end the bound of the whole rises, until it
meets the roster: then that is proved optimal.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.columns import Generation, Master, Pool, Prices
from optimiser.pricing import Column, Pricer, whole
from optimiser.rowtable import Longs

DEAR = 0.3
"""A decision that raises the program by more makes the search look at the other side too."""
FIRST_ROUNDS, ROUNDS, LAST_ROUNDS = 40, 12, 200
"""Rounds of pricing for the first node, for the others, and where a node's program has come to a roster."""


@dataclass(frozen=True)
class Decision:
    person: int
    day: int
    symbol: int
    stands: bool


@dataclass(frozen=True, order=True)
class Node:
    """``bound`` in kernel units; ``number`` makes the order unique."""

    bound: int
    number: int
    decisions: tuple[Decision, ...] = ()


class Tree:
    """``best`` is the cost to undercut; ``found`` is told of every better set of columns."""

    def __init__(
        self, pricer: Pricer, pool: Pool, master: Master, fixed: Longs, centre: Longs | None, bound: int,
        best: int, found: Callable[[list[Column]], int], stop: Callable[[], bool],
    ) -> None:  # fmt: skip
        self.pricer, self.pool, self.master, self.fixed, self.centre = pricer, pool, master, fixed, centre
        self.best, self.found, self.stop = best, found, stop
        self.nodes = 0
        self.open: list[Node] = [Node(bound, 0)]
        self.masks: dict[int, NDArray[np.bool_]] = {}
        self.lowest = bound

    @property
    def bound(self) -> int:
        """The bound of the whole, in cost."""
        lowest = min((node.bound for node in self.open), default=None)
        return self.best if lowest is None else min(self.best, whole(lowest, self.pricer.scale))

    def run(self) -> None:
        """Until everything is cut or it is time to stop. Nodes under work stay in ``open``, so the bound holds."""
        while self.open and not self.stop():
            node = self.open[0]
            if whole(node.bound, self.pricer.scale) >= self.best:
                self.open = []
                break
            self._dive(node)

    def _dive(self, node: Node) -> None:
        """From a node down to a roster or a cut."""
        begun = self._solve(node)
        if begun is None:
            return
        node, prices = begun
        while not self.stop():
            sides = self._split(node, prices)
            if sides is None:
                return
            stand, other = sides
            first = self._solve(stand)
            if first is not None and first[1].value <= prices.value + DEAR:
                node, prices = first
                continue
            if self.stop():
                return
            second = self._solve(other)
            solved = [side for side in (second, first) if side is not None]
            if not solved:
                return
            node, prices = min(solved, key=lambda side: side[1].value)

    def _close(self, node: Node) -> None:
        self.open = [other for other in self.open if other.number != node.number]
        heapq.heapify(self.open)

    def _child(self, node: Node, decision: Decision, stands: bool) -> Node:
        self.nodes += 1
        one = Decision(decision.person, decision.day, decision.symbol, stands)
        return Node(node.bound, self.nodes, (*node.decisions, one))

    def _solve(self, node: Node) -> tuple[Node, Prices] | None:
        """The node with its own bound, or None where the dive ends: it is cut, or it gave a roster."""
        self._enter(node)
        generation = Generation(self.pricer, self.pool, self.master, self.fixed, self.masks, self.centre)
        node = self._rounds(node, generation, ROUNDS if node.decisions else FIRST_ROUNDS)
        if not self._alive(node, generation) or self.stop():
            return None
        prices = self.master.solve()
        if self._roster(prices):
            node = self._rounds(node, generation, LAST_ROUNDS)
            if not self._alive(node, generation) or self.stop():
                return None
            prices = self.master.solve()
            if self._roster(prices) and self._alive(node, generation):
                self._split(node, prices)  # the kernel leaves something out here: look at both sides later
            return None
        return node, prices

    def _rounds(self, node: Node, generation: Generation, rounds: int) -> Node:
        """Price until nothing new is found or the node is cut: the node with its better bound."""
        for _ in range(rounds):
            if self.stop() or not generation.round() or generation.settled or generation.impossible:
                break
            if whole(generation.bound, self.pricer.scale) >= self.best:
                break
        better = Node(max(node.bound, generation.bound), node.number, node.decisions)
        self._close(node)
        heapq.heappush(self.open, better)
        return better

    def _alive(self, node: Node, generation: Generation) -> bool:
        """Whether the node may hold something cheaper; closes it where not."""
        if generation.impossible or whole(node.bound, self.pricer.scale) >= self.best:
            self._close(node)
            return False
        return True

    def _roster(self, prices: Prices) -> bool:
        """Whether the program has chosen one line for everybody. It may be the best roster so far."""
        columns = self._whole(prices)
        if columns is not None:
            self.best = min(self.best, self.found(columns))
        return columns is not None

    def _split(self, node: Node, prices: Prices) -> tuple[Node, Node] | None:
        """Put the node's two sides in its place; None where it has none: everything in it is decided."""
        choice = self._choice(prices) or self._undecided()
        self._close(node)
        if choice is None:
            return None
        stand, other = self._child(node, choice, True), self._child(node, choice, False)
        heapq.heappush(self.open, other)
        heapq.heappush(self.open, stand)
        return stand, other

    def _undecided(self) -> Decision | None:
        """Any cell that can still be two things."""
        for person in self.master.people:
            mask = self.masks.get(person)
            mask = self.pricer.network.kernels[person].allowed if mask is None else mask
            days = np.flatnonzero(mask.sum(axis=1) > 1)
            if len(days):
                return Decision(person, int(days[0]), int(np.flatnonzero(mask[days[0]])[0]), True)
        return None

    def _whole(self, prices: Prices) -> list[Column] | None:
        sure = [number for number, share in prices.shares.items() if share > 1 - 1e-5]
        if len(sure) < len(self.master.people):
            return None
        return [self.pool.columns[number] for number in sure]

    def _choice(self, prices: Prices) -> Decision | None:
        """The undecided cell on which the program is most sure."""
        values: dict[tuple[int, int, int], float] = {}
        for number, share in prices.shares.items():
            if share < 1 - 1e-5:
                column = self.pool.columns[number]
                for day, symbol in enumerate(column.line.tolist()):
                    key = (column.person, day, symbol)
                    values[key] = values.get(key, 0.0) + share
        parts = [(value, key) for key, value in values.items() if 1e-4 < value < 1 - 1e-4]
        if not parts:
            return None
        _, (person, day, symbol) = max(parts, key=lambda part: (part[0], [-x for x in part[1]]))
        return Decision(person, day, symbol, True)

    def _enter(self, node: Node) -> None:
        """Masks and columns as the node's decisions say."""
        before = set(self.masks)
        self.masks = {}
        for one in node.decisions:
            mask = self.masks.get(one.person)
            if mask is None:
                mask = self.masks[one.person] = self.pricer.network.kernels[one.person].allowed.copy()
            if one.stands:
                row = np.zeros_like(mask[one.day])
                row[one.symbol] = mask[one.day, one.symbol]
                mask[one.day] = row
            else:
                mask[one.day, one.symbol] = False
        self.pool.switch(self.master, before | set(self.masks), self.masks)

    def undo(self) -> None:
        """Allow every column again."""
        people = set(self.masks)
        self.masks = {}
        self.pool.switch(self.master, people, self.masks)
