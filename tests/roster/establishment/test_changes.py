"""Who changed a person's record, from what day on, to what; never why something was agreed with them."""

from datetime import date, timedelta
from typing import Any

import pytest

from foundation import clock
from roster.establishment.models import Skill
from tests.roster.conftest import LONG_AGO, make_person

pytestmark = pytest.mark.django_db


def test_who_changed_a_record_and_to_what(as_planner: Any, prison: Any, unit: Any) -> None:
    """(staff-roster 17, 19) Roles and contracts too: events said only that something changed, and no page showed it."""
    officer, manager, today = make_person(unit, first_name="Ada"), make_person(unit, first_name="Grace"), clock.today()
    hub = make_person()
    hub.user.first_name, hub.user.last_name = "Hana", "Hub"
    hub.user.save()
    browser = as_planner("HUB_MANAGER", hub)
    address, version = f"/staff/{officer.pk}/changes", 0

    def change(kind: str, **sent: Any) -> None:
        nonlocal version
        answer = browser.post(f"/staff/{officer.pk}/change/{kind}", {"since": today, "version": version, **sent})
        assert answer.status_code == 302, answer.content.decode()
        version += 1

    assert "Nobody has changed anything yet" in browser.get(address).content.decode()
    change("role", role="DETAIL", establishment=prison.pk, until=date(2030, 1, 31))
    change("contract", weekly_hours="24.5", days_per_week="3", agreed_days=["0", "2"])
    change("manager", manager=manager.staff_number)
    change("skill", skill=Skill.objects.get(code="FIRE").pk)
    change("rule", no_nights="on", reason="pregnancy")
    role = officer.roles.get()
    end = {"last_day": today + timedelta(days=3), "version": version}
    assert browser.post(f"/staff/{officer.pk}/end/role/{role.pk}", end).status_code == 302
    details = {"first_name": "Ada", "last_name": "Newname", "version": version + 1}
    assert browser.post(f"/staff/{officer.pk}/details", details).status_code == 302
    page = " ".join(browser.get(address).content.decode().split())
    since = f"from {today:%-d %B %Y}"
    for words in (
        f"Role {since}: role Detail officer, establishment Lindholme, last day 31 January 2030",
        f"Contract {since}: hours a week 24.5, days a week 3, agreed weekdays Mondays and Wednesdays",
        f"{manager.name}", "Breathing set", f"Personal rule {since}: No nights",
        f"Role until {today + timedelta(days=3):%-d %B %Y}: role Detail officer", "Details: last name", "Hana Hub",
    ):  # fmt: skip
        assert words in page, words
    assert "regnancy" not in page
    assert address in browser.get(f"/staff/{officer.pk}").content.decode()


def test_for_whom(as_planner: Any, unit: Any) -> None:
    """The prison's own, a line manager's team; the Orderly Officer reads no records."""
    officer, manager = make_person(unit), make_person(unit)
    address = f"/staff/{officer.pk}/changes"
    answers = {role: as_planner(role).get(address).status_code for role in ("READ_ONLY", "ORDERLY_OFFICER", "DETAIL")}
    assert answers == {"READ_ONLY": 200, "ORDERLY_OFFICER": 403, "DETAIL": 200}
    browser = as_planner("LINE_MANAGER", manager)
    assert browser.get(address).status_code == 403
    officer.managers.create(manager=manager, valid=(LONG_AGO, None))
    assert browser.get(address).status_code == 200
    assert (
        as_planner("DETAIL", establishment=type(unit.establishment).objects.get(code="MRI")).get(address).status_code
        == 404
    )
