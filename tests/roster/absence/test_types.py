"""Why somebody is away: the type as the diary maps it, and who reads it by name (R-090)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation import clock
from roster.activities.models import Activity, Template
from roster.diary.days import days_of
from roster.establishment.models import LineManager
from roster.planning import actions as planning
from roster.timeline import actions
from tests.roster.conftest import LONG_AGO, give_role, make_person

TYPES = [
    ("COURT", "Court Attendance (Absence)", "ABSENCE"), ("UNION", "Union Duties", "TU_OFFICIALS_LEAVE"),
    ("TR", "Training - Internal", "TRAINING_INTERNAL"), ("TREXT", "Training - External", "TRAINING_EXTERNAL"),
    ("BEREAV", "Bereavement Leave (Absence)", "ABSENCE"), ("SUSP", "Suspension (Absence)", "ABSENCE"),
]  # fmt: skip


def test_each_type_is_a_full_day_of_the_diary(unit: Any, as_officer: Any) -> None:
    """(R-090) Court, union duties, training, bereavement, suspension: activity, template and the diary's type."""
    person, today = make_person(unit), clock.today()
    for number, (code, name, _) in enumerate(TYPES):
        day = today + timedelta(days=number)
        actions.put(person, unit, day, template=Template.objects.get(code="E"), by=None, reason="Rota")
        actions.put(person, unit, day, template=Template.objects.get(code=code), by=None, reason=name)
    found = days_of(person.user_name, today, today + timedelta(days=len(TYPES) - 1))
    assert [(day.type.name, day.entries[0].detail.activity) for day in found] == [
        (kind, name) for _, name, kind in TYPES
    ]
    last = found[-1].date
    assert (
        "Suspension (Absence)"
        in as_officer(person).get(reverse("diary_day", args=[last.year, last.month, last.day])).content.decode()
    )


@pytest.mark.parametrize("name", ["Suspension (Absence)", "Bereavement Leave (Absence)", "Sick"])
def test_only_those_who_handle_absences_read_the_type(unit: Any, prison: Any, as_planner: Any, name: str) -> None:
    """(R-090, staff-roster 3.2, 11.2) Colleagues, walls and readers see that somebody is absent, and no more."""
    person, today = make_person(unit, last_name="Hidden"), clock.today()
    actions.put(person, unit, today, template=Template.objects.get(code="E"), by=None, reason="Rota")
    actions.cover(person, today, Activity.objects.get(name=name), by=None, reason=name)
    period = planning.open_period(unit, today - timedelta(days=today.weekday()), by=None)
    manager = make_person(unit)
    LineManager.objects.create(person=person, manager=manager, valid=(LONG_AGO, None))
    of_others = make_person(unit)
    give_role(of_others, "LINE_MANAGER", prison)
    word = name.split(" (")[0].split()[0]
    named = [f">{name}<", "Sickness<"]
    pages = [
        reverse("day_sheet", args=["LHI", today]) + "?by=person", reverse("day_person", args=["LHI", today, person.pk]),
        reverse("plan_board", args=[period.pk]), reverse("plan_cell", args=[period.pk, person.pk, today]),
        reverse("history"),
    ]  # fmt: skip
    for role, who, may in [
        ("DETAIL", None, True), ("LINE_MANAGER", manager, True), ("READ_ONLY", None, False), ("SUPPORT", None, False),
        ("LINE_MANAGER", of_others, False),
    ]:  # fmt: skip
        browser = as_planner(role, who)
        for address in pages:
            text = browser.get(address).content.decode().replace("Sickness 1", "").replace("Sickness, ", "")
            table = re.sub(r"<option.*?</option>", "", text.partition("<main")[2], flags=re.DOTALL)
            if address == pages[-1] and role == "LINE_MANAGER" and who is of_others:
                assert "Hidden" not in table
                continue
            assert "Hidden" in table, (role, address)
            assert (word in table or any(each in table for each in named)) == may, (role, address)
            assert ("Absent" in table) != may, (role, address)
    for address in (reverse("day_print", args=["LHI", today]), reverse("day_export", args=["LHI", today, "csv"])):
        wall = as_planner("DETAIL").get(address).content.decode()
        assert "Hidden" in wall
        assert word not in wall
