"""What holds for a time only: before and after it something else does, and nothing holds after somebody has left."""

from datetime import date, timedelta
from typing import Any

import pytest

from foundation import clock
from roster.establishment import actions
from roster.establishment.actions import Clash
from roster.establishment.models import Establishment, Grade, Membership, Person, PlanningUnit, Skill
from tests.roster.conftest import LONG_AGO, give_role, make_person

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY = date(2027, 12, 1), date(2028, 1, 1)


def change(person: Person, kind: str, **values: Any) -> None:
    person.refresh_from_db()
    by: Any = None
    actions.change(person, kind, values, by=by, version=person.version)


def said(rows: Any, name: str) -> list[Any]:
    return [(getattr(row, name), row.first_day, row.last_day) for row in rows.order_by("valid")]


@pytest.fixture
def units(unit: Any) -> list[PlanningUnit]:
    place = unit.establishment
    names = ("Segregation", "Gate")
    return [unit, *(PlanningUnit.objects.create(establishment=place, name=each, abbreviation=each) for each in names)]


def test_after_a_temporary_main_unit_the_one_of_before_goes_on(units: list[PlanningUnit]) -> None:
    """They were in no plan at all after the last day."""
    home, second, away = units
    person = make_person(home)
    change(person, "unit", since=DECEMBER, unit=second, priority=2, until=None)
    change(person, "unit", since=DECEMBER, unit=away, priority=1, until=date(2027, 12, 31))
    main = person.memberships.filter(priority=1)
    before = DECEMBER - timedelta(days=1)
    assert said(main, "unit") == [
        (home, LONG_AGO, before), (away, DECEMBER, date(2027, 12, 31)), (home, JANUARY, None),
    ]  # fmt: skip
    assert said(person.memberships.filter(priority=2), "unit") == [(second, DECEMBER, None)], "as it was"
    change(person, "unit", since=date(2028, 2, 1), unit=second, priority=1, until=date(2028, 2, 29))
    assert said(person.memberships.filter(unit=second), "priority") == [
        (2, DECEMBER, date(2028, 1, 31)), (1, date(2028, 2, 1), date(2028, 2, 29)), (2, date(2028, 3, 1), None),
    ]  # fmt: skip
    with pytest.raises(Clash, match="main unit"):
        change(person, "unit", since=JANUARY, unit=home, priority=2, until=None)
    assert main.filter(valid__contains=date(2028, 3, 5)).get().unit == home


def test_after_a_phased_return_what_was_agreed_before_holds_again(unit: Any) -> None:
    """No nights, for health; then six hours a day for three weeks: after them nights were allowed."""
    person = make_person(unit)
    change(person, "rule", since=LONG_AGO, parameters={"nights": False}, reason="health", until=None)
    phased = {"nights": False, "longest": 360}
    change(person, "rule", since=DECEMBER, parameters=phased, reason="phased", until=date(2027, 12, 21))
    assert [(rule.parameters, rule.reason) for rule in person.rules.order_by("valid")] == [
        ({"nights": False}, "health"), (phased, "phased"), ({"nights": False}, "health"),
    ]  # fmt: skip
    assert person.rules.get(valid__contains=date(2027, 12, 22)).reason == "health"


def test_nothing_holds_after_the_last_day(units: list[PlanningUnit]) -> None:
    """Another unit before somebody leaves had no end; one after that day was possible."""
    person = make_person(units[0])
    actions.leave(person, date(2027, 12, 31), by=None, version=0)
    change(person, "unit", since=DECEMBER, unit=units[1], priority=1, until=None)
    change(person, "grade", since=DECEMBER, grade=Grade.objects.get(code="SO"))
    assert said(person.memberships, "unit")[-1] == (units[1], DECEMBER, date(2027, 12, 31))
    assert not person.grades.filter(valid__contains=JANUARY).exists()
    with pytest.raises(Clash, match="31 December 2027"):
        change(person, "unit", since=JANUARY, unit=units[1], priority=1, until=None)


def test_an_end_that_something_else_has_passed_is_refused(units: list[PlanningUnit], as_planner: Any) -> None:
    """It was an error of the service."""
    person = make_person(units[0])
    today = clock.today()
    change(person, "unit", since=today, unit=units[1], priority=1, until=None)
    row = person.memberships.get(unit=units[0])
    sent = {"last_day": today + timedelta(days=5), "version": "1"}
    answer = as_planner("HUB_MANAGER").post(f"/staff/{person.pk}/end/unit/{row.pk}", sent)
    assert (answer.status_code, "already" in answer.content.decode()) == (400, True)


def test_who_left_comes_back_as_the_same_person(unit: Any, as_planner: Any) -> None:
    """Staff number and user name were taken, and the record was out of sight."""
    today = clock.today()
    left = today - timedelta(days=400)
    person = make_person(unit, first_name="Ada")
    actions.leave(person, left, by=None, version=0)
    browser = as_planner("HUB_MANAGER")
    sent = {
        "first_name": "Ada", "last_name": "Newname", "staff_number": person.staff_number,
        "user_name": person.user_name.lower(), "service_from": today, "since": today, "unit": unit.pk,
        "grade": Grade.objects.get(code="OFF").pk, "weekly_hours": "37", "days_per_week": "5",
    }  # fmt: skip
    asked = browser.post("/staff/add", sent)
    assert asked.status_code == 400
    assert f"left on {left:%-d %B %Y}" in asked.content.decode()
    assert "Confirm that this is the same person" in asked.content.decode()
    other = browser.post("/staff/add", {**sent, "user_name": "SOMEBODY"}).content.decode()
    assert "comes back" not in other
    too_early = browser.post("/staff/add", {**sent, "comes_back": "on", "since": left, "service_from": left})
    assert "the first day must be later" in too_early.content.decode()
    assert browser.post("/staff/add", {**sent, "comes_back": "on"}).status_code == 302
    person.refresh_from_db()
    assert (person.left_on, person.last_name, person.service_from) == (None, "Newname", today)
    assert said(person.memberships, "unit") == [(unit, LONG_AGO, left), (unit, today, None)]
    again = browser.post("/staff/add", {**sent, "comes_back": "on"}).content.decode()
    assert "has this user name already" in again, "sent twice: nothing more happens"


def test_rights_over_a_prison_do_not_reach_into_another(prison: Any, as_planner: Any) -> None:
    """Hub manager here, line manager of a few there: the skills of everybody there could be changed."""
    there = Establishment.objects.exclude(pk=prison.pk).order_by("name")[0]
    unit = PlanningUnit.objects.create(establishment=there, name="Far", abbreviation="Far")
    manager, stranger = make_person(), make_person(unit)
    give_role(manager, "LINE_MANAGER", there)
    browser = as_planner("HUB_MANAGER", manager)
    assert browser.get(f"/staff/{stranger.pk}").status_code == 200
    assert browser.get(f"/staff/{stranger.pk}/change/skill").status_code == 403
    stranger.managers.create(manager=manager, valid=(LONG_AGO, None))
    assert browser.get(f"/staff/{stranger.pk}/change/skill").status_code == 200


def test_a_list_of_a_past_day_shows_who_was_there_then(unit: Any, as_planner: Any) -> None:
    person, today = make_person(unit, last_name="Gone"), clock.today()
    actions.leave(person, today - timedelta(days=30), by=None, version=0)
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    assert "Gone" not in browser.get("/staff").content.decode()
    assert "Gone" in browser.get("/staff", {"on": today - timedelta(days=31)}).content.decode()
    assert Membership.objects.filter(person=person).count() == 1


def test_a_skill_that_ran_out_is_said_until_it_is_renewed(unit: Any, as_planner: Any) -> None:
    """On the day after its last it vanished from the list, though it counted no longer. A renewal ends that."""
    person, today = make_person(unit, last_name="Lapsed"), clock.today()
    fire, first_aid = Skill.objects.get(code="FIRE"), Skill.objects.get(code="FA")
    person.skills.create(skill=fire, valid=(LONG_AGO, today - timedelta(days=2)))
    person.skills.create(skill=first_aid, valid=(LONG_AGO, today + timedelta(days=5)))
    browser = as_planner("HUB_MANAGER")
    page = browser.get("/staff/skills-expiring").content.decode()
    assert (page.count("Lapsed"), page.count("Expired")) == (2, 1)
    start = browser.get("/").content.decode()
    assert "1 skill has run out and not been renewed" in start
    assert "1 skill runs out within 90 days" in start
    person.skills.create(skill=fire, valid=(today, None))
    person.skills.create(skill=first_aid, valid=(today + timedelta(days=5), today + timedelta(days=400)))
    assert "Lapsed" not in browser.get("/staff/skills-expiring").content.decode()


def test_forms_begin_with_what_holds_now(unit: Any, as_planner: Any) -> None:
    """Agreed weekdays and "no nights" were lost by changing something else."""
    person, browser = make_person(unit), as_planner("HUB_MANAGER")
    held = {"weekly_minutes": 1332, "days_per_week": 3, "agreed_days": [0, 2], "valid": (LONG_AGO, None)}
    person.contracts.update_or_create(defaults=held)
    agreed = {"nights": False, "earliest": 510, "longest": 390, "without": ["L"], "weekdays": [0, 2]}
    person.rules.create(rule="Personal", parameters=agreed, reason="health", valid=(LONG_AGO, None))
    contract = browser.get(f"/staff/{person.pk}/change/contract").content.decode()
    assert ('value="22.2"' in contract, contract.count(" checked")) == (True, 2)
    rule = browser.get(f"/staff/{person.pk}/change/rule").content.decode()
    assert [words for words in ('value="08:30"', 'value="6.5"', 'value="L"') if words not in rule] == []
    assert rule.count(" checked") == 3
    assert "selected>Health" not in rule
