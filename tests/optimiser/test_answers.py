"""Costs, gaps, comparison and cover: what a person is told about a roster, and that it adds up."""

import json
from pathlib import Path
from typing import Any

import pytest

from optimiser.answers import account, compare, gaps, still_to_gain, with_shift, worth_of_one_more
from optimiser.cover import CoverDesk
from optimiser.files import Task, from_text
from optimiser.files.page import page
from optimiser.files.report import report
from optimiser.problem import Calendar, Demand, Need, Person, Problem, Result
from optimiser.rules.cover import Cover
from optimiser.shapes import check_line
from tests.optimiser.tiny import EARLY

DAYS = [f"2027-01-{day:02}" for day in range(4, 11)]


def task(**changes: Any) -> Task:
    data = {
        "start": DAYS[0],
        "days": 7,
        "name": "A <small> unit",
        "shifts": [
            {"id": "E", "start": "07:30", "end": "12:45"},
            {"id": "N", "start": "20:45", "end": "07:30"},
            {"id": "AL", "kind": "leave", "minutes": 444},
        ],
        "people": [
            {"id": "Ann", "skills": {"FIRE": DAYS[1]}},
            {"id": "Bob", "skills": {"FIRE": None}, "locked": {DAYS[2]: "AL"}},
            {"id": "Cat", "skills": {"FIRE": None}},
            {"id": "Dan", "skills": {"FIRE": None}, "requests": [{"day": DAYS[2], "shift": "E", "price": 7}]},
            {"id": "Eve"},
        ],
        "demand": [
            {"shift": "N", "days": [DAYS[2]], "people": 2, "under": 100},
            {"shift": "E", "days": [DAYS[2]], "people": 1, "under": 50, "over": 3},
        ],
        "rule_book": "none",
        "rules": {
            "SkillValid": {"needs": [["N", "FIRE"]]},
            "DailyRest": {},
            "Booked": {},
            "WorkStretch": {"rule": "ShortestWorkStretch", "level": "warn", "price": 5},
        },
    }
    return from_text(json.dumps(data | changes))


def roster(**lines: str) -> dict[str, tuple[str, ...]]:
    """``Dan="..E...."``; nobody else works, and Bob is on leave on Wednesday."""
    plain = dict.fromkeys(("Ann", "Bob", "Cat", "Dan", "Eve"), ".......") | lines
    found = {name: tuple(line.replace(".", " ")) for name, line in plain.items()}
    found["Bob"] = with_shift(found["Bob"], 2, "AL")
    return {name: tuple(shift.strip() for shift in line) for name, line in found.items()}


def test_costs_add_up_by_rule_person_and_day() -> None:
    one, lines = task(), roster(Cat="..E....", Eve="..EE..N")
    judged = account(one.problem, one.rules, lines)
    # Nobody on the night, one too many on the early, Dan not on his early, Cat's single day; Eve's nights need a skill.
    assert judged.by_rule == {"Cover": 203, "Requests": 7, "WorkStretch": 5}
    assert judged.by_person == {"Dan": 7, "Cat": 5}
    assert judged.by_day == {2: 215}
    assert judged.cost == 215
    assert [part.sentence for part in judged.parts if part.rule == "Cover"] == [
        "Wed 6 Jan 2027, N: 0 of 2",
        "Wed 6 Jan 2027, E: 1 too many",
    ]
    assert [found.rule for found in judged.forbidden] == ["SkillValid"]


def test_a_gap_says_of_each_person_what_is_first_in_the_way() -> None:
    one = task()
    lines = roster(Cat="..E....", Dan="...E...")
    (night,) = [gap for gap in gaps(one.problem, one.rules, lines) if ", N" in gap.row.name]
    assert (night.missing, night.cost) == (2, 200)
    assert dict(night.reasons) == {
        "Ann": "SkillValid: Wed 6 Jan 2027: N needs a skill that is missing: FIRE expired on Tue 5 Jan 2027",
        "Bob": "Booked: AL stands on Wed 6 Jan 2027",
        "Cat": "At work: works E on Wed 6 Jan 2027",
        "Dan": "DailyRest: Thu 7 Jan 2027: 0 h of rest between N until 07:30 and E from 07:30, 11 h needed; "
        "work may start at 18:30",
        "Eve": "SkillValid: Wed 6 Jan 2027: N needs a skill that is missing: no FIRE",
    }
    assert night.summary["SkillValid"] == 2
    skilled = task(demand=[{"shift": "N", "days": [DAYS[2]], "people": 1, "skills": ["FIRE"]}])
    (gap,) = gaps(skilled.problem, skilled.rules, roster())
    assert gap.reasons["Eve"].startswith("Does not count")
    assert gap.reasons["Cat"].startswith("Free and legal")
    assert gaps(skilled.problem, skilled.rules, roster(), most=0)[0].reasons == {}


def test_two_rosters() -> None:
    one = task()
    found = compare(one.problem, one.rules, roster(Cat="..E...."), roster(Dan="..EE..."))
    assert [(change.person, change.day, change.before, change.after) for change in found.changes] == [
        ("Cat", 2, "E", ""),
        ("Dan", 2, "", "E"),
        ("Dan", 3, "", "E"),
    ]
    assert found.by_rule == {"Requests": (7, 0), "WorkStretch": (5, 0)}
    assert found.sentences[:2] == ["The first costs 212, the second 200.", "3 days of 2 people differ."]


def test_what_could_be_gained() -> None:
    result = Result(roster(), 200, 150, prices={"Wed, N": 90.5, "Thu, E": -3.0, "Fri, E": 20.0})
    assert "at most 50 (25.0%) can still be gained" in still_to_gain(result)
    assert still_to_gain(Result(roster(), 150, 150)) == "The cost is 150, and no roster whatever costs less."
    assert worth_of_one_more(result) == [("Wed, N", 90.5), ("Fri, E", 20.0)]


def test_report_and_page_hold_the_same_facts() -> None:
    one = task()
    result = Result(roster(Cat="..E...."), 212, 200, seed=3, effort=7, ended="time", repaired=("Ann was moved",))
    judged, found = account(one.problem, one.rules, result.assignment), gaps(one.problem, one.rules, result.assignment)
    told = report(one.problem, result, judged, found)
    assert (told["cost"], told["bound"], told["seed"], told["effort"]) == (212, 200, 3, 7)
    assert told["cost_by_day"] == {"Wed 6 Jan 2027": 212}
    assert json.loads(json.dumps(told))["parts"][0]["days"] == [2]
    shown = page(one.problem, result, judged, found)
    assert "A &lt;small&gt; unit" in shown
    assert "<small>" not in shown
    for words in ("0 of 2", "2 missing", "Ann was moved", 'lang="en"', "<caption>", "1 working day in a row"):
        assert words in shown
    assert "http" not in shown.replace("http-equiv", "")


def test_cover_at_once_and_by_re_planning() -> None:
    """Whoever is free and legal is named with what it costs; the re-plan moves what is in the way."""
    one = task(rules={"DailyRest": {}, "Booked": {}, "SkillValid": {"needs": [["N", "FIRE"]]}})
    lines = roster(Cat="..E....", Dan="...E...")
    desk = CoverDesk(one.problem, one.rules, lines)
    assert [candidate.person for candidate in desk.free("N", 2)] == []
    later = desk.free("N", 4)
    assert [(candidate.person, candidate.cost) for candidate in later] == [("Bob", 0), ("Cat", 0), ("Dan", 0)]
    assert later[0].sentence == (
        "Bob is free on Fri 8 Jan 2027 and may work N: the roster costs the same; nothing speaks against it"
    )
    replans = {candidate.person: candidate for candidate in desk.replans("N", 2)}
    assert set(replans) == {"Cat", "Dan"}
    before = account(one.problem, one.rules, lines).cost
    for name, candidate in replans.items():
        line = list(lines[name])
        for change in candidate.changes:
            assert line[change.day] == change.before
            line[change.day] = change.after
        after = {**lines, name: tuple(line)}
        assert line[2] == "N"
        assert account(one.problem, one.rules, after).forbidden == ()
        assert candidate.cost == account(one.problem, one.rules, after).cost - before
    desk.change("Dan", lines["Ann"])
    assert [candidate.person for candidate in desk.free("N", 2)] == ["Dan"]


@pytest.mark.parametrize("day", [3, 9])
def test_every_name_on_the_list_is_legal_under_the_whole_rule_book(day: int) -> None:
    from optimiser.bench.cover import plain_roster
    from optimiser.bench.prison import prison
    from optimiser.lines import line_of

    one = prison(24)
    lines = plain_roster(one.problem)
    desk = CoverDesk(one.problem, one.rules, lines, today=2)
    before = account(one.problem, one.rules, lines)
    named = desk.free("E", day)
    assert named == sorted(named, key=lambda candidate: (candidate.cost, candidate.person))
    for candidate in named:
        line = with_shift(lines[candidate.person], day, "E")
        person = one.problem.person[candidate.person]
        was = sum(found.blocks for found in check_line(line_of(one.problem, person, lines[person.id]), one.rules))
        assert sum(found.blocks for found in check_line(line_of(one.problem, person, line), one.rules)) <= was
        after = account(one.problem, one.rules, {**lines, person.id: line})
        assert after.cost - before.cost == candidate.cost


def test_the_page_has_no_script_and_fits_one_file() -> None:
    one = task()
    shown = page(one.problem, Result(roster(), 207, 0), account(one.problem, one.rules, roster()), [])
    assert "<script" not in shown
    assert "src=" not in shown
    assert Path("optimiser/files/page.css").read_text().split("\n")[0] in shown


def test_demand_counts_whether_or_not_its_rule_is_named() -> None:
    """What a roster costs is what the search was paid for, and that is always the demand too."""
    problem = Problem(Calendar(1), (EARLY,), (Person("P"),), (Demand(0, (Need(1, 7),), shift="E"),))
    for rules in ((), (Cover(),)):
        assert account(problem, rules, {"P": ("",)}).cost == 7
        assert [gap.missing for gap in gaps(problem, rules, {"P": ("",)}, 1)] == [1]
