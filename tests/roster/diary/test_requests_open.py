"""Until when staff may ask for something in a period: planners set it, officers read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation import clock
from roster.establishment.models import PlanningUnit
from roster.planning.actions import open_period
from roster.planning.models import PlanningPeriod
from roster.timeline.words import day_in_words
from tests.roster.conftest import make_person

pytestmark = pytest.mark.django_db


def test_planners_set_the_last_day_and_officers_of_the_unit_read_it(
    as_planner: Any, as_officer: Any, unit: Any
) -> None:
    """(staff-roster 8.2) Requests open: until a deadline before the first day; closed again, nothing is said."""
    today = clock.today()
    period = open_period(unit, today + timedelta(days=30), by=None)
    period.refresh_from_db()
    page, browser = reverse("plan_progress", args=[period.pk]), as_planner("DETAIL")
    until = today + timedelta(days=9)
    sent = {"state": "requests", "version": "0"}
    for wrong in ("", "soon", today - timedelta(days=1), period.first):
        answer = browser.post(page, {**sent, "requests_until": str(wrong)}).content.decode()
        assert "Enter until when staff may make requests" in answer
        assert f'value="{wrong}"' in answer, "what was typed is kept"
    period.refresh_from_db()
    assert (period.state, period.requests_until) == (PlanningPeriod.State.DRAFT, None)
    assert browser.post(page, {**sent, "requests_until": str(until)}).status_code == 302
    period.refresh_from_db()
    assert (period.state, period.requests_until) == (PlanningPeriod.State.REQUESTS, until)

    said = f"until {day_in_words(until)}"
    other = PlanningUnit.objects.create(establishment=unit.establishment, name="Other", abbreviation="Other")
    assert said in as_officer(make_person(unit)).get("/").content.decode()
    assert said not in as_officer(make_person(other)).get("/").content.decode()
    PlanningPeriod.objects.filter(pk=period.pk).update(requests_until=today - timedelta(days=1))
    assert "is being planned" not in as_officer(make_person(unit)).get("/").content.decode()
    PlanningPeriod.objects.filter(pk=period.pk).update(requests_until=until, state=PlanningPeriod.State.APPROVING)
    assert "is being planned" not in as_officer(make_person(unit)).get("/").content.decode()
