"""A manager: a rota that staff are asked about, a plan that is signed, a breach that only a governor permits."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from roster.patterns import actions as patterns
from roster.patterns import demo
from roster.planning import actions
from roster.planning.models import PlanningPeriod
from tests.roster.conftest import give_role, make_person
from tests.roster.journeys.walk import clean, signed_in
from tests.roster.planning.conftest import shift

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def as_role(browser: Browser, live_server: LiveServer, settings: Any, prison: Any) -> Any:
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"

    def open_as(role: str) -> Page:
        person = make_person(last_name=role.title())
        give_role(person, role, prison)
        return signed_in(browser, live_server.url, person.user)

    return open_as


def test_a_plan_is_signed_and_what_stands_in_the_way_is_permitted(as_role: Any, unit: Any) -> None:
    """(R-060, R-065) The detail office cannot sign, the manager cannot permit, the governor can, with a reason."""
    monday = clock.today() - timedelta(days=clock.today().weekday()) + timedelta(weeks=8)
    officer, planner = make_person(unit, last_name="Adams"), make_person().user
    period = actions.open_period(unit, monday, by=planner)
    period.refresh_from_db()
    days = {(officer.pk, monday + timedelta(days=n)): actions.Wanted(shift(code)) for n, code in enumerate("LE")}
    actions.edit(actions.working(period), days, by=planner, words="Late, then early")

    detail = as_role("DETAIL")
    detail.goto("/")
    detail.get_by_role("link", name="Plan", exact=True).click()
    detail.locator("main").get_by_role("link", name=str(period)).first.click()
    detail.get_by_role("link", name="Progress and publishing").click()
    detail.get_by_role("button", name="Hand it to a manager").click()
    expect(detail.get_by_role("button", name="Sign this plan")).to_have_count(0)

    manager = as_role("HUB_MANAGER")
    manager.goto(f"/plan/{period.pk}/progress/")
    expect(manager.get_by_role("button", name="Finalise")).to_have_count(0)
    manager.get_by_role("button", name="Sign this plan").click()
    clean(manager)
    manager.get_by_role("link", name="Look at what would be published").click()
    expect(manager.get_by_text("Held up: 1 person")).to_be_visible()
    expect(manager.get_by_role("button", name="Publish")).to_have_count(0)
    expect(manager.get_by_role("link", name="Permit this breach")).to_have_count(0)
    clean(manager)

    governor = as_role("GOVERNOR")
    governor.goto(f"/plan/{period.pk}/people/{officer.pk}/{monday + timedelta(days=1)}/")
    governor.get_by_role("link", name="Permit this breach").click()
    clean(governor)
    governor.get_by_role("button", name="Permit").click()
    expect(governor.get_by_role("alert")).to_contain_text("reason")
    governor.get_by_label("Reason").fill("A witness is needed in court that morning")
    governor.get_by_role("button", name="Permit").click()
    expect(governor.locator("main")).to_contain_text("Permitted")

    manager.reload()
    manager.get_by_role("button", name="Publish").click()
    expect(manager.get_by_text("The staff see it now")).to_be_visible()
    assert PlanningPeriod.objects.get().state == "published"
    assert officer.duties.filter(live=True).count() == 2


def test_a_pattern_is_consulted_on_and_approved(
    as_role: Any, prison: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(R-051) Nobody follows it before the days of consultation are over."""
    version = patterns.create(prison, "Five lines", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))
    address = f"/patterns/versions/{version.pk}"
    detail = as_role("DETAIL")
    detail.goto(address)
    clean(detail)
    detail.get_by_role("button", name="Put into consultation").click()
    detail.get_by_role("button", name="Start the consultation").click()
    manager = as_role("HUB_MANAGER")
    manager.goto(address)
    clean(manager)
    expect(manager.locator("main")).to_contain_text("after that it can be approved")
    expect(manager.get_by_role("button", name="Approve")).to_have_count(0)
    settings.PATTERN_CONSULTATION_DAYS = 0
    manager.reload()
    manager.get_by_role("button", name="Approve").click()
    manager.get_by_label("First day").fill((clock.today() + timedelta(days=30)).isoformat())
    manager.get_by_role("button", name="Approve").click()
    manager.goto(address)
    expect(manager.locator("main")).to_contain_text("Approved")
    clean(manager)
