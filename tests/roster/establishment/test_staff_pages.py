"""Pages about staff: who sees whom, changes with dates, nothing overwritten, roles within limits, closing a unit."""

from datetime import date, timedelta
from typing import Any

import pytest

from foundation import clock
from foundation.audit import AuditEvent
from roster.establishment.models import Contract, Establishment, Membership, PlanningUnit, RoleHeld, SkillHeld
from tests.roster.conftest import LONG_AGO, give_role, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return clock.today()


def test_lists_and_pages_show_only_people_of_ones_establishments(as_planner: Any, unit: Any) -> None:
    officer = make_person(unit, first_name="Nadia", last_name="Quill")
    elsewhere = PlanningUnit.objects.create(
        establishment=Establishment.objects.exclude(code="LHI").first(), name="Far", abbreviation="Far"
    )
    stranger = make_person(elsewhere, last_name="Stranger")
    browser = as_planner("DETAIL")
    page = browser.get("/staff").content.decode()
    assert "Quill, Nadia" in page
    assert "Stranger" not in page
    assert "Nobody fits" in browser.get("/staff", {"text": "Nadia Nobody"}).content.decode()
    assert "Quill" in browser.get("/staff", {"text": officer.user_name.lower(), "unit": unit.pk}).content.decode()
    assert browser.get(f"/staff/{officer.pk}").status_code == 200
    assert browser.get(f"/staff/{stranger.pk}").status_code == 404
    assert browser.get(f"/units/{elsewhere.pk}").status_code == 404
    assert "Lindholme Residential 1" in browser.get("/").content.decode()
    assert "without units yet" not in browser.get("/").content.decode()
    admin = as_planner("REGIONAL_ADMIN", establishment=None).get("/").content.decode()
    assert 'href="/establishments/LEI/units/add"' in admin, "where the first unit of a prison is made"


def test_reasons_of_personal_rules_stay_hidden(as_planner: Any, unit: Any) -> None:
    officer = make_person(unit)
    officer.rules.create(
        rule="Personal", parameters={"nights": False, "latest": 1140}, reason="pregnancy", valid=(LONG_AGO, None)
    )
    page = as_planner("HUB_MANAGER").get(f"/staff/{officer.pk}").content.decode()
    assert "no nights" in page
    assert "Not after 19:00" in page
    assert "pregnancy" not in page


def test_a_change_is_a_new_row_from_a_day_and_a_stale_one_changes_nothing(
    as_planner: Any, unit: Any, today: date
) -> None:
    officer, browser = make_person(unit), as_planner("HUB_MANAGER")
    address, soon = f"/staff/{officer.pk}/change/contract", today + timedelta(days=10)
    sent = {"since": soon, "weekly_hours": "24", "days_per_week": "3", "agreed_days": ["0", "2"], "version": "0"}
    assert browser.post(address, {**sent, "weekly_hours": ""}).status_code == 400
    assert browser.post(address, sent).status_code == 302
    before, after = Contract.objects.filter(person=officer).order_by("valid")
    assert (before.weekly_minutes, before.last_day) == (37 * 60, soon - timedelta(days=1))
    assert (after.weekly_minutes, after.first_day, after.agreed_days) == (24 * 60, soon, [0, 2])
    assert AuditEvent.objects.filter(event="CONTRACT_CHANGED").count() == 1

    stale = browser.post(address, {**sent, "weekly_hours": "30"})
    assert stale.status_code == 400
    page = stale.content.decode()
    assert "Somebody changed this" in page
    assert 'value="30"' in page  # what was typed, beside
    assert "24 hours" in page  # what holds now
    assert Contract.objects.filter(person=officer).count() == 2

    earlier = {**sent, "since": today, "weekly_hours": "30", "version": "1"}
    assert browser.post(address, earlier).status_code == 302
    days = [(one.first_day, one.last_day) for one in Contract.objects.filter(person=officer).order_by("valid")]
    assert days[1:] == [(today, soon - timedelta(days=1)), (soon, None)]  # the later one keeps its day


def test_units_skills_and_details(as_planner: Any, prison: Any, unit: Any, today: date) -> None:
    officer, browser = make_person(unit), as_planner("HUB_MANAGER")
    other = prison.units.get(abbreviation="OSG")
    moved = {"since": today, "unit": other.pk, "priority": 1, "until": "", "version": 0}
    assert browser.post(f"/staff/{officer.pk}/change/unit", moved).status_code == 302
    assert Membership.objects.on(today).get(person=officer, priority=1).unit == other
    skill = {"since": today, "skill": _skill("FA"), "level": "XYZ", "version": 1}
    assert "Levels of this skill" in browser.post(f"/staff/{officer.pk}/change/skill", skill).content.decode()
    assert browser.post(f"/staff/{officer.pk}/change/skill", {**skill, "level": "FAW"}).status_code == 302
    held = SkillHeld.objects.get(person=officer)
    assert held.last_day == today + timedelta(days=36 * 365 // 12 - 1)
    ended = f"/staff/{officer.pk}/end/skill/{held.pk}"
    assert browser.get(ended).status_code == 200
    soon = today + timedelta(days=5)
    assert browser.post(ended, {"last_day": soon, "version": 2}).status_code == 302
    page = browser.get("/staff/skills-expiring").content.decode()
    assert officer.listed in page
    details = {"first_name": "Ann", "last_name": "New", "email": "", "mobile": "0800 1", "version": 3}
    assert "begins with 07" in browser.post(f"/staff/{officer.pk}/details", details).content.decode()
    assert browser.post(f"/staff/{officer.pk}/details", {**details, "mobile": "07700 900123"}).status_code == 302
    officer.refresh_from_db()
    assert (officer.name, officer.mobile, officer.version) == ("Ann New", "07700900123", 4)
    stale = browser.post(f"/staff/{officer.pk}/details", {**details, "first_name": "Bea", "mobile": "", "version": 3})
    assert "What differs" in stale.content.decode()


def _skill(code: str) -> int:
    from roster.establishment.models import Skill

    return Skill.objects.get(code=code).pk


def test_roles_are_given_within_limits_and_never_to_oneself(
    as_planner: Any, prison: Any, unit: Any, today: date
) -> None:
    officer, manager = make_person(unit), make_person(unit)
    browser = as_planner("HUB_MANAGER", person=manager)
    address = f"/staff/{officer.pk}/change/role"
    sent = {"since": today, "role": "DETAIL", "establishment": prison.pk, "until": "", "version": 0}
    page = browser.get(address).content.decode()
    assert '<option value="" selected>Select a role</option>' in page
    assert f'<option value="{prison.pk}" selected>' in page, "the whole region has to be meant"
    assert "Select role" in browser.post(address, {**sent, "role": ""}).content.decode()
    assert browser.post(address, {**sent, "role": "REGIONAL_ADMIN"}).status_code == 400
    assert browser.post(address, {**sent, "establishment": ""}).status_code == 400  # the whole region is not theirs
    assert browser.post(address, sent).status_code == 302
    role = RoleHeld.objects.get(person=officer)
    assert browser.get(f"/staff/{manager.pk}/change/role").status_code == 403
    ended = {"last_day": today - timedelta(days=1), "version": 1}
    assert browser.post(f"/staff/{officer.pk}/end/role/{role.pk}", ended).status_code == 302
    assert not RoleHeld.objects.filter(person=officer).exists()
    governor = give_role(officer, "GOVERNOR", prison)
    assert browser.get(f"/staff/{officer.pk}/end/role/{governor.pk}").status_code == 403


def test_a_line_manager_keeps_the_skills_of_the_team_only(as_planner: Any, unit: Any) -> None:
    manager, mine, other = make_person(unit), make_person(unit), make_person(unit)
    mine.managers.create(manager=manager, valid=(LONG_AGO, None))
    browser = as_planner("LINE_MANAGER", person=manager)
    assert browser.get(f"/staff/{mine.pk}/change/skill").status_code == 200
    assert browser.get(f"/staff/{other.pk}/change/skill").status_code == 403
    assert browser.get(f"/staff/{mine.pk}/change/contract").status_code == 403


def test_what_is_agreed_with_one_person(as_planner: Any, unit: Any, today: date) -> None:
    """(staff-roster 4.2, R-057) Days, times and shifts from a day on; the reason is for the line manager alone."""
    manager, officer, other = make_person(unit), make_person(unit), make_person(unit)
    officer.managers.create(manager=manager, valid=(LONG_AGO, None))
    browser = as_planner("LINE_MANAGER", person=manager)
    address = f"/staff/{officer.pk}/change/rule"
    assert browser.get(f"/staff/{other.pk}/change/rule").status_code == 403
    sent = {"since": today, "reason": "phased", "until": today + timedelta(days=27), "version": 0}
    assert "Say what holds" in browser.post(address, sent).content.decode()
    times = {"earliest": "09:00", "latest": "08:00"}
    assert "later than the time before" in browser.post(address, {**sent, **times}).content.decode()
    agreed = {**sent, "weekdays": ["0", "2"], "no_nights": "on", "latest": "18:30", "longest": "6", "without": "n, l"}
    assert browser.post(address, agreed).status_code == 302
    row = officer.rules.get()
    assert row.parameters == {
        "weekdays": [0, 2], "nights": False, "latest": 1110, "longest": 360, "without": ["N", "L"],
    }  # fmt: skip
    assert row.last_day == today + timedelta(days=27)
    page = browser.get(f"/staff/{officer.pk}").content.decode()
    assert "Phased return" in page
    assert AuditEvent.objects.filter(event="ADJUSTMENT_REASON_READ").count() == 1
    page = as_planner("DETAIL").get(f"/staff/{officer.pk}").content.decode()
    assert "not the shifts N and L" in page
    assert "Phased return" not in page
    assert AuditEvent.objects.filter(event="ADJUSTMENT_REASON_READ").count() == 1
    later = {**sent, "since": today + timedelta(days=14), "until": "", "longest": "8", "version": 1}
    browser = as_planner("LINE_MANAGER", person=manager, establishment=unit.establishment)
    assert browser.post(address, later).status_code == 302
    first, second = officer.rules.order_by("valid")
    assert first.last_day == today + timedelta(days=13)
    assert second.words == "At most 8 hours a day"
    ended = {"last_day": today + timedelta(days=20), "version": 2}
    assert browser.post(f"/staff/{officer.pk}/end/rule/{second.pk}", ended).status_code == 302
    second.refresh_from_db()
    assert second.last_day == today + timedelta(days=20)
