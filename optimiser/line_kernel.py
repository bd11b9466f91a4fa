"""One person's rules, compiled for the kernel and asked for the best line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimiser import kernel
from optimiser.compiled import (
    Arrays,
    Compiled,
    Edges,
    Graph,
    Walked,
    Workspace,
    cell_prices,
)
from optimiser.counters import (
    FORBIDDEN,
    Begun,
    Count,
    Ints,
    Machine,
    Tally,
    TooLarge,
    begun,
    counts_of,
    plain_sum,
    second_machine,
    tallies,
)
from optimiser.problem import OFF, Person, Shift
from optimiser.shapes import LineRule, Pattern, WindowSum
from optimiser.watched import Watched

if TYPE_CHECKING:
    from optimiser.network import Network
    from optimiser.penalties import Penalty

SMALL = 12
"""Tallies from day 0 that count no further are counted from the beginning; others when a line breaks one of them."""
FIRST_STATES = 60
"""But together they have at most about so many states."""
MOST_COUNTS = 10_000
"""Sums times states."""
NARROW = 7
"""A window broken by a line is counted when its limit is at most this; wider ones are paid for (see penalties)."""
ROOM = 1 << 27
"""The dearest line in the kernel's units; penalties may take as much again."""
FINEST = 1 << 16
KNOWN = 60
"""So many lines found are remembered, to tell how far a penalty should move."""
LOOK = 4
"""So many days ahead a line is steered (see ``walk_steered``)."""
MOST_ROOM = 15_000_000
"""The largest table of the kernel, of four bytes each: long horizons are summed up less exactly (see penalties)."""


class Seen:
    """The last lines that a kernel found, each once, with what they cost by the rules that it counts."""

    def __init__(self, days: int) -> None:
        self.days = np.arange(days)
        self.clear()

    def clear(self) -> None:
        self.lines = np.empty((0, len(self.days)), dtype=np.int32)
        self.costs = np.empty(0, dtype=np.int64)
        self.place: dict[bytes, int] = {}
        self.last = np.zeros(len(self.days), dtype=np.int32)

    def add(self, line: Ints, cost: int) -> None:
        key, self.last = line.tobytes(), line
        if key in self.place:
            return
        if len(self.place) < KNOWN:
            self.place[key] = len(self.lines)
            self.lines = np.append(self.lines, line[None, :], axis=0)
            self.costs = np.append(self.costs, cost)
            return
        oldest = next(iter(self.place))
        number = self.place[key] = self.place.pop(oldest)
        self.lines[number], self.costs[number] = line, cost

    def at(self, prices: Ints) -> tuple[Ints, NDArray[np.int64]]:
        """The lines that may stand at these prices of cells, and what they cost."""
        cells = prices[self.days, self.lines]
        allowed = (cells < kernel.DEAD).all(axis=1)
        return self.lines[allowed], self.costs[allowed] + cells[allowed].sum(axis=1, dtype=np.int64)


class LineKernel:
    """One person's best lines. ``relaxed``: windows that the kernel does not count (yet)."""

    def __init__(self, network: "Network", person: Person, rules: tuple[LineRule, ...], graph: Graph) -> None:
        self.network, self.person, self.rules, self.graph = network, person, rules, graph
        self.number = len(network.kernels)
        self.cells = cell_prices(network.problem, person, rules)
        self.allowed = self.cells < FORBIDDEN
        self.plain: Count | None = None
        self.dropped: Count | None = None
        self.begun: Begun | None = None
        self.counted: list[Count] = []
        self.relaxed: list[Count] = []
        self.stubborn: list[Count] = []
        self.paid: list[Count] = []
        self.prolonged: list[Count] = []
        self.penalties: dict[int, Penalty] = {}
        self.seen = Seen(network.problem.calendar.days)
        self.chance = self.number
        self._watched: Watched | None = None
        self._prolonged: Watched | None = None
        self._walked: tuple[list[Count], Begun | None, Machine] | None = None
        self.start = network.start_state(person, [rule for rule in rules if isinstance(rule, Pattern)])
        self._sort(counts_of(person, network.problem.calendar, rules))
        self.compiled = self._smaller()
        self.first = len(self.counted)

    # What is counted

    def _reach(self, rule: WindowSum) -> tuple[NDArray[Any], NDArray[Any]]:
        """The least and the most that the days before each day can add up to."""
        weights, allowed = self.network.weights(rule), self.allowed[:, None, :]
        least = np.where(allowed, weights, 1 << 30).min(axis=(1, 2))
        most = np.where(allowed, weights, -(1 << 30)).max(axis=(1, 2))
        return np.concatenate([[0], np.cumsum(least)]), np.concatenate([[0], np.cumsum(most)])

    def _sort(self, counts: list[Count]) -> None:
        """Drop windows that nothing can break; count the widest whole one plainly, small ones from day 0 beside it."""
        days = range(self.network.problem.calendar.days)
        reach = {count.rule: self._reach(count.rule) for count in counts}
        wide: list[tuple[int, Count]] = []
        early: list[Count] = []
        for count in counts:
            if count.window.following:
                if count.charge(self._most_prolonged(count)):
                    self.prolonged.append(count)
                continue
            least, most = (int(sums[count.days.stop] - sums[count.days.start]) for sums in reach[count.rule])
            if count.charge(least) == 0 == count.charge(most):
                continue  # limits that both ends keep, everything between keeps
            grows, whole = self.network.weights(count.rule).min() >= 0, count.days == days
            small = most <= SMALL or (not count.hard and count.enough <= SMALL)
            if small and grows and count.days.start == 0:
                early.append(count)
            elif whole and grows and not count.rule.looks_back and not small:
                wide.append((most, count))
            else:
                self.relaxed.append(count)
                if whole and count.rule.looks_back and count.window.least is None and grows:
                    self.paid.append(count)
        wide.sort(key=lambda one: -one[0])
        if wide:
            self.plain = wide[0][1]
        self.relaxed += [count for _, count in wide[1:]]
        self._count_early(early, {rule: int(most[-1]) for rule, (_, most) in reach.items()})

    def _count_early(self, early: list[Count], most: dict[WindowSum, int]) -> None:
        """Count the smallest tallies, as many as go together."""
        sizes = [
            (1 + min(max(most[count.rule] for count in tally.counts), tally.enough(-1)), number, tally)
            for number, tally in enumerate(self._tallies(early))
        ]
        together = 1
        for size, _, tally in sorted(sizes, key=lambda one: one[:2]):
            if together * size <= FIRST_STATES or not self.counted:
                together *= size
                self.counted += tally.counts
            else:
                self.relaxed += tally.counts

    def _tallies(self, counts: Sequence[Count]) -> list[Tally]:
        return tallies(counts, [self.network.weights(count.rule) for count in counts])

    def weights_in(self, count: Count) -> NDArray[Any]:
        """Day x class of the day before x symbol; nothing outside the window."""
        weights = np.zeros_like(self.network.weights(count.rule))
        days = slice(count.days.start, count.days.stop)
        weights[days] = self.network.weights(count.rule)[days]
        return weights

    def _most_prolonged(self, count: Count) -> int:
        """The most that a window could sum that goes on to the working days after it."""
        weights = self.network.weights(count.rule)[max(0, count.window.first) :].max(axis=1)
        return int(np.where(self.allowed[max(0, count.window.first) :], weights, 0).max(axis=1).sum())

    def _smaller(self) -> Compiled:
        """Without the plain sum, then without the last window counted, where together they would be too many."""
        while True:
            try:
                return self._compile()
            except TooLarge:
                if self.plain is not None:
                    self.relaxed.append(self.plain)
                    self.plain, self.dropped = None, self.plain
                elif self.counted:
                    self.relaxed.append(self.counted.pop())
                else:
                    raise

    def narrow(self, count: Count) -> bool:
        """Whether a window has so few sums that counting it costs little."""
        if count.rule.looks_back:
            return count not in self.paid
        most = count.window.most
        return most is not None and count.rule.level == "block" and most - count.past <= NARROW

    def count_too(self, count: Count) -> bool:
        """Take a relaxed window in. False, and nothing changes, where the counters would grow too large."""
        self.relaxed.remove(count)
        self.counted.append(count)
        self.penalties.pop(id(count), None)
        plain = self.plain
        if self._compiles():
            return True
        if plain is not None and count.rule.looks_back and count not in self.paid:  # the sum can be paid for, this not
            self.plain = None
            if self._compiles():
                self.relaxed.append(plain)
                return True
            self.plain = plain
        self.counted.remove(count)
        (self.stubborn if self.narrow(count) else self.relaxed).append(count)  # wide ones can still be paid for
        return False

    def _compiles(self) -> bool:
        try:
            self.compiled = self._compile()
        except TooLarge:
            if self.begun is None:
                return False
            kept, self.begun = self.begun, None
            if self._compiles():
                return True
            self.begun = kept
            return False
        return True

    def refine(self) -> bool:
        """Follow what the dropped sum leaves of an hour begun: slower, so only once prices are nearly right."""
        if self.dropped is None or self.begun is not None:
            return False
        self.begun = begun(self.dropped, self.weights_in(self.dropped), self.allowed)
        return self.begun is not None and self._compiles() and self.begun is not None

    def forget(self) -> None:
        """Count again only what is counted from the beginning: prices far from the last ones made windows count."""
        if len(self.counted) > self.first:
            self.relaxed += self.counted[self.first :]
            del self.counted[self.first :]
            self.compiled = self._compile()

    def broken(self, line: Ints) -> list[tuple[Count, int | None]]:
        """The windows not counted that cost something on this line, with what they cost (None: forbidden)."""
        counts = [*self.relaxed, *self.stubborn]
        if self._watched is None or self._watched.counts != counts:
            self._watched = Watched(self.network, self.person, counts)
        if self._prolonged is None:
            self._prolonged = Watched(self.network, self.person, self.prolonged)
        return self._watched.broken(line) + self._prolonged.broken(line)

    def left_out(self, line: Ints) -> int | None:
        """What the patterns that the graph leaves out charge for this line; None: it is forbidden."""
        if not self.graph.left_out:
            return 0
        patterns = [rule for rule in self.rules if isinstance(rule, Pattern)]
        total = 0
        for pattern, state in zip(patterns, self.start[1], strict=True):
            if pattern not in self.graph.left_out:
                continue
            for symbol in line.tolist():
                state, amount = pattern.step(state, self.network.symbols[symbol])
                charge = pattern.charge(amount)
                if charge is None:
                    return None
                total += charge
        return total

    def hold(self, count: Count, line: Ints, prices: Ints) -> bool:
        """Shut out of ``prices`` what a window has too much of, but for the cheapest days of this line that it allows.

        False where that does not help: the window has too little, or goes on to the days after it.
        """
        weights = self.weights_in(count)
        most, days = count.most, np.arange(len(line))
        if most is None or count.window.following or weights.min() < 0:
            return False
        taken = np.zeros(len(line), dtype=np.int64)
        taken[count.days.start : count.days.stop] = self.network.weigh(count.rule, self.person, line)[
            count.days.start : count.days.stop
        ]
        if taken.sum() <= most:
            return False
        kept = taken == 0
        for day in np.argsort(prices[days, line], kind="stable"):
            if taken[day] and taken[day] <= most:
                kept[day] = True
                most -= int(taken[day])
        standing = np.zeros(prices.shape, dtype=bool)
        standing[days[kept], line[kept]] = True
        prices[(weights.max(axis=1) > 0) & ~standing] = kernel.INFINITE
        return True

    # Compiling

    def _compile(self) -> Compiled:
        network = self.network
        days = network.problem.calendar.days
        machine = self._machine()
        plain = self.weights_in(self.plain)[:, 0] if self.plain else np.zeros((days, len(network.symbols)), dtype=int)
        step, low, high, final = plain_sum(self.plain, plain, self.allowed)
        states = machine.states
        if (states * len(final) > MOST_COUNTS and states > 1) or self._room(states * len(final)) > MOST_ROOM:
            raise TooLarge
        kind = np.broadcast_to(machine.kind, (len(network.memory.examples), len(network.symbols)))
        groups = self._groups(step, kind)
        leaders = tuple(members[0] for members in groups)
        edges = network.edges(self.graph, leaders)
        edge_kind = np.ascontiguousarray(kind[edges.edge_memory, np.array(leaders)[edges.edge_group]])
        self._refuse_if_too_dear(edges, machine, final)
        self.seen.clear()
        self.paid_weights, self.left = machine.paid, machine.left
        compiled = Compiled(
            edges.nodes, states, len(final), self.graph.nodes[self.start],
            Arrays(
                edges.set_from, edges.set_node, edges.set_cost,
                edges.edge_set, edges.edge_group, edges.edge_to, edge_kind,
                np.ascontiguousarray(step[:, leaders]), low, high, machine.after, machine.price,
            ),
            final,
            np.cumsum([0, *(len(members) for members in groups)]).astype(np.int32),
            np.array([symbol for members in groups for symbol in members], dtype=np.int32),
        )  # fmt: skip
        return compiled.at_scale(network.scale)

    def _machine(self) -> Machine:
        """Walked again only when something else is counted."""
        if self._walked is None or self._walked[0] != self.counted or self._walked[1] is not self.begun:
            paid = [self.weights_in(count) for count in self.paid]
            days = self.network.problem.calendar.days
            followed = [*self._tallies(self.counted), *([self.begun] if self.begun else [])]
            self._walked = list(self.counted), self.begun, second_machine(followed, paid, days)
        return self._walked[2]

    def _room(self, sums: int) -> int:
        """How many numbers the kernel's table has; without any sums it is made in any case."""
        return (self.network.problem.calendar.days + 1) * self.graph.size * sums if sums > 1 else 0

    def _refuse_if_too_dear(self, edges: Edges, machine: Machine, final: Ints) -> None:
        """Prices of rules that came later must still leave room for every sum."""
        self.dearest = int(machine.price.max(axis=(1, 2)).sum()) + int(np.where(final >= FORBIDDEN, 0, final).max())
        self.dearest += int(edges.set_cost.max(initial=0)) * self.network.problem.calendar.days
        if self.network.ready and self.dearest > self.network.room_for_rules:
            raise TooLarge

    def _groups(self, step: Ints, kind: Ints) -> list[list[int]]:
        """Symbols that no rule tells apart on any day: only the cheapest of them need be followed."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for symbol in np.flatnonzero(self.allowed.any(axis=0)):
            key = (self.graph.same_column[symbol], step[:, symbol].tobytes(), kind[:, symbol].tobytes())
            groups.setdefault(key, []).append(int(symbol))
        return list(groups.values())

    # Asking

    def best(
        self, prices: Ints, workspace: Workspace, more: NDArray[Any] | None = None, last: NDArray[Any] | None = None
    ) -> tuple[int, Ints | None]:
        """The cheapest line at prices day x symbol, in the kernel's units: its value and symbols, None if none is
        legal. ``more``: what each kind of step pays besides, day x kind; ``last``: what is paid in the end for what is
        left of a sum (see ``Begun``)."""
        one, days = self.compiled, len(prices)
        table, alive, price, chosen, arrays = workspace.walked = self._forward(prices, workspace, more, last)
        value = kernel.cheapest_end(table, alive, one.final, arrays.low, arrays.high, days, *one.sizes, workspace.ends)
        if value >= kernel.DEAD:
            return kernel.INFINITE, None
        line = np.empty(days, dtype=np.int32)
        if not kernel.walk_back(price, chosen, *arrays, *one.sizes, table, workspace.ends, line):
            raise AssertionError("the kernel lost its way back")
        return int(value), line

    def usual(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        """Of each node what the days before it usually weigh (see ``walk_steered``)."""
        return self.graph.usual(weights.mean(axis=0), np.asarray(self.allowed.any(axis=0)), LOOK)

    def steered(
        self, workspace: Workspace, weights: Ints, usual: NDArray[np.float64], target: int, slack: int
    ) -> tuple[int, Ints]:
        """Of the lines that are nearly as cheap as the one just found, one whose weights add up to about the target,
        another each time; and how much dearer it is."""
        assert workspace.walked is not None
        table, _, price, chosen, arrays = workspace.walked
        line = np.empty(len(price), dtype=np.int32)
        self.chance += 1
        dearer = kernel.walk_steered(
            price, chosen, *arrays, *self.compiled.sizes, table, workspace.ends, line,
            weights, usual, LOOK, target, slack, self.chance,
        )  # fmt: skip
        return int(dearer), line

    def _forward(
        self, prices: Ints, workspace: Workspace, more: NDArray[Any] | None, last: NDArray[Any] | None
    ) -> Walked:
        """Fill the table; with it come what in it is alive, the prices of groups of symbols, the arrays used."""
        one, days = self.compiled, len(prices)
        price = np.empty((days, len(one.group_from) - 1), dtype=np.int32)
        chosen = np.empty_like(price)
        kernel.group_prices(prices, one.group_from, one.group_symbol, price, chosen)
        table = workspace.room((days + 1) * one.nodes * one.states * one.sums)
        work = np.empty(one.states * one.sums, dtype=np.int32)
        alive = np.empty((days + 2, one.nodes, one.states), dtype=np.int32)
        arrays = one.arrays if one.without_sum else self._within_reach(price)
        if more is not None:
            arrays = arrays._replace(extra=(arrays.extra + more[:, :, None]).astype(np.int32))
        if last is not None:
            extra = arrays.extra.copy()
            extra[-1] += last[self.left][arrays.after[-1]].astype(np.int32)
            arrays = arrays._replace(extra=extra)
        forward = kernel.forward_without_sum if one.without_sum else kernel.forward
        forward(price, one.start, *arrays, *one.sizes, table, work, alive)
        return table, alive, price, chosen, arrays

    def _within_reach(self, price: Ints) -> Arrays:
        """The arrays, with only those sums that can be reached where some cells may not be chosen."""
        arrays = self.compiled.arrays
        open_cells, step = price < kernel.DEAD, arrays.step
        least = np.where(open_cells, step, kernel.DEAD).min(axis=1)
        most = np.where(open_cells, step, -kernel.DEAD).max(axis=1)
        far = np.int64(kernel.DEAD)
        low = np.concatenate([[0], np.cumsum(least, dtype=np.int64).clip(-far, far)])
        high = np.concatenate([[0], np.cumsum(most, dtype=np.int64).clip(-far, far)])
        return arrays._replace(
            low=np.maximum(arrays.low, low).astype(np.int32), high=np.minimum(arrays.high, high).astype(np.int32)
        )


def yesterday(person: Person) -> Shift:
    return person.history[-1] if person.history else OFF
