"""A report of sickness that was a mistake: what stood before stands again, and who may take it back themselves."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from foundation import clock
from foundation.audit import AuditEvent
from foundation.clock import LONDON
from roster.absence import actions, waiting
from roster.absence.models import Sickness
from roster.absence.restoring import words
from roster.activities.expansion import Item
from roster.activities.models import Activity, Template
from roster.day.sheet import Sheet
from roster.demand.coverage import Coverage
from roster.demand.models import DayType, Post, Requirement
from roster.diary.actions import tell_settled
from roster.diary.calendar import calendar_of
from roster.diary.days import days_of
from roster.diary.models import Acknowledgement, Notice
from roster.hours.balance import day_by_day
from roster.timeline import actions as timeline
from roster.timeline.models import Change, Duty, Level
from tests.roster.conftest import LONG_AGO, give_role, make_person

HOUR = 3600
DAY = date(2027, 2, 3)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 12)


def at(monkeypatch: pytest.MonkeyPatch, hour: int, day: date = DAY) -> None:
    """It is this hour; changes of before have settled."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: moment.date())


@pytest.fixture
def detail(prison: Any) -> Any:
    person = make_person()
    give_role(person, "DETAIL", prison)
    return person.user


def put(person: Any, unit: Any, day: date, code: str = "M", **more: Any) -> Duty:
    template = Template.objects.get(code=code, establishment=None)
    return timeline.put(person, unit, day, template=template, by=None, reason="test", **more)


def stands(person: Any) -> list[Any]:
    """Every day as it counts and is stored, with where it came from."""
    rows = Duty.objects.whole().filter(person=person, live=True).order_by("shift_date", "level", "start")
    return [
        (row.shift_date, row.level, row.activity and row.activity.name, row.template_version_id, row.start, row.end,
         row.post_id, row.locked, row.source, row.unit_id, row.covered_by_id,
         [(i.activity_id, i.start, i.end, i.post_id) for i in row.items.all()])
        for row in rows
    ]  # fmt: skip


def test_all_that_it_put_aside_stands_again_exactly(
    unit: Any, prison: Any, detail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part-worked first day with its post, cancelled overtime, the recorded day, whole days; nobody is asked."""
    person = make_person(unit)
    post = Post.objects.create(
        establishment=prison, code="GATE", name="Gate", activity=Activity.objects.get(name="Gate")
    )
    first = put(person, unit, DAY, post=post, source="pattern", locked=True)
    assert first.locked
    put(person, unit, DAY, "N", level=Level.OVERTIME)
    work = Activity.objects.get(name="Residential Duties")
    items = [Item(work, 8 * HOUR, 18 * HOUR)]
    timeline.put(person, unit, DAY, items=items, level=Level.ACTUAL, by=None, reason="test", source="day")
    put(person, unit, DAY + timedelta(days=1))
    put(person, unit, DAY + timedelta(days=2), "E", level=Level.OVERTIME)
    Change.objects.update(settled_at=clock.now())
    before = stands(person)

    at(monkeypatch, 13)
    row = actions.report_sick(person, by=detail, from_time=13 * HOUR)
    assert stands(person) != before
    row = actions.end_sickness(row, last=DAY, by=detail)
    at(monkeypatch, 15)
    tell_settled()
    assert actions.withdraw(row, by=detail) == []
    assert stands(person) == before
    tell_settled(clock.now() + timedelta(hours=1))
    told = set(Notice.objects.filter(level=Level.OVERTIME).values_list("first_day", "action"))
    assert (DAY + timedelta(days=2), "DELETE") in told, "they were told that the overtime is cancelled"
    assert (DAY + timedelta(days=2), "ADD") in told, "and that it is not"
    assert not Acknowledgement.objects.exists(), "nobody is asked to agree to being sick, nor to what stood before"


def test_what_was_put_there_meanwhile_stays_and_is_said(
    unit: Any, detail: Any, as_planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_person(unit)
    for n in range(4):
        put(person, unit, DAY + timedelta(days=n))
    put(person, unit, DAY + timedelta(days=4), "E", level=Level.OVERTIME)
    put(person, unit, DAY + timedelta(days=5), "E", level=Level.OVERTIME)
    row = actions.report_sick(person, by=None, from_time=13 * HOUR)
    at(monkeypatch, 14)
    put(person, unit, DAY, "D")  # of the part-worked day something else was made
    leave = Activity.objects.get(name="Annual Leave")
    timeline.put(person, unit, DAY + timedelta(days=1), activity=leave, by=None, reason="test")
    put(person, unit, DAY + timedelta(days=2), "N", level=Level.OVERTIME)  # runs into nothing: the late stays covered
    put(person, unit, DAY + timedelta(days=4), "M")  # where the overtime was
    browser = as_planner("DETAIL")
    answer = browser.post(reverse("sickness_remove", args=[row.pk]), {"version": "0"}, follow=True)
    page = answer.content.decode()
    assert "stays: 3 February; 4 February; overtime of 7 February. Look at it on the plan." in page
    shown = {(each[0].day, each[1]): each[2] or each[4] for each in stands(person)}
    assert shown[3, Level.PLAN] == 8 * HOUR
    assert shown[4, Level.PLAN] == "Annual Leave"
    assert shown[5, Level.PLAN] == shown[6, Level.PLAN] == 7.5 * HOUR
    assert (7, Level.OVERTIME) not in shown
    assert shown[8, Level.OVERTIME] == 7.5 * HOUR
    assert not Sickness.objects.exists()
    assert words([(1, DAY, Level.PLAN)]) == "3 February"


def gap(prison: Any, unit: Any, day: date) -> int:
    return sum(one.gap for one in Coverage(prison, unit, day, day).stretches)


def test_an_officer_takes_back_their_own_report_while_it_is_fresh(
    unit: Any, prison: Any, as_officer: Any, as_planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gap closes, the shifts stand, the event is kept, and those who were told of the report are told."""
    Requirement.objects.create(
        establishment=prison, unit=unit, name="Wing", activity=Activity.objects.get(name="Residential Duties"),
        start=27_000, end=45_000, day_types=DayType.values, target=1, minimum=1, reduced=1, essential=1,
        valid=(LONG_AGO, None),
    )  # fmt: skip
    today = datetime.now(LONDON).date()  # events are written with the true time
    at(monkeypatch, 12, today)
    person, manager = make_person(unit, last_name="Mistaken"), make_person(unit)
    tomorrow = today + timedelta(days=1)
    put(person, unit, tomorrow)
    before = stands(person)
    browser = as_officer(person)
    assert browser.post(reverse("own_sickness"), {"first": tomorrow.isoformat(), "category": "sick"}).status_code == 302
    assert gap(prison, unit, tomorrow) > 0
    row = Sickness.objects.get()
    where = reverse("own_sickness_remove", args=[row.pk])
    assert where in browser.get(reverse("own_sickness")).content.decode()
    assert "Did you report sick by mistake?" in browser.get(where).content.decode()
    assert Sickness.objects.exists(), "asking changes nothing"
    assert as_officer(manager).post(where, {"version": "0"}).status_code == 404, "only one's own"
    page = as_officer(person).post(where, {"version": "0"}, follow=True).content.decode()
    assert "Your sickness report is taken back. Your shifts stand as before." in page
    assert stands(person) == before
    assert gap(prison, unit, tomorrow) == 0
    assert not Sickness.objects.exists()
    event = AuditEvent.objects.get(event="SICKNESS_WITHDRAWN")
    assert event.actor == person.user.pk
    office = as_planner("DETAIL")
    page = office.get(reverse("sicknesses")).content.decode()
    assert f"Mistaken, Sam, reported from {tomorrow.day} {tomorrow:%B %Y}, taken back" in page
    for role in ("DETAIL", "ORDERLY_OFFICER"):
        told = make_person()
        give_role(told, role, prison)
        assert "1 sickness report was taken back since yesterday" in [task.words for task in waiting.waiting(told.user)]
    assert not list(waiting.waiting(person.user))
    at(monkeypatch, 12, today + timedelta(days=2))
    assert "taken-back" not in as_planner("DETAIL").get(reverse("sicknesses")).content.decode()


def test_what_is_no_longer_fresh_is_for_the_detail_office(
    unit: Any, prison: Any, detail: Any, as_officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reason in words, on the page and where the form was open already; nothing is changed then."""
    tomorrow = DAY + timedelta(days=1)

    def reported(by: Any = None, first: date = tomorrow, **more: Any) -> Sickness:
        person = make_person(unit)
        put(person, unit, first)
        return actions.report_sick(person, by=by or person.user, first=first, **more)

    def refused(row: Sickness, why: str) -> None:
        browser = as_officer(row.person)
        assert why in browser.get(reverse("own_sickness")).content.decode()
        answer = browser.post(reverse("own_sickness_remove", args=[row.pk]), {"version": str(row.version)})
        assert answer.status_code == 409
        assert f"The reason is that {why}. Ring the detail office" in answer.content.decode()
        assert Sickness.objects.filter(pk=row.pk).exists()

    refused(reported(by=detail), "somebody else entered it for you")
    refused(reported(first=DAY), "the first shift that it marks has begun")
    free = make_person(unit)
    idle = actions.report_sick(free, by=free.user, first=DAY - timedelta(days=1))
    refused(idle, "its first day is over")
    handled = "the detail office or your manager has worked with it since"
    row = reported()
    refused(actions.prolong(row, review_on=tomorrow, by=detail), handled)
    row = reported()
    leave = Activity.objects.get(name="Annual Leave")
    timeline.put(row.person, unit, tomorrow, activity=leave, by=detail, reason="test")
    refused(row, handled)

    colleague = make_person(unit)
    put(colleague, unit, tomorrow)
    row = reported()
    put(make_person(unit), unit, DAY + timedelta(days=3))
    put(make_person(prison.units.get(abbreviation="OSG")), prison.units.get(abbreviation="OSG"), tomorrow)
    assert actions.not_by_themselves(row, row.person.user) == "", "another day, another unit: nobody covers them"
    actions.take_back(actions.report_sick(colleague, by=colleague.user, first=tomorrow), by=colleague.user)
    assert actions.not_by_themselves(row, row.person.user) == "", "who is back in their own place covers nobody"
    cover = make_person(prison.units.get(abbreviation="OSG"))
    put(cover, unit, tomorrow, "E", level=Level.OVERTIME, source="day")
    refused(row, "somebody has been put in your place")
    timeline.remove(cover, tomorrow, by=None, level=Level.OVERTIME, reason="test")
    assert actions.take_back(row, by=row.person.user, version=0) == []


@pytest.mark.parametrize(
    ("night", "worked", "whole"),
    [(date(2026, 10, 24), 285, 705), (date(2027, 3, 27), 285, 585)],
    ids=["autumn", "spring"],
)
def test_ill_in_the_night_in_which_the_clock_changes(
    unit: Any, prison: Any, detail: Any, night: date, worked: int, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(staff-roster 19, 21.17) Sheet, diary, hours and calendar: what passed counts, and the night comes back whole."""
    monkeypatch.setattr(clock, "now", lambda: datetime(night.year, night.month, night.day + 1, 9, tzinfo=LONDON))
    monkeypatch.setattr(clock, "today", lambda: night + timedelta(days=1))
    person, sunday = make_person(unit), night + timedelta(days=1)
    put(person, unit, night, "N")
    before = stands(person)
    row = actions.report_sick(person, by=detail, first=sunday, from_time=90 * 60, last=sunday)
    [hours] = day_by_day([person.pk], night, night)[person.pk]
    assert hours.credited == whole, "sickness credits what was rostered"
    [gone] = Sheet(prison, night).away
    assert gone.part == "from Sun 01:30", "not in the small hours of Saturday"
    [ended] = [each for each in Sheet(prison, sunday).lines if each.worker.pk == person.pk]
    assert ended.times == "Sat 20:45 to 01:30"
    finish = days_of(person.user_name, sunday, sunday)[0].entry("NIGHT_FINISH")
    assert finish is not None
    assert finish.finish_seconds == worked * 60
    for family in (False, True):
        [event] = Calendar.from_ical(calendar_of(person, night, sunday, "Any", family=family)).walk("VEVENT")
        passed = event.decoded("dtend").timestamp() - event.decoded("dtstart").timestamp()
        assert passed == worked * 60, "they are off from then on"
    assert actions.withdraw(row, by=detail) == []
    assert stands(person) == before
