"""Who leaves has no duties after the last day, and who stays after all gets none back unasked."""

from datetime import timedelta
from typing import Any

from foundation import clock
from roster.activities.models import Activity, Template
from roster.day.sheet import Sheet
from roster.diary import actions as diary
from roster.diary.models import Acknowledgement, Notice
from roster.feed.models import FeedRow
from roster.feed.rows import CODE_OF
from roster.timeline import actions
from roster.timeline.models import Change, Duty, Level
from tests.roster.conftest import make_person
from tests.roster.demand.test_demand import require


def test_published_duties_after_the_last_day_are_withdrawn(as_planner: Any, prison: Any, unit: Any) -> None:
    """Shown first, then done: changes, gaps and the feed follow; the leaver gets no message a day."""
    officer, browser, today = make_person(unit), as_planner("HUB_MANAGER"), clock.today()
    last, after = today + timedelta(days=2), today + timedelta(days=3)
    early = Template.objects.get(code="E")
    for number in range(1, 6):
        actions.put(officer, unit, today + timedelta(days=number), template=early, by=None, reason="Rota")
    actions.cover(
        officer, after + timedelta(days=1), Activity.objects.get(name="Annual Leave"), by=None, reason="Asked"
    )
    night = Template.objects.get(code="N")
    actions.put(officer, unit, after, template=night, by=None, reason="Vacancy", level=Level.OVERTIME)
    require(unit, start=27_000, end=45_900)
    assert Sheet(prison, after).gaps() == []
    diary.tell_settled(clock.now() + timedelta(minutes=6))
    before = (Notice.objects.count(), Acknowledgement.objects.count())
    address = f"/staff/{officer.pk}/leave"

    asked = browser.post(address, {"last_day": last, "version": 0}).content.decode()
    assert asked.count("Early") == 3
    assert "Night" in asked
    assert "Annual Leave" in asked
    assert Duty.objects.between(after, after + timedelta(days=9)).count() == 5, "nothing is done yet"
    actions.put(officer, unit, after + timedelta(days=6), template=early, by=None, reason="Meanwhile")
    sent = {"last_day": last, "version": 0, "withdraws": 5}
    assert "changed since you last looked" in browser.post(address, sent).content.decode()

    done = browser.post(address, {**sent, "withdraws": 6}, follow=True).content.decode()
    assert "4 published days were withdrawn" in done
    assert not Duty.objects.between(after, after + timedelta(days=9)).exists()
    assert Duty.objects.between(today, last).count() == 2, "up to the last day they work"
    rows = Change.objects.filter(shift_date__gt=last).order_by("-pk")[:5]
    assert {row.reason for row in rows} == {f"Leaves on {last:%-d %B %Y}"}
    assert [one.gap for _, one in Sheet(prison, after).gaps()] == [1]
    assert FeedRow.objects.filter(person=officer, action=CODE_OF[Change.Action.DELETE]).exists()
    diary.tell_settled(clock.now() + timedelta(minutes=12))
    assert (Notice.objects.count(), Acknowledgement.objects.count()) == before

    page = browser.get(f"/staff/{officer.pk}/stay").content.decode()
    assert "plan and publish them anew" in page
    assert officer.contracts.get().last_day == last
    told = browser.post(f"/staff/{officer.pk}/stay", {"version": 1}, follow=True).content.decode()
    assert "have not come back" in told
    officer.refresh_from_db()
    assert officer.left_on is None
    held = (officer.contracts.get(), officer.grades.get(), officer.memberships.get())
    assert [row.last_day for row in held] == [None] * 3
    assert not Duty.objects.between(after, after + timedelta(days=9)).exists()
