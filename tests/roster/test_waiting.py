"""The first page of the planners' face says what waits for this person, and leads to nothing that they may not open."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation import clock
from roster import waiting
from roster.absence import actions as absence
from roster.access import VERBS
from roster.activities.models import Activity, Template
from roster.day.models import LogEntry
from roster.demand.models import DayType, Requirement
from roster.diary.models import Acknowledgement
from roster.establishment.models import LineManager, Skill
from roster.patterns.models import Pattern, PatternVersion
from roster.planning import actions as planning
from roster.planning.models import PlanningPeriod
from roster.timeline import actions as timeline
from roster.timeline.models import Change
from tests.roster.conftest import LONG_AGO, give_role, make_person

MOST_QUERIES = 34
"""Whatever the number of people and units. What somebody may do is asked once."""


@pytest.fixture
def full(prison: Any, unit: Any) -> Any:
    """Something of everything: a gap, sickness, an answer that is missing, plans, a pattern, a skill. Its person."""
    today = clock.today()
    activity = Activity.objects.get(name="Gate")
    Requirement.objects.create(
        establishment=prison, unit=unit, name="Wing", activity=activity, start=0, end=86_400,
        day_types=DayType.values, target=2, minimum=2, reduced=1, essential=1, valid=(LONG_AGO, None),
    )  # fmt: skip
    person = make_person(unit)
    absence.report_sick(person, by=None, first=today - timedelta(days=9), review_on=today - timedelta(days=1))
    back = make_person(unit)
    absence.report_sick(back, by=None, first=today - timedelta(days=9), last=today - timedelta(days=8))
    template = Template.objects.get(code="M", establishment=None)
    timeline.put(back, unit, today + timedelta(days=2), template=template, by=None, reason="test")
    Acknowledgement.objects.create(change=Change.objects.latest("pk"), person=back)
    planning.open_period(unit, monday(today + timedelta(weeks=3)), by=None)
    over = planning.open_period(unit, monday(today - timedelta(weeks=6)), by=None)
    PlanningPeriod.objects.filter(pk=over.pk).update(state=PlanningPeriod.State.PUBLISHED)
    pattern = Pattern.objects.create(establishment=prison, name="Rota A", weekly_minutes=2220)
    PatternVersion.objects.create(pattern=pattern, state="consulted", consulted_on=today - timedelta(days=30))
    person.skills.create(skill=Skill.objects.get(code="GATE"), valid=(LONG_AGO, today + timedelta(days=20)))
    return person


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def page(browser: Client) -> str:
    return " ".join(browser.get(reverse("home")).content.decode().split())


def test_what_waits_by_role_and_place(prison: Any, full: Any, as_planner: Callable[..., Client]) -> None:
    said = {
        "DETAIL": ["below the minimum tomorrow", "review is due", "and publish them", "fit note to ask for",
                   "interview to hold", "without an answer", "should be published by now", "worked, to be finalised",
                   "Detail sheet of today"],
        "HUB_MANAGER": ["below the minimum", "Rota pattern Rota A", "1 skill runs out", "Read reports"],
        "GOVERNOR": ["Rota pattern Rota A", "Read reports", "See the plans of the units"],
        "READ_ONLY": ["Nothing is waiting for you", "Read reports", "Detail sheet of today"],
        "LINE_MANAGER": ["Nothing is waiting for you"],
    }  # fmt: skip
    never = {"DETAIL": ["Read reports", "skill runs out", "Rota pattern"], "GOVERNOR": ["below the minimum", "review"]}
    for role, words in said.items():
        text = page(as_planner(role))
        assert [each for each in words if each not in text] == [], role
        assert [each for each in never.get(role, []) if each in text] == [], role
    manager = make_person()
    LineManager.objects.create(person=full, manager=manager, valid=(LONG_AGO, None))
    text = page(as_planner("LINE_MANAGER", manager))
    assert [each for each in ("review is due", "1 skill runs out") if each not in text] == [], "of the team"
    stranger = make_person()
    give_role(stranger, "DETAIL", type(prison).objects.exclude(pk=prison.pk).first())
    assert waiting.waiting(stranger.user) == waiting.Waiting(), "of another prison"


@pytest.mark.parametrize("role", sorted(set(VERBS) - {"STAFF"}))
def test_every_line_may_be_opened(role: str, full: Any, as_planner: Callable[..., Client]) -> None:
    person = make_person()
    browser = as_planner(role, person)
    found = waiting.waiting(person.user)
    assert not found.uncounted
    for task in (*found.today, *found.soon):
        assert browser.get(task.href).status_code == 200, task


def test_a_count_that_fails_breaks_nothing(
    full: Any, as_planner: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the database refuses it; what another folder counts still stands there."""
    from roster.hours import waiting as hours

    def broken(user: Any) -> list[waiting.Task]:
        with connection.cursor() as cursor:
            cursor.execute("select no_such_column from roster_person")
        return []

    monkeypatch.setattr(hours, "waiting", broken)
    text = page(as_planner("DETAIL"))
    assert "could not be counted just now" in text
    assert "review is due" in text


def test_few_queries(prison: Any, unit: Any, full: Any, as_planner: Callable[..., Client]) -> None:
    """As many for a large prison as for a small one."""
    browser = as_planner("HUB_MANAGER")
    with CaptureQueriesContext(connection) as small:
        page(browser)
    for number in range(6):
        make_person(unit)
        absence.report_sick(make_person(unit), by=None, first=clock.today() - timedelta(days=number))
        Requirement.objects.create(
            establishment=prison, unit=prison.units.get(abbreviation="OSG"), name=f"Post {number}", start=0, end=86_400,
            activity=Activity.objects.get(name="Gate"), day_types=DayType.values, target=1, minimum=1, reduced=1,
            essential=1, valid=(LONG_AGO, None),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as large:
        page(browser)
    assert len(large) <= min(len(small) + 1, MOST_QUERIES)
    assert sum('FROM "roster_roleheld"' in each["sql"] for each in large) == 1


def test_a_step_that_is_done_no_longer_waits(prison: Any, as_planner: Callable[..., Client]) -> None:
    person = make_person()
    as_planner("DETAIL", person)
    yesterday = clock.today() - timedelta(days=1)
    asked = f"Step of the day due: Actual hours and cases confirmed, {yesterday:%a} {yesterday.day} {yesterday:%B}"
    assert asked in [each.words for each in waiting.waiting(person.user).today]
    LogEntry.objects.create(establishment=prison, day=yesterday, step="confirmed")
    assert asked not in [each.words for each in waiting.waiting(person.user).today]


@pytest.mark.parametrize(("begun", "words"), [(27, "in consultation until"), (28, "can be approved")])
def test_the_first_page_and_the_action_agree_when_a_consultation_is_over(prison: Any, begun: int, words: str) -> None:
    """Begun 27 days ago, today is its last day: it said until tomorrow."""
    person, today = make_person(), clock.today()
    give_role(person, "HUB_MANAGER", prison)
    pattern = Pattern.objects.create(establishment=prison, name="Rota A", weekly_minutes=2220)
    row = PatternVersion.objects.create(pattern=pattern, state="consulted", consulted_on=today - timedelta(days=begun))
    (task,) = [each for each in waiting.waiting(person.user).soon if "Rota A" in each.words]
    assert words in task.words
    assert (f"{today:%-d %B}" in task.words) is (row.consulted_until == today)
