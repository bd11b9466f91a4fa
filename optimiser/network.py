"""The kernels of all people, with the memory, the graphs and the scale of prices that they share."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.compiled import (
    Edges,
    Graph,
    Memory,
    Start,
    edges_of,
)
from optimiser.counters import (
    Ints,
)
from optimiser.line_kernel import FINEST, ROOM, LineKernel, yesterday
from optimiser.problem import OFF, Person, Problem, Shift
from optimiser.shapes import LineRule, Pattern, Rule, WindowSum, line_rules


class Network:
    """The kernels of all people, with what they share: symbols, memory, graphs, and the scale of prices."""

    def __init__(
        self, problem: Problem, rules: Iterable[Rule], dearest_day: int = 0, ask: Callable[[], None] = lambda: None
    ) -> None:
        """``dearest_day``: the most that the prices from outside can add to one day. ``ask`` may end it by raising."""
        self.problem = problem
        self.symbols: tuple[Shift, ...] = (OFF, *problem.shifts)
        self.works = np.array([shift.works for shift in self.symbols])
        self.number = {shift.id: number for number, shift in enumerate(self.symbols)}
        self.scale, self.ready = 1, False
        own = [line_rules(person, rules) for person in problem.people]
        looking = [rule for mine in own for rule in mine if isinstance(rule, WindowSum) and rule.looks_back]
        self.memory = Memory(problem.calendar, self.symbols, list(dict.fromkeys(looking)))
        for person in problem.people:
            self.memory.of(yesterday(person))
        self.classes = np.array([self.memory.of(symbol) for symbol in self.symbols])
        self._weights: dict[WindowSum, NDArray[Any]] = {}
        self._steps: dict[Pattern, dict[tuple[Any, int], Any]] = {}
        self._edges: dict[tuple[int, tuple[int, ...]], Edges] = {}
        graphs = self._graphs(own)
        self.kernels: list[LineKernel] = []
        for person, mine, graph in zip(problem.people, own, graphs, strict=True):
            ask()
            self.kernels.append(LineKernel(self, person, mine, graph))
        self._choose_scale(dearest_day)

    def start_state(self, person: Person, patterns: Sequence[Pattern]) -> Start:
        """What is remembered of yesterday, and where the past leaves every pattern."""
        return self.memory.of(yesterday(person)), tuple(self._walked(pattern, person.history) for pattern in patterns)

    def _walked(self, pattern: Pattern, history: Sequence[Shift]) -> Any:
        """Each step is worked out once for everybody."""
        known, state = self._steps.setdefault(pattern, {}), pattern.start()
        for shift in history:
            key = (state, id(shift))
            if key not in known:
                known[key] = pattern.step(state, shift)[0]
            state = known[key]
        return state

    def _graphs(self, own: Sequence[tuple[LineRule, ...]]) -> list[Graph]:
        """One graph for all people with the same patterns."""
        patterns = [tuple(rule for rule in mine if isinstance(rule, Pattern)) for mine in own]
        people: dict[tuple[Pattern, ...], list[Person]] = defaultdict(list)
        for person, mine in zip(self.problem.people, patterns, strict=True):
            people[mine].append(person)
        graphs = {
            mine: Graph(self.memory, mine, [self.start_state(person, mine) for person in same])
            for mine, same in people.items()
        }
        return [graphs[mine] for mine in patterns]

    def weights(self, rule: WindowSum) -> NDArray[Any]:
        """The rule's weights: day x class of the day before x symbol."""
        if rule not in self._weights:
            examples = self.memory.examples if rule.looks_back else self.memory.examples[:1]
            table = [
                [
                    [rule.weight(self.problem.calendar, day, before, today) for today in self.symbols]
                    for before in examples
                ]
                for day in self.problem.days
            ]
            shape = (self.problem.calendar.days, len(self.memory.examples), len(self.symbols))
            self._weights[rule] = np.ascontiguousarray(np.broadcast_to(np.array(table, dtype=np.int64), shape))
        return self._weights[rule]

    def weigh(self, rule: WindowSum, person: Person, line: Ints) -> NDArray[Any]:
        """What the rule counts on each day of a line."""
        counted: NDArray[Any] = self.weights(rule)[self.cells_of(person, line)]
        return counted

    def cells_of(self, person: Person, line: Ints) -> tuple[NDArray[Any], NDArray[Any], Ints]:
        """Where the line stands in a table of weights: its days, classes of the day before, symbols."""
        before = np.concatenate([[self.memory.of(yesterday(person))], self.classes[line][:-1]])
        return np.arange(len(line)), before, line

    def refine(self) -> None:
        for one in self.kernels:
            one.refine()

    def edges(self, graph: Graph, leaders: tuple[int, ...]) -> Edges:
        key = (id(graph), leaders)
        if key not in self._edges:
            self._edges[key] = edges_of(graph, leaders)
        return self._edges[key]

    def _choose_scale(self, dearest_day: int) -> None:
        """The finest scale at which every line's price still fits."""
        days = self.problem.calendar.days
        cells = max(int(np.where(one.allowed, one.cells, 0).max(axis=1).sum()) for one in self.kernels)
        rules = max(one.dearest for one in self.kernels)
        dearest = max(1, cells + days * dearest_day + rules)
        while self.scale < FINEST and 2 * self.scale * dearest <= ROOM:
            self.scale *= 2
        self.room_for_rules = ROOM // self.scale - cells - days * dearest_day
        for one in self.kernels:
            one.compiled = one.compiled.at_scale(self.scale)
        self.ready = True
