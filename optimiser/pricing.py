"""Ask all kernels at once: the cheapest line of each person at given prices of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser import kernel
from optimiser.between import Between
from optimiser.compiled import Workspace
from optimiser.counters import Count, Ints
from optimiser.exact import exact_line
from optimiser.line_kernel import LineKernel
from optimiser.network import Network
from optimiser.penalties import Broken, Penalties
from optimiser.rowtable import Longs, RowTable

Masks = Mapping[int, NDArray[np.bool_]]
"""Person to what may stand, day x symbol; everything usual for people not in it."""
PATIENT = 4
"""So many times longer it tries where no legal line is found yet."""
SHORT = 4 * 7
"""On longer horizons all rules at once take seconds a line: there they are only asked where any line will do."""
ROUNDS = 10
"""How often a line may break a window not counted before it is left as it is."""
SLACK = 0.1
"""How much dearer (in cost) a line may be that keeps windows better."""
NUDGES = 3
"""How often it asks beside the best penalties for a line that keeps windows better."""
FAR = 5
"""But only where the answer is so many times farther from its bound than it should be."""
NEAR = 0.01
"""An answer this near to its bound (in cost) is good enough."""


@dataclass(frozen=True)
class Column:
    """One person's line with its own cost (rows apart) and what it adds to each row."""

    person: int
    line: Ints
    cost: int
    adds: dict[int, int]

    @property
    def key(self) -> tuple[int, bytes]:
        return self.person, self.line.tobytes()


@dataclass(frozen=True)
class Priced:
    """An answer: ``value`` in kernel units is a lower bound for every line; no column where none was found legal."""

    person: int
    value: int
    column: Column | None


class Pricer:
    """Prices people in threads. Answers depend on nothing but the question and the order of the questions before."""

    def __init__(self, network: Network, table: RowTable, workers: int = 2) -> None:
        self.network, self.table = network, table
        self.scale = network.scale
        self.workers = workers
        self.pool = ThreadPoolExecutor(workers) if workers > 1 else None
        self.spaces = [Workspace() for _ in range(workers)]
        self.work = self.asked = 0
        self.near, self.slack = int(NEAR * self.scale), int(SLACK * self.scale)
        self.days = np.arange(table.days)
        self.stood: dict[tuple[int, bytes], Column | None] = {}
        self.base = [self._base(one) for one in network.kernels]

    def _base(self, one: LineKernel) -> Longs:
        return np.where(one.allowed, one.cells * self.scale, kernel.INFINITE)

    def units(self, prices: NDArray[Any]) -> Longs:
        """Prices of rows in the kernel's whole units."""
        whole_units: Longs = np.rint(prices * self.scale).astype(np.int64)
        return whole_units

    def price(
        self, prices: Longs, people: Iterable[int] | None = None, masks: Masks | None = None, near: int = 0
    ) -> list[Priced]:
        """The best line of each person (of all, or of those named) when rows pay ``prices`` (kernel units).

        ``masks``: person to a table day x symbol of what may stand, where it is less than usual. ``near``: answers so
        near to their bound will do, where that is less exact than usual.
        """
        chosen = list(range(len(self.network.kernels)) if people is None else people)
        cells = self.table.cell_prices(prices).reshape(-1, self.table.days, self.table.symbols)
        shares = [chosen[k :: self.workers] for k in range(self.workers)]
        stands = {person for person in chosen if self._stands(person, masks)}

        def share(number: int) -> list[Priced]:
            space = self.spaces[number]
            return [
                self._standing(person, cells[self.table.kind_of[person]], masks, space)
                if masks is not None and person in stands
                else self.one(person, cells[self.table.kind_of[person]], masks, space, near=near)
                for person in shares[number]
            ]

        if self.pool is None or len(chosen) < 4:
            found = [priced for number in range(self.workers) for priced in share(number)]
        else:
            found = [priced for part in self.pool.map(share, range(self.workers)) for priced in part]
        days = self.network.problem.calendar.days
        asked = [person for person in chosen if person not in stands]
        self.work += sum(self.network.kernels[person].compiled.work(days) for person in asked)
        self.asked += len(asked)
        return sorted(found, key=lambda priced: priced.person)

    def _stands(self, person: int, masks: Masks | None) -> bool:
        """Whether nothing but one line is left to a person."""
        return masks is not None and person in masks and np.count_nonzero(masks[person]) == self.table.days

    def _standing(self, person: int, earned: Longs, masks: Masks, space: Workspace) -> Priced:
        """The answer of a person whose line stands: the kernel is only asked the first time."""
        key = person, masks[person].tobytes()
        if key not in self.stood:
            self.stood[key] = self.one(person, earned, masks, space).column
        column = self.stood[key]
        return Priced(person, kernel.INFINITE if column is None else self._reduced(column, earned), column)

    def one(
        self, person: int, earned: Longs, masks: Masks | None, space: Workspace, rounds: int = ROUNDS, near: int = 0
    ) -> Priced:
        """The best line of one person when cells earn ``earned`` (kernel units).

        ``rounds`` of 1: windows that the line breaks are not counted for the next time, only charged.
        """
        kern = self.network.kernels[person]
        exact = self._exact(person, earned, masks)
        penalties = Penalties(kern, remembered=rounds > 1)
        bound, best, least, near = -kernel.INFINITE, None, kernel.INFINITE, max(near, self.near)
        between, nudges = Between(kern), 0
        for number in range(PATIENT * rounds if rounds > 1 else 1):
            value, line = kern.best(penalties.added_to(exact), space, penalties.steps(), penalties.last())
            if line is None:
                return Priced(person, value, best)
            bound = max(bound, value - penalties.refund)
            broken, beside = kern.broken(line), list[tuple[Count, int | None]]()
            between.saw(line, broken)
            kern.seen.add(line, value - penalties.paid(line) - int(exact[self.days, line].sum(dtype=np.int64)))
            best, least = self._better(best, least, person, line, value - penalties.paid(line), earned, broken)
            if best is not None and (number + 1 >= rounds or least - bound <= near):
                break
            moved = nudges == 0 and self._ask_differently(kern, penalties, broken, exact)
            if not moved:
                slack = self.slack if best is None else max(self.slack, (least - bound) // 2)
                for dearer, other in penalties.steered(line, broken, space, slack):
                    paid, against = penalties.paid(other), kern.broken(other)
                    between.saw(other, against)
                    best, least = self._better(best, least, person, other, value + dearer - paid, earned, against)
                    beside += [one for one in against if one[0] in kern.relaxed]
            if best is None and rounds > 1 and (not moved or (number + 1) % rounds == 0):
                best = self._held(kern, exact, earned, penalties, line, space)
                for known in kern.seen.at(exact)[0] if best is None else ():
                    between.saw(known, kern.broken(known))
                if best is None and (found := between.line(exact, space)):
                    value, line, broken = found
                    best = self._column(person, line, value, earned, broken)
                least = least if best is None else self._reduced(best, earned)
            if best is not None and number + 1 >= rounds:
                break
            if not moved:
                nudges += 1
                enough = nudges > NUDGES or (best is not None and least - bound < FAR * near)
                if rounds == 1 or enough or not penalties.nudge([*broken, *beside], nudges):
                    break
        penalties.settle()
        if best is None and rounds > 1:
            best = self._counted(kern, exact, earned, space)
            if best is None and self.table.days > SHORT and not earned.any():
                best = self._sparing(kern, exact, earned, space)
            if best is None and (self.table.days <= SHORT or not earned.any()):
                return self._exactly(kern, exact, earned, bound)
        return Priced(person, bound, best)

    def _held(
        self, kern: LineKernel, exact: Ints, earned: Longs, penalties: Penalties, line: Ints, space: Workspace
    ) -> Column | None:
        """A line like this one: of what it takes too much of it may keep what is allowed, on the best days."""
        held = exact.copy()
        for _ in range(PATIENT * ROUNDS):
            forbidden = [count for count, charge in kern.broken(line) if charge is None]
            if not forbidden or not all(kern.hold(count, line, held) for count in forbidden):
                return None
            value, found = kern.best(penalties.added_to(held), space, penalties.steps(), penalties.last())
            if found is None:
                return None
            line, broken = found, kern.broken(found)
            if not any(charge is None for _, charge in broken):
                return self._column(kern.number, line, value - penalties.paid(line), earned, broken)
        return None

    def _sparing(self, kern: LineKernel, exact: Ints, earned: Longs, space: Workspace) -> Column | None:
        """A line that takes as little as can be of what other lines took too much of."""
        penalties = Penalties(kern, remembered=False)
        limited: list[Count] = []
        for _ in range(PATIENT * ROUNDS):
            penalties.spare(limited)
            value, line = kern.best(penalties.added_to(exact), space, penalties.steps(), penalties.last())
            if line is None:
                return None
            broken = kern.broken(line)
            if not any(charge is None for _, charge in broken):
                return self._column(kern.number, line, value - penalties.paid(line), earned, broken)
            limited += [count for count, charge in broken if charge is None and count in kern.relaxed]
        return None

    def _exactly(self, kern: LineKernel, exact: Ints, earned: Longs, bound: int) -> Priced:
        """Where the kernel finds no line that keeps the rules that it leaves out: all rules at once."""
        network = self.network
        found = exact_line(network.problem, kern.person, kern.rules, network.symbols, exact, self.scale)
        bound = max(bound, found.bound)
        if found.line is None:
            return Priced(kern.number, bound, None)
        days = np.arange(len(found.line))
        cost = (found.value + int(earned[days, found.line].sum())) // self.scale
        return Priced(kern.number, bound, self.column(kern.number, found.line, cost))

    def _reduced(self, column: Column, earned: Longs) -> int:
        """What a line costs less what its cells earn."""
        return column.cost * self.scale - int(earned[np.arange(len(column.line)), column.line].sum())

    def _ask_differently(self, kern: LineKernel, penalties: Penalties, broken: Broken, exact: Ints) -> bool:
        """Count a window that is broken or make it dear; False where nothing changes."""
        fresh = [(count, charge) for count, charge in broken if count in kern.relaxed]
        narrow = next((count for count, _ in fresh if kern.narrow(count)), None)
        if narrow is not None and kern.count_too(narrow):
            return True
        return penalties.tighten([(count, charge) for count, charge in fresh if count in kern.relaxed], exact)

    def _counted(self, kern: LineKernel, exact: Ints, earned: Longs, space: Workspace) -> Column | None:
        """A line that keeps every window, where prices alone do not lead to one: count what it breaks."""
        for _ in range(ROUNDS):
            value, line = kern.best(exact, space)
            if line is None:
                return None
            broken = kern.broken(line)
            fresh = [count for count, charge in broken if charge is None and count in kern.relaxed]
            fresh = [count for count in fresh if count not in kern.paid]
            if not any(charge is None for _, charge in broken):
                return self._column(kern.number, line, value, earned, broken)
            if not fresh or not kern.count_too(fresh[0]):
                return None
        return None

    def _exact(self, person: int, earned: Longs, masks: Masks | None) -> Ints:
        """Prices of cells for the kernel."""
        prices = self.base[person] - earned
        prices[~self.network.kernels[person].allowed] = kernel.INFINITE
        if masks is not None and person in masks:
            prices[~masks[person]] = kernel.INFINITE
        return np.ascontiguousarray(prices, dtype=np.int32)

    def _better(
        self, best: Column | None, least: int, person: int, line: Ints, value: int, earned: Longs, broken: Broken
    ) -> tuple[Column | None, int]:
        """The best column so far, and what it costs less what its cells earn: this line's where it is better."""
        cost = self._cost(person, line, value, earned, broken)
        if cost is None:
            return best, least
        reduced = cost * self.scale - int(earned[self.days, line].sum())
        return (self.column(person, line, cost), reduced) if reduced < least else (best, least)

    def _column(self, person: int, line: Ints, value: int, earned: Longs, broken: Broken) -> Column | None:
        """The line as a column with its true cost; None where it breaks a rule that the kernel leaves out."""
        cost = self._cost(person, line, value, earned, broken)
        return None if cost is None else self.column(person, line, cost)

    def _cost(self, person: int, line: Ints, value: int, earned: Longs, broken: Broken) -> int | None:
        """What a line really costs; None where it breaks a rule that the kernel leaves out."""
        extra = 0
        for charge in (*(charge for _, charge in broken), self.network.kernels[person].left_out(line)):
            if charge is None:
                return None
            extra += charge
        return (value + int(earned[self.days, line].sum())) // self.scale + extra

    def column(self, person: int, line: Ints, cost: int) -> Column:
        return Column(person, line, cost, self.table.incidence(person, line))

    @contextmanager
    def over(self, table: RowTable) -> Iterator[None]:
        """For a while only these rows count."""
        before = self.table, self.stood
        self.table, self.stood = table, {}
        try:
            yield
        finally:
            self.table, self.stood = before

    def bound(self, prices: Longs, priced: Sequence[Priced]) -> int:
        """The Lagrangian bound, in kernel units: no roster costs less."""
        return self.table.least_cost(prices, self.scale) + sum(one.value for one in priced)

    def alone(self) -> None:
        """No threads: after a fork there are none."""
        self.pool, self.workers = None, 1

    def close(self) -> None:
        if self.pool is not None:
            self.pool.shutdown()


def whole(units: int, scale: int) -> int:
    """A bound in kernel units as the least whole cost that it allows."""
    return -(-units // scale)
