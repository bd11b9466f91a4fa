"""The evaluator says what the benchmark's rules say, even where they are easy to get wrong."""

import re
from itertools import product
from pathlib import Path

import pytest

from optimiser.bench.evaluate import read, read_roster, score
from optimiser.bench.generate import generate

INSTANCES = Path("optimiser/bench/instances")

WEEK = """SECTION_HORIZON
7
SECTION_SHIFTS
D,480,
N,600,D
SECTION_STAFF
A,D=7|N=2,2880,960,3,2,2,1
SECTION_DAYS_OFF
A,2
SECTION_SHIFT_ON_REQUESTS
A,0,D,5
SECTION_SHIFT_OFF_REQUESTS
A,1,D,3
SECTION_COVER
0,D,1,100,1
1,D,0,100,7
"""


def week(line: str) -> tuple[int, list[str]]:
    result = score(read(WEEK), {"A": [shift.replace("-", "") for shift in line]})
    return result.cost, result.broken


def test_costs_and_borders() -> None:
    assert week("DD---DD") == (3 + 7, [])  # a request off and one too many on day 1
    assert week("-----DD") == (5 + 100, [])  # a request on and nobody on day 0
    assert week("D---DDD")[1] == []  # a first stretch of one day: more work may lie before
    assert week("DD----D")[1] == []
    assert week("--- DD-".replace(" ", "D"))[1] == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("---D---", "A: 1 days of work from day 3, at least 2"),
        ("DD-DD--", "A: 1 days off from day 2, at least 2"),
        ("---DDDD", "A: 4 days of work from day 3, at most 3"),
        ("--DD---", "A: works on day 2, a day off"),
        ("---NDD-", "A: D on day 4 after N"),
        ("NN---NN", "A: N 4 times, at most 2"),
        ("D------", "A: 480 minutes, at least 960"),
        ("DD---NN", ""),
        ("DDD-DDD", "A: 1 days off from day 3, at least 2"),
    ],
)
def test_hard_rules(line: str, reason: str) -> None:
    broken = week(line)[1]
    assert (reason in broken) if reason else broken == []


def test_a_weekend_counts_once_and_with_either_day() -> None:
    text = WEEK.replace("SECTION_HORIZON\n7", "SECTION_HORIZON\n14").replace("2880,960,3", "9600,0,7")
    one = {"A": ["", "", "", "", "", "D", "D", "", "", "", "", "", "", ""]}
    two = {"A": ["", "", "", "", "", "D", "D", "", "", "", "", "", "", "D"]}
    assert score(read(text), one).broken == []
    assert score(read(text), two).broken == ["A: 2 weekends, at most 1"]


def test_a_roster_that_does_not_fit() -> None:
    result = score(read(WEEK), read_roster("A,D,D\nB,,,,,,,X\n"))
    assert result.broken == ["A: 2 days instead of 7", "B: nobody of this name", "B: no shift 'X'"]


def test_every_week_against_the_rules_as_patterns() -> None:
    """All lines of a week, judged once more by regular expressions."""
    refused = re.compile(r"^..[DN]|ND|[DN]{4}|-[DN]-|[DN]-[DN]|N.*N.*N")
    for symbols in product("-DN", repeat=7):
        line = "".join(symbols)
        minutes = 480 * line.count("D") + 600 * line.count("N")
        legal = not refused.search(line) and 960 <= minutes <= 2880
        assert (week(line)[1] == []) == legal, line


def test_public_instances_are_read_whole() -> None:
    sizes = {}
    for number in (1, 8, 13):
        instance = read((INSTANCES / f"Instance{number}.txt").read_text())
        sizes[number] = (instance.days, len(instance.staff), len(instance.minutes), len(instance.cover))
    assert sizes == {1: (14, 8, 1, 14), 8: (28, 30, 4, 112), 13: (28, 120, 18, 504)}


@pytest.mark.parametrize("size", ["middle", "large"])
def test_generated_instances(size: str) -> None:
    """The same seed gives the same instance; sizes and references are right."""
    text = generate(size, 5)
    instance = read(text)
    assert text == generate(size, 5) != generate(size, 6)
    weeks, people, types = instance.days / 7, len(instance.staff), len(instance.minutes)
    if size == "middle":
        assert weeks in (6, 8, 12)
        assert 20 <= people <= 45
        assert 3 <= types <= 6
    else:
        assert weeks in (26, 52)
        assert 50 <= people <= 150
        assert 6 <= types <= 32
    assert {shift for _, _, shift, _ in instance.wanted + instance.unwanted} <= set(instance.minutes)
    assert all(any(most for most in person.most_of.values()) for person in instance.staff.values())
