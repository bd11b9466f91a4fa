"""Laws of every address of the planners' face and the diary, found in the resolvers.

Every address has a declaration; strangers are led to sign-in; a role without the verb is refused; what belongs to
another establishment is not there; no GET changes anything. The expectation comes from the declaration and the table.
A new address takes part by itself; where its parameters are new, the test says what to add.
"""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymupdf
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import roster
from foundation import access
from foundation.testing.routes import Route, routes
from roster.access import SITES, VERBS
from roster.establishment.models import Establishment
from roster.management.commands.seed import seed
from tests.roster.conftest import give_role, make_person
from tests.roster.laws.world import Known, World, build

pytestmark = pytest.mark.django_db

FACES = {"planner": "roster.urls_planner", "diary": "roster.urls_diary"}
FINE = {200, 204, 302}
PAST_THE_DOOR = FINE | {400, 403, 404, 405, 409, 410, 422, 429}
GET_MAY_WRITE = {
    "django_session", "foundation_cache", "foundation_tally", "foundation_auditevent",
    "roster_presence",  # who has a plan open is shown to the other planners
}  # fmt: skip
ROSTER = Path(roster.__file__).parent
ROLES = sorted(set(VERBS) - {"STAFF"})


OWNED = {
    "function_id", "person_id", "unit_id", "activity_id", "template_id", "assignment_id", "pattern_id", "version_id",
    "period_id", "draft_id", "run_id", "publication_id", "requirement_id", "case_id", "key", "row_id", "pk",
    "place", "duty_id", "sickness_id", "deviation_id",
}  # fmt: skip
"""Parameters that belong to an establishment or to a person."""
SPARES = ["11", "nothing-there", str(uuid4()), "2026-11-22"]
"""For a parameter that no sample is known for: the first that its converter takes."""


def address(route: Route, filled: Known, urlconf: str) -> str:
    values = {}
    for name, converter in route.converters.items():
        known = filled.get(f"{route.name}.{name}", filled.get(name))
        tried = [] if known is None else [str(known)]
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


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "REGION", 2)
        seed()
        return build()


def browser_of(role: str, prison: Establishment) -> Client:
    person = make_person(prison.units.first())
    if role != "STAFF":
        give_role(person, role, None if role.endswith("_ADMIN") else prison)
    browser = Client(raise_request_exception=False)
    browser.force_login(person.user)
    return browser


def test_every_address_says_who_may_open_it(face: str) -> None:
    undeclared = [route.name for route in routes() if route.rule is None and not access.from_package(route.view)]
    assert undeclared == []
    known = set().union(*VERBS.values())
    assert {route.rule.verb for route in routes() if route.rule and route.rule.verb} <= known


def test_strangers_are_led_to_sign_in(face: str, world: World) -> None:
    browser = Client(raise_request_exception=False)
    for route in routes():
        if route.rule and route.rule.signed_in:
            where = address(route, world.mine, FACES[face])
            for answer in (browser.get(where), browser.post(where)):
                assert answer.status_code == 302, route.name
                assert answer["Location"].startswith("/sign-in"), route.name


@pytest.mark.parametrize("role", [*ROLES, "STAFF"])
def test_a_role_opens_what_the_table_says_and_nothing_else(face: str, role: str, world: World) -> None:
    browser = browser_of(role, world.prison)
    for route in routes():
        if not (route.rule and route.rule.verb):
            continue
        answer = browser.get(address(route, world.mine, FACES[face]))
        allowed = (
            route.rule.verb in VERBS[role] or route.rule.verb in VERBS["STAFF"]
        )  # everybody on the roster is STAFF
        outcome = (PAST_THE_DOOR if allowed else {403}) if SITES[face] & {role, "STAFF"} else {302}
        assert answer.status_code in outcome, (route.name, answer.status_code)


def test_a_training_server_says_so_everywhere(face: str, world: World, settings: Any) -> None:
    """(R-025) On every page, those of errors and the sheet for the wall too; on paper and in calendars."""
    settings.TRAINING = "A"
    person = make_person(world.prison.units.first())
    for role in ("HUB_MANAGER", "LINE_MANAGER", "GOVERNOR"):
        give_role(person, role, world.prison)
    give_role(person, "REGIONAL_ADMIN", None)
    browser = Client(raise_request_exception=False)
    browser.force_login(person.user)
    addresses = {route.name: address(route, world.mine, FACES[face]) for route in routes() if route.rule}
    if face == "planner":
        sheet = ["LHI", "2026-11-22"]
        addresses |= {form: reverse("day_export", args=[*sheet, form], urlconf=FACES[face]) for form in ("pdf", "ics")}
    else:
        addresses |= {form: f"/week/2026-11-23/roster.{form}" for form in ("pdf", "ics")}
    silent = []
    for name, where in (addresses | {"nowhere": "/nowhere"}).items():
        answer = browser.get(where)
        if answer["Content-Type"] == "application/pdf":
            said = " ".join(each.get_text() for each in pymupdf.open(stream=answer.content, filetype="pdf"))
        else:
            said = b"".join(answer).decode()
        if ("<html" in said or name in ("pdf", "ics")) and "TRAINING" not in said:
            silent.append(name)
    assert silent == []


def test_what_belongs_to_another_establishment_is_not_there(face: str, world: World) -> None:
    """Neither a page about it nor a change of it."""
    browser = browser_of("HUB_MANAGER", world.prison)
    for route in routes():
        if route.rule and route.rule.verb and set(route.converters) & OWNED:
            where = address(route, world.theirs, FACES[face])
            for answer in (browser.get(where), browser.post(where)):
                assert answer.status_code in {403, 404, 405}, (route.name, answer.status_code)


def test_no_get_changes_anything(face: str, world: World) -> None:
    browser = browser_of("HUB_MANAGER", world.prison)
    for route in routes():
        if route.name.startswith("health") or (route.rule and not route.rule.session):
            continue
        with CaptureQueriesContext(connection) as asked:
            browser.get(address(route, world.mine, FACES[face]))
        written = [
            one["sql"] for one in asked.captured_queries
            if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
            and not any(f'"{table}"' in one["sql"] for table in GET_MAY_WRITE)
        ]  # fmt: skip
        assert written == [], route.name


DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
NONSENSE = ["9999-12-31", "²", "a\x00b", "9" * 30, "0001-01-01", "-1", "<script>"]
ASKED = re.compile(r"""(?:GET|POST|asked)\.get(?:list)?\("(\w+)"|^    (\w+) = forms\.""", re.MULTILINE)
"""Names under which views and forms read what was sent."""


def test_nonsense_is_answered_with_a_page(face: str, world: World) -> None:
    """Whatever stands in an address or in what is sent: no server error."""
    assert faults(face, world, NONSENSE[:1]) == []


@pytest.mark.long
def test_more_nonsense(face: str, world: World) -> None:
    assert faults(face, world, NONSENSE[1:]) == []
    assert faults(face, world, NONSENSE[:1], alone=True) == []


FRAMEWORK = [
    "This field is required",
    "Enter a valid",
    "Select a valid",
    "Ensure this value",
    "already exists",
    "-----",
]
"""What forms of the framework say where nobody has found a better word."""


@pytest.mark.long
def test_forms_speak_in_our_words(face: str, world: World) -> None:
    """Nothing sent, too long, not a number: what is wrong is said by the name of its field."""
    asked = (found for file in ROSTER.rglob("*.py") for found in ASKED.findall(file.read_text()))
    names = sorted({name for each in asked for name in each if name})
    found = []
    for role in ("HUB_MANAGER", "NATIONAL_ADMIN"):
        browser = browser_of(role, world.prison)
        for route in routes():
            if not (route.rule and route.rule.verb):
                continue
            where = address(route, world.mine, FACES[face])
            for sent in ({"x": ""}, dict.fromkeys(names, "x" * 400)):
                said = (browser.get(where).content + browser.post(where, sent).content).decode(errors="replace")
                found += [f"{route.name}: {words}" for words in FRAMEWORK if words in said]
    assert not found, "\n".join(sorted(set(found)))


def faults(face: str, world: World, words: list[str], *, alone: bool = False) -> list[str]:
    """Send each word under every name that somebody reads, all at once or also ``alone``; as the day of an address."""
    asked = (found for file in ROSTER.rglob("*.py") for found in ASKED.findall(file.read_text()))
    names = sorted({name for each in asked for name in each if name})
    browser = browser_of("HUB_MANAGER", world.prison)
    found = []
    for route in routes():
        if not (route.rule and route.rule.verb):
            continue
        where = address(route, world.mine, FACES[face])
        for word in words:
            sent = dict.fromkeys(names, word)
            answers = [browser.get(where, sent), browser.post(where, sent)]
            answers += [browser.get(where, {name: word}) for name in names if alone]
            if re.search(DATE, word):
                answers.append(browser.get(re.sub(DATE, word, where)))
            found += [f"{route.name} {word!r}: {each.exc_info[1]!r}" for each in answers if each.status_code >= 500]
    return found


def test_roles_sign_in_where_they_should() -> None:
    assert SITES["diary"] == {"STAFF"}
    assert SITES["planner"] == set(ROLES)
