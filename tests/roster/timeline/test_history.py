"""Who changed a duty and when: for auditors, and unalterable (R-094)."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from foundation import clock, roles
from foundation.audit import AuditEvent
from roster.activities.models import Activity, Template
from roster.diary import actions as diary
from roster.diary.models import Acknowledgement
from roster.establishment.models import Establishment, PlanningUnit
from roster.timeline import actions
from roster.timeline.models import Change
from tests.roster.conftest import LONG_AGO, give_role, make_person


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


def test_the_application_can_neither_alter_nor_delete_what_was_changed(unit: Any) -> None:
    """(R-094) Not a change, not row history, not the audit: only the mark that its person was told."""
    actions.put(make_person(unit), unit, clock.today(), template=Template.objects.get(code="E"), by=None, reason="x")
    for column in ("before", "after", "reason", "at", "by_id", "person_id", "shift_date", "short_notice"):
        assert refused(f'UPDATE roster_change SET "{column}" = "{column}"'), column  # noqa: S608
    for table in ["roster_change", *roles.event_tables()]:
        assert refused(f'DELETE FROM "{table}"'), table  # noqa: S608
        assert refused(f'TRUNCATE "{table}"'), table
    assert {"roster_dutyevent", "roster_contractevent", "foundation_auditevent"} <= set(roles.event_tables())
    assert Change.objects.update(settled_at=clock.now()) == 1


def test_an_auditor_reads_old_and_new_who_when_and_why(as_planner: Any, unit: Any) -> None:
    """(R-094) Health is masked for who does not handle it; other establishments are not there; exports are kept."""
    officer, planner = make_person(unit), make_person(last_name="Planner")
    day = clock.today() + timedelta(days=2)
    for code, reason in (("E", "Rota"), ("L", "Escort")):
        actions.put(officer, unit, day, template=Template.objects.get(code=code), by=planner.user, reason=reason)
    diary.tell_settled(clock.now() + timedelta(minutes=6))
    asked = Acknowledgement.objects.get(person=officer)
    diary.answer(asked, False, by=officer.user, version=asked.version)
    sick = Activity.objects.get(name="Sick")
    actions.cover(officer, day, sick, by=planner.user, reason="Sickness")
    place = Establishment.objects.exclude(pk=unit.establishment_id).first()
    far = PlanningUnit.objects.create(establishment=place, name="Far", abbreviation="Far")
    actions.put(make_person(far, last_name="Faraway"), far, day, template=Template.objects.get(code="E"), by=None)
    browser = as_planner("READ_ONLY")
    page = " ".join(browser.get("/history").content.decode().split())
    who = planner.user.name
    for words in ("Early (07:30 - 12:45)", "Late (12:15 - 21:00)", "Escort", who, "Absent", "does not agree"):
        assert words in page, words
    assert "Faraway" not in page
    assert "Sick" not in page
    assert page.index("Absent") < page.index("Escort"), "newest first"
    query = {"person": officer.staff_number, "by": "Planner", "first": day, "last": day, "since": clock.today()}
    rows = list(csv.DictReader(io.StringIO(browser.get("/history.csv", query).content.decode("utf-8-sig"))))
    assert [(row["By"], row["Before"][:5], row["After"][:5], row["Reason"]) for row in rows] == [
        (who, "Late ", "Absen", ""), (who, "Early", "Late ", "Escort"),
        (who, "", "Early", "Rota"),
    ]  # fmt: skip
    assert AuditEvent.objects.get(event="HISTORY_EXPORTED").after == {"rows": 3}
    assert "Nothing fits" in browser.get("/history", {"person": "Faraway"}).content.decode()
    assert "Nothing fits" in browser.get("/history", query | {"last": day - timedelta(days=1)}).content.decode()
    assert "Sick" in as_planner("DETAIL").get("/history").content.decode()


@pytest.mark.django_db
def test_a_line_manager_reads_of_the_team_only(as_planner: Any, unit: Any) -> None:
    manager, mine, other = make_person(unit), make_person(unit), make_person(unit)
    mine.managers.create(manager=manager, valid=(LONG_AGO, None))
    for person in (mine, other):
        actions.put(person, unit, clock.today(), template=Template.objects.get(code="E"), by=None, reason="x")
    give_role(manager, "LINE_MANAGER", unit.establishment)
    page = as_planner("ORDERLY_OFFICER").get("/history")
    assert page.status_code == 403
    found = Change.objects.visible_to(manager.user)
    assert [change.person for change in found] == [mine]
