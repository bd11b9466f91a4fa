"""It is 06:30 on a Wednesday at Lindholme: a gate that needs two people, a detail officer, and shifts to put."""

from datetime import date, datetime
from typing import Any

import pytest

from foundation import clock
from foundation.clock import LONDON
from roster.activities.models import Activity, Template
from roster.demand.models import DayType, Post, Requirement
from roster.establishment.models import Skill
from roster.timeline import actions as timeline
from tests.roster.conftest import LONG_AGO, give_role, make_person

HOUR = 3600
TODAY = date(2027, 2, 3)
SIX_THIRTY = datetime(2027, 2, 3, 6, 30, tzinfo=LONDON)


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 06:30 on a Wednesday."""
    at(monkeypatch, SIX_THIRTY)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", lambda: moment.astimezone(LONDON).date())


def shift(person: Any, unit: Any, day: date = TODAY, code: str = "M", **more: Any) -> Any:
    template = Template.objects.get(code=code, establishment=None)
    return timeline.put(person, unit, day, template=template, by=None, reason="test", **more)


@pytest.fixture
def gate(prison: Any) -> Post:
    """Two people at the gate from 07:30 to 12:30, who need the skill for it."""
    post = Post.objects.create(
        establishment=prison, code="GATE", name="Gate", activity=Activity.objects.get(name="Gate")
    )
    skill = Skill.objects.get(code="GATE")
    post.skills.add(skill)
    Requirement.objects.create(
        establishment=prison, name="Gate", post=post, skill=skill, start=27_000, end=45_000, day_types=DayType.values,
        target=2, minimum=2, reduced=1, essential=1, valid=(LONG_AGO, None),
    )  # fmt: skip
    return post


def gatekeeper(unit: Any, **fields: Any) -> Any:
    person = make_person(unit, **fields)
    person.skills.create(skill=Skill.objects.get(code="GATE"), valid=(LONG_AGO, None))
    return person


@pytest.fixture
def detail(prison: Any) -> Any:
    person = make_person(last_name="Detail")
    give_role(person, "DETAIL", prison)
    return person.user
