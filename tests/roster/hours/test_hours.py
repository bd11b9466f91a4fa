"""Permitted breaches and rest that is owed (staff-roster 16.1); hours balances (13.1)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation import clock
from roster.activities.models import Activity, Template
from roster.hours import actions
from roster.hours.balance import Balance, balances
from roster.hours.models import RestOwed
from roster.hours.rest import USUAL, next_gap
from roster.rules.actions import Refused
from roster.rules.check import Checker, Finding
from roster.timeline import actions as timeline
from roster.timeline.days import published
from tests.roster.conftest import give_role, make_person

MONDAY = date(2027, 1, 4)


def put(person: Any, unit: Any, day: date, code: str) -> None:
    template = Template.objects.get(code=code)
    timeline.put(person, unit, day, by=person.user, template=template, reason="Test")


def short_rest(person: Any, day: date) -> Finding:
    plan = published([person.pk], day - timedelta(days=7), day + timedelta(days=7))
    checker = Checker([person.pk], day - timedelta(days=7), day + timedelta(days=7))
    found = checker.check(person.pk, {on: each.day for (_, on), each in plan.items()})
    return next(each for each in found if each.rule == "DailyRest" and day in each.days)


def test_a_permitted_breach_opens_what_is_owed_and_blocks_the_next(unit: Any, prison: Any, monkeypatch: Any) -> None:
    """(R-065) Late, early: 30 minutes owed, in the next gap that has them beyond 11 h; no further breach till then."""
    person, governor, hub = make_person(unit), make_person(), make_person()
    give_role(governor, "GOVERNOR", prison)
    give_role(hub, "HUB_MANAGER", prison)
    for n, code in enumerate("LELE"):
        put(person, unit, MONDAY + timedelta(days=n), code)
    first = short_rest(person, MONDAY + timedelta(days=1))
    with pytest.raises(Refused, match="governor"):
        actions.permit(first, reason="Escort", by=hub.user)
    with pytest.raises(Refused, match="reason"):
        actions.permit(first, reason=" ", by=governor.user)
    actions.permit(first, reason="Escort ran late", by=governor.user)
    owed = RestOwed.objects.get()
    assert owed.minutes == 30
    assert owed.due_on == MONDAY + timedelta(days=15)
    early_ends = datetime(2027, 1, 5, 12, 45, tzinfo=UTC)
    assert owed.assigned.lower == early_ends + USUAL
    assert owed.assigned.upper - owed.assigned.lower == timedelta(minutes=30)
    with pytest.raises(Refused, match="still owed"):
        actions.permit(short_rest(person, MONDAY + timedelta(days=3)), reason="Again", by=governor.user)

    put(person, unit, MONDAY + timedelta(days=2), "E")  # the gap changes: 07:30 instead of 12:15
    actions.settle([person.pk])
    owed.refresh_from_db()
    assert owed.assigned.lower == early_ends + USUAL, "19 h are still enough"
    monkeypatch.setattr(clock, "now", lambda: owed.assigned.upper)
    assert actions.settle() == 1
    owed.refresh_from_db()
    assert owed.cleared_at is not None
    assert actions.settle() == 0


def test_what_nobody_can_permit(unit: Any, prison: Any) -> None:
    governor = make_person(unit)
    give_role(governor, "GOVERNOR", prison)
    put(governor, unit, MONDAY, "L")
    put(governor, unit, MONDAY + timedelta(days=1), "E")
    with pytest.raises(Refused, match="their own"):
        actions.permit(short_rest(governor, MONDAY + timedelta(days=1)), reason="Mine", by=governor.user)


moments = st.integers(0, 28 * 24 * 4).map(lambda n: datetime(2027, 1, 4, tzinfo=UTC) + timedelta(minutes=15 * n))


@given(st.lists(st.tuples(moments, st.integers(1, 48)), max_size=20), moments, st.integers(1, 600))
def test_rest_is_never_given_during_work_or_within_the_usual_rest(
    raw: list[tuple[datetime, int]], since: datetime, minutes: int
) -> None:
    work: list[tuple[datetime, datetime]] = []
    for start, quarters in sorted(raw):
        if not work or start >= work[-1][1]:
            work.append((start, start + timedelta(minutes=15 * quarters)))
    until = datetime(2027, 3, 1, tzinfo=UTC)
    found = next_gap(work, since, minutes, until)
    if found is None:
        return
    assert found[1] - found[0] == timedelta(minutes=minutes)
    assert found[0] >= since
    assert all(found[1] <= start or end + USUAL <= found[0] for start, end in work)


def test_the_handbooks_balance() -> None:
    """37 h over four weeks: 148:00; worked 132:15 and leave 16:30 are 148:45 credited; +0:45. Overtime is not in it."""
    found = Balance(credited=132 * 60 + 15 + 16 * 60 + 30, contracted=round(37 * 60 * 28 / 7))
    assert found.minutes == 45
    assert [Balance(credited=n * 60).state for n in (10, 11, 20, 21)] == ["green", "amber", "amber", "red"]


def test_each_hour_counts_once(unit: Any, prison: Any) -> None:
    """Leave over a night credits the night; overtime nothing; unpaid absence lessens what is due; the long night."""
    person, hub = make_person(unit), make_person()
    give_role(hub, "HUB_MANAGER", prison)
    put(person, unit, MONDAY, "N")
    leave = Activity.objects.get(name="Annual Leave")
    timeline.cover(person, MONDAY, leave, by=hub.user, unit=unit, reason="Agreed")
    put(person, unit, MONDAY + timedelta(days=2), "M")
    week = balances([person.pk], MONDAY, MONDAY + timedelta(days=6))[person.pk]
    assert (week.credited, week.contracted) == (645 + 540, 37 * 60)
    unpaid = Activity.objects.get(name="Absence - Unpaid")
    timeline.cover(person, MONDAY + timedelta(days=2), unpaid, by=hub.user, unit=unit, reason="Agreed")
    week = balances([person.pk], MONDAY, MONDAY + timedelta(days=6))[person.pk]
    assert (week.credited, week.contracted) == (645, 37 * 60 - 540), "neither credited nor due"
    actions.adjust(person, day=MONDAY, minutes=-60, kind="to_toil", reason="Moved", by=hub.user)
    assert balances([person.pk], MONDAY, MONDAY)[person.pk].adjusted == -60
    assert balances([person.pk], MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))[person.pk].opening == -60
    put(person, unit, date(2027, 3, 27), "N")
    assert balances([person.pk], date(2027, 3, 27), date(2027, 3, 27))[person.pk].credited == 585, "9 h 45 pass"


def test_pages(as_planner: Any, unit: Any) -> None:
    person, day = make_person(unit), clock.today() + timedelta(days=1)
    put(person, unit, day, "L")
    put(person, unit, day + timedelta(days=1), "E")
    browser = as_planner("GOVERNOR")
    assert person.listed in browser.get(f"{reverse('hours')}?unit={unit.pk}").content.decode()
    address = reverse("permit", args=[person.pk, day + timedelta(days=1), "DailyRest"])
    page = browser.get(reverse("breaches", args=[person.pk, day + timedelta(days=1)])).content.decode()
    assert address in page
    assert "10 h 30 min" in page
    assert browser.post(address, {"reason": ""}).status_code == 400
    assert browser.post(address, {"reason": "Escort"}).status_code == 302
    assert browser.get(address).status_code == 404, "permitted already"
    page = browser.get(reverse("rest_owed")).content.decode()
    assert person.listed in page
    assert "30 min" in page
    own = reverse("person_hours", args=[person.pk])
    assert browser.post(own, {"day": day.isoformat(), "hours": "1", "kind": "other", "reason": "x"}).status_code == 403
    browser = as_planner("HUB_MANAGER")
    given = {"day": (day - timedelta(days=3)).isoformat(), "hours": "-1.5", "kind": "other", "reason": "Agreed"}
    assert browser.post(own, given | {"hours": "0"}).status_code == 400
    assert browser.post(own, given).status_code == 302
    assert "-1 h 30 min" in browser.get(own).content.decode()


def test_hours_of_who_went_to_another_prison(as_planner: Any, prison: Any, unit: Any) -> None:
    """The prison of before read them, and put hours in and out, for ever; and a form sent twice counted twice."""
    place = type(prison).objects.exclude(pk=prison.pk).order_by("name")[0]
    there = place.units.create(name="Far", abbreviation="Far")
    person, stayed, today = make_person(unit), make_person(unit), clock.today()
    person.memberships.update(valid=(today - timedelta(days=900), today - timedelta(days=30)))
    person.memberships.create(unit=there, valid=(today - timedelta(days=30), None))
    sent = {"day": today, "kind": "other", "hours": "1.5", "reason": "Stood in"}
    before, now = as_planner("HUB_MANAGER"), as_planner("HUB_MANAGER", establishment=place)
    address = reverse("person_hours", args=[person.pk])
    assert (before.get(address).status_code, before.post(address, sent).status_code) == (404, 404)
    assert [now.post(address, sent).status_code for _ in range(2)] == [302, 400]
    assert person.hours_adjustments.get().minutes == 90
    assert before.post(reverse("person_hours", args=[stayed.pk]), sent).status_code == 302
