"""A change judged in place says what a check of the whole line says."""

import random

import pytest

from optimiser.bench.prison import prison
from optimiser.cases import Case
from optimiser.lines import Line, line_of
from optimiser.problem import Calendar, Person, Problem
from optimiser.rules import all_cases
from optimiser.rules.hours_in_days import HoursInDays
from optimiser.shapes import Rule, line_rules
from optimiser.standing import Standing
from tests.optimiser.tiny import LATE


def agree(line: Line, rules: tuple[Rule, ...], day: int, shift: str, known: dict) -> None:  # type: ignore[type-arg]
    standing = Standing(line, rules)
    judged = standing.judge(day, known[shift])
    changed = standing.with_shift(day, known[shift])
    before, after = ([f for rule in line_rules(line.person, rules) for f in rule.check(one)] for one in (line, changed))
    blocks = {(one.rule, one.days, one.measured) for one in before if one.blocks}
    fresh = [one for one in after if one.blocks and (one.rule, one.days, one.measured) not in blocks]
    if judged.allowed:
        assert sum(one.price for one in after) - sum(one.price for one in before) == judged.price
        # What is new by its days may be an old breach that has become smaller or has moved, never a greater one.
        assert len([one for one in after if one.blocks]) <= len([one for one in before if one.blocks])
    else:
        assert judged.rule in {one.rule for one in fresh}
        assert judged.sentence in {one.sentence for one in after}


@pytest.mark.parametrize("one", all_cases(), ids=lambda one: f"{one.rule.name}-{one.rule.level}")
def test_each_rule(one: Case) -> None:
    chance, known = random.Random(1), one.problem.by_id
    for _ in range(30):
        shifts = [chance.choice(one.problem.choices(one.person, day)) for day in one.problem.days]
        line = Line(one.person, one.problem.calendar, tuple(shifts))
        agree(line, (one.rule,), chance.choice(one.problem.days), chance.choice(list(known)), known)


def test_the_whole_rule_book() -> None:
    task, chance = prison(24), random.Random(2)
    problem, rules = task.problem, task.rules
    for person in problem.people:
        shifts = [
            problem.by_id[person.locked[day]]
            if day in person.locked
            else problem.by_id[chance.choice(["", "", "E", "M"])]
            for day in problem.days
        ]
        line = Line(person, problem.calendar, tuple(shifts))
        for _ in range(4):
            agree(line, rules, chance.choice(problem.days), chance.choice(["", "E", "L", "N"]), problem.by_id)


def test_windows_that_overlap_are_said_once() -> None:
    """Hours too many in the weeks to each of three days are one thing to bear in mind."""
    problem = Problem(Calendar(20), (LATE,), (Person("P"),))
    standing = Standing(line_of(problem, problem.people[0], ("L",) * 4 + ("",) * 16), [HoursInDays(hours=32, days=7)])
    judged = standing.judge(5, LATE)
    assert judged.price
    assert len(judged.costs) == 1
