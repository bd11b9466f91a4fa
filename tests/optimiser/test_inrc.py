"""What the second nurse rostering competition asks can be said to the model as it is (README, Limits): history, skills,
complete weekends, runs of one shift, totals with what was worked before. Two rules of its own, no change elsewhere."""

from dataclasses import dataclass
from typing import Any, ClassVar

from optimiser.problem import Calendar, Demand, Need, Person, Problem, Request, Shift
from optimiser.rules.not_followed_by import NotFollowedBy
from optimiser.rules.requests import Requests
from optimiser.rules.stretches import LongestWorkStretch
from optimiser.rules.totals import MostWeekends
from optimiser.shapes import Level, Pattern, Rule, Window, WindowSum
from optimiser.solve import solve
from optimiser.stop import Stop
from tests.optimiser.tiny import EARLY, LATE, best_cost, cost_of

HEAD, NURSE = frozenset({"head nurse"}), frozenset({"nurse"})


@dataclass(frozen=True)
class CompleteWeekends(WindowSum):
    """Both days of a weekend are worked or none."""

    level: Level = "warn"
    price: int = 30
    looks_back: ClassVar[bool] = True

    def windows(self, person: Person, calendar: Calendar) -> list[Window]:
        return [Window(day, day, most=0) for day in range(calendar.days) if calendar.weekday(day) == 6]

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return int(calendar.weekday(day) == 6 and before.works != today.works)


@dataclass(frozen=True)
class MostOfOneInARow(Pattern):
    """At most so many days of one shift after one another."""

    shift: str = "L"
    most: int = 2
    level: Level = "warn"
    price: int = 15

    def start(self) -> int:
        return 0

    def step(self, state: Any, shift: Shift) -> tuple[int, int]:
        return (min(state + 1, self.most), int(state == self.most)) if shift.id == self.shift else (0, 0)


def test_a_week_with_history_skills_and_complete_weekends() -> None:
    """Four days up to a Monday, three nurses who come from the week before."""
    people = (
        Person("Ann", skills={"head nurse": None, "nurse": None}, history=(EARLY, LATE, LATE)),
        Person("Bob", skills={"nurse": None}, parameters={"MostWeekends": {"most": 0}}, history=(EARLY,) * 3),
        Person("Cat", skills={"nurse": None}, requests=(Request(2, "", 10),)),
    )
    demands = tuple(
        Demand(day, (Need(1, 500, "minimum"), Need(2, 30, "optimal")), shift="L", skills=NURSE) for day in range(4)
    ) + tuple(Demand(day, (Need(1, 60),), shift="E", skills=HEAD) for day in (0, 2))
    problem = Problem(Calendar(4, first_weekday=4), (EARLY, LATE), people, demands)
    rules: tuple[Rule, ...] = (
        NotFollowedBy(pairs=frozenset({("L", "E")})),
        LongestWorkStretch(most=4, level="warn", price=30),
        MostWeekends(most=1, level="warn", price=30),
        CompleteWeekends(),
        MostOfOneInARow(),
        Requests(),
    )
    result = solve(problem, rules, Stop(effort=300), workers=1)
    assert result.cost == cost_of(problem, rules, result.assignment) == best_cost(problem, rules)
    assert result.bound <= result.cost
    assert result.assignment["Ann"][0] != "E"  # forbidden after the late of yesterday
    for rule, least in ((CompleteWeekends, 1), (MostOfOneInARow, 1)):  # each of the two is felt
        without = tuple(one for one in rules if not isinstance(one, rule))
        easier = best_cost(problem, without)
        assert easier is not None
        assert result.cost - easier >= least
