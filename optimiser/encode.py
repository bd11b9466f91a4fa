"""A line's rules in CP-SAT: a yes-or-no variable for each day and shift, exact amounts for whatever is priced."""

from collections.abc import Iterable
from typing import Any

from ortools.sat.python import cp_model

from optimiser.problem import OFF, Calendar, Person, Problem, Shift
from optimiser.shapes import LineRule, Pattern, Window, WindowSum

Literal = cp_model.LiteralT
Terms = list[tuple[int, Literal]]


class CpLine:
    """One person's line in a model: a ``LineModel`` for the rules. ``cost`` is what the line costs by them.

    Every variable follows from the line, so that a solver that lists all answers lists every line once.
    """

    def __init__(
        self, model: cp_model.CpModel, problem: Problem, person: Person, rules: Iterable[LineRule] = ()
    ) -> None:
        self.model, self.problem, self.person = model, problem, person
        self.cells = {(day, shift): model.new_bool_var("") for day in problem.days for shift in self.choices(day)}
        for day in problem.days:
            model.add_exactly_one(self.cells[day, shift] for shift in self.choices(day))
        self.costs: list[cp_model.LinearExprT] = [0]
        for rule in rules:
            rule.encode(self)

    @property
    def calendar(self) -> Calendar:
        return self.problem.calendar

    @property
    def cost(self) -> Any:
        return cp_model.LinearExpr.sum(self.costs)

    def choices(self, day: int) -> tuple[Shift, ...]:
        if day >= 0:
            return self.problem.choices(self.person, day)
        history = self.person.history
        return (history[day] if -day <= len(history) else OFF,)

    def stands(self, day: int, shift: Shift) -> Literal:
        """Whether that shift stands there; known of the past."""
        return self.cells[day, shift] if day >= 0 else self.choices(day)[0] == shift

    def both(self, one: Literal, other: Literal) -> Literal:
        """A literal that is true just when both are."""
        if isinstance(one, bool | int):
            return other if one else False
        if isinstance(other, bool | int):
            return one if other else False
        found = self.model.new_bool_var("")
        self.model.add_bool_and(one, other).only_enforce_if(found)
        self.model.add_bool_or(~one, ~other).only_enforce_if(~found)
        return found

    def charge(self, rule: LineRule, amount: int, *literals: Literal) -> None:
        """That amount when all the literals hold."""
        price = rule.charge(amount)
        if price is None:
            self.model.add_bool_or(*(_not(literal) for literal in literals))
        elif price:
            together = literals[0]
            for literal in literals[1:]:
                together = self.both(together, literal)
            self.costs.append(price * together)

    # What rules say

    def cell(self, rule: LineRule, day: int, shift: Shift, amount: int) -> None:
        self.charge(rule, amount, self.stands(day, shift))

    def pair(self, rule: LineRule, day: int, before: Shift, today: Shift, amount: int) -> None:
        self.charge(rule, amount, self.stands(day - 1, before), self.stands(day, today))

    def automaton(self, rule: Pattern) -> None:
        state = rule.start()
        for shift in self.person.history:
            state, _ = rule.step(state, shift)
        states: dict[Any, Literal] = {state: True}
        for day in self.problem.days:
            ways: dict[Any, list[tuple[Literal, Literal]]] = {}
            for state, here in states.items():
                for shift in self.choices(day):
                    after, amount = rule.step(state, shift)
                    self.charge(rule, amount, here, self.cells[day, shift])
                    ways.setdefault(after, []).append((here, self.cells[day, shift]))
            states = {after: self.model.new_bool_var("") for after in ways}
            self.model.add_exactly_one(states.values())
            for after, sources in ways.items():
                for here, stands in sources:
                    self.model.add_bool_or(_not(here), _not(stands), states[after])

    def window(self, rule: WindowSum, window: Window) -> None:
        terms = [term for day in self._summed(window) for term in self._terms(rule, window, day)]
        least = sum(min(0, weight) for weight, _ in terms)
        most = sum(max(0, weight) for weight, _ in terms)
        total = cp_model.LinearExpr.weighted_sum([literal for _, literal in terms], [weight for weight, _ in terms])
        if rule.level == "block":
            allowed = [value for value in (window.least, window.most) if value is not None]
            self.model.add_linear_constraint(
                total, min(least, *allowed) if window.least is None else window.least,
                max(most, *allowed) if window.most is None else window.most,
            )  # fmt: skip
            return
        excess = self.model.new_int_var(0, max(window.excess(least), window.excess(most)), "")
        sides: list[Any] = [0]
        sides += [total - window.most] if window.most is not None else []
        sides += [window.least - total] if window.least is not None else []
        self.model.add_max_equality(excess, sides)
        amount = self.model.new_int_var(0, max(rule.amount(window, least), rule.amount(window, most)), "")
        self.model.add_division_equality(amount, excess + (rule.per - 1), rule.per)
        self.costs.append(rule.price * amount)

    def _summed(self, window: Window) -> range:
        end = self.calendar.days - 1 if window.following else window.last
        return range(max(window.first, -len(self.person.history)), end + 1)

    def _terms(self, rule: WindowSum, window: Window, day: int) -> Terms:
        """What the day adds: weights and the literals that they hang on."""
        counts = True if day <= window.last else self._fewer_worked(window, day)
        found: Terms = []
        for today in self.choices(day):
            here = self.both(self.stands(day, today), counts)
            if not rule.looks_back:
                found.append((rule.weight(self.calendar, day, OFF, today), here))
                continue
            by_weight: dict[int, list[Shift]] = {}
            for before in self.choices(day - 1):
                by_weight.setdefault(rule.weight(self.calendar, day, before, today), []).append(before)
            for weight, befores in by_weight.items():
                pairs = [self.both(self.stands(day - 1, before), here) for before in befores]
                found += [(weight, pair) for pair in pairs if weight]
        return found

    def _fewer_worked(self, window: Window, day: int) -> Literal:
        """Whether fewer than ``following`` days were worked after the window and before that day."""
        between = range(window.last + 1, day)
        known = sum(self.choices(one)[0].works for one in between if one < 0)
        open_days = [
            self.cells[one, shift] for one in between if one >= 0 for shift in self.choices(one) if shift.works
        ]
        left = window.following - known
        if left <= 0 or len(open_days) == 0:
            return left > 0
        fewer = self.model.new_bool_var("")
        worked = cp_model.LinearExpr.sum(open_days)
        self.model.add(worked < left).only_enforce_if(fewer)
        self.model.add(worked >= left).only_enforce_if(~fewer)
        return fewer


def _not(literal: Literal) -> Literal:
    return (not literal) if isinstance(literal, bool | int) else ~literal
