"""Somebody joins by one form, and leaves; units are made, renamed, moved, closed."""

from datetime import date, timedelta
from typing import Any

import pytest

from foundation import clock
from roster.establishment import unit_actions
from roster.establishment.models import Contract, Establishment, Membership, Person, PlanningUnit, Skill
from roster.establishment.roles import person_of
from tests.roster.conftest import LONG_AGO, give_role, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return clock.today()


def test_one_form_makes_a_whole_person(as_planner: Any, unit: Any, today: date) -> None:
    """Grade, contract, unit, manager and skills hold from the first day; nothing half made."""
    manager, browser = make_person(unit), as_planner("HUB_MANAGER")
    aid = Skill.objects.get(code="FA")
    first = today + timedelta(days=3)
    grade = manager.grades.get().grade
    sent = {
        "first_name": "Ada", "last_name": "New", "staff_number": "77000001", "user_name": "qad1", "email": "",
        "mobile": "07700900123", "service_from": "1/9/2020", "since": first, "grade": grade.pk, "weekly_hours": "24",
        "days_per_week": "3", "agreed_days": ["1", "3", "5"], "unit": unit.pk, "manager": manager.staff_number,
        "skills": [aid.pk],
    }  # fmt: skip
    assert "Add a member of staff" in browser.get("/staff").content.decode()
    wrong = browser.post("/staff/add", {**sent, "user_name": manager.user_name.lower(), "since": "1/1/2019"})
    assert "has this user name already" in wrong.content.decode()
    assert "before their service began" in wrong.content.decode()
    assert browser.post("/staff/add", {**sent, "manager": "nobody"}).status_code == 400
    assert not Person.objects.filter(last_name="New").exists()
    assert browser.post("/staff/add", sent).status_code == 302
    person = Person.objects.get(last_name="New")
    contract = Contract.objects.get(person=person)
    assert (contract.weekly_minutes, contract.agreed_days, contract.first_day) == (1440, [1, 3, 5], first)
    assert Membership.objects.on(first).get(person=person).unit == unit
    assert not Membership.objects.on(today).filter(person=person).exists()
    assert person.managers.get().manager == manager
    assert person.skills.get().last_day == first + timedelta(days=36 * 365 // 12 - 1)
    assert browser.get(f"/staff/{person.pk}").status_code == 200
    assert as_planner("LINE_MANAGER").get("/staff/add").status_code == 403
    elsewhere = PlanningUnit.objects.create(
        establishment=Establishment.objects.exclude(code="LHI").first(), name="Far", abbreviation="Far"
    )
    far = {**sent, "staff_number": "77000002", "user_name": "qad2", "unit": elsewhere.pk}
    assert as_planner("HUB_MANAGER").post("/staff/add", far).status_code == 400


def test_leaving_ends_what_holds_and_keeps_the_record(as_planner: Any, prison: Any, unit: Any, today: date) -> None:
    officer, browser = make_person(unit), as_planner("HUB_MANAGER")
    give_role(officer, "DETAIL", prison)
    mine = make_person(unit)
    mine.managers.create(manager=officer, valid=(LONG_AGO, None))
    later = today + timedelta(days=30)
    officer.contracts.update(valid=(LONG_AGO, later + timedelta(days=10)))
    address = f"/staff/{officer.pk}/leave"
    assert "cannot sign in" in browser.get(address).content.decode()
    early = {"last_day": "1/1/2019", "version": 0, "withdraws": 0}
    assert "before their service" in browser.post(address, early).content.decode()
    assert browser.post(address, {"last_day": later, "version": 0}).status_code == 200, "asked first"
    sent = {"last_day": later, "version": 0, "withdraws": 0}
    assert browser.post(address, sent).status_code == 302
    assert "Leaves on" in browser.get(f"/staff/{officer.pk}").content.decode()
    officer.refresh_from_db()
    assert not officer.has_left
    assert person_of(officer.user) == officer, "until the last day"
    dated = [*officer.contracts.all(), *officer.grades.all(), *officer.memberships.all(), *officer.roles.all()]
    assert {row.last_day for row in [*dated, *mine.managers.all()]} == {later}
    assert browser.post(address, sent).status_code == 400, "stale"
    officer.left_on = today - timedelta(days=1)
    officer.save()
    assert person_of(officer.user) is None


def test_a_unit_is_made_renamed_and_moved(as_planner: Any, prison: Any, unit: Any, today: date) -> None:
    """(staff-roster 4.1) A name from a day on keeps what it was called; lists follow on that day."""
    browser = as_planner("HUB_MANAGER")
    address = f"/establishments/{prison.code}/units/add"
    assert address in browser.get("/").content.decode()
    taken = {"name": unit.name.upper(), "abbreviation": "x"}
    assert "has this name" in browser.post(address, taken).content.decode()
    function = prison.functions.first()
    sent = {"name": "Lindholme Dogs", "abbreviation": "Dogs", "function": function.pk, "parent": unit.pk}
    assert browser.post(address, sent).status_code == 302
    made = prison.units.get(abbreviation="Dogs")
    assert (made.function, made.parent) == (function, unit)
    moved = {"function": "", "parent": made.pk, "version": 0}
    assert "part of itself" in browser.post(f"/units/{unit.pk}/move", moved).content.decode()

    soon = today + timedelta(days=10)
    renamed = {"since": soon, "name": "Lindholme Houseblock 1", "abbreviation": "HB1", "version": 0}
    assert browser.post(f"/units/{unit.pk}/rename", renamed).status_code == 302
    unit.refresh_from_db()
    assert unit.name == "Lindholme Residential 1", "not yet"
    assert (unit.name_on(today), unit.name_on(soon)) == ("Lindholme Residential 1", "Lindholme Houseblock 1")
    assert "Lindholme Houseblock 1" in browser.get(f"/units/{unit.pk}").content.decode()
    clash = {"name": "lindholme houseblock 1", "abbreviation": "x"}
    assert browser.post(address, clash).status_code == 400, "the name is taken from that day on"
    stale = browser.post(f"/units/{unit.pk}/rename", renamed)
    assert "Somebody changed this" in stale.content.decode()
    unit.names.exclude(valid__contains=soon).delete()
    unit.names.update(valid=(today, None))
    assert unit_actions.call_by_todays_names() == 1
    assert unit_actions.call_by_todays_names() == 0
    unit.refresh_from_db()
    assert unit.abbreviation == "HB1"


def test_a_unit_is_closed_when_nobody_is_left(as_planner: Any, unit: Any, today: date) -> None:
    officer, browser = make_person(unit), as_planner("REGIONAL_ADMIN", establishment=None)
    address, sent = f"/units/{unit.pk}/close", {"day": today, "version": 0}
    refused = browser.post(address, sent)
    assert "Move them to other units first" in refused.content.decode()
    officer.memberships.all().delete()
    assert browser.post(address, sent).status_code == 302
    unit.refresh_from_db()
    assert unit.closed_on == today
    assert "Closed from" in browser.get(f"/units/{unit.pk}").content.decode()
    page = browser.get(f"/establishments/{unit.establishment.code}").content.decode()
    assert f'href="/units/{unit.pk}"' in page, "closed units can be found"
    sent = {"since": today, "unit": unit.pk, "priority": 1, "version": officer.version}
    assert browser.post(f"/staff/{officer.pk}/change/unit", sent).status_code == 400, "nobody joins it"
    assert browser.post(f"/units/{unit.pk}/open", {"version": 0}).status_code == 400, "stale"
    assert browser.post(f"/units/{unit.pk}/open", {"version": 1}).status_code == 302
    unit.refresh_from_db()
    assert unit.closed_on is None
    unit.closed_on = today + timedelta(days=30)
    unit.save()
    late = browser.post(f"/staff/{officer.pk}/change/unit", sent).content.decode()
    assert "is closed from" in late, "nor stays beyond its last day"
    assert browser.post(f"/staff/{officer.pk}/change/unit", {**sent, "until": today}).status_code == 302


def test_functions_are_added_and_renamed(as_planner: Any, prison: Any) -> None:
    """Only a file of units could make one."""
    browser = as_planner("HUB_MANAGER")
    page = f"/establishments/{prison.code}"
    assert f'href="{page}"' in browser.get("/").content.decode()
    assert browser.post(f"{page}/functions/add", {"name": "Dogs"}).status_code == 302
    assert "of that name" in browser.post(f"{page}/functions/add", {"name": "dogs"}).content.decode()
    made = prison.functions.get(name="Dogs")
    assert browser.post(f"/functions/{made.pk}", {"name": "Dogs and search"}).status_code == 302
    assert "Dogs and search" in browser.get(page).content.decode()
    assert browser.get(f"{page}/units/add").content.decode().count("Dogs and search") == 1
    looks_on = as_planner("READ_ONLY")
    assert "Add a function" not in looks_on.get(page).content.decode()
    assert looks_on.get(f"/functions/{made.pk}").status_code == 403
    assert looks_on.get("/establishments/MRI").status_code == 404
