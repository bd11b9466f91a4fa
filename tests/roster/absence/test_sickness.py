"""Sickness: what a report marks, what a return gives back, and who sees why (staff-roster 11.1)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation import clock
from foundation.audit import AuditEvent
from roster.absence import actions
from roster.absence.models import Sickness, SicknessReason
from roster.activities.models import Activity, Template
from roster.diary.actions import tell_settled
from roster.diary.models import Acknowledgement, Notice
from roster.establishment.models import LineManager, PlanningUnit
from roster.timeline import actions as timeline
from roster.timeline.clock import moment
from roster.timeline.models import Change, Duty, Level
from tests.roster.conftest import LONG_AGO, give_role, make_person

HOUR = 3600


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.fixture
def detail(prison: Any) -> Any:
    person = make_person()
    give_role(person, "DETAIL", prison)
    return person.user


def shift(person: Any, unit: Any, day: date, code: str = "M", **more: Any) -> Duty:
    template = Template.objects.get(code=code)
    return timeline.put(person, unit, day, template=template, by=None, reason="test", **more)


def shown(person: Any, day: date) -> list[str]:
    rows = Duty.objects.top().whole().filter(person=person, shift_date=day, level=Level.PLAN)
    return [row.activity.name if row.activity else row.template_version.template.code for row in rows]


def test_shifts_up_to_the_review_are_marked_and_the_return_gives_the_rest_back(
    unit: Any, detail: Any, today: date
) -> None:
    """(R-087) The officer's shifts are marked at once; what lies beneath is kept; nobody is told that they are ill."""
    person = make_person(unit)
    for n in (0, 1, 3, 6, 7):
        shift(person, unit, today + timedelta(days=n))
    timeline.put(
        person, unit, today + timedelta(days=2), activity=Activity.objects.get(name="Rest Day"), by=None, reason="test"
    )
    Change.objects.update(settled_at=clock.now())
    row = actions.report_sick(person, by=detail)
    assert row.is_open
    assert row.review_on == today + timedelta(days=6), "a week is self-certified"
    assert [shown(person, today + timedelta(days=n)) for n in (0, 1, 2, 3, 6, 7)] == [
        ["Sick"], ["Sick"], ["Rest Day"], ["Sick"], ["Sick"], ["M"],
    ]  # fmt: skip
    beneath = Duty.objects.between(today, today).get(person=person, span__isnull=False)
    assert beneath.covered_by is not None
    before = Change.objects.count()
    actions.mark_open()
    assert Change.objects.count() == before, "marking again changes nothing"

    row = actions.end_sickness(row, last=today, by=detail, version=row.version)
    assert [shown(person, today + timedelta(days=n)) for n in (0, 1, 6)] == [["Sick"], ["M"], ["M"]]
    tell_settled(clock.now() + timedelta(hours=1))
    assert not Notice.objects.exists()
    assert not Acknowledgement.objects.exists(), "nobody is asked whether they agree to their own shift"
    assert row.interview_due == today + timedelta(days=3)
    assert row.calendar_days(today + timedelta(days=9)) == 1
    with pytest.raises(actions.Refused, match="recorded already"):
        actions.end_sickness(row, last=today, by=detail)


def test_going_off_sick_keeps_what_was_worked_and_cancels_overtime(unit: Any, detail: Any, today: date) -> None:
    person = make_person(unit)
    shift(person, unit, today)
    shift(person, unit, today, "N", level=Level.OVERTIME)
    actions.report_sick(person, by=detail, from_time=11 * HOUR, category="industrial", last=today)
    [duty] = Duty.objects.top().whole().filter(person=person, shift_date=today)
    assert duty.level == Level.PLAN
    assert [(each.activity.name, each.start // HOUR, each.end / HOUR) for each in duty.items.all()] == [
        ("Residential Duties", 7, 11.0), ("Sick - Industrial injury", 11, 17.5),
    ]  # fmt: skip
    assert not Notice.objects.filter(person=person, after__icontains="sick").exists()


def test_a_longer_and_a_shorter_spell(unit: Any, detail: Any, today: date) -> None:
    person = make_person(unit)
    for n in (0, 8, 9):
        shift(person, unit, today + timedelta(days=n))
    row = actions.report_sick(person, by=detail)
    row = actions.prolong(row, review_on=today + timedelta(days=8), by=detail)
    assert [shown(person, today + timedelta(days=n)) for n in (8, 9)] == [["Sick"], ["M"]]
    with pytest.raises(actions.Stale):
        actions.prolong(row, review_on=today, by=detail, version=0)
    actions.prolong(row, review_on=today + timedelta(days=3), by=detail, version=row.version)
    assert shown(person, today + timedelta(days=8)) == ["M"]
    with pytest.raises(actions.Refused, match="already"):
        actions.report_sick(person, by=detail, first=today + timedelta(days=2))
    shift(person, unit, today + timedelta(days=2))
    actions.mark_open()
    assert shown(person, today + timedelta(days=2)) == ["Sick"], "what is published later is marked at night"


def test_wrong_days_are_refused_and_a_day_to_come_is_only_expected(unit: Any, detail: Any, today: date) -> None:
    """A wrong year does not mark years of shifts; who is expected back on a day can still be back before, or later."""
    person = make_person(unit)
    for n in range(5):
        shift(person, unit, today + timedelta(days=n))
    for first, last in ((today, today + timedelta(days=366)), (today - timedelta(days=2557), None)):
        with pytest.raises(actions.Refused, match="within half a year"):
            actions.report_sick(person, by=detail, first=first, last=last)
    row = actions.report_sick(person, by=detail, last=today + timedelta(days=3))
    assert (row.is_open, row.marked_to) == (True, today + timedelta(days=3))
    with pytest.raises(actions.Refused, match="half a year"):
        actions.end_sickness(row, last=today + timedelta(days=366), by=detail)
    actions.end_sickness(row, last=today, by=detail)
    assert [shown(person, today + timedelta(days=n)) for n in range(5)] == [["Sick"], ["M"], ["M"], ["M"], ["M"]]
    over = actions.report_sick(
        person, by=detail, first=today - timedelta(days=9), last=today - timedelta(days=8)
    )  # fmt: skip
    assert not over.is_open, "of a spell that is over the return is known"


def test_ill_in_the_middle_of_a_night(unit: Any, detail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """02:00 lies in the night that is worked, whichever of its two days is said; what was worked before stays."""
    day = date(2027, 2, 2)
    for said, now, code in ((day, 4, "N"), (day + timedelta(days=1), 4, "N"), (day, -10, "M")):
        monkeypatch.setattr(clock, "now", lambda hours=now: moment(day + timedelta(days=1), hours * HOUR))
        person = make_person(unit)
        for n in (-1, 0, 1):
            shift(person, unit, day + timedelta(days=n), code)
        at = 2 if code == "N" else 12
        row = actions.report_sick(person, by=detail, first=said, from_time=at * HOUR)
        assert (row.valid.lower, row.from_time) == (day, (26 if code == "N" else 12) * HOUR)
        [duty] = Duty.objects.top().whole().filter(person=person, shift_date=day)
        worked, ill = duty.items.first(), duty.items.last()
        assert (worked.activity.name != "Sick", ill.activity.name, ill.start) == (True, "Sick", row.from_time)
        assert shown(person, day - timedelta(days=1)) == [code]
        assert shown(person, day + timedelta(days=1)) == ["Sick"]


def test_what_was_entered_by_mistake_is_taken_back(unit: Any, prison: Any, as_planner: Any, today: date) -> None:
    person, free = make_person(unit), make_person(unit)
    for n in range(3):
        shift(person, unit, today + timedelta(days=n))
    browser = as_planner("DETAIL")
    row = actions.report_sick(person, by=None)
    where = reverse("sickness_remove", args=[row.pk])
    assert where in browser.get(reverse("sickness", args=[row.pk])).content.decode()
    assert "entered by mistake?" in browser.get(where).content.decode()
    assert browser.post(where, {"version": "7"}).status_code == 409, "changed meanwhile"
    assert browser.post(where, {"version": "0"}).status_code == 302
    assert [shown(person, today + timedelta(days=n)) for n in range(3)] == [["M"]] * 3
    assert not Sickness.objects.exists()
    assert AuditEvent.objects.filter(event="SICKNESS_WITHDRAWN").exists()
    ended = actions.report_sick(free, by=free.user)
    assert as_planner("ORDERLY_OFFICER").get(reverse("sickness_remove", args=[ended.pk])).status_code in (403, 404)


def test_who_may_report_whom_and_who_may_read_why(unit: Any, prison: Any, detail: Any, today: date) -> None:
    """(R-064) Themselves, the detail office, a line manager for the team. The reason: not the office."""
    person, manager, other = make_person(unit), make_person(unit), make_person(unit)
    give_role(manager, "LINE_MANAGER", prison)
    LineManager.objects.create(person=person, manager=manager, valid=(LONG_AGO, None))
    stranger = make_person()
    elsewhere = PlanningUnit.objects.exclude(establishment=prison).first()
    give_role(stranger, "DETAIL", elsewhere.establishment if elsewhere else None, valid=(LONG_AGO, LONG_AGO))
    for by in (stranger.user, other.user):
        with pytest.raises(actions.NotYours):
            actions.report_sick(person, by=by)
    with pytest.raises(actions.NotYours):
        actions.report_sick(other, by=manager.user)
    row = actions.report_sick(person, by=person.user, reason=SicknessReason.Code.BACK, note="Fell off a ladder")
    with pytest.raises(actions.NotYours, match="own return"):
        actions.end_sickness(row, last=today, by=person.user)
    assert actions.read_reason(row, by=detail) is None
    assert actions.read_reason(row, by=other.user) is None
    found = actions.read_reason(row, by=manager.user)
    assert found is not None
    assert found.code == "back"
    assert AuditEvent.objects.filter(event="SICKNESS_REASON_READ").count() == 1
    assert list(Sickness.objects.visible_to(manager.user)) == [row]
    assert list(Sickness.objects.visible_to(detail)) == [row]
    assert not Sickness.objects.visible_to(other.user)
    assert "ladder" not in str(list(AuditEvent.objects.values_list("after", flat=True)))
    actions.end_sickness(row, last=today, by=manager.user)
    with pytest.raises(actions.Refused, match="after the return"):
        actions.record_interview(row, on=today, by=manager.user)
