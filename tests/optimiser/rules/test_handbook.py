"""The examples of the handbook (staff roster 16.1, 16.2, 21) and the sentences that people read."""

from dataclasses import replace
from datetime import date

import pytest

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line, line_of
from optimiser.problem import OFF, Calendar, Demand, Need, Person, Problem, Shift
from optimiser.rules import all_rules, default_rules
from optimiser.rules.booked import Booked
from optimiser.rules.break_in_shift import BreakInShift
from optimiser.rules.daily_rest import DailyRest
from optimiser.rules.fair_share import FairShare
from optimiser.rules.hours_in_days import HoursInDays
from optimiser.rules.new_officers import NewOfficers
from optimiser.rules.night_average import NightAverage
from optimiser.rules.night_worker import is_night_worker
from optimiser.rules.personal import Personal
from optimiser.rules.rest_after_nights import RestAfterNights
from optimiser.rules.skill_mix import SkillMix
from optimiser.rules.skill_valid import SkillValid
from optimiser.rules.weekends import WeekendsWorked
from optimiser.rules.weekly_average import WeeklyAverage
from optimiser.shapes import check_line, fitted

JANUARY = Calendar(7, first_weekday=0, start=date(2027, 1, 4))
DAY_OF_8 = Shift("W", 480, 960, 480)


def test_late_then_early_says_what_was_measured_and_when_work_may_start() -> None:
    """(R-065) 12:15-21:00 then 07:30 is 10 h 30: half an hour is owed."""
    one = case(DailyRest(), "E L", days=2)
    (found,) = DailyRest().check(line_of(one.problem, one.person, ["L", "E"]))
    assert (found.measured, found.limit, found.days, found.blocks) == (10.5, 11, (0, 1), True)
    assert found.sentence == (
        "Tue (day 1): 10 h 30 min of rest between L until 21:00 and E from 07:30, 11 h needed; work may start at 08:00"
    )


def test_weekly_average_with_excluded_days() -> None:
    """(R-067) 697 h in 17 weeks, 7 days of leave in them, 45 h in the next 7 working days: 43.6 h a week, fine."""
    work, leave = Shift("W", 480, 960, 480), SHIFTS["AL"]
    period = [leave] * 7 + [work] * 87 + [replace(work, id="1", minutes=60)] + [OFF] * 24
    assert sum(shift.minutes for shift in period if shift.works) == 697 * 60
    after = [replace(work, id="X", minutes=45 * 60 // 7), OFF] * 7
    line = Line(Person("A", history=tuple(period)), Calendar(14), tuple(after))
    rule = WeeklyAverage(excluded=frozenset({"AL"}))
    windows = {window.last: window for window in rule.windows(line.person, line.calendar)}
    assert windows[-1].following == 7
    assert rule.total(line, windows[-1]) / 60 / 17 == pytest.approx(742 / 17, abs=0.1)
    assert rule.check(line) == []
    tight = replace(rule, hours=43).check(line)
    said = "43.6 hours a week on average over the 17 weeks to Sun (day -1) and the next 7 working days, at most 43"
    assert said in [found.sentence for found in tight]


def test_opt_out_ends_on_its_last_day() -> None:
    history = tuple([replace(DAY_OF_8, minutes=720)] * 119)
    line = Line(Person("A", history=history), Calendar(2), (OFF, OFF))
    assert WeeklyAverage(excluded=frozenset()).check(line)
    assert not WeeklyAverage(excluded=frozenset(), opted_out_until=1).check(line)
    off = Person("A", history=history, parameters={"WeeklyAverage": {"level": "off"}})
    assert check_line(Line(off, line.calendar, line.planned), [WeeklyAverage()]) == []


def test_night_workers_are_found_by_a_third_of_their_days() -> None:
    """W6, W7: eight hours in each 24 is 8 x (119 - 17) hours in 17 weeks."""
    night, day = SHIFTS["N"], SHIFTS["E"]
    assert is_night_worker(Person("A", history=(night, day, day)))
    assert not is_night_worker(Person("A", history=(night, day, day, day)))
    assert not is_night_worker(Person("A"))
    (window,) = NightAverage().windows(Person("A"), Calendar(1))
    assert window.most == 8 * (119 - 17) * 60


def test_nights_then_days_need_46_hours_and_two_days_off() -> None:
    one = case(RestAfterNights(), "E N", days=4, history="N N")
    for shifts, fine in ((["", "", "E", ""], True), (["", "E", "", ""], False), (["", "N", "", ""], False)):
        found = RestAfterNights().check(line_of(one.problem, one.person, shifts))
        assert (found == []) == fine
    (found_late,) = RestAfterNights().check(line_of(one.problem, one.person, ["", "E", "", ""]))
    assert "24 h and 1 day off between the 2 nights to Sun (day -1) and E on Tue (day 1)" in found_late.sentence


def test_weekends_of_the_weeks_before_count() -> None:
    weekend = [OFF] * 5 + [DAY_OF_8, OFF]
    person = Person("A", history=tuple(weekend * 4))
    worked = Line(person, JANUARY, (OFF,) * 6 + (DAY_OF_8,))
    (found,) = WeekendsWorked().check(worked)
    assert found.sentence == "5 weekends worked in the 5 weeks to Sun 10 Jan 2027, at most 3 (2 off)"
    assert found.price == 40


def test_hard_cells_say_why() -> None:
    """L15, L16 and W3 in words."""
    person = Person("A", skills={"OO": 2}, locked={1: "AL"}, days_off=frozenset({3}), allowed=frozenset({"E", "N"}))
    problem = Problem(JANUARY, (*SHIFTS.values(),), (person,))
    rules = (
        Booked(),
        SkillValid(needs=frozenset({("N", "OO"), ("N", "FIRE")})),
        Personal(nights=False, weekdays=frozenset({0, 1, 2, 3, 4})),
        BreakInShift(),
    )
    line = line_of(problem, person, ["M", "E", "", "E", "N", "", "E"])
    said = [found.sentence for found in check_line(line, rules)]
    assert said == [
        "Mon 4 Jan 2027: M is not possible, this person does not work that shift on that day",
        "Tue 5 Jan 2027: E is not possible, AL is booked",
        "Thu 7 Jan 2027: E is not possible, a day off was promised",
        "Fri 8 Jan 2027: N needs a skill that is missing: no FIRE, OO expired on Wed 6 Jan 2027",
        "Fri 8 Jan 2027: N is against what is agreed with this person: no nights",
        "Sun 10 Jan 2027: E is against what is agreed with this person: not on this weekday",
        "Fri 8 Jan 2027: N lasts 10 h 45 min with 0 minutes' break, 20 needed after 6 h",
    ]


def test_fair_shares_follow_hours_and_what_was_worked() -> None:
    """L11: ten nights asked for, four worked by one of three: fourteen to share by hours."""
    nights = tuple(Demand(day, (Need(2, 100),), "N") for day in range(5))
    people = (
        Person("full", hours=2000, history=(SHIFTS["N"],) * 4),
        Person("fresh", hours=2000),
        Person("half", hours=1000),
    )
    problem = Problem(JANUARY, tuple(SHIFTS.values()), people, nights)
    (rule,) = fitted(problem, [FairShare()])
    assert isinstance(rule, FairShare)
    assert dict(rule.shares or ()) == {"full": 2, "fresh": 6, "half": 3}
    assert fitted(problem, [rule]) == (rule,)


def test_rules_that_join_people() -> None:
    """L12: half of a shift may be new; a first-aider on each shift asked for."""
    people = (
        Person("new", groups=frozenset({"new officer"})),
        Person("newer", groups=frozenset({"new officer"})),
        Person("old", skills={"FA": 0}),
    )
    problem = Problem(
        Calendar(2), (SHIFTS["E"],), people, (Demand(0, (Need(2, 9),), "E"), Demand(1, (Need(1, 9),), "E"))
    )
    new = {row.days[0]: row for row in NewOfficers(price=3).rows(problem)}
    even, uneven = (
        {"new": ("E", ""), "newer": ("", ""), "old": ("E", "")},
        {"new": ("E",), "newer": ("E",), "old": ("E",)},
    )
    assert new[0].cost(new[0].count(even)) == 0
    assert new[0].cost(new[0].count(uneven)) == 3
    aid = list(SkillMix(skill="FA", price=7).rows(problem))
    assert [row.cost(row.count({"new": ("E", "E"), "newer": ("", ""), "old": ("E", "E")})) for row in aid] == [0, 7]
    assert list(SkillMix(level="off", skill="FA").rows(problem)) == []


def test_the_rule_book_has_every_rule_of_the_handbook() -> None:
    """Each number of 16 that concerns planned time has a class, each default a name of its own."""
    codes = {rule.code for rule in all_rules().values() if rule.code}
    assert codes >= {f"W{n}" for n in (1, 2, 3, 4, 6, 7, 8)} | {f"L{n}" for n in range(1, 17)}
    names = [rule.name for rule in default_rules()]
    assert len(names) == len(set(names))
    statutory = {rule.name for rule in default_rules() if rule.code in ("W1", "W2", "W3", "W4", "W7", "W8")}
    assert all(rule.level == "block" for rule in default_rules() if rule.name in statutory)
    assert all(rule.__doc__ for rule in all_rules().values())


def test_what_goes_on_for_days_is_said_once_with_its_worst() -> None:
    """Seven long days: five windows of three days are too full; one sentence says so and costs what all do."""
    long = Shift("W", 480, 1200, 720)
    line = Line(Person("A"), Calendar(10, start=date(2027, 1, 4)), (long,) * 7 + (OFF,) * 3)
    rule = HoursInDays(hours=30, days=3)
    (found,) = check_line(line, [rule])
    assert (found.measured, found.days, found.price) == (
        2160,
        tuple(range(7)),
        sum(f.price for f in rule.check(line)),
    )
    assert found.sentence == (
        "36 hours in the 3 days to Wed 6 Jan 2027, at most 30 "
        "(broken 5 times from Wed 6 Jan 2027 to Sun 10 Jan 2027, kept again from Mon 11 Jan 2027)"
    )
    apart = Line(line.person, line.calendar, (long, long, long, OFF, OFF, OFF, OFF, long, long, long))
    assert [found.days[0] for found in check_line(apart, [rule])] == [0, 7]
