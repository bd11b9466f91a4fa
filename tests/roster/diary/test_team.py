"""A line manager's journey: the team's diary, what asks to be seen, hours and skills."""

from datetime import timedelta
from typing import Any

from foundation import clock
from roster.absence.actions import report_sick
from roster.activities.models import Template
from roster.diary import actions as diary
from roster.establishment.models import Skill
from roster.timeline import actions
from tests.roster.conftest import LONG_AGO, make_person


def test_the_team_and_what_asks_to_be_seen(as_planner: Any, unit: Any) -> None:
    """(staff-roster 3.1) Only the own team; sickness without its reason; nothing of anybody else's."""
    today = clock.today()
    manager, mine, ill, other = (make_person(unit) for _ in range(4))
    for person in (mine, ill):
        person.managers.create(manager=manager, valid=(LONG_AGO, None))
    for person in (mine, ill, other):
        actions.put(person, unit, today + timedelta(days=1), template=Template.objects.get(code="E"), by=None)
    diary.tell_settled(clock.now() + timedelta(minutes=6))
    mine.skills.create(skill=Skill.objects.get(code="FA"), valid=(LONG_AGO, today + timedelta(days=20)))
    browser = as_planner("LINE_MANAGER", person=manager)
    report_sick(ill, by=ill.user, reason="back", note="On stairs")
    page = " ".join(browser.get("/team").content.decode().split())
    for words in (mine.listed, ill.listed, "Sick from", "has not answered a change", "First aid at work ends on",
                  "Early, 07:30 to 12:45", "-148 h", "/history"):  # fmt: skip
        assert words in page, words
    assert other.last_name not in page
    assert "stairs" not in page
    assert "Back, neck" not in page
    assert browser.get(f"/team/{today + timedelta(days=60)}").status_code == 200
    assert as_planner("DETAIL").get("/team").status_code == 403
    assert "Nobody is recorded" in as_planner("LINE_MANAGER").get("/team").content.decode()
