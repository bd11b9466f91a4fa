"""A line that stands, prepared so that one changed day is judged in microseconds: for lists of who could take a shift.

``check`` reads a whole line, the months before it included. Here every pattern's state before each day and every
window's sum are kept; a change is followed only until each rule is back where it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from optimiser.lines import Line
from optimiser.problem import Shift
from optimiser.shapes import Cell, LineRule, Pattern, Rule, Window, WindowSum, line_rules

Known = dict[tuple[Any, str], tuple[Any, int]]
Steps = dict[int, tuple[Pattern, Known]]
"""Each rule by its ``id``, which is found sooner than its hash, with the steps of it that are worked out."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a changed day would do: the rule that forbids it, or what it costs more (less, below 0)."""

    sentence: str = ""
    rule: str = ""
    price: int = 0
    costs: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.rule


class _Walk:
    """One pattern: its state before each day, and the amount of each day."""

    def __init__(self, rule: Pattern, line: Line, steps: Steps) -> None:
        self.rule = rule
        _, known = steps.setdefault(id(rule), (rule, {}))
        self.known = known
        state = rule.start()
        for shift in line.person.history:
            state, _ = known.get((state, shift.id)) or self.step(state, shift)
        self.states: list[Any] = [state]
        self.amounts = []
        for shift in line.planned:
            state, amount = known.get((state, shift.id)) or self.step(state, shift)
            self.states.append(state)
            self.amounts.append(amount)

    def step(self, state: Any, shift: Shift) -> tuple[Any, int]:
        """The rule's own step, each worked out once."""
        key = (state, shift.id)
        if key not in self.known:
            self.known[key] = self.rule.step(state, shift)
        return self.known[key]

    def changes(self, line: Line, day: int) -> Iterable[tuple[int, int, int]]:
        """Day, amount before and after, as long as something differs."""
        state, known = self.states[day], self.known
        for later in range(day, len(line.planned)):
            shift = line.planned[later]
            state, amount = known.get((state, shift.id)) or self.step(state, shift)
            if amount != self.amounts[later]:
                yield later, self.amounts[later], amount
            if state == self.states[later + 1] and later > day:
                return


class _Sums:
    """One window rule: what each window adds up to, and how much more each day can take without any charge."""

    def __init__(self, rule: WindowSum, line: Line) -> None:
        self.rule = rule
        self.windows = list(rule.windows(line.person, line.calendar))
        self.totals = rule.totals(line, self.windows)
        self.prolonged = any(window.following for window in self.windows)
        days = len(line.planned)
        self.weights = [self._weight(line, day) for day in range(days)]
        self.on: list[list[int]] = [[] for _ in range(days)]
        self.room = [1 << 40] * days
        for number, window in enumerate(self.windows):
            end = days - 1 if window.following else window.last
            for day in range(max(0, window.first), end + 1):
                self.on[day].append(number)
                room = -1 if window.most is None or window.least is not None else window.most - self.totals[number]
                self.room[day] = min(self.room[day], room)

    def changes(self, line: Line, day: int, old: Line) -> Iterable[tuple[Window, int, int, int]]:
        """Window, its new total, amount before and after, where the amount differs."""
        rule = self.rule
        more = {day: self._weight(line, day) - self.weights[day]}
        if rule.looks_back and day + 1 < len(line.planned):
            more[day + 1] = self._weight(line, day + 1) - self.weights[day + 1]
        same = line[day].works == old[day].works
        if all(self._harmless(one, added, same) for one, added in more.items()):
            return
        for number in {number for one in more for number in self.on[one]}:
            window, before = self.windows[number], self.totals[number]
            if window.following:
                after = rule.total(line, window)
            else:
                after = before + sum(added for one, added in more.items() if window.first <= one <= window.last)
            was, amount = rule.amount(window, before), rule.amount(window, after)
            if was != amount:
                yield window, after, was, amount

    def _harmless(self, day: int, added: int, same: bool) -> bool:
        """Whether no window can notice. Less work is none the worse, unless later days then move into the window."""
        return self.room[day] >= max(0, added) and (added >= 0 or same or not self.prolonged)

    def _weight(self, line: Line, day: int) -> int:
        return self.rule.weight(line.calendar, day, line[day - 1], line[day])


class Standing:
    """One person's line under all rules, ready to be asked about single changes."""

    def __init__(self, line: Line, rules: Iterable[Rule], steps: Steps | None = None) -> None:
        """``steps``: shared by everybody of one problem, so that each step of a pattern is worked out once."""
        self.line = line
        steps = {} if steps is None else steps
        self.rules = sorted(line_rules(line.person, rules), key=lambda rule: rule.level != "block")
        self.cells = [rule for rule in self.rules if isinstance(rule, Cell)]
        self.walks = [_Walk(rule, line, steps) for rule in self.rules if isinstance(rule, Pattern)]
        self.sums = [_Sums(rule, line) for rule in self.rules if isinstance(rule, WindowSum)]

    def with_shift(self, day: int, shift: Shift) -> Line:
        return replace(self.line, planned=(*self.line.planned[:day], shift, *self.line.planned[day + 1 :]))

    def judge(self, day: int, shift: Shift, explain: bool = True) -> Judgement:
        """What it would mean to have that shift on that day; the first rule in the way, else the price."""
        line, price, costs = self.with_shift(day, shift), 0, []
        rolling: dict[str, tuple[int, Any]] = {}
        for rule, words, was, amount in self._differences(line, day, shift):
            charged, before = rule.charge(amount), rule.charge(was) or 0
            if charged is None:
                if amount > was:
                    return Judgement(words() if explain else "", rule.name)
                continue
            price += charged - before
            if explain and charged > before and not rule.rolling:
                costs.append(words())
            elif explain and charged > before and charged > rolling.get(rule.name, (0,))[0]:
                rolling[rule.name] = charged, words  # of its windows the dearest is said
        return Judgement(price=price, costs=(*costs, *(words() for _, words in rolling.values())))

    def _differences(self, line: Line, day: int, shift: Shift) -> Iterable[tuple[LineRule, Any, int, int]]:
        """Every amount that the change makes different, with the words for it where they are wanted."""
        person, calendar, old = line.person, line.calendar, self.line
        for cell in self.cells:
            was, amount = (cell.amount(person, calendar, day, one) for one in (old[day], shift))
            if was != amount:
                yield cell, lambda rule=cell: rule.explain(line, day), was, amount
        for walk in self.walks:
            for later, was, amount in walk.changes(line, day):
                yield walk.rule, lambda rule=walk.rule, where=later: rule.explain(line, where), was, amount
        for sums in self.sums:
            for window, total, was, amount in sums.changes(line, day, old):
                words = lambda rule=sums.rule, w=window, n=total: rule.explain(line, w, n)  # noqa: E731
                yield sums.rule, words, was, amount
