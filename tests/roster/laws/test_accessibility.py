"""Every page of the planners' face and the diary, in a real browser: no violation that axe finds, one heading, readable
at 400 % zoom; empty, with all errors, and with one of everything (``tests.looking`` says how).
"""

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from foundation.access import PUBLIC
from foundation.accounts.models import User
from foundation.testing.routes import Route
from roster.establishment.models import Establishment, Person
from roster.planning import runs
from roster.planning.models import Run
from tests.looking import Looker, look_at_site
from tests.roster.conftest import LONG_AGO, give_role, make_person
from tests.roster.laws.world import Known, World, build

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FACES = {"planner": "roster.urls_planner", "diary": "roster.urls_diary"}
NO_PAGES = {
    "sign_in", "sign_in_return",  # to the identity provider
    "session_keep_alive", "held_post", "calendar_file",
    "plan_rows", "plan_presence",  # parts of the board
    "day_region_row",  # one prison's row of the region's day
}  # fmt: skip
"""Addresses that are none of their own, or lead elsewhere."""


STAYS = {"plan_board"}
DAILY = {"home", "plan", "plan_board", "plan_cell", "plan_publish", "demand", "demand_gap", "person", "pattern_edit"}
"""What planners have open every day: looked at in every run of the tests, the rest in the long ones."""


ELSEWHERE = {"day", "day_choose"}
"""Addresses that lead elsewhere even where there is one of everything."""


@pytest.fixture(params=FACES)
def face(request: Any, settings: Any) -> str:
    settings.SITE, settings.ROOT_URLCONF = request.param, FACES[request.param]
    return str(request.param)


def for_visitors(route: Route) -> bool:
    return route.rule == PUBLIC and route.name not in NO_PAGES


def for_users(route: Route) -> bool:
    return route.rule != PUBLIC and route.name not in NO_PAGES


def allowed_everything(person: Person, place: Establishment) -> Person:
    for role in ("DETAIL", "HUB_MANAGER", "LINE_MANAGER", "GOVERNOR"):
        give_role(person, role, place)
    give_role(person, "REGIONAL_ADMIN")
    return person


def seen_by(face: str, world: World) -> User:
    """In the diary the person of the sample; else somebody who may do everything and is their line manager."""
    person = Person.objects.get(pk=world.mine["person_id"])
    if face == "diary":
        return person.user
    manager = allowed_everything(make_person(), world.prison)
    person.managers.create(manager=manager, valid=(LONG_AGO, None))
    return manager.user


def known(world: World) -> Known:
    """The sample; and of pages about demand, at which of all prisons."""
    here = f"?place={world.prison.pk}"
    return world.mine | {f"{name}?": here for name in ("demand", "demand_gap", "regime", "requirement")}


def test_daily_pages(window: Page, live_server: LiveServer, face: str, seeded: None) -> None:
    world = build()
    looker = Looker(window, live_server.url, seen_by(face, world))

    def daily(route: Route) -> bool:
        return for_users(route) and (face == "diary" or route.name in DAILY)

    assert look_at_site(looker, known(world), "filled", daily, STAYS) == set()


@pytest.mark.long
def test_pages_where_there_is_nothing_yet(window: Page, live_server: LiveServer, face: str, seeded: None) -> None:
    """For visitors, and for somebody who may do everything in a prison that is empty."""
    looker = Looker(window, live_server.url, None)
    look_at_site(looker, {}, "visitor", for_visitors)
    assert looker.look("/sign-in", "visitor")
    person = allowed_everything(make_person(), Establishment.objects.all()[0])
    looker = Looker(window, live_server.url, person.user)
    look_at_site(looker, {}, "empty", lambda route: for_users(route) and not route.converters)


@pytest.mark.long
def test_pages_with_one_of_everything(window: Page, live_server: LiveServer, face: str, seeded: None) -> None:
    """Those of a run too, which has ended with a proposal."""
    world = build()
    Run.objects.filter(pk=world.mine["run_id"]).update(seconds=1)
    runs.work(world.mine["run_id"])
    looker = Looker(window, live_server.url, seen_by(face, world))
    assert look_at_site(looker, known(world), "filled", for_users, STAYS) <= ELSEWHERE, "pages that nobody looks at"
