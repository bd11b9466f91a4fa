"""The demand board and what is done from it (R-052)."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from foundation import clock
from roster.activities.models import Activity
from roster.demand.models import Case, Regime, Requirement
from roster.demand.seeds import residential
from roster.establishment.models import PlanningUnit
from tests.roster.conftest import give_role, make_person
from tests.roster.demand.test_demand import put, require


def test_the_board_says_in_words_what_is_short_and_who_could_come(as_planner: Any, unit: Any) -> None:
    """(R-052) Shortfall and surplus per post and session; who has just worked a late is not offered an early."""
    today = clock.today()
    row = require(unit, name="Morning", start=27000, end=45900, target=2, minimum=2, reduced=1, essential=1)
    here, free, tired = make_person(unit), make_person(unit), make_person(unit)
    put(here, unit, today, "E")
    put(tired, unit, today - timedelta(days=1), "L")
    browser, query = as_planner("DETAIL"), f"?place={unit.establishment.pk}&unit={unit.pk}"
    page = browser.get(reverse("demand") + query).content.decode()
    assert "1 short" in page
    assert "1 short of the minimum of 2" in page
    assert "Amber-red" in page
    answer = browser.get(reverse("demand_gap", args=[row.pk, today]) + query).content.decode()
    assert f"{free.name} is free and qualified" in answer
    assert tired.name not in answer
    assert here.name not in answer
    put(free, unit, today, "E")
    put(make_person(unit), unit, today, "E")
    assert "1 over" in browser.get(reverse("demand") + query).content.decode()
    other = PlanningUnit.objects.exclude(pk=unit.pk)[0]
    assert "Nothing is asked for" in browser.get(f"{reverse('demand')}?unit={other.pk}").content.decode()
    assert browser.get(f"{reverse('demand')}?unit=999999").status_code == 404


def test_demand_changes_from_a_day_on(as_planner: Any, unit: Any) -> None:
    today = clock.today()
    query = f"?place={unit.establishment.pk}&unit={unit.pk}"
    assert as_planner("DETAIL").get(reverse("requirement_add") + query).status_code == 403
    browser = as_planner("HUB_MANAGER")
    sent = {
        "name": "Night", "day_types": ["weekday", "friday"], "start": "20:45", "end": "07:30", "target": "1",
        "minimum": "2", "reduced": "1", "essential": "1", "first": today.isoformat(),
    }  # fmt: skip
    assert browser.post(reverse("requirement_add") + query, sent).status_code == 400, "the target is below the minimum"
    assert browser.post(reverse("requirement_add") + query, sent | {"target": "2"}).status_code == 302
    row = Requirement.objects.get()
    assert (row.start, row.end) == (74700, 113400)
    later = sent | {
        "target": "3",
        "lowest_band": "4",
        "highest_band": "3",
        "first": (today + timedelta(days=7)).isoformat(),
        "version": "0",
    }
    address = reverse("requirement", args=[row.pk]) + query
    assert "must not be below the lowest" in browser.post(address, later).content.decode()
    later |= {"highest_band": ""}
    assert browser.post(address, later).status_code == 302
    old, new = Requirement.objects.order_by("valid")
    assert (old.target, old.last_day, new.target) == (2, today + timedelta(days=6), 3)
    assert (old.lowest_band, new.lowest_band) == (None, 4)
    assert browser.post(address, later).status_code == 400, "somebody was quicker"
    assert Requirement.objects.count() == 2


def test_a_regime_is_confirmed_with_a_reason_and_a_case_is_demand(as_planner: Any, unit: Any) -> None:
    residential(unit)
    today = clock.today()
    query = f"?place={unit.establishment.pk}&unit={unit.pk}"
    address = reverse("regime", args=[today, "am"]) + query
    assert as_planner("HUB_MANAGER").get(address).status_code == 403
    orderly = make_person()
    give_role(orderly, "ORDERLY_OFFICER", unit.establishment)
    browser = as_planner("ORDERLY_OFFICER", orderly)
    assert "Below red" in browser.get(address).content.decode()
    assert browser.post(address, {"level": "1", "reason": "", "version": "0"}).status_code == 400
    assert browser.post(address, {"level": "1", "reason": "Mutual aid", "version": "0"}).status_code == 302
    assert browser.post(address, {"level": "2", "reason": "Late", "version": "0"}).status_code == 400
    row = Regime.objects.get()
    assert (row.level, row.proposed, row.reason) == (1, 0, "Mutual aid")
    now = clock.london(clock.now())
    sent = {
        "kind": "bedwatch", "name": "Hospital 1", "people": "2", "starts_at": f"{now:%Y-%m-%dT%H:%M}",
        "expected_end": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}",
        "activity": str(Activity.objects.get(name="Bedwatch").pk),
    }  # fmt: skip
    assert browser.post(reverse("case_open") + query, sent | {"people": "0"}).status_code == 400
    assert browser.post(reverse("case_open") + query, sent).status_code == 302
    case = Case.objects.get()
    page = browser.get(reverse("demand") + query).content.decode()
    assert "Hospital 1" in page
    assert "2 short" in page
    Case.objects.update(starts_at=clock.now() - timedelta(hours=1))
    where = reverse("case_end", args=[case.pk])
    assert where in page
    asked = browser.get(where).content.decode()
    assert "End Bedwatch: Hospital 1 now?" in asked, "a slip of the finger ends no bedwatch"
    case.refresh_from_db()
    assert case.ended_at is None
    assert browser.post(where).status_code == 302
    case.refresh_from_db()
    assert case.ended_at is not None
    assert "ended already" in browser.get(where, follow=True).content.decode()
    sent |= {"name": "Court", "kind": "court", "starts_at": f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}"}
    assert browser.post(reverse("case_open") + query, sent).status_code == 302
    escort = Case.objects.latest("pk")
    where = reverse("case_end", args=[escort.pk]) + "?from=day"
    assert "Call off Court: Court?" in browser.get(where).content.decode()
    page = browser.post(where, follow=True).content.decode()
    assert "(called off)" in page, "before it begins too"
    assert "Court" not in browser.get(reverse("demand") + query).content.decode().split("Cases</h2>")[-1]
