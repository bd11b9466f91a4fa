"""Laws of every address of the planners' face and the diary, found in the resolvers.

Every address has a declaration; strangers are led to sign-in; a role without the verb is refused; what belongs to
another establishment is not there; no GET changes anything. The expectation comes from the declaration and the table.
A new address takes part by itself; where its parameters are new, the test says what to add.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from foundation import access, clock
from foundation.access import Rule
from roster.access import SITES, VERBS
from roster.activities.models import Activity, Template
from roster.establishment.models import Establishment, PlanningUnit
from roster.patterns import actions as patterns
from tests.roster.conftest import give_role, make_person

pytestmark = pytest.mark.django_db

FACES = {"planner": "roster.urls_planner", "diary": "roster.urls_diary"}
FINE = {200, 204, 302}
PAST_THE_DOOR = FINE | {400, 403, 404, 405, 409, 410, 422, 429}
GET_MAY_WRITE = {
    "django_session", "foundation_cache", "foundation_tally", "foundation_auditevent",
    "roster_presence",  # who has a plan open is shown to the other planners
}  # fmt: skip
ROLES = sorted(set(VERBS) - {"STAFF"})


@dataclass(frozen=True)
class Route:
    name: str
    view: Callable[..., Any]
    converters: dict[str, Any]

    @property
    def rule(self) -> Rule | None:
        return access.rule_of(self.view, self.name)


def routes(face: str) -> list[Route]:
    return list(_routes(get_resolver(FACES[face]), {}))


def _routes(resolver: URLResolver, converters: dict[str, Any]) -> Iterator[Route]:
    for found in resolver.url_patterns:
        known = {**converters, **found.pattern.converters}
        if isinstance(found, URLResolver):
            yield from _routes(found, known)
        else:
            assert isinstance(found, URLPattern)
            yield Route(found.name or "", found.callback, known)


def sample(establishment: Establishment, unit: PlanningUnit, person: Any) -> dict[str, Any]:
    """What stands for each parameter. What is not known by name is a number or word that nothing has."""
    activity = Activity.objects.create(establishment=establishment, name=f"Law {establishment.code}", kind="presence")
    template = Template.objects.create(establishment=establishment, code="LAW", name="Law")
    version = patterns.create(establishment, "Law", 37 * 60, by=None)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    [assignment] = patterns.assign(version.pattern, {person: 0}, monday, monday, by=None)
    return {
        "activity_id": activity.pk, "template_id": template.pk, "assignment_id": assignment.pk,
        "pattern_id": version.pattern_id, "version_id": version.pk,
        "person_id": person.pk, "unit_id": unit.pk, "kind": "skill", "form": "csv", "day": clock.today().isoformat(),
        "whose": "own", "place": establishment.code, "code": establishment.code,
        "row_id": person.skills.first().pk if person.skills.exists() else 0,
    }  # fmt: skip


OWNED = {"person_id", "unit_id", "activity_id", "template_id", "assignment_id", "pattern_id", "version_id"}
"""Parameters that belong to an establishment."""
SPARES = ["11", "nothing-there", str(uuid4()), "2026-11-22"]
"""For a parameter that no sample is known for: the first that its converter takes."""


def address(route: Route, filled: dict[str, Any], urlconf: str) -> str:
    values = {}
    for name, converter in route.converters.items():
        tried = [str(filled[name])] if name in filled else []
        fits = [one for one in tried + SPARES if re.fullmatch(converter.regex, one)]
        if not fits:
            pytest.fail(f"Address {route.name!r} has the parameter {name!r}: say in sample() what to put there.")
        values[name] = converter.to_python(fits[0])
    return reverse(route.name, urlconf=urlconf, kwargs=values)


@pytest.fixture(params=FACES)
def face(request: Any, settings: Any) -> str:
    settings.SITE, settings.ROOT_URLCONF = request.param, FACES[request.param]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return str(request.param)


@pytest.fixture
def mine(prison: Any, unit: Any) -> dict[str, Any]:
    person = make_person(unit)
    from roster.establishment.models import Skill

    today = clock.today()
    person.skills.create(skill=Skill.objects.get(code="FA"), valid=(today, today + timedelta(days=30)))
    return sample(prison, unit, person)


def browser_of(role: str, prison: Any) -> Client:
    person = make_person(prison.units.first())
    if role != "STAFF":
        give_role(person, role, None if role.endswith("_ADMIN") else prison)
    browser = Client(raise_request_exception=False)
    browser.force_login(person.user)
    return browser


def test_every_address_says_who_may_open_it(face: str) -> None:
    undeclared = [route.name for route in routes(face) if route.rule is None and not access.from_package(route.view)]
    assert undeclared == []
    known = set().union(*VERBS.values())
    assert {route.rule.verb for route in routes(face) if route.rule and route.rule.verb} <= known


def test_strangers_are_led_to_sign_in(face: str, mine: dict[str, Any]) -> None:
    browser = Client(raise_request_exception=False)
    for route in routes(face):
        if route.rule and route.rule.signed_in:
            where = address(route, mine, FACES[face])
            for answer in (browser.get(where), browser.post(where)):
                assert answer.status_code == 302, route.name
                assert answer["Location"].startswith("/sign-in"), route.name


@pytest.mark.parametrize("role", [*ROLES, "STAFF"])
def test_a_role_opens_what_the_table_says_and_nothing_else(
    face: str, role: str, prison: Any, mine: dict[str, Any]
) -> None:
    browser = browser_of(role, prison)
    for route in routes(face):
        if not (route.rule and route.rule.verb):
            continue
        answer = browser.get(address(route, mine, FACES[face]))
        allowed = (
            route.rule.verb in VERBS[role] or route.rule.verb in VERBS["STAFF"]
        )  # everybody on the roster is STAFF
        outcome = (PAST_THE_DOOR if allowed else {403}) if SITES[face] & {role, "STAFF"} else {302}
        assert answer.status_code in outcome, (route.name, answer.status_code)


def test_what_belongs_to_another_establishment_is_not_there(face: str, prison: Any) -> None:
    """Neither a page about it nor a change of it."""
    elsewhere = Establishment.objects.exclude(pk=prison.pk).first()
    assert elsewhere
    unit = PlanningUnit.objects.create(establishment=elsewhere, name="Elsewhere", abbreviation="E")
    theirs = sample(elsewhere, unit, make_person(unit))
    browser = browser_of("HUB_MANAGER", prison)
    for route in routes(face):
        if route.rule and route.rule.verb and set(route.converters) & OWNED:
            where = address(route, theirs, FACES[face])
            for answer in (browser.get(where), browser.post(where)):
                assert answer.status_code in {403, 404, 405}, (route.name, answer.status_code)


def test_no_get_changes_anything(face: str, prison: Any, mine: dict[str, Any]) -> None:
    browser = browser_of("HUB_MANAGER", prison)
    for route in routes(face):
        if route.name.startswith("health") or (route.rule and not route.rule.session):
            continue
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(address(route, mine, FACES[face]))
        written = [
            one["sql"] for one in asked.captured_queries
            if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
            and not any(f'"{table}"' in one["sql"] for table in GET_MAY_WRITE)
        ]  # fmt: skip
        assert written == [], route.name


def test_roles_sign_in_where_they_should() -> None:
    assert SITES["diary"] == {"STAFF"}
    assert SITES["planner"] == set(ROLES)
