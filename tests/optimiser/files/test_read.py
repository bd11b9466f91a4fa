"""What is written in a file is what the problem says."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from optimiser.bench.evaluate import read as read_for_evaluator
from optimiser.bench.evaluate import score
from optimiser.files import from_text, read
from optimiser.files.reading import BadFile
from optimiser.lines import line_of
from optimiser.rules.cover import Cover, rows_of
from optimiser.shapes import check_line

INSTANCES = Path("optimiser/bench/instances")


NEED = {"people": 2, "under": 5, "level": "red"}


def form(**changes: Any) -> Any:
    return from_text(json.dumps({
        "start": "2027-01-04",
        "days": 7,
        "shifts": [
            {"id": "E", "start": "07:30", "end": "12:45"},
            {"id": "N", "start": "20:45", "end": "07:30", "breaks": [["01:00", "01:30"]]},
            {"id": "AL", "kind": "leave", "minutes": 444},
        ],
        "people": [{"id": "A", "hours": 37.5}],
    } | changes))  # fmt: skip


def test_times_and_days() -> None:
    task = form(
        bank_holidays=["2027-01-06", "2027-01-01"],
        people=[{
            "id": "A",
            "hours": 37.5,
            "skills": {"FA": "2027-01-05", "CR": None},
            "locked": {"2027-01-05": "AL", "2027-01-06": ""},
            "history": ["N", ""],
            "rules": {"DailyRest": {"hours": 12}, "ShortNotice": {"today": "2027-01-02", "published": ["E"]}},
        }],
        demand=[
            {"weekdays": ["wed"], "shift": "E", "people": 3},
            {"weekdays": ["bank holiday"], "shift": "E", "people": 1},
            {"days": ["2027-01-04"], "from": "22:00", "to": "02:00", "needs": [NEED]},
        ],
    )  # fmt: skip
    problem, (person,) = task.problem, task.problem.people
    early, night, leave = problem.shifts
    assert (night.start, night.end, night.minutes, night.breaks) == (1245, 1890, 615, ((1500, 1530),))
    assert (leave.works, leave.minutes, early.minutes) == (False, 444, 315)
    assert problem.calendar.bank_holidays == {2, -3}
    assert person.hours == 2250
    assert person.has_skill("FA", 1)
    assert not person.has_skill("FA", 2)
    assert person.has_skill("CR", 9999)
    assert person.locked == {1: "AL", 2: ""}
    assert [shift.id for shift in person.history] == ["N", ""]
    assert person.parameters["DailyRest"] == {"hours": 12}
    assert person.parameters["ShortNotice"] == {"today": -2, "published": ("E",)}
    # Wednesday is a bank holiday: once any demand speaks of bank holidays, only those hold on it.
    assert [(one.day, one.shift, one.needs[0].people) for one in problem.demands] == [(2, "E", 1), (0, None, 2)]
    assert (problem.demands[1].start, problem.demands[1].end, problem.demands[1].needs[0].level) == (1320, 1560, "red")


def test_who_is_away_meets_no_demand_and_has_no_rest() -> None:
    """Sent elsewhere for a part of the night: at work all the time, here only until 02:00 and from 05:00."""
    away = [["02:00", "05:00"]]
    task = form(
        shifts=[{"id": "N", "start": "20:45", "end": "07:30", "away": away}],
        people=[{"id": "A", "history": ["N"]}],
        demand=[{"from": "00:00", "to": "07:30", "people": 1}],
    )
    (night,) = task.problem.shifts
    assert (night.away, night.minutes, night.breaks) == (((1560, 1740),), 645, ())
    met = [row.constant for row in rows_of(task.problem, task.rules) if row.days == (0,)]
    assert met == [1, 0], "until 02:00 and from 05:00; not between"
    assert not [row for row in rows_of(task.problem, task.rules) if row.constant and row.days != (0,)]
    with pytest.raises(BadFile, match="time elsewhere lies inside its shift"):
        form(shifts=[{"id": "E", "start": "07:30", "end": "12:45", "away": [["12:00", "13:00"]]}])


def test_rules_are_the_handbooks_with_changes() -> None:
    book = {rule.name: rule for rule in form().rules}
    assert book["DailyRest"].level == "block"
    assert book["LongWorkStretch"].level == "warn"
    assert "AL" in book["WeeklyAverage"].excluded
    rules = {
        "QuickReturn": {"level": "off"},
        "Fridays": {"rule": "MostOfShift", "shift": "N", "most": 2},
        "SkillValid": {"needs": [["N", "OO"]]},
    }
    changed = {rule.name: rule for rule in form(rules=rules).rules}
    assert changed["QuickReturn"].level == "off"
    assert (changed["Fridays"].shift, changed["Fridays"].most) == ("N", 2)
    assert changed["SkillValid"].needs == {("N", "OO")}
    assert {rule.name for rule in form(rule_book="none").rules} == {"Cover", "Requests"}


def test_benchmark_rosters_cost_what_the_evaluator_says() -> None:
    """Random rosters, mostly illegal: the reader's rules and the evaluator agree on each person and on the cost."""
    for number in (1, 4, 7):
        file = INSTANCES / f"Instance{number}.txt"
        task, instance, chance = read(file), read_for_evaluator(file.read_text()), random.Random(number)
        shifts = list(instance.minutes)
        for _ in range(20):
            roster = {name: mostly_runs(chance, shifts, instance.days) for name in instance.staff}
            judged = score(instance, roster)
            found = {p.id: check_line(line_of(task.problem, p, roster[p.id]), task.rules) for p in task.problem.people}
            blamed = {name for name, violations in found.items() if any(one.blocks for one in violations)}
            assert blamed == {reason.partition(":")[0] for reason in judged.broken}
            cover = sum(row.cost(row.count(roster)) for row in Cover().rows(task.problem))
            wishes = sum(one.price for violations in found.values() for one in violations)
            if not judged.broken:
                assert cover + wishes == judged.cost
            assert cover == judged.under + judged.over
            assert wishes == judged.requests


def mostly_runs(chance: Any, shifts: list[str], days: int) -> tuple[str, ...]:
    line: list[str] = []
    while len(line) < days:
        line += [chance.choice(shifts)] * chance.randint(2, 5) + [""] * chance.randint(1, 4)
    return tuple(line[:days])
