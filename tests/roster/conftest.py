"""A small world: one prison with two units and a few people, the national activities and templates.

Run with the roster's settings: ``./test tests/roster`` does.
"""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser

from foundation.accounts.models import User

collect_ignore_glob = [] if settings.SERVICE == "roster" else ["*"]
numbers = count(1)
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def seeded(db: None, settings: Any) -> None:
    from roster.management.commands.seed import seed

    settings.REGION = 2
    seed()


@pytest.fixture
def prison(seeded: None) -> Any:
    """Lindholme, with the units Residential 1 and OSG."""
    from roster.establishment.models import Establishment, PlanningUnit

    found = Establishment.objects.get(code="LHI")
    for name in ("Residential 1", "OSG"):
        PlanningUnit.objects.create(establishment=found, name=f"Lindholme {name}", abbreviation=name)
    return found


@pytest.fixture
def unit(prison: Any) -> Any:
    return prison.units.get(abbreviation="Residential 1")


def make_person(unit: Any = None, *, grade: str = "OFF", weekly_minutes: int = 37 * 60, **fields: Any) -> Any:
    """A member of staff with an account, a grade, a contract and a main unit, all since long ago."""
    from roster.establishment.models import Contract, Grade, GradeHeld, Membership, Person

    number = next(numbers)
    name = {"first_name": "Sam", "last_name": f"Officer{number}"}
    email = f"officer{number}@prison.example"
    user = User.objects.create_user(email, None, role="", is_active=True, user_name=f"q{number:05}", **name)
    given = {**name, "email": email, "service_from": LONG_AGO, "user": user, "user_name": f"Q{number:05}"}
    person = Person.objects.create(staff_number=f"{number:08}", **(given | fields))
    ever = (LONG_AGO, None)
    GradeHeld.objects.create(person=person, grade=Grade.objects.get(code=grade), valid=ever)
    Contract.objects.create(person=person, weekly_minutes=weekly_minutes, valid=ever)
    if unit is not None:
        Membership.objects.create(person=person, unit=unit, valid=ever)
    return person


def give_role(person: Any, role: str, establishment: Any = None, **fields: Any) -> Any:
    from roster.establishment.models import RoleHeld

    valid = fields.pop("valid", (LONG_AGO, None))
    return RoleHeld.objects.create(person=person, role=role, establishment=establishment, valid=valid, **fields)


@pytest.fixture
def as_planner(settings: Any, prison: Any) -> Callable[..., Browser]:
    """``as_planner("DETAIL")``: the planners' face as somebody with this role at Lindholme sees it."""

    def signed_in(role: str = "DETAIL", person: Any = None, establishment: Any = prison) -> Browser:
        settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
        person = person or make_person()
        give_role(person, role, establishment)
        browser = Browser()
        browser.force_login(person.user)
        return browser

    return signed_in


@pytest.fixture
def as_officer(settings: Any) -> Callable[..., Browser]:
    """The diary as a member of staff sees it."""

    def signed_in(person: Any) -> Browser:
        settings.SITE, settings.ROOT_URLCONF = "diary", "roster.urls_diary"
        browser = Browser()
        browser.force_login(person.user)
        return browser

    return signed_in


@pytest.fixture
def api_face(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API face, whose identity provider believes what ``tests.roster.api.token`` spells out."""
    from tests.roster.api import SpelledOut

    settings.SITE, settings.ROOT_URLCONF = "api", "roster.urls_api"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.CONFIRMATION_BYTES
    provider = SpelledOut()
    monkeypatch.setattr("roster.api.identity", lambda: provider)
