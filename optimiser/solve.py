"""The one entrance: a problem and its rules in, a roster with a proved bound out.

The way there: (1) a roster line by line, each the best answer to the others; (2) the linear program over whole lines
with the kernel (``columns``): its prices and the bound; (3) a dive by cells and one by lines; (4) dives by lines
for groups of people, and in turn with them a tree of decisions that proves, until roster and bound meet or it is time
to stop. The answer at any moment is legal.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optimiser.begin import Beginning, ground
from optimiser.columns import Generation, Master, Pool
from optimiser.dives import Dive
from optimiser.groups import pick_group, resolve
from optimiser.line_dives import LineDive
from optimiser.lines import Line
from optimiser.partner import PATIENCE, Partner
from optimiser.pricing import Column, Pricer, whole
from optimiser.problem import Assignment, Problem, Result
from optimiser.roster import Roster, descend, greedy
from optimiser.rowtable import Longs, RowTable
from optimiser.rules.cover import rows_of
from optimiser.shapes import Rule, check_line
from optimiser.spans import GROW, LONG, NOT_ASKED, ROWS, Ascent, filled, rewrite, spans
from optimiser.stop import Stop
from optimiser.tree import Tree

Answer = TypeVar("Answer")
Progress = Callable[[float, int, int], None]

KEPT = 20
"""So many lines of each person are kept for the next run, the best first."""


def solve(
    problem: Problem,
    rules: Sequence[Rule],
    stop: Stop | None = None,
    seed: int = 0,
    start: Assignment | Result | None = None,
    progress: Progress | None = None,
    workers: int = 2,
) -> Result:
    """The best roster found until ``stop``. ``start``: a roster, legal or not, or an earlier result with its lines."""
    return Search(problem, rules, stop or Stop(seconds=60), seed, progress, workers).run(start)


class Search:
    """One run: the best roster so far, the bound, and what the methods share."""

    def __init__(
        self, problem: Problem, rules: Sequence[Rule], stop: Stop, seed: int, progress: Progress | None, workers: int
    ) -> None:
        self.problem, self.rules, self.stop, self.seed, self.progress = problem, rules, stop, seed, progress
        self.rng = random.Random(seed)
        self.workers, self.partner_started = workers, False
        self.partner: Partner | None = None
        self.exchange_at, self.turn_end = NEVER, 0
        self.size = FIRST
        self.centre: Longs | None = None
        self.gained_at = self.dived_at = self.dive_effort = 0
        self.table = RowTable(problem, rows_of(problem, rules))
        begun = ground(problem, rules, self.table, self.stop.unless_pressed)
        self.network, self.stuck, self.simple = begun.network, begun.stuck, begun.lines
        self.pricer = Pricer(self.network, self.table, workers)
        self.pool = Pool(len(problem.people))
        self.roster: Roster | None = None
        self.bound = 0  # nothing costs less than nothing
        self.prices: Mapping[str, float] = {}
        self.simplex_effort = 0.0
        self.partner_effort = 0
        self.log: list[tuple[float, int, int]] = []

    # What every method tells and asks

    @property
    def effort(self) -> int:
        """Work units: about a millisecond of one core each."""
        return self.own_effort + self.partner_effort

    @property
    def own_effort(self) -> int:
        """Without the partner's."""
        return int(self.pricer.work / 2_000_000 + self.pricer.asked / 4 + self.simplex_effort)

    def ended(self) -> bool:
        return self.stop.reached(self.effort) or self.optimal

    @property
    def optimal(self) -> bool:
        return self.roster is not None and self.roster.cost <= self.bound

    def offer(self, roster: Roster) -> None:
        if self.roster is None or roster.cost < self.roster.cost:
            self.roster, self.gained_at = roster, self.own_effort
            self._tell()

    def learn(self, bound: int) -> None:
        if bound > self.bound:
            self.bound = bound
            self._tell()

    def _tell(self) -> None:
        if self.roster is not None:
            self.log.append((self.stop.elapsed, *self._said(self.roster)))
            if self.progress:
                self.progress(*self.log[-1])

    def _said(self, roster: Roster) -> tuple[int, int]:
        """Cost and bound without the price of rules that nobody could keep: that price is our invention."""
        invented = sum(roster.columns[number].cost - self._own_cost(roster.columns[number]) for number in self.stuck)
        return roster.cost - invented, max(0, min(self.bound, roster.cost) - invented)

    def _own_cost(self, column: Column) -> int:
        """What the line costs by the rules as they are; what is forbidden has no price."""
        return sum(found.price for found in check_line(self._line(column), self.rules))

    def _line(self, column: Column) -> Line:
        return Line(
            self.problem.people[column.person],
            self.problem.calendar,
            tuple(self.network.symbols[symbol] for symbol in column.line),
        )

    # The steps

    def run(self, start: Assignment | Result | None) -> Result:
        beginning = Beginning(self.problem, self.rules, self.pricer, self.simple, lambda: self.stop.pressed)
        try:
            self._begin(beginning, start)
            if self.problem.calendar.days > LONG:
                self._long()
            elif not self.ended():
                self.partner = Partner(self._partner_turn) if self.workers > 1 else None
                self._root()
                self._dive()
                self._dive_by_lines()
                self.exchange_at = 0  # from here on two search; before, one would only take the other's cores
                self._finish()
        finally:
            if self.partner:
                self.partner.end()
            self.pricer.close()
        return self._result(beginning.repaired)

    def _begin(self, beginning: Beginning, start: Assignment | Result | None) -> None:
        if len(self.simple) < len(self.problem.people):
            raise ValueError("some person has no line that keeps all rules")
        given = start.assignment if isinstance(start, Result) else start
        if isinstance(start, Result):
            beginning.recall(self.pool, start.columns)
        if given:
            roster = beginning.roster(given)
        else:
            roster = greedy(self.pricer, self.rng, {}, self.simple, lambda: self.stop.pressed)
        self.offer(roster.copy())
        descend(self.pricer, roster, self.rng, self.ended, self.pool.add)
        self.offer(roster)

    def _long(self) -> None:
        """Span after span, over and over; after each time the bound at the prices that they left."""
        assert self.roster is not None
        ascent, most = Ascent(self.pricer, self.ended), float(ROWS)
        while not self.ended():
            begun, cost = self.effort, self.roster.cost
            self._span_by_span(ascent, most)
            enough = self.effort + (self.effort - begun) // 2
            while self.effort < enough and not self.ended() and ascent.step(self.roster.cost):
                self._learn_of(ascent)
            if self.roster.cost == cost:
                most *= GROW

    def _span_by_span(self, ascent: Ascent, most: float) -> None:
        assert self.roster is not None
        prices, known = ascent.prices.copy(), ascent.prices != 0
        for span in spans(self.table, most):
            if self.ended() or (ascent.bound == NOT_ASKED and self.stop.used(self.effort) > LATE):
                break
            written = rewrite(self.pricer, self.roster, span, self.ended)
            self._spend(written.effort)
            if written.columns is not None:
                self.offer(Roster(self.table, written.columns))
            if written.prices is not None:
                prices[span.rows], known[span.rows] = written.prices, True
        ascent.again()
        ascent.ask(filled(self.table, prices, known))
        self._learn_of(ascent)

    def _learn_of(self, ascent: Ascent) -> None:
        self.learn(whole(ascent.bound, self.pricer.scale))
        self._keep_prices(ascent.prices / self.pricer.scale)

    def _keep_prices(self, prices: NDArray[np.float64]) -> None:
        names = [row.name for row in self.table.rows]
        self.prices = {n: float(p) for n, p in zip(names, prices, strict=True) if abs(p) > 1e-6}

    def _root(self) -> None:
        assert self.roster is not None
        everybody = range(len(self.problem.people))
        self.master = Master(self.table, self.pool, everybody, self.table.constant, float(self.roster.cost + 1))
        for column in self.roster.columns:
            self.pool.add(column)
        for number in range(len(self.pool.columns)):
            self.master.add(number)
        self.generation = Generation(self.pricer, self.pool, self.master, self.table.constant)
        rounds, show, refined = 0, 10, False
        while not self._pause():
            more = self._counted(self.generation.round)
            self.learn(whole(self.generation.bound, self.pricer.scale))
            rounds += 1
            if self.generation.settled:
                break
            if (not more or self.generation.nearly) and not refined:
                refined = more = True
                self.network.refine()
            if not more:
                break
            if rounds == show:  # each time costs more than a round: ever less often
                self._round_off(self._shares())
                show *= 4
        for kernel in self.network.kernels:
            kernel.forget()
        if self.generation.prices is None:  # the end came before the first round
            return
        self._round_off(self._shares())
        self._keep_prices(self.generation.prices.rows)

    def _counted(self, work: Callable[[], Answer]) -> Answer:
        """Some work of the program, with its effort."""
        before = self.master.effort
        answer = work()
        self._spend(self.master.effort - before)
        return answer

    def _spend(self, iterations: int) -> None:
        """Steps of the simplex in work units: they take longer the more rows there are."""
        self.simplex_effort += iterations * (0.05 + self.table.size**2 / 1_300_000)

    def _shares(self) -> Mapping[int, float]:
        assert self.generation.prices is not None
        return self.generation.prices.shares

    def _round_off(self, shares: Mapping[int, float]) -> None:
        """Keep the lines on which the program is more sure than not, add the others one by one: a roster to show."""
        sure = [self.pool.columns[number] for number, share in shares.items() if share > SURE]
        keep = {column.person: column for column in sure}
        roster = greedy(self.pricer, self.rng, keep, self.simple, lambda: self.stop.pressed)
        self.improve(roster.columns)

    def improve(self, columns: Sequence[Column]) -> int:
        """Take these columns as a roster, improve it line by line, keep it if it is the best. The best cost so far."""
        roster = Roster(self.table, sorted(columns, key=lambda column: column.person))
        self.offer(roster.copy())
        descend(self.pricer, roster, self.rng, self.ended, self.pool.add)
        self.offer(roster)
        assert self.roster is not None
        return self.roster.cost

    def _dive(self, chance: random.Random | None = None) -> None:
        """One dive that fixes many cells at a time. With ``chance`` it ends elsewhere each time."""
        if self.ended():
            return
        begun = self.own_effort
        dive = Dive(self.pricer, self.pool, self.master, self.table.constant, self.generation.centre, chance=chance)
        columns = self._counted(lambda: dive.run(self._pause, self.master.solve()))
        if columns is not None:
            self.improve(columns)
        else:  # no time left: round off what stands
            self._round_off(dive.shares)
        dive.undo()
        self.dived_at, self.dive_effort = self.own_effort, self.own_effort - begun

    def _dive_by_lines(self) -> None:
        """A dive for everybody that lets one line after another stand. With many people it could take all the time that
        groups make better use of: so it has as much as the dive by cells has taken."""
        if self.ended():
            return
        assert self.roster is not None
        until = self.own_effort + max(LINES, self.dive_effort)
        dive = LineDive(
            self.pricer, self.master, self.roster.cost, self.generation.centre,
            lambda: self._pause() or self.own_effort >= until,
        )  # fmt: skip
        columns = self._counted(dive.run)
        if columns is not None:
            self.improve(columns)
        dive.undo()

    def _finish(self) -> None:
        """The tree and the groups in turn; where they have gained nothing for long, another dive."""
        if self.ended():
            return
        assert self.roster is not None
        self.size, self.centre = FIRST, self.generation.centre
        tree = Tree(
            self.pricer, self.pool, self.master, self.table.constant, self.generation.centre,
            self.generation.bound, self.roster.cost, self.improve, self._turn_over,
        )  # fmt: skip
        while not self.ended():
            tree.best = min(tree.best, self.roster.cost)
            self.turn_end = self.effort + SLICE
            self._counted(lambda: tree.run())
            self.learn(tree.bound)
            self.turn_end = self.effort + GROUPS * SLICE
            while not self._turn_over():
                self._group()
            if self.own_effort - max(self.gained_at, self.dived_at) >= BARREN * self.dive_effort:
                tree.undo()
                self._dive(self.rng)

    def _turn_over(self) -> bool:
        return self._pause() or self.effort >= self.turn_end

    # Two processes

    def _pause(self) -> bool:
        """Whether to end; and when the partner's turn should be over, exchange rosters and begin the next."""
        if self.partner and self.roster is not None and self.effort >= self.exchange_at:
            self._exchange(self.partner)
        return self.ended()

    def _exchange(self, partner: Partner) -> None:
        assert self.roster is not None
        in_step = self.stop.effort is not None
        turn = partner.collect(None if in_step else PATIENCE if self.stop.out_of_time else 0)
        if turn:
            self.partner_effort += turn.effort
            self.stop.others += turn.core_seconds
            self.offer(Roster(self.table, turn.columns))
        if not self.ended() and not partner.busy:
            partner.start((self.roster.columns, self.generation.centre), TURN)
        self.exchange_at = self.effort + (TURN if in_step else TURN // 20)

    def _partner_turn(self, given: tuple[list[Column], Longs | None], effort: int) -> tuple[list[Column], int]:
        """In the partner's process: groups from this roster on, at these prices."""
        self.pricer.alone()
        self.progress = None
        if not self.partner_started:
            self.partner_started = True
            self.rng, self.size, self.partner = random.Random(self.seed + 1), FIRST, None
        self.roster, self.centre = Roster(self.table, given[0]), given[1]
        before = self.effort
        self.turn_end = before + effort
        while not (self.optimal or self.effort >= self.turn_end or self.stop.out_of_time):
            self._group()
        return self.roster.columns, self.effort - before

    def _group(self) -> None:
        """Solve one group again; the next is larger where nothing was left to gain, smaller after a failure."""
        assert self.roster is not None
        people = pick_group(self.pricer, self.roster, int(self.size), self.rng)
        found = resolve(self.pricer, self.pool, self.roster, people, self.centre, self._turn_far_over)
        self._spend(found.effort)
        if found.columns:
            roster = self.roster.copy()
            roster.take(found.columns)
            self.improve(roster.columns)
        if found.hopeless:
            self.size = min(self.size * LARGER, len(self.problem.people))
        elif not found.columns:
            self.size = max(min(SMALLEST, len(self.problem.people)), self.size * SMALLER)

    def _turn_far_over(self) -> bool:
        """A group begun near the end of a turn may go on a little."""
        return self.stop.out_of_time or self.effort >= self.turn_end + SLICE

    # The answer

    def _result(self, repaired: list[str]) -> Result:
        assert self.roster is not None
        symbols = self.network.symbols
        assignment = {
            person.id: tuple(symbols[symbol].id for symbol in column.line)
            for person, column in zip(self.problem.people, self.roster.columns, strict=True)
        }
        illegal = [
            violation
            for number in sorted(self.stuck)
            for violation in check_line(self._line(self.roster.columns[number]), self.rules)
            if violation.blocks
        ]
        cost, bound = self._said(self.roster)
        return Result(
            assignment=assignment, cost=cost, bound=bound,
            illegal=tuple(illegal), repaired=tuple(repaired), prices=self.prices, effort=self.effort,
            seconds=self.stop.elapsed, seed=self.seed,
            ended="optimal" if self.optimal else self.stop.reason, log=tuple(self.log), columns=self._kept(),
        )  # fmt: skip

    def _kept(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """The lines worth keeping for the next run."""
        assert self.roster is not None
        kept: dict[str, tuple[tuple[str, ...], ...]] = {}
        for number, person in enumerate(self.problem.people):
            columns = [self.pool.columns[k] for k in self.pool.of[number][-KEPT:]]
            lines = [self.roster.columns[number], *columns]
            kept[person.id] = tuple(
                dict.fromkeys(tuple(self.network.symbols[s].id for s in column.line) for column in lines)
            )
        return kept


LATE = 0.75
"""When so much of the limit is used up, a long horizon asks for a bound, however far it has come."""
SURE = 0.5
"""The share from which a line is kept when the program is rounded off."""
NEVER = 1 << 62
LINES = 10_000
"""Effort that the dive by lines for everybody has in any case."""
SLICE, GROUPS = 1_000, 3
"""Effort that the tree has before the groups' turn; how many times as much the groups have."""
BARREN = 1
"""Another dive begins where so many times its effort has brought nothing."""
TURN = 4_000
"""Effort of a turn of the partner."""
FIRST, SMALLEST, LARGER, SMALLER = 16.0, 6.0, 1.1, 0.97
"""How many people a group has to begin with, and at least; how the number changes."""
