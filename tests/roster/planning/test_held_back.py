"""Publishing a unit without the people whose plan is not in order, and these later."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.audit import AuditEvent
from roster.activities.expansion import Item
from roster.activities.models import Activity
from roster.diary import actions as diary
from roster.diary.models import Acknowledgement, Notice
from roster.feed.models import FeedRow
from roster.planning import actions, publishing
from roster.planning.actions import Refused, Wanted
from roster.planning.models import DraftCell, PlanningPeriod
from roster.planning.sheet import Sheet
from roster.timeline import actions as timeline
from roster.timeline.models import Change, Duty, Level
from tests.roster.planning.conftest import MONDAY, at, shift

NOW = datetime(2027, 1, 2, 12, tzinfo=UTC)
"""Two days before the period: what changes is short notice, and stands in the feed."""


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``hold(minutes)``: so long after ``NOW``."""

    def at_minutes(minutes: int) -> datetime:
        moment = NOW + timedelta(minutes=minutes)
        monkeypatch.setattr("foundation.clock.now", lambda: moment)
        return moment

    at_minutes(0)
    return at_minutes


@pytest.fixture
def two(people: list[Any], put: Any) -> tuple[Any, Any]:
    """The first has a late and then an early, which a rule blocks; the second's plan is in order."""
    one, other, _ = people
    put(one, 0, "L")
    put(one, 1, "E")
    put(other, 0, "E")
    return one, other


@pytest.fixture
def pages(as_planner: Any, period: PlanningPeriod) -> Any:
    class Pages:
        browser: Client = as_planner("HUB_MANAGER")

        def see(self, route: str) -> str:
            address = reverse(route) if route == "home" else reverse(route, args=[period.pk])
            return " ".join(self.browser.get(address, follow=True).content.decode().split())

        def send(self, route: str, **more: Any) -> Any:
            period.refresh_from_db()
            given = {"version": period.version, **more}
            return self.browser.post(reverse(route, args=[period.pk]), given, follow=True)

    return Pages()


def published() -> Counter[int]:
    return Counter(Duty.objects.filter(live=True).values_list("person", flat=True))


def mend(put: Any, person: Any) -> None:
    put(person, 1, "RD")


def test_the_others_are_published_and_those_held_back_later_for_the_first_time(
    pages: Any, hold: Any, period: PlanningPeriod, draft: Any, two: tuple[Any, Any], planner: Any, put: Any, sign: Any
) -> None:
    """Each of both gets one summary notice at their first publication, though it is short notice by then, and rows in
    the feed; what changes for the other in the same act is a change, with a reason, a notice and a question.
    """
    one, other = two
    together = {(each.pk, at(3)): Wanted(shift("RD")) for each in two}
    actions.edit(draft, together, by=planner, words="Both")
    sign(period)
    page = pages.see("plan_publish")
    assert "Held up: 1 person" in page
    assert "Adams, Sam</h3>" in page
    assert reverse("plan_cell", args=[period.pk, one.pk, at(1)]) in page
    assert "Publish the other 1 person" in page
    assert 'name="version"' not in page, "not all of it"
    page = pages.see("plan_publish_others")
    assert "2 days of 1 person would change" in page
    assert "Adams, Sam: 3 days" in page
    assert "Brown" not in page
    assert pages.send("plan_publish_others", held_back=one.pk).redirect_chain

    assert published() == {other.pk: 2}
    assert set(DraftCell.objects.values_list("person", flat=True)) == {one.pk}
    page = pages.see("plan_progress")
    assert "1: Adams, Sam" in page
    assert "3 days" in page
    assert "1 person is not published yet" in pages.see("home")
    assert actions.undo(draft, by=planner), "of who is held back"
    assert not Sheet(draft).day(one.pk, at(3))
    assert actions.redo(draft, by=planner)
    assert published() == {other.pk: 2}

    assert diary.tell_settled(hold(6)) == 1
    mend(put, one)
    assert "Reason (optional)" in pages.see("plan_publish")
    put(other, 0, "L")
    assert "Reason (optional)" not in pages.see("plan_publish")
    assert "Say why" in pages.send("plan_publish").content.decode()
    pages.send("plan_publish", reason="Escort")
    assert published() == {one.pk: 3, other.pk: 2}
    assert not DraftCell.objects.exists()
    assert "not published yet" not in pages.see("home")
    assert "People not published yet" not in pages.see("plan_progress")

    changes = Change.objects.order_by("pk").values_list("person", "first_publication", "short_notice")
    assert list(changes[:2]) == [(other.pk, True, False)] * 2
    assert Counter(changes[2:]) == {(one.pk, True, False): 3, (other.pk, False, True): 1}
    assert set(FeedRow.objects.values_list("person", flat=True)) == {one.pk, other.pk}
    events = AuditEvent.objects.filter(event__startswith="DUTIES_").order_by("pk")
    assert [each.event for each in events] == ["DUTIES_PUBLISHED", "DUTIES_PUBLISHED", "DUTIES_CHANGED"]
    assert diary.tell_settled(hold(12)) == 2
    told = Notice.objects.values_list("person", "action")
    assert Counter(told) == {(one.pk, "PUBLISHED"): 1, (other.pk, "PUBLISHED"): 1, (other.pk, "EDIT"): 1}
    assert Acknowledgement.objects.get().person == other

    put(one, 0, "E")
    pages.send("plan_publish", reason="Court")
    assert Change.objects.latest("pk").first_publication is False, "once"


def test_who_is_held_up_meanwhile_stops_it(
    pages: Any, period: PlanningPeriod, unit: Any, two: tuple[Any, Any], people: list[Any], planner: Any, put: Any,
    sign: Any,
) -> None:  # fmt: skip
    """Only what was agreed to is published; the page says who else is held up, and asks again. Whoever is in order
    again in the meantime is held back all the same.
    """
    one, other = two
    put(people[2], 0, "E")
    sign(period)
    timeline.cover(other, MONDAY, Activity.objects.get(name="Sick"), by=planner, unit=unit)
    before = published()
    answer = pages.send("plan_publish_others", held_back=one.pk)
    page = answer.content.decode()
    assert "Nothing was published: Brown, Sam is held up now too." in page
    assert f'name="held_back" value="{one.pk},{other.pk}"' in page
    assert published() == before
    for given in ("", "x", "\0,²", f"-{one.pk}", "9" * 400):
        assert "Nothing was published: Adams, Sam; Brown, Sam are held up" in (
            pages.send("plan_publish_others", held_back=given).content.decode()
        )
    late = pages.send("plan_publish_others", held_back=f"{one.pk},{other.pk}", version=0)
    assert "Somebody else has changed this period" in late.content.decode()
    assert "held up now too" not in late.content.decode()
    assert published() == before
    mend(put, one)
    pages.send("plan_publish_others", held_back=f"{one.pk},{other.pk}")
    assert published() == before + Counter([people[2].pk])
    assert [each.last_name for each in publishing.not_published(period)] == ["Adams", "Brown"]
    assert "1 person</h2>" in pages.see("plan_publish"), "of both only one is held up by now"


def test_without_others_nothing_is_offered(
    pages: Any, period: PlanningPeriod, people: list[Any], put: Any, sign: Any
) -> None:
    """Not while nobody has signed, not where everybody is held up, not where nobody is."""
    put(people[0], 0, "L")
    put(people[0], 1, "E")
    put(people[1], 0, "E")
    assert "Publish the other" not in pages.see("plan_publish")
    assert "Hold 1 back" not in pages.see("plan_publish_others")
    sign(period)
    assert "Publish the other 1 person" in pages.see("plan_publish")
    put(people[1], 0, "")
    assert "Publish the other" not in pages.see("plan_publish")
    with pytest.raises(Refused, match="nobody else"):
        publishing.publish(period, by=None, held_back=[people[0].pk])
    mend(put, people[0])
    assert "<h1" in pages.see("plan_publish_others")
    assert 'name="held_back"' not in pages.see("plan_publish_others"), "leads to the page that publishes everything"
    period.refresh_from_db()
    assert period.state == "approving"


def test_who_is_on_overtime_then_is_held_up_too(
    pages: Any, period: PlanningPeriod, unit: Any, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    """No rule says so; the whole unit was refused, and not who it was."""
    gate = Item(Activity.objects.get(name="Gate"), 14 * 3600, 18 * 3600)
    timeline.put(people[0], unit, MONDAY, by=planner, items=[gate], level=Level.OVERTIME)
    put(people[0], 0, "L")
    put(people[1], 0, "E")
    sign(period)
    page = pages.see("plan_publish")
    assert "Held up: 1 person" in page
    assert "The shift of 4 January overlaps Gate of 4 January." in page
    pages.send("plan_publish_others", held_back=people[0].pk)
    assert published() == {people[0].pk: 1, people[1].pk: 1}
    assert [each.pk for each in publishing.not_published(period)] == [people[0].pk]


def test_each_publication_is_taken_back_in_turn(
    hold: Any, period: PlanningPeriod, draft: Any, two: tuple[Any, Any], planner: Any, put: Any, sign: Any
) -> None:
    """The last one first; who was held back is so again; nobody is told of anything."""
    one, other = two
    sign(period)
    period.refresh_from_db()
    first = publishing.publish(period, by=planner, held_back=[one.pk])
    mend(put, one)
    second = publishing.publish(period, by=planner)
    assert not publishing.still_held_back(period)
    with pytest.raises(Refused, match="take that back first"):
        publishing.take_back(first, by=planner)
    publishing.take_back(second, by=planner)
    assert published() == {other.pk: 1}
    assert publishing.not_published(period) == [one]
    third = publishing.publish(period, by=planner)
    assert published() == {one.pk: 2, other.pk: 1}
    publishing.take_back(third, by=planner)
    publishing.take_back(first, by=planner)
    period.refresh_from_db()
    assert (period.state, published(), publishing.not_published(period)) == ("approving", {}, [])
    sheet = Sheet(draft)
    assert [sheet.day(one.pk, at(0)), sheet.day(one.pk, at(1)), sheet.day(other.pk, at(0))] == [
        shift("L"), shift("RD"), shift("E"),
    ]  # fmt: skip
    assert not any(sheet.cell(*key).overtaken for key in sheet.rows)
    assert diary.tell_settled(hold(6)) == 0
    assert not FeedRow.objects.exists()
    assert not Change.objects.filter(short_notice=True).exists()
    publishing.publish(period, by=planner)
    assert published() == {one.pk: 2, other.pk: 1}
    assert clock.now() > NOW


def test_two_publications_of_one_day_are_both_taken_back(
    hold: Any, period: PlanningPeriod, draft: Any, two: tuple[Any, Any], planner: Any, put: Any, sign: Any
) -> None:
    """The first one was refused, as if somebody had changed the day: it was the taking back of the second."""
    one, other = two
    first = publishing.publish(sign(period), by=planner, held_back=[one.pk])
    put(other, 0, "L")
    publishing.take_back(publishing.publish(period, by=planner, reason="Court", held_back=[one.pk]), by=planner)
    put(other, 0, "M")
    second = publishing.publish(period, by=planner, reason="Escort", held_back=[one.pk])
    put(other, 0, "N")
    publishing.take_back(second, by=planner)
    assert not Sheet(draft).cell(other.pk, at(0)).overtaken, "the draft says something newer, made over what was there"
    publishing.take_back(first, by=planner)
    assert not Duty.objects.filter(live=True).exists()
    cell = Sheet(draft).cell(other.pk, at(0))
    assert (cell.day, cell.overtaken) == (shift("N"), False)
    assert diary.tell_settled(hold(6)) == 0


def test_a_lock_alone_waits_for_nothing(
    pages: Any, period: PlanningPeriod, draft: Any, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    """It counted as a day not published, and led to a page that said that everything is."""
    put(people[0], 0, "E")
    publishing.publish(sign(period), by=planner)
    actions.lock_cells(draft, [(people[0].pk, MONDAY)], True, by=planner)
    page = pages.see("plan_progress")
    assert "0 days" in page
    assert "Look at what would be published" not in page
