"""Optimiser runs: the draft as its form, the answer as a draft, stop, crash, refusal."""

import json
import multiprocessing
import re
import time
from datetime import date, timedelta
from typing import Any

import psutil
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from foundation.testing import database
from optimiser.files.reading import from_text
from optimiser.lines import line_of
from optimiser.shapes import line_rules
from roster.activities.models import Activity, Template, TemplateVersion
from roster.demand.seeds import residential
from roster.establishment.models import PersonalRule, Skill
from roster.planning import actions, runs
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.models import Run
from roster.planning.sheet import Sheet
from roster.planning.to_problem import Options, Task
from roster.timeline import actions as timeline
from roster.timeline.models import Level
from tests.roster.conftest import LONG_AGO, make_person
from tests.roster.demand.test_demand import require
from tests.roster.planning.conftest import MONDAY, at, shift

WANTED = {"E": 1, "L": 1}


def test_a_draft_in_the_optimisers_form(unit: Any, draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    """Leave, locks and what stands there are fixed; history is what was published before."""
    one, two, _ = people
    late = shift("L").shifts[0].version
    version = TemplateVersion.objects.get(pk=late)
    timeline.put(one, unit, MONDAY - timedelta(days=1), by=planner, template=version, reason="Told in time")
    leave = Activity.objects.get(name="Annual Leave")
    timeline.cover(one, at(2), leave, by=planner, unit=unit)
    put(one, 0, "N")
    put(two, 0, "N", source="pattern")
    put(two, 1, "", locked=True)
    task = Task(draft, Options(WANTED))
    read = from_text(json.dumps(task.data)).problem
    assert read.person[str(one.pk)].history[-1].id == "L"
    assert read.person[str(one.pk)].locked == {0: "N", 2: "AL"}
    assert read.person[str(two.pk)].locked == {0: "N", 1: ""}
    assert Task(draft, Options(WANTED, anew=True)).data["people"][1]["locked"] == {at(1).isoformat(): ""}
    assert read.person[str(one.pk)].allowed == frozenset({"E", "L"})
    answered = task.answer({one.pk: ("E",) * 28, two.pk: ("",) * 28})
    assert (one.pk, at(0)) not in answered
    assert answered[one.pk, at(1)] == shift("E")
    assert answered[two.pk, at(3)] == shift("RD")


def test_overtime_stands_and_its_rest_is_kept(unit: Any, draft: Any, people: list[Any], planner: Any, put: Any) -> None:
    """(R-065) A run plans nothing on a day with overtime, and knows of its hours; who has leave that day works."""
    one, two, _ = people
    gate = [timeline.Item(Activity.objects.get(name="Gate"), 14 * 3600, 22 * 3600)]
    put(two, 1, "AL")
    for person in (one, two):
        timeline.put(person, unit, at(1), items=gate, level=Level.OVERTIME, by=planner, reason="Told in time")
    task = Task(draft, Options(WANTED, anew=True))
    problem = from_text(json.dumps(task.data)).problem
    shifts = {each.id: each for each in problem.shifts}
    for person in (one, two):
        stands = shifts[problem.person[str(person.pk)].locked[1]]
        assert (stands.start, stands.end, stands.works) == (14 * 60, 22 * 60, True)
    assert not {(one.pk, at(1)), (two.pk, at(1))} & set(task.answer({one.pk: ("E",) * 28, two.pk: ("E",) * 28}))


def test_the_night_of_a_clock_change_is_planned_with_its_true_length(
    unit: Any, people: list[Any], planner: Any
) -> None:
    """(R-096) In the period of the March change that one night is a shift of its own; so is the next, for the rest
    before it.
    """
    period = actions.open_period(unit, date(2027, 3, 8), by=planner)
    data = Task(actions.working(period), Options({"N": 1})).data
    nights = {each["id"]: each["minutes"] for each in data["shifts"] if each["id"].startswith("N")}
    assert sorted(nights.values()) == [585, 645, 645]
    turned = {each["id"]: each["turned"] for each in data["shifts"] if "turned" in each}
    free = turned.pop(data["off_on"]["2027-03-28"])
    assert (list(turned.values()), free) == ([(0, -60, 60), (-60, 0, 0)], (0, -60, 0)), "and a free Sunday"
    assert set(data["rules"]["BreakInShift"]["in_post"]) == set(nights), "or no night could be planned at all"
    (demand,) = [each for each in data["demand"] if nights[each["shift"]] == 585]
    assert demand["days"] == ["2027-03-27"]
    from_text(json.dumps(data))


def test_the_optimiser_keeps_each_of_two_agreements_on_its_days(
    unit: Any, people: list[Any], draft: Any, put: Any
) -> None:
    """L15: no nights in the first week, from then on nothing before 12:00."""
    one = people[0]
    for parameters, valid in [({"nights": False}, (LONG_AGO, at(7))), ({"earliest": 720}, (at(7), None))]:
        PersonalRule.objects.create(person=one, rule="Personal", parameters=parameters, valid=valid)
    read = from_text(json.dumps(Task(draft, Options({"E": 1, "N": 1})).data))
    own = next(rule for rule in line_rules(read.problem.person[str(one.pk)], read.rules) if rule.code == "L15")
    line = line_of(read.problem, read.problem.person[str(one.pk)], ["N", "E", *[""] * 5, "N", "E", *[""] * 19])
    assert [each.days for each in own.check(line)] == [(0,), (8,)]
    put(one, 0, "N")
    put(one, 8, "E")
    (row,) = Board(draft).rows([one])
    assert {each.days for each in row.findings if each.code == "L15"} == {(at(0),), (at(8),)}


def test_what_nobody_could_keep_is_listed_by_day_with_the_reason(
    as_planner: Any, period: Any, draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """What stood in the way of each: a lock, what was planned before, what came before these weeks."""
    put(people[0], 1, "N", locked=True)
    put(people[0], 2, "E")
    task = Task(draft, Options(WANTED))
    broken = {"person": str(people[0].pk), "sentence": "10 h 45 min of rest, 11 h needed"}
    found = task.unkept([{**broken, "days": [1, 2]}, {**broken, "days": [-1, 0]}, {**broken, "days": [7]}])
    assert [(each["day"], each["because"]) for each in found] == [
        ("2027-01-06", "Tue 5 Jan is locked; Wed 6 Jan was planned before."),
        ("2027-01-04", "Sun 3 Jan came before these weeks."),
        ("2027-01-11", "No shift that may be planned keeps it."),
    ]
    run = runs.ask(draft, by=planner, options=Options(WANTED))
    Run.objects.update(state="done", report={"forbidden": found, "still_to_gain": "Nothing."})
    page = as_planner().get(reverse("plan_run", args=[period.pk, run.pk])).content.decode()
    days = [page.index(day) for day in ("Monday 4 January", "Wednesday 6 January", "Monday 11 January")]
    assert days == sorted(days)
    assert "Adams, Sam: 10 h 45 min of rest, 11 h needed. Tue 5 Jan is locked;" in page


def test_a_second_run_of_a_draft_is_refused_and_a_waiting_one_is_never_begun(draft: Any, planner: Any) -> None:
    run = runs.ask(draft, by=planner, options=Options(WANTED))
    with pytest.raises(Refused):
        runs.ask(draft, by=planner, options=Options(WANTED))
    browser = Client()
    browser.force_login(planner)
    asked = {"seconds": 60} | {f"wanted_{code}": number for code, number in WANTED.items()}
    answer = browser.post(reverse("plan_runs", args=[draft.period_id]), asked)
    assert answer.url == reverse("plan_run", args=[draft.period_id, run.pk]), "clicked twice: the run that is there"
    runs.stop(run, by=planner)
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("stopped", 0)
    again = runs.ask(draft, by=planner, options=Options(WANTED))
    Run.objects.filter(pk=again.pk).update(attempts=3)
    runs.work(again.pk)
    again.refresh_from_db()
    assert again.state == "failed"


def test_what_went_wrong_is_said(draft: Any, planner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the optimiser refuses, and a run without memory, end as failed, with a sentence."""
    run = runs.ask(draft, by=planner, options=Options(WANTED), seconds=5)
    monkeypatch.setattr(Task, "_data", lambda self: {"dayz": 28})
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.trouble) == ("failed", "The optimiser could not read the plan.")


def test_the_optimiser_is_asked_for_the_demand_of_the_unit(unit: Any, draft: Any, people: list[Any]) -> None:
    """(R-052) By post and time, day type, skill and grade, each regime level at its price; past midnight too."""
    residential(unit)
    require(unit, name="First aider", day_types=["saturday"], skill=Skill.objects.get(code="FA"))
    senior = make_person(unit, grade="SO")
    task = Task(draft, Options({"E": 0, "N": 0}))
    read = from_text(json.dumps(task.data)).problem
    monday = {one.name: one for one in read.demands if one.day == 0}
    unlock, night = monday["Unlock and work, 07:45 to 12:00"], monday["Night patrol, 20:45 to 07:30"]
    assert [(need.people, need.level) for need in unlock.needs] == [
        (2, "essential"), (4, "reduced"), (5, "minimum"), (6, "target"),
    ]  # fmt: skip
    assert [need.under for need in unlock.needs] == sorted((need.under for need in unlock.needs), reverse=True)
    assert (night.start, night.end) == (1245, 1890)
    assert not any(name.startswith("First aider") for name in monday)
    saturday = next(one for one in read.demands if one.day == 5 and one.name.startswith("First aider"))
    assert (saturday.skills, saturday.start, saturday.end) == (frozenset({"FA"}), 0, 1440)
    assert "band 4" in read.person[str(senior.pk)].groups
    assert not unlock.groups & read.person[str(senior.pk)].groups, "officers only"
    assert unlock.groups & read.person[str(people[0].pk)].groups
    assert {one.shift for one in read.demands} == {None}, "nobody said how many each shift wants"


def test_only_shifts_that_meet_demand_are_offered(
    as_planner: Any, unit: Any, period: Any, people: list[Any], planner: Any
) -> None:
    """What the unit works is ticked, the rest is there to be opened; training is no shift for a run."""
    browser, address = as_planner(), reverse("plan_runs", args=[period.pk])
    page = browser.get(address).content.decode()
    assert "wanted_E" in page
    assert "wanted_TR" not in page
    require(unit)
    template = Template.objects.get(code="E")
    timeline.put(people[0], unit, MONDAY - timedelta(days=3), by=planner, template=template, reason="Told in time")
    page = browser.get(address).content.decode()
    assert re.search('value="E" checked', page)
    assert re.search('value="N2"(?! checked)', page)
    assert page.index('value="E"') < page.index("has not worked lately") < page.index('value="N2"')
    assert "wanted_E" not in page
    assert "Choose at least one shift" in browser.post(address, {"seconds": "20"}).content.decode()
    assert browser.post(address, {"seconds": "20", "shifts": ["E", "N2"]}).status_code == 302
    assert Run.objects.get().options == {"wanted": {"E": 0, "N2": 0}, "anew": False}


@pytest.mark.long
def test_what_stays_open_is_explained(as_planner: Any, unit: Any, period: Any, draft: Any, people: list[Any]) -> None:
    """(R-052) The run fills what can be filled; the rest is said in the words of the board, with the reason."""
    require(unit, name="Unlock", start=27000, end=45900, target=2, minimum=2)
    require(unit, name="Dogs", day_types=["saturday"], start=27000, end=45900, skill=Skill.objects.get(code="DOG"))
    before = Board(draft).needs()
    run = runs.ask(draft, by=None, options=Options({"E": 0}), seconds=5)
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.trouble
    after = Board(run.result).needs()
    assert before
    assert after
    assert all(square and square.short == 2 for _, square in before.rows[1].squares)
    assert [square.short for _, square in after.rows[1].squares if square] == [0] * 28
    page = as_planner().get(reverse("plan_run", args=[period.pk, run.pk])).content.decode()
    assert "4 posts and days are short of the minimum." in page
    assert "Dogs: 1 short of the minimum of 1 on Saturday 9 January from 07:30 to 12:45; 0 there." in page
    assert "3 have not the grade or skill" in page
    assert re.search(r"Dogs, 07:30 to 12:45: \d+", page)


def test_a_run_that_is_killed_leaves_nothing_and_can_be_asked_for_again(
    draft: Any, people: list[Any], planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The subprocess is killed; a worker dies and another begins anew; keeping the answer fails half way."""
    original = runs.lines

    def killed(process: Any, stop_asked: Any) -> Any:
        process.kill()
        yield from original(process, stop_asked)

    monkeypatch.setattr(runs, "lines", killed)
    run = runs.ask(draft, by=planner, options=Options(WANTED), seconds=5)
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.trouble) == ("failed", "The optimiser ended without an answer.")

    def dies(*_: Any) -> str:
        raise SystemExit

    run = runs.ask(draft, by=planner, options=Options(WANTED), seconds=5)
    monkeypatch.setattr(runs, "solve", dies)
    with pytest.raises(SystemExit):
        runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("running", 1)

    def keeps_badly(run: Any, problem: Any) -> str:
        answer = problem.parent / "answer"
        answer.mkdir()
        (answer / "roster.csv").write_text("\n".join(",".join([str(each.pk), *["E"] * 28]) for each in people))
        return ""  # and no report.json: reading it fails after the proposal was made

    monkeypatch.setattr(runs, "solve", keeps_badly)
    with pytest.raises(FileNotFoundError):  # for the worker's log
        runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.result) == ("failed", 2, None)
    assert run.trouble == "Something went wrong (FileNotFoundError)."
    assert draft.period.drafts.count() == 1, "nothing half kept"
    assert runs.ask(draft, by=planner, options=Options(WANTED)).state == "waiting"


@pytest.mark.long
def test_a_run_becomes_a_proposal(
    as_planner: Any, period: Any, draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """Asked for on the page, worked as the worker does, its score in words; locked cells are kept."""
    browser = as_planner()
    put(people[0], 0, "N", locked=True)
    asked = {"wanted_E": "1", "wanted_L": "1", "seconds": "20"}
    assert "Say how many" in browser.post(reverse("plan_runs", args=[period.pk]), {"seconds": "20"}).content.decode()
    browser.post(reverse("plan_runs", args=[period.pk]), asked)
    run = Run.objects.get()
    Run.objects.update(seconds=6)
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.trouble
    assert run.log
    assert run.result
    page = browser.get(reverse("plan_run", args=[period.pk, run.pk])).content.decode()
    assert "What its cost is made of" in page
    assert not run.report["gaps"]
    assert "What stays open" not in page, "nothing is asked of the unit, and every shift has its people"
    gaps = [{"where": "Mon 4 Jan 2027, E", "missing": 1, "reasons": {"Booked": 2}}]
    Run.objects.update(report=run.report | {"gaps": gaps})
    page = browser.get(reverse("plan_run", args=[period.pk, run.pk])).content.decode()
    assert "1 shift has fewer people than were asked for." in page
    assert "Mon 4 Jan 2027, E: 1 missing. Of the others 2 have leave or another fixed day." in page
    assert "Every minimum is met" not in page
    proposal = Sheet(run.result)
    assert proposal.day(people[0].pk, MONDAY) == shift("N")
    codes = {day for (person, _), day in proposal.days.items()}
    assert codes <= {shift("E"), shift("L"), shift("RD"), shift("N")}
    assert shift("E") in codes
    wanted = {"person": "", "day": "", "revision": "9"}
    browser.post(f"{reverse('plan_accept', args=[period.pk])}?draft={run.result.pk}", wanted)
    assert Sheet(draft).days == proposal.days
    browser.post(reverse("plan_edit", args=[period.pk]), {"do": "undo"})
    assert len(Sheet(draft).days) == 1


@pytest.mark.long
def test_stopping_keeps_the_best_so_far(draft: Any, people: list[Any], planner: Any) -> None:
    run = runs.ask(draft, by=planner, options=Options({"E": 1, "L": 1, "N": 1, "M": 1}), seconds=900)
    Run.objects.filter(pk=run.pk).update(stop_asked=True)
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "stopped"
    assert run.result is not None
    assert run.report["ended"] == "interrupted"


def test_memory_is_limited(draft: Any, planner: Any, settings: Any) -> None:
    settings.OPTIMISER_MEMORY_MB = 60
    run = runs.ask(draft, by=planner, options=Options(WANTED), seconds=5)
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.trouble) == ("failed", "The optimiser ended without an answer.")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_nothing_running_and_another_begins_anew(
    draft: Any, people: list[Any], planner: Any
) -> None:
    """SIGKILL in the middle of a search: the optimiser ends by itself, the next worker keeps an answer."""
    run = runs.ask(draft, by=planner, options=Options({"E": 1, "L": 1, "N": 1, "M": 1}), seconds=120)
    worker = begun(run)
    below = psutil.Process(worker.pid).children(recursive=True)
    assert below
    worker.kill()
    worker.join()
    _, alive = psutil.wait_procs(below, timeout=60)
    assert not alive
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("running", 1)
    with pytest.raises(Refused):
        runs.ask(draft, by=planner, options=Options(WANTED))
    Run.objects.filter(pk=run.pk).update(seconds=5)
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 2), run.trouble
    assert draft.period.drafts.count() == 2


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_runs_on_one_period_and_one_is_stopped(draft: Any, people: list[Any], planner: Any, period: Any) -> None:
    """The draft's and a what-if's at once: each keeps its own answer; the stopped one its best so far."""
    other = actions.copy(draft, by=planner, name="Another way")
    options = Options({"E": 1, "L": 1, "N": 1, "M": 1})
    long, short = (runs.ask(one, by=planner, options=options, seconds=n) for one, n in ((draft, 300), (other, 20)))
    workers = begun(long), begun(short)
    runs.stop(long, by=planner)
    for worker in workers:
        worker.join(timeout=120)
        assert worker.exitcode == 0
    for run, state in ((long, "stopped"), (short, "done")):
        run.refresh_from_db()
        assert run.state == state, run.trouble
        assert run.result is not None
    assert (long.result.based_on, short.result.based_on) == (draft, other)
    assert period.drafts.count() == 4


def begun(run: Run) -> Any:
    """A worker as a process of its own that is in the middle of this run: it has had its first progress."""
    database.disconnect()
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(run.pk,))
    worker.start()
    for _ in range(600):
        run.refresh_from_db()
        if run.log:
            return worker
        time.sleep(0.1)
    raise AssertionError("The run has not begun.")


def _work(run_id: int) -> None:
    """After a browser's tests another connection of the parent may be open: two processes must not speak on it."""
    for each in connections.all(initialized_only=True):
        each.connection = None
    runs.work(run_id)
