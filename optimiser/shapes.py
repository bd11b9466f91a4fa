"""The few forms that a rule can have. A rule file derives a class from one of them; everything else follows.

Rules of one line: ``Cell`` (one day), ``Succession`` (two days after one another), ``Pattern`` (a small automaton:
runs, isolated days, rest after nights) and ``WindowSum`` (a sum over some days). Each has three readings, and one law
test holds them together:

``check(line)``    what is broken, with its price and a sentence: for the planner's screen
``encode(model)``  the same for CP-SAT, through the thin ``LineModel`` (see ``encode.py``)
the kernel         reads ``amount``, ``start``/``step`` or ``weight``/``windows`` directly (see ``compiled.py``)

Rules that join people (``rows``): ``Cover`` is the demand, ``Mix`` whatever else counts people of a kind on cells.

A rule measures an *amount*: 0 is fine. At level "warn" the amount times the price is paid, at "block" any amount is
forbidden, "off" is never asked. What lies wholly before day 0 is never charged.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise
from typing import Any, ClassVar, Literal, Protocol

from optimiser.lines import Line
from optimiser.problem import OFF, Assignment, Calendar, Person, Problem, Shift, Violation

Level = Literal["off", "warn", "block"]
State = Hashable


class LineModel(Protocol):
    """What a rule may say to a solver about one line. Amounts are charged to the rule: priced or forbidden."""

    @property
    def person(self) -> Person: ...
    @property
    def calendar(self) -> Calendar: ...
    def choices(self, day: int) -> tuple[Shift, ...]:
        """What may stand on the day; of a past day what stood there."""

    def cell(self, rule: "LineRule", day: int, shift: Shift, amount: int) -> None:
        """That shift on that day is an amount."""

    def pair(self, rule: "LineRule", day: int, before: Shift, today: Shift, amount: int) -> None:
        """These two, the day before and that day, are an amount."""

    def automaton(self, rule: "Pattern") -> None:
        """Walk the rule's automaton over the line."""

    def window(self, rule: "WindowSum", window: "Window") -> None:
        """Sum the rule's weights over the window."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule has. ``label`` tells two rules of one class apart, each with its own level and limits."""

    level: Level = "block"
    price: int = 1
    label: str = ""

    code: ClassVar[str] = ""
    """The rule's number in the handbook, such as W1."""

    @property
    def name(self) -> str:
        return self.label or type(self).__name__

    def fitted_to(self, problem: Problem) -> "Rule":
        """The rule with what it takes from the problem itself, such as a fair share of the nights to be worked."""
        return self

    def charge(self, amount: int) -> int | None:
        """The price of an amount; None: forbidden."""
        if amount <= 0 or self.level == "off":
            return 0
        return None if self.level == "block" else self.price * amount


@dataclass(frozen=True)
class LineRule(Rule, ABC):
    """A rule of one person's line. ``rolling``: one fault is found again on the days after it, and is said once."""

    rolling: ClassVar[bool] = False

    def applies_to(self, person: Person) -> bool:
        return True

    @abstractmethod
    def check(self, line: Line) -> list[Violation]: ...

    @abstractmethod
    def encode(self, model: LineModel) -> None: ...

    def violation(
        self, line: Line, days: Iterable[int], amount: int, measured: float, limit: float, sentence: str
    ) -> Violation:
        price = self.charge(amount) or 0
        return Violation(self.name, line.person.id, tuple(days), measured, limit, price, sentence)


@dataclass(frozen=True)
class Cell(LineRule):
    """One day of one person: ``amount`` says how wrong (or how dear) that shift is on that day."""

    @abstractmethod
    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int: ...

    def explain(self, line: Line, day: int) -> str:
        return f"{self.name}: {line[day]} on {line.calendar.name(day)}"

    def check(self, line: Line) -> list[Violation]:
        amounts = ((day, self.amount(line.person, line.calendar, day, line[day])) for day in line.days)
        return [self.violation(line, [day], n, n, 0, self.explain(line, day)) for day, n in amounts if n > 0]

    def encode(self, model: LineModel) -> None:
        for day in range(model.calendar.days):
            for shift in model.choices(day):
                if amount := self.amount(model.person, model.calendar, day, shift):
                    model.cell(self, day, shift, amount)


@dataclass(frozen=True)
class Pattern(LineRule):
    """A small automaton that reads the line day by day, the past first.

    ``start()`` is the state before all that is known, ``step`` gives the next state and the amount of that day. States
    are few and hashable; ``step`` depends on nothing else (rules that know the weekday are window sums or cells).
    """

    @abstractmethod
    def start(self) -> State: ...

    @abstractmethod
    def step(self, state: Any, shift: Shift) -> tuple[State, int]: ...

    def days(self, line: Line, day: int) -> Iterable[int]:
        """The days that a breach found on ``day`` is about."""
        return [day]

    def measure(self, line: Line, day: int) -> tuple[float, float]:
        """What was measured for a breach found on ``day``, and the limit."""
        return 1, 0

    def explain(self, line: Line, day: int) -> str:
        return f"{self.name}: {line.calendar.name(day)}"

    def check(self, line: Line) -> list[Violation]:
        state, step = self.before(line), self.step
        found = []
        for day, shift in enumerate(line.planned):
            state, amount = step(state, shift)
            if amount > 0:
                measured, limit = self.measure(line, day)
                days = self.days(line, day)
                found.append(self.violation(line, days, amount, measured, limit, self.explain(line, day)))
        return found

    def before(self, line: Line) -> State:
        """The state before the first day to plan."""
        state = self.start()
        for shift in line.person.history:
            state, _ = self.step(state, shift)
        return state

    def encode(self, model: LineModel) -> None:
        model.automaton(self)


@dataclass(frozen=True)
class Succession(Pattern):
    """Two shifts that may not stand on two days after one another."""

    @abstractmethod
    def forbidden(self, a: Shift, b: Shift) -> bool: ...

    def why(self, a: Shift, b: Shift) -> str:
        return f"{b} may not follow {a}"

    def start(self) -> State:
        return OFF

    def before(self, line: Line) -> State:
        return line[-1]

    def step(self, state: Any, shift: Shift) -> tuple[State, int]:
        return shift, int(self.forbidden(state, shift))

    def days(self, line: Line, day: int) -> Iterable[int]:
        return [day - 1, day]

    def explain(self, line: Line, day: int) -> str:
        return f"{line.calendar.name(day)}: {self.why(line[day - 1], line[day])}"

    def encode(self, model: LineModel) -> None:
        for day in range(model.calendar.days):
            for a in model.choices(day - 1):
                for b in model.choices(day):
                    if self.forbidden(a, b):
                        model.pair(self, day, a, b, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Days ``first`` to ``last`` (both in it) and the sum that they may have.

    ``following``: so many working days after ``last`` are summed too, as far as the plan goes. Such a window may end
    before day 0; the kernel does not count it.
    """

    first: int
    last: int
    least: int | None = None
    most: int | None = None
    following: int = 0

    @property
    def days(self) -> range:
        return range(self.first, self.last + 1)

    def excess(self, total: int) -> int:
        if self.most is not None and total > self.most:
            return total - self.most
        if self.least is not None and total < self.least:
            return self.least - total
        return 0


@dataclass(frozen=True)
class WindowSum(LineRule):
    """A sum over some days: minutes, nights, weekends. Each window is charged for what it has too much or too little.

    ``per``: an amount is that much of the sum, begun amounts in full (60: the hours too many of a sum in minutes).
    ``looks_back``: the weight asks for the day before too (a Sunday counts only after a Saturday off); else ``before``
    is not to be read.
    """

    rolling: ClassVar[bool] = True
    looks_back: ClassVar[bool] = False
    per: ClassVar[int] = 1

    @abstractmethod
    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]: ...

    @abstractmethod
    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int: ...

    def amount(self, window: Window, total: int) -> int:
        return -(-window.excess(total) // self.per)

    def explain(self, line: Line, window: Window, total: int) -> str:
        name = line.calendar.name
        limit = f"at most {window.most}" if window.most is not None and total > window.most else f"{window.least}"
        return f"{self.name}: {total} from {name(window.first)} to {name(window.last)}, {limit} wanted"

    def end(self, line: Line, window: Window) -> int:
        """The last day that is summed."""
        if not window.following:
            return window.last
        working = (day for day in range(window.last + 1, len(line.planned)) if line[day].works)
        return next(islice(working, window.following - 1, None), len(line.planned) - 1)

    def total(self, line: Line, window: Window) -> int:
        days = range(max(window.first, line.all_days.start), self.end(line, window) + 1)
        return sum(self.weight(line.calendar, day, line[day - 1], line[day]) for day in days)

    def totals(self, line: Line, windows: Collection[Window]) -> list[int]:
        """What each adds up to, every day weighed once."""
        first = max(min((window.first for window in windows), default=0), line.all_days.start)
        days = range(first, len(line.planned))
        shifts = pairwise((line[first - 1], *line.all_shifts[first - line.all_days.start :]))
        weight, calendar = self.weight, line.calendar
        sums = [0, *accumulate(weight(calendar, day, *pair) for day, pair in zip(days, shifts, strict=True))]
        return [sums[self.end(line, each) + 1 - first] - sums[max(each.first, first) - first] for each in windows]

    def check(self, line: Line) -> list[Violation]:
        windows = list(self.windows(line.person, line.calendar))
        found = []
        for window, total in zip(windows, self.totals(line, windows), strict=True):
            if amount := self.amount(window, total):
                end = self.end(line, window)
                limit = window.most if window.most is not None and total > window.most else window.least
                words = self.explain(line, window, total)
                found.append(self.violation(line, range(window.first, end + 1), amount, total, limit or 0, words))
        return found

    def encode(self, model: LineModel) -> None:
        for window in self.windows(model.person, model.calendar):
            model.window(self, window)


def whole(calendar: Calendar, least: int | None = None, most: int | None = None) -> list[Window]:
    """The days to plan as one window."""
    return [Window(0, calendar.days - 1, least, most)]


def rolling(
    days: int, person: Person, calendar: Calendar, least: int | None = None, most: int | None = None
) -> Iterator[Window]:
    """Every window of that many days that ends on a day to plan. Too little is not said of days that nobody knows."""
    for last in range(calendar.days):
        first = last - days + 1
        known = first >= -len(person.history)
        if known or most is not None:
            yield Window(first, last, least if known else None, most)


@dataclass(frozen=True)
class Row:
    """A count over people and cells, and what it costs: what Cover and Mix come down to.

    The count is ``constant`` plus, for each listed cell (day, shift id) that a listed person works, the person's
    coefficient. Below ``people`` of each entry of ``under`` each one missing is paid, above each of ``over`` each one
    too many.
    """

    rule: str
    name: str
    days: tuple[int, ...]
    people: Mapping[str, int]
    cells: frozenset[tuple[int, str]]
    under: tuple[tuple[int, int], ...] = ()
    over: tuple[tuple[int, int], ...] = ()
    constant: int = 0

    def count(self, assignment: Assignment) -> int:
        return self.constant + sum(
            factor
            for person, factor in self.people.items()
            for day, shift in self.cells
            if assignment[person][day] == shift
        )

    def cost(self, count: int) -> int:
        missing = sum(price * max(0, people - count) for people, price in self.under)
        return missing + sum(price * max(0, count - people) for people, price in self.over)


@dataclass(frozen=True)
class ColumnRule(Rule, ABC):
    """A rule that joins people. It is always priced: where people are missing a roster shows the gap."""

    @abstractmethod
    def rows(self, problem: Problem) -> Iterable[Row]: ...


@dataclass(frozen=True)
class Mix(ColumnRule):
    """A count of people of a kind on cells: skill mix, too many new officers on one shift."""

    BLOCK: ClassVar[int] = 10_000
    """What one person too many or too few costs at the level "block"."""

    @property
    def rate(self) -> int:
        return {"off": 0, "warn": self.price, "block": self.BLOCK}[self.level]


def fitted(problem: Problem, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules with what they take from this problem. A fitted rule stays as it is."""
    return tuple(rule.fitted_to(problem) for rule in rules)


def line_rules(person: Person, rules: Iterable[Rule]) -> tuple[LineRule, ...]:
    """The rules of one person's line, with the person's own parameters, without those that are off."""
    mine = []
    for rule in rules:
        if not isinstance(rule, LineRule):
            continue
        own = person.parameters.get(rule.name) or person.parameters.get(type(rule).__name__)
        personal = replace(rule, **own) if own else rule
        if personal.level != "off" and personal.applies_to(person):
            mine.append(personal)
    return tuple(mine)


def check_line(line: Line, rules: Iterable[Rule]) -> list[Violation]:
    """Everything that is wrong with one line; of a rolling rule one sentence for each run of breaches."""
    return [
        found
        for rule in line_rules(line.person, rules)
        for found in (in_runs(line, rule.check(line)) if rule.rolling else rule.check(line))
    ]


def in_runs(line: Line, found: Iterable[Violation]) -> Iterator[Violation]:
    """Breaches whose days overlap are one: what was measured is the worst of them, the price is what all cost."""
    run: list[Violation] = []
    for one in found:
        if run and (one.days[0] > run[-1].days[-1] or (one.measured > one.limit) != (run[-1].measured > run[-1].limit)):
            yield _joined(line, run)
            run = []
        run.append(one)
    if run:
        yield _joined(line, run)


def _joined(line: Line, run: Sequence[Violation]) -> Violation:
    if len(run) == 1:
        return run[0]
    worst = max(run, key=lambda one: abs(one.measured - one.limit))
    first, last = min(one.days[0] for one in run), max(one.days[-1] for one in run)
    name = line.calendar.name
    again = f", kept again from {name(last + 1)}" if last + 1 < len(line.planned) else ""
    words = (
        f"{worst.sentence} (broken {len(run)} times from {name(run[0].days[-1])} to {name(run[-1].days[-1])}{again})"
    )
    price = sum(one.price for one in run)
    return replace(worst, days=tuple(range(first, last + 1)), price=price, sentence=words)
