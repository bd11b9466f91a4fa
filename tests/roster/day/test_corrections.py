"""(staff-roster 8.2) A closed day is put right on the correction level: asked for by one, approved by another."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation.clock import LONDON
from roster.activities.expansion import Item
from roster.activities.models import Activity
from roster.day import correcting, moves
from roster.day.correcting import Refused
from roster.day.models import Correction
from roster.diary.actions import tell_settled
from roster.diary.models import Notice
from roster.diary.queries import notices_between
from roster.diary.sentences import sentence
from roster.establishment.models import LineManager
from roster.feed.models import FeedRow
from roster.hours.balance import balances
from roster.hours.statement import statement
from roster.planning.models import PlanningPeriod
from roster.timeline import actions as timeline
from roster.timeline.days import EMPTY, Day, Piece, as_worked, published
from roster.timeline.models import Change, Duty, Level
from roster.waiting import waiting
from tests.roster.conftest import LONG_AGO, give_role, make_person
from tests.roster.day.conftest import SIX_THIRTY, TODAY, at, shift

pytestmark = pytest.mark.usefixtures("morning")

THEN = TODAY - timedelta(days=14)
NONE = "None"


def worked(start: int, end: int, name: str = "Residential Duties") -> Day:
    return Day((Piece(items=((Activity.objects.get(name=name).pk, start * 3600, end * 3600, None),)),))


def status(name: str, day: Day = EMPTY) -> Day:
    return Day(day.shifts, Piece(activity=Activity.objects.get(name=name).pk))


@pytest.fixture
def officer(unit: Any) -> Any:
    """Worked a main shift two weeks ago, from 07:30."""
    person = make_person(unit)
    shift(person, unit, THEN)
    return person


@pytest.fixture
def governor(prison: Any) -> Any:
    person = make_person(last_name="Governor")
    give_role(person, "GOVERNOR", prison)
    return person.user


@pytest.fixture
def ask(prison: Any, officer: Any, detail: Any) -> Callable[..., Correction]:
    def asked(wanted: Day | None, level: int = Level.PLAN, **other: Any) -> Correction:
        given: dict[str, Any] = {"by": detail, "reason": "The gate book says so"} | other
        return correcting.ask(prison, officer, given.pop("on", THEN), level, wanted, **given)

    return asked


def credited(person: Any) -> int:
    return balances([person.pk], THEN, THEN)[person.pk].credited


def test_what_is_approved_counts_and_what_was_published_stays(ask: Any, officer: Any, governor: Any) -> None:
    before = published([officer.pk], THEN, THEN)
    usual, feed = credited(officer), FeedRow.objects.count()
    row = ask(worked(7, 17))
    assert credited(officer) == usual, "nothing counts before somebody approves it"
    correcting.approve(row, by=governor)
    assert credited(officer) == 600
    assert published([officer.pk], THEN, THEN) == before
    assert as_worked([officer.pk], THEN, THEN) == {(officer.pk, THEN): worked(7, 17)}
    assert FeedRow.objects.count() == feed, "other systems see the plan and overtime only"
    [line] = statement(officer, THEN + timedelta(days=3)).corrected
    assert (line.on, line.what) == (THEN, "Plan")
    assert (line.now, line.was[:4]) == ("Residential Duties, 07:00 to 17:00", "Main")
    change = Change.objects.filter(level=Level.CORRECTION).get()
    assert change.before["duties"][0]["name"] == "Main", "what counted before, not an empty level"
    back = ask(None)
    correcting.approve(back, by=governor)
    assert credited(officer) == usual
    assert not Duty.objects.filter(live=True, level=Level.CORRECTION).exists()


def test_overtime_is_corrected_apart(ask: Any, officer: Any, unit: Any, governor: Any) -> None:
    extra = Activity.objects.get(name="Gate")
    timeline.put(officer, unit, THEN, items=[Item(extra, 18 * 3600, 21 * 3600)], level=Level.OVERTIME, by=None)
    usual = credited(officer)
    assert statement(officer, THEN).overtime == 180
    correcting.approve(ask(worked(18, 23, "Gate"), Level.OVERTIME), by=governor)
    assert (statement(officer, THEN).overtime, credited(officer)) == (300, usual)
    correcting.approve(ask(status(NONE), Level.OVERTIME), by=governor)
    assert (statement(officer, THEN).overtime, credited(officer)) == (0, usual)
    assert len(as_worked([officer.pk], THEN, THEN)[officer.pk, THEN].shifts) == 1


def test_away_is_credited_with_the_shift_and_did_not_come_with_nothing(ask: Any, officer: Any, governor: Any) -> None:
    usual, plan = credited(officer), published([officer.pk], THEN, THEN)[officer.pk, THEN].day
    correcting.approve(ask(status("Special Leave (Absence)", plan)), by=governor)
    assert credited(officer) == usual
    correcting.approve(ask(status(NONE)), by=governor)
    assert credited(officer) == 0


def test_who_may(ask: Any, officer: Any, detail: Any, governor: Any, prison: Any, unit: Any) -> None:
    """Nobody approves what they asked for, nor their own day; a line manager's reach is the team (3.2)."""
    give_role(officer, "HUB_MANAGER", prison)
    hub, lead, other = make_person(unit), make_person(unit), make_person(unit)
    give_role(hub, "HUB_MANAGER", prison)
    for manager in (lead, other):
        give_role(manager, "LINE_MANAGER", prison)
    LineManager.objects.create(person=officer, manager=lead, valid=(LONG_AGO, None))
    with pytest.raises(Refused, match="never for oneself"):
        ask(worked(7, 17), by=officer.user)
    with pytest.raises(Refused, match="never for oneself"):
        ask(worked(7, 17), by=other.user)
    row = ask(worked(7, 17), by=hub.user)
    for user in (hub.user, officer.user, detail, other.user):
        with pytest.raises(Refused):
            correcting.approve(row, by=user)
    assert [correcting.waiting_for(user).count() for user in (hub.user, officer.user, detail, other.user)] == [0] * 4
    assert [correcting.waiting_for(user).count() for user in (lead.user, governor)] == [1, 1]
    assert any("waits for your approval" in task.words for task in waiting(governor).soon)
    correcting.approve(row, by=lead.user)
    with pytest.raises(Refused, match="decided already: approved"):
        correcting.refuse(row, by=governor, note="Too late")


def test_what_cannot_be_asked_for(ask: Any, officer: Any, prison: Any, unit: Any, monkeypatch: Any) -> None:
    shift(officer, unit, TODAY - timedelta(days=2))
    for on, wanted, level, words in (
        (TODAY - timedelta(days=2), worked(7, 17), Level.PLAN, "still open"),
        (TODAY - timedelta(days=800), worked(7, 17), Level.PLAN, "for 728 days"),
        (THEN, published([officer.pk], THEN, THEN)[officer.pk, THEN].day, Level.PLAN, "counts already"),
        (THEN, None, Level.PLAN, "counts already"),
        (THEN, worked(9, 11), Level.OVERTIME, "one place at a time"),
        (THEN - timedelta(days=1), worked(22, 32), Level.PLAN, "one place at a time"),
    ):
        with pytest.raises(Refused, match=words):
            ask(wanted, level, on=on)
    with pytest.raises(Refused, match="Enter the reason"):
        ask(worked(7, 17), reason=" ")
    assert ask(worked(7, 17)) == ask(worked(7, 17)), "sent twice, asked once"
    with pytest.raises(Refused, match="waits for approval already"):
        ask(worked(7, 18))
    first = TODAY - timedelta(days=2)
    PlanningPeriod.objects.create(
        unit=unit, valid=(first, TODAY - timedelta(days=1)), state=PlanningPeriod.State.FINALISED
    )
    with pytest.raises(moves.Refused, match="its weeks are finalised"):
        moves.deviate(prison, officer, first, "absent", by=ask(worked(7, 17), on=first).asked_by)


def test_what_changed_meanwhile_is_not_approved(ask: Any, officer: Any, unit: Any, governor: Any) -> None:
    row = ask(worked(7, 17))
    shift(officer, unit, THEN, "L")
    with pytest.raises(Refused, match="changed since this was asked for"):
        correcting.approve(row, by=governor)
    correcting.refuse(row, by=governor, note="It was a late")
    assert Correction.objects.get().note == "It was a late"


def test_hours_and_overtime_are_not_approved_for_the_same_time(ask: Any, governor: Any) -> None:
    """Either was right when it was asked for; together they are not."""
    hours, extra = ask(worked(7, 19)), ask(worked(18, 20), Level.OVERTIME)
    correcting.approve(extra, by=governor)
    with pytest.raises(Refused, match="one place at a time"):
        correcting.approve(hours, by=governor)


def test_officers_are_told_once_a_day(ask: Any, officer: Any, governor: Any, monkeypatch: Any) -> None:
    """(staff-roster 8.3) Of all corrections together, in the evening; the contract's API knows nothing of them."""
    Change.objects.update(settled_at=SIX_THIRTY)
    correcting.approve(ask(worked(7, 17)), by=governor)
    at(monkeypatch, datetime(2027, 2, 3, 16, 59, tzinfo=LONDON))
    correcting.approve(ask(worked(7, 18)), by=governor)
    assert tell_settled() == 0
    at(monkeypatch, datetime(2027, 2, 3, 17, 6, tzinfo=LONDON))
    assert tell_settled() == 1
    notice = Notice.objects.get()
    assert sentence(notice) == f"Your hours on Wednesday {THEN.day} January have been corrected."
    assert notice.before["duties"][0]["name"] == "Main"
    assert notice.after["duties"][0]["end"] == 18 * 3600
    assert not notices_between(officer, date(2027, 1, 1), date(2027, 12, 31))
    assert tell_settled() == 0


def test_the_pages(as_planner: Any, as_officer: Any, officer: Any, unit: Any, prison: Any) -> None:
    """From the closed day to the correction, its approval by somebody else, and the officer's diary."""
    browser = as_planner("DETAIL", make_person(unit))
    day = reverse("day_person", args=["LHI", THEN, officer.pk])
    where = reverse("correction_ask", args=["LHI", THEN, officer.pk, "hours"])
    text = browser.get(day).content.decode()
    assert where in text
    assert reverse("day_deviate", args=["LHI", THEN, officer.pk]) not in text
    text = browser.get(where).content.decode()
    assert 'value="07:30"' in text, "the shift that counts now is there to be altered"
    gate = Activity.objects.get(name="Gate").pk
    given = {"kind": "worked", "start": "22:00", "end": "06:00", "rest_from": "01:00", "rest_to": "01:30",
             "activity": gate, "reason": "Nights"}  # fmt: skip
    for wrong, words in (
        ({"kind": ""}, "Select what is right"),
        ({"end": ""}, "Enter until when"),
        ({"rest_to": ""}, "Enter both times"),
        ({"rest_to": "07:00"}, "within the time that they worked"),
        ({"kind": "away"}, "Select why they were away"),
        ({"reason": ""}, "Enter the reason"),
    ):
        page = browser.post(where, given | wrong)
        assert page.status_code == 400
        assert words in page.content.decode()
        assert "Nights" in page.content.decode() or "reason" in wrong, "what was typed is kept"
    assert browser.post(where, given).status_code == 302
    row = Correction.objects.get()
    [piece] = Day.from_json(row.after).shifts
    assert [each[1:3] for each in piece.items] == [(79_200, 108_000), (90_000, 91_800)]
    here = reverse("correction", args=[row.pk])
    assert "Somebody else decides" in browser.get(here).content.decode()
    assert browser.post(here, {"do": "approve"}).status_code == 400
    other = as_planner("GOVERNOR", make_person(unit))
    assert here in other.get(reverse("corrections")).content.decode()
    text = other.get(here).content.decode()
    assert "7 h 30 min after" in text
    assert other.post(here, {"do": "refuse", "note": ""}).status_code == 400
    assert other.post(here, {"do": "approve"}).status_code == 302
    assert other.post(here, {"do": "approve"}).status_code == 400
    assert "Approved" in browser.get(here).content.decode()
    assert "Correction of hours" in browser.get(day).content.decode()
    own = as_officer(officer)
    text = own.get(reverse("diary_day", args=[THEN.year, THEN.month, THEN.day])).content.decode()
    assert [each for each in ("Gate", "Correction of hours after the day was closed") if each not in text] == []
    assert "in place of Main" in own.get(reverse("own_hours"), {"until": THEN.isoformat()}).content.decode()


def test_why_somebody_was_away_is_not_for_everybody(ask: Any, officer: Any, as_planner: Any, unit: Any) -> None:
    row = ask(status("Bereavement Leave (Absence)"))
    text = as_planner("GOVERNOR", make_person(unit)).get(reverse("correction", args=[row.pk])).content.decode()
    assert "Absent" in text
    assert "Bereavement" not in text
