"""A detail officer plans four weeks with the keyboard, the optimiser helps, the officer sees what was published."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from roster.planning import actions, runs
from roster.planning.models import PlanningPeriod, Run
from roster.planning.sheet import Sheet
from tests.roster.conftest import give_role, make_person
from tests.roster.journeys.walk import clean, signed_in
from tests.roster.planning.conftest import shift

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


COUNT_TABINDEXES = """() => {
  window.settled = 0
  const board = document.getElementById("board")
  new MutationObserver(records => { settled += records.length })
    .observe(board, { attributes: true, attributeFilter: ["tabindex"], subtree: true })
  return board.querySelectorAll("td a[data-stamp]").length
}"""


def cell(page: Page, person: Any, day: date) -> Any:
    return page.locator(f'#person-{person.pk} a[data-day="{day.isoformat()}"]')


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> date:
    today = clock.today()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=4)


def test_four_weeks_from_opening_to_the_officers_diary(
    browser: Browser, live_server: LiveServer, settings: Any, prison: Any, unit: Any, monday: date
) -> None:
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    officers = [make_person(unit, last_name=name) for name in ("Adams", "Brown", "Clark", "Davies")]
    manager = make_person()
    give_role(manager, "HUB_MANAGER", prison)
    page = signed_in(browser, live_server.url, manager.user)
    page.goto("/plan/")
    page.get_by_label("Unit").select_option(label="Lindholme: Lindholme Residential 1")
    page.get_by_label("First day, a Monday").fill(monday.isoformat())
    page.get_by_role("button", name="Open").click()
    period = PlanningPeriod.objects.get()
    draft = actions.working(period)
    clean(page)

    one, two = officers[:2]
    cell(page, one, monday).focus()
    page.keyboard.press("l")
    expect(cell(page, one, monday)).to_contain_text("L")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("e")
    expect(cell(page, one, monday + timedelta(days=1))).to_contain_text("E!")
    clean(page)
    links = page.evaluate(COUNT_TABINDEXES)
    page.keyboard.press("Control+z")
    expect(cell(page, one, monday + timedelta(days=1))).to_contain_text("–")
    page.wait_for_timeout(100)
    assert page.evaluate("settled") < 3 * links, "the grid is settled after an answer, not after each of its parts"
    page.keyboard.press("Control+y")
    expect(cell(page, one, monday + timedelta(days=1))).to_contain_text("E!")
    page.keyboard.press("Delete")
    expect(cell(page, one, monday + timedelta(days=1))).to_contain_text("–")

    cell(page, one, monday).focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+d")
    expect(cell(page, one, monday + timedelta(days=3))).to_contain_text("L")
    page.keyboard.press("Control+l")
    expect(cell(page, one, monday + timedelta(days=3))).to_contain_text("=")
    assert [Sheet(draft).day(one.pk, monday + timedelta(days=n)) for n in range(5)] == [shift("L")] * 4 + [shift("")]

    actions.edit(draft, {(two.pk, monday): actions.Wanted(shift("N"))}, by=make_person().user, words="Meanwhile")
    cell(page, two, monday).focus()
    page.keyboard.press("e")
    expect(page.locator("#board-status")).to_contain_text("it is now “Night, 20:45 to 07:30”, you wanted “Early")
    expect(cell(page, two, monday)).to_contain_text("N")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)  # signed out in another tab
    cell(page, two, monday).focus()
    page.keyboard.press("e")
    expect(page.locator("#board-status")).to_contain_text("You are signed out, so the change was not saved")
    page.context.add_cookies(cookies)
    cell(page, two, monday).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cell-pane")).to_contain_text(two.name)
    clean(page)
    page.locator("#cell-pane").get_by_role("button", name="Lock").click()

    page.get_by_role("link", name="Optimiser").click()
    page.get_by_label("E, Early").fill("1")
    page.get_by_label("L, Late").fill("1")
    page.get_by_label("N, Night, 20:45").fill("")
    clean(page)
    page.get_by_role("button", name="Start").click()
    Run.objects.update(seconds=5)
    runs.work(Run.objects.get().pk)
    page.get_by_role("link", name="Compare the proposal").click()
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("taken over into the working draft")).to_be_visible()
    assert Sheet(draft).day(one.pk, monday) == shift("L")

    page.get_by_role("link", name="Progress and publishing").click()
    page.get_by_role("button", name="Hand it to a manager").click()
    page.get_by_role("button", name="Sign this plan").click()
    assert not one.duties.exists()
    page.get_by_role("link", name="Look at what would be published").click()
    clean(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The staff see it now")).to_be_visible()
    clean(page)
    assert one.duties.filter(live=True, shift_date=monday, template_version__template__code="L").exists()

    settings.SITE, settings.ROOT_URLCONF = "diary", "roster.urls_diary"
    diary = signed_in(browser, live_server.url, one.user)
    diary.goto("/")
    expect(diary.locator("main")).to_contain_text("12:15")
