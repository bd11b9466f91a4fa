"""From a breach in a draft to rest that was had: refused, permitted, published, owed, assigned, cleared."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation import clock
from roster.hours import actions as hours
from roster.hours.models import RestOwed
from roster.planning import publishing
from roster.planning.models import PlanningPeriod
from roster.timeline.models import Duty
from tests.roster.conftest import make_person
from tests.roster.planning.conftest import at


def test_a_breach_on_its_way_from_the_plan_to_the_ledger(
    as_planner: Any, unit: Any, period: PlanningPeriod, draft: Any, people: list[Any], planner: Any, put: Any,
    sign: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """(R-065) Late then early leaves 10 h 30. Refused; a governor permits; published; half an hour owed in the next
    gap, which moves with the plan; no further breach till it has been had; then the next one can be permitted.
    """
    one = people[0]
    for day, code in enumerate(["L", "E", "M", "RD", "L", "E"]):
        put(one, day, code)
    sign(period)
    governor, hub = as_planner("GOVERNOR"), as_planner("HUB_MANAGER")
    publish = reverse("plan_publish", args=[period.pk])
    cell = reverse("plan_cell", args=[period.pk, one.pk, at(1)])
    permit = reverse("plan_permit", args=[period.pk, one.pk, at(1), "DailyRest"])
    again = reverse("plan_permit", args=[period.pk, one.pk, at(5), "DailyRest"])

    page = hub.get(publish).content.decode()
    assert "10 h 30 min of rest" in page
    assert cell in page, "the planner is led to the cell"
    assert permit not in page, "this takes a governor"
    assert 'name="version"' not in page, "nothing can be published meanwhile"
    period.refresh_from_db()
    version = str(period.version)
    assert "rules that block are broken" in hub.post(publish, {"version": version}).content.decode()
    assert not Duty.objects.exists()
    refused = hub.post(permit, {"reason": "Escort"})
    assert (refused.status_code, RestOwed.objects.count()) == (400, 0)
    assert "A governor can permit this" in refused.content.decode()

    assert permit in governor.get(cell).content.decode()
    assert governor.post(permit, {"reason": " "}).status_code == 400
    assert governor.get(f"{permit}?to=publish").content.decode().count(publish) == 2, "back and cancel lead there"
    assert governor.post(permit, {"reason": "Escort ran late"})["Location"] == cell
    assert "Escort ran late" in governor.get(cell).content.decode()
    owed = RestOwed.objects.get()
    assert (owed.minutes, owed.due_on) == (30, at(15))
    assert "still owed rest" in governor.post(again, {"reason": "Once more"}).content.decode()

    put(one, 4, "")
    put(one, 5, "")
    assert hub.post(publish, {"version": version})["Location"] == reverse("plan_progress", args=[period.pk])
    owed.refresh_from_db()
    assert owed.since == datetime(2027, 1, 5, 12, 45, tzinfo=UTC), "the early as published"
    assert owed.assigned.lower == datetime(2027, 1, 5, 23, 45, tzinfo=UTC), "11 h after it, before 07:30"
    put(one, 2, "RD")
    put(one, 1, "A")
    publishing.publish(period, by=planner, reason="Cover")
    owed.refresh_from_db()
    assert owed.assigned.lower == datetime(2027, 1, 6, 7, tzinfo=UTC), "until 20:00 now: the gap moves"
    assert one.listed in hub.get(reverse("rest_owed")).content.decode()

    put(one, 4, "L")
    put(one, 5, "E")
    with pytest.raises(publishing.BreaksRules):
        publishing.publish(period, by=planner, reason="More")
    assert governor.post(again, {"reason": "Once more"}).status_code == 400, "a new breach is blocked till then"
    monkeypatch.setattr(clock, "now", lambda: owed.assigned.upper + timedelta(minutes=1))
    assert hours.settle() == 1
    ledger = hub.get(reverse("rest_owed")).content.decode()
    assert "Nobody is owed rest" in ledger
    assert "Made up lately" in ledger
    assert governor.post(again, {"reason": "Once more"}).status_code == 302
    publishing.publish(period, by=planner, reason="More")
    assert RestOwed.objects.open().get().exception.reason == "Once more"


def test_taking_a_publication_back_moves_the_rest_again(
    period: PlanningPeriod, people: list[Any], planner: Any, put: Any, sign: Any, as_planner: Any
) -> None:
    """The gap follows the published plan by whatever way this changes (R-065)."""
    put(people[0], 0, "L")
    put(people[0], 1, "E")
    sign(period)
    permit = reverse("plan_permit", args=[period.pk, people[0].pk, at(1), "DailyRest"])
    as_planner("GOVERNOR").post(permit, {"reason": "Escort"})
    before = RestOwed.objects.get().assigned
    publication = publishing.publish(period, by=planner)
    assert RestOwed.objects.get().assigned != before
    publishing.take_back(publication, by=planner)
    assert RestOwed.objects.get().assigned == before


def test_what_nobody_may_permit_stays_refused(
    as_planner: Any, period: PlanningPeriod, draft: Any, people: list[Any], put: Any
) -> None:
    """A breach that is not there, another prison's person, a day outside the period: nothing to permit."""
    put(people[0], 0, "L")
    governor = as_planner("GOVERNOR")
    elsewhere = make_person()
    nothing = [(people[0], at(0), "DailyRest"), (people[0], at(-1), "DailyRest"), (people[0], at(0), "WeeklyAverage")]
    for person, day, rule in [*nothing, (elsewhere, at(0), "DailyRest")]:
        assert governor.get(reverse("plan_permit", args=[period.pk, person.pk, day, rule])).status_code == 404
