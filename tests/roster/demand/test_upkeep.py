"""Keeping demand up without a developer: what is asked for, posts, special regime days (staff-roster 7.1, 7.2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation import clock
from roster.activities.models import Activity
from roster.demand import upkeep
from roster.demand.calendar import in_force
from roster.demand.models import Case, DayType, Post, Requirement, SpecialDay
from roster.establishment.models import Skill
from tests.roster.demand.test_demand import require

DAY = timedelta(days=1)


def test_demand_ends_on_a_day(as_planner: Any, unit: Any) -> None:
    """What has ended stays in the list; an old page ends nothing."""
    row = require(unit, lowest_band=4)
    query = f"?place={unit.establishment.pk}&unit={unit.pk}"
    detail, browser = as_planner("DETAIL"), as_planner("HUB_MANAGER")
    page = browser.get(reverse("demand_asked") + query).content.decode()
    assert "band 4 and above" in page
    address = reverse("requirement_end", args=[row.pk])
    assert detail.get(address).status_code == 403
    assert address not in detail.get(reverse("demand_asked") + query).content.decode()
    yesterday = (clock.today() - DAY).isoformat()
    assert (
        "Somebody else has changed this" in browser.post(address, {"last": yesterday, "version": "7"}).content.decode()
    )
    assert browser.post(address, {"last": "2019-01-01", "version": "0"}).status_code == 400
    assert browser.post(address, {"last": yesterday, "version": "0"}).status_code == 302
    row.refresh_from_db()
    assert row.last_day == clock.today() - DAY
    assert "Ended" in browser.get(reverse("demand_asked") + query).content.decode()


def test_a_post_from_its_first_day_to_its_last(as_planner: Any, prison: Any, unit: Any) -> None:
    """Added, renamed, closed once nothing asks for people there; two changes at once show both values."""
    browser, query = as_planner("HUB_MANAGER"), f"?place={prison.pk}"
    assert "There are no posts yet" in browser.get(reverse("posts") + query).content.decode()
    sent = {
        "name": "Gate", "code": "G1", "activity": str(Activity.objects.get(name="Gate").pk), "unit": "",
        "skills": [str(Skill.objects.get(code="GATE").pk)],
    }  # fmt: skip
    assert browser.post(reverse("post_add") + query, sent | {"name": ""}).status_code == 400
    assert browser.post(reverse("post_add") + query, sent).status_code == 302
    assert "Another post has this code" in browser.post(reverse("post_add") + query, sent).content.decode()
    row = Post.objects.get()
    assert [skill.code for skill in row.skills.all()] == ["GATE"]
    address = reverse("post", args=[row.pk])
    renamed = sent | {"name": "Main gate", "unit": str(unit.pk), "skills": [], "version": "0"}
    assert browser.post(address, renamed).status_code == 302
    both = browser.post(address, sent | {"name": "Front gate", "version": "0"}).content.decode()
    assert "Stored now" in both
    assert "Main gate" in both
    assert "Front gate" in both
    row.refresh_from_db()
    assert (row.name, row.unit, row.skills.count(), row.version) == ("Main gate", unit, 0, 1)
    asked = require(unit, name="Gate by day", post=row)
    close = reverse("post_close", args=[row.pk])
    closing = {"last": clock.today().isoformat(), "version": "1"}
    assert "“Gate by day” still asks for people there" in browser.post(close, closing).content.decode()
    Requirement.objects.filter(pk=asked.pk).update(valid=(asked.first_day, clock.today()))
    assert browser.post(close, closing).status_code == 302
    row.refresh_from_db()
    assert (row.closed_on, row.last_day) == (clock.today() + DAY, clock.today())
    Post.objects.update(closed_on=clock.today())
    assert "Closed posts" in browser.get(reverse("posts") + query).content.decode()


def test_a_special_regime_day_asks_for_less(as_planner: Any, prison: Any, unit: Any) -> None:
    """(R-052) Training lock-down: the demand for special days holds instead; taken away, that of the weekday again."""
    usual = require(unit, name="Usual", day_types=["weekday", "friday", "saturday", "sunday"])
    early = require(unit, name="Lock-down", day_types=["special"])
    browser, address = as_planner("HUB_MANAGER"), f"{reverse('special_days')}?place={prison.pk}"
    day = clock.today() + DAY
    sent = {"day": day.isoformat(), "name": "Training lock-down"}
    assert as_planner("DETAIL").post(address, sent).status_code == 404
    assert browser.post(address, sent | {"day": clock.today() - DAY}).status_code == 400
    assert browser.post(address, sent).status_code == 302
    assert "special regime day already" in browser.post(address, sent).content.decode()
    assert in_force([usual, early], day, special=True) == [early]
    page = browser.get(f"{reverse('demand')}?place={prison.pk}&unit={unit.pk}&from={day}").content.decode()
    assert page.index("Lock-down") < page.index("Usual")
    row = SpecialDay.objects.get()
    end = reverse("special_day_end", args=[row.pk])
    assert "ordinary day?" in browser.get(end).content.decode()
    assert SpecialDay.objects.exists()
    assert browser.post(end).status_code == 302
    assert not SpecialDay.objects.exists()
    assert "No day from today on is marked" in browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["sunday", "friday", "weekday", "saturday"], "Monday to Sunday"),
        (["friday", "weekday", "bank_holiday"], "Monday to Friday, Bank holiday"),
        (["weekday", "sunday", "saturday"], "Monday to Thursday, Saturday and Sunday"),
        (["friday", "sunday"], "Friday, Sunday"),
    ],
)
def test_days_that_stand_together_are_named_together(kinds: list[str], words: str) -> None:
    assert upkeep.days(Requirement(day_types=kinds)) == words


def test_what_is_sent_twice_is_asked_for_once(as_planner: Any, unit: Any) -> None:
    """Back and save again, or a double click: twice as many were needed, and the board was red."""
    browser, today = as_planner("HUB_MANAGER"), clock.today()
    query = f"?place={unit.establishment.pk}&unit={unit.pk}"
    gate = Activity.objects.get(name="Gate").pk
    asked = {
        "name": "Gate", "start": "07:00", "end": "12:00", "target": 2, "minimum": 2,
        "reduced": 1, "essential": 1, "first": today, "activity": gate,
        "day_types": DayType.values,
    }  # fmt: skip
    case = {
        "kind": "bedwatch", "name": "Ward 3", "activity": gate, "people": 2, "starts_at": f"{today}T10:00",
        "expected_end": f"{today}T22:00",
    }  # fmt: skip
    for model, name, sent in ((Requirement, "requirement_add", asked), (Case, "case_open", case)):
        address, before = reverse(name) + query, model.objects.count()
        assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 400], name
        assert "The very same" in browser.post(address, sent).content.decode()
        assert browser.post(address, {**sent, "name": "Another"}).status_code == 302
        assert model.objects.count() == before + 2
