"""Random small problems, and what is best in them found by trying everything."""

from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st

from optimiser.lines import line_of
from optimiser.problem import Assignment, Calendar, Demand, Need, Person, Problem, Request, Shift
from optimiser.rules.cover import rows_of
from optimiser.rules.daily_rest import DailyRest
from optimiser.rules.requests import Requests
from optimiser.rules.stretches import LongestWorkStretch, ShortestRest
from optimiser.rules.totals import MostOfShift, MostWeekends, TotalMinutes
from optimiser.shapes import Rule, check_line

EARLY = Shift("E", 7 * 60, 15 * 60, 480)
LATE = Shift("L", 14 * 60, 22 * 60, 480)
DAYS = 4


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Problem, tuple[Rule, ...]]:
    """Two or three people, two shifts, four days; each rule is hard, priced or absent."""
    small = st.integers(0, 9)
    people = tuple(
        Person(
            f"P{number}",
            skills={"first aid": None} if draw(st.booleans()) else {},
            days_off=frozenset(draw(st.lists(st.integers(0, DAYS - 1), max_size=1))),
            requests=tuple(
                Request(draw(st.integers(0, DAYS - 1)), draw(st.sampled_from(["E", "L"])), 1 + draw(small))
                for _ in range(draw(st.integers(0, 2)))
            ),
            history=tuple(draw(st.lists(st.sampled_from([EARLY, LATE]), max_size=2))),
        )
        for number in range(draw(st.integers(2, 3)))
    )
    demands = tuple(
        Demand(day, (Need(draw(st.integers(0, 2)), 5 + draw(small)),), shift=shift, over=draw(st.integers(0, 3)))
        for day in range(DAYS)
        for shift in ("E", "L")
    ) + tuple(
        Demand(day, (Need(1, 7), Need(2, 2)), start=14 * 60, end=15 * 60, skills=frozenset({"first aid"}))
        for day in range(draw(st.integers(0, 2)))
    )
    level = st.sampled_from(["block", "warn", "off"])
    rules: tuple[Rule, ...] = (
        Requests(),
        DailyRest(level=draw(level), price=4),
        LongestWorkStretch(most=draw(st.integers(1, 3)), level=draw(level), price=6),
        ShortestRest(least=2, level=draw(level), price=3),
        TotalMinutes(least=draw(st.sampled_from([0, 480])), most=draw(st.sampled_from([960, 1440])), level="block"),
        MostOfShift(shift="E", most=draw(st.integers(1, 3)), level=draw(level), price=8),
        MostWeekends(most=draw(st.integers(0, 1)), level=draw(level), price=5),
    )
    calendar = Calendar(DAYS, first_weekday=draw(st.integers(3, 6)))
    return Problem(calendar, (EARLY, LATE), people, demands), rules


def lines(problem: Problem, person: Person, rules: tuple[Rule, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every legal line with its cost."""
    for shifts in product(*([shift.id for shift in problem.choices(person, day)] for day in problem.days)):
        found = check_line(line_of(problem, person, shifts), rules)
        if not any(violation.blocks for violation in found):
            yield shifts, sum(violation.price for violation in found)


def best_cost(problem: Problem, rules: tuple[Rule, ...]) -> int | None:
    """The cost of the best roster; None where somebody has no legal line. Rosters with the same counts are one."""
    rows = rows_of(problem, rules)
    reached: dict[tuple[int, ...], int] = {tuple(row.constant for row in rows): 0}
    for person in problem.people:
        options = [
            (tuple(row.people.get(person.id, 0) * sum(shifts[d] == s for d, s in row.cells) for row in rows), cost)
            for shifts, cost in lines(problem, person, rules)
        ]
        following: dict[tuple[int, ...], int] = {}
        for counts, before in reached.items():
            for adds, cost in options:
                key = tuple(a + b for a, b in zip(counts, adds, strict=True))
                following[key] = min(following.get(key, 1 << 60), before + cost)
        reached = following
    return min(
        (cost + sum(r.cost(c) for r, c in zip(rows, k, strict=True)) for k, cost in reached.items()), default=None
    )


def cost_of(problem: Problem, rules: tuple[Rule, ...], assignment: Assignment) -> int:
    """What a roster costs by the rules' own word; it must be legal."""
    cost = sum(row.cost(row.count(assignment)) for row in rows_of(problem, rules))
    for person in problem.people:
        for violation in check_line(line_of(problem, person, assignment[person.id]), rules):
            assert not violation.blocks, violation.sentence
            cost += violation.price
    return cost
