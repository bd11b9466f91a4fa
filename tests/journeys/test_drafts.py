"""Nothing typed is lost (B-006, architecture 5): web process, database or browser die in the middle of an answer."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import BrowserContext, BrowserType, Page, Route, expect
from psycopg import sql
from pytest_django import DjangoDbBlocker

from foundation.testing import database
from foundation.testing.stack import Stack
from tests.reporting.conftest import PASSWORD, make_deputy, make_report

pytestmark = pytest.mark.journey

SHOTS = os.environ.get("SCREENSHOTS")
STORY = "She saw her doctor in May and her dentist in June, and "
AWAY = "We cannot reach the service just now. What you type is kept in this browser."
COPIES = "Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length"


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


class Deputy:
    """A deputy with a report in the database of a stack, and the first page of its health section."""

    def __init__(self, stack: Stack) -> None:
        user = make_deputy()
        user.password = make_password(PASSWORD, hasher="argon2")
        user.save()
        self.email = user.email
        self.site = stack.urls["front"]
        self.section = f"{self.site}/report/{make_report(user, '102-4').pk}/lifestyle/"
        self.page = f"{self.section}care/"

    def open(self, page: Page, address: str = "") -> None:
        """The page with the long answer, after a sign-in if there is none."""
        page.goto(address or self.page)
        if "/sign-in" in page.url:
            self.sign_in(page)

    def sign_in(self, page: Page) -> None:
        page.get_by_label("Email address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def deputy(stack: Stack, django_db_blocker: DjangoDbBlocker) -> Deputy:
    return make(stack, django_db_blocker)


def make(stack: Stack, blocker: DjangoDbBlocker) -> Deputy:
    with blocker.unblock(), database.connected_to(urlsplit(stack.database_url).path.lstrip("/")):
        return Deputy(stack)


def answer(page: Page) -> Any:
    return page.locator("textarea[name=care]")


def kept(page: Page) -> Any:
    return expect(page.locator("[data-draft-words]"))


def write(page: Page, text: str) -> None:
    """Goes on after what is there."""
    answer(page).press("Control+End")
    answer(page).press_sequentially(text)


def type_and_keep(page: Page, text: str) -> None:
    write(page, text)
    kept(page).to_have_text(re.compile(r"Draft kept at \d?\d:\d\d[ap]m\."))


@contextmanager
def outage(stack: Stack) -> Iterator[None]:
    """The database hangs up and lets nobody in."""
    name = urlsplit(stack.database_url).path.lstrip("/")
    admit = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(admit.format(sql.Identifier(name), sql.SQL("false")))
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            server.execute(admit.format(sql.Identifier(name), sql.SQL("true")))


def test_what_is_typed_is_kept_and_goes_when_it_is_saved(page: Page, deputy: Deputy) -> None:
    deputy.open(page)
    type_and_keep(page, STORY)
    shoot(page, "draft-kept")
    assert page.evaluate(COPIES) == 0, "the browser's copy goes as soon as the server has it"
    page.goto(deputy.section)
    page.goto(deputy.page)
    expect(answer(page)).to_have_value(STORY)
    expect(page.get_by_text("We kept what you typed here")).to_be_visible()
    shoot(page, "draft-offered")
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    write(page, "more")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(f"{deputy.section}activities/")
    assert page.evaluate(COPIES) == 0
    page.goto(deputy.page)
    expect(answer(page)).to_have_value(f"{STORY}more")
    expect(page.get_by_text("We kept what you typed here")).to_have_count(0)


def test_never_more_than_two_seconds_behind(page: Page, deputy: Deputy) -> None:
    """Ten letters a second without a pause, by the browser's clock: each request has nearly all of them."""
    sent: list[int] = []

    def count(route: Route) -> None:
        sent.append(len(parse_qs(route.request.post_data or "")["care"][0]))
        route.fulfill(status=204)

    deputy.open(page)
    page.route("**/drafts/keep", count)
    page.clock.install()
    page.clock.pause_at(datetime.now(tz=UTC) + timedelta(minutes=1))
    for _ in range(60):
        answer(page).press("x")
        page.clock.run_for(100)
    for _ in range(100):  # an answer that is on its way arrives in true time, whatever the browser's clock says
        page.clock.run_for(100)
        if sent[-1:] == [60]:
            break
    kept(page).to_have_text(re.compile("Draft kept"))
    assert sent[-1] == 60
    assert all(later - earlier <= 20 for earlier, later in pairwise([0, *sent]))
    assert len(sent) <= 6, "and not a request for each letter"


def test_what_was_discarded_does_not_come_back(page: Page, deputy: Deputy) -> None:
    deputy.open(page)
    type_and_keep(page, STORY)
    page.reload()
    write(page, "and one more word that is on its way")
    page.get_by_role("button", name="Discard what was kept").click()
    expect(answer(page)).to_have_value("")
    page.goto(deputy.section)
    page.goto(deputy.page)
    expect(answer(page)).to_have_value("")
    assert page.evaluate(COPIES) == 0


def test_what_a_page_refused_is_kept_too(page: Page, deputy: Deputy) -> None:
    address = f"{deputy.section}activities/"
    deputy.open(page, address)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Explain why")
    kept(page).to_have_text(re.compile("Draft kept"))
    expect(page.locator("[data-draft-restored]")).to_be_hidden()
    page.goto(deputy.section)
    page.goto(address)
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    expect(page.get_by_label("Why not?")).to_be_visible()


def test_leaving_keeps_the_last_words(page: Page, deputy: Deputy) -> None:
    """Nobody waits two seconds before following a link."""
    deputy.open(page)
    write(page, STORY)
    page.goto(f"{deputy.site}/cookies")
    page.goto(deputy.page)
    expect(answer(page)).to_have_value(STORY)


def test_the_web_process_is_killed(page: Page, stack: Stack, deputy: Deputy) -> None:
    deputy.open(page)
    type_and_keep(page, STORY)
    stack.kill("front")
    write(page, "while nobody listened")
    kept(page).to_have_text(AWAY)
    shoot(page, "draft-away")
    stack.restart("front")
    page.goto(deputy.page)
    expect(answer(page)).to_have_value(f"{STORY}while nobody listened")
    expect(page.locator("[data-draft-restored]")).to_contain_text("We have put back what you typed here at")
    kept(page).to_have_text(re.compile("Draft kept"))
    shoot(page, "draft-restored")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(f"{deputy.section}activities/")


@pytest.mark.long
def test_the_service_comes_back_while_the_page_stays_open(page: Page, stack: Stack, deputy: Deputy) -> None:
    deputy.open(page)
    stack.kill("front")
    write(page, STORY)
    kept(page).to_have_text(AWAY)
    stack.restart("front")
    kept(page).to_have_text(re.compile("Draft kept"), timeout=15_000)
    assert page.evaluate(COPIES) == 0


@pytest.mark.long
def test_a_save_that_finds_nobody_is_put_back(page: Page, stack: Stack, deputy: Deputy) -> None:
    deputy.open(page)
    stack.kill("front")
    write(page, STORY)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(re.compile("chrome-error|lifestyle"))
    stack.restart("front")
    page.goto(deputy.page)
    expect(answer(page)).to_have_value(STORY)


def test_the_database_is_away(page: Page, stack: Stack, deputy: Deputy) -> None:
    """B-002, B-006: the save gives a calm 503; what was typed is put back, conditional questions with it."""
    address = f"{deputy.section}activities/"
    deputy.open(page, address)
    with outage(stack):
        page.get_by_label("Yes").check()
        page.get_by_label("Which activities, and how often?").press_sequentially("Dancing, every Monday")
        kept(page).to_have_text(AWAY, timeout=15_000)
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("heading", name="the service is unavailable")).to_be_visible()
        shoot(page, "draft-503")
    page.goto(address)
    expect(page.get_by_label("Yes")).to_be_checked()
    expect(page.get_by_label("Which activities, and how often?")).to_have_value("Dancing, every Monday")
    expect(page.get_by_label("Which activities, and how often?")).to_be_visible()
    expect(page.get_by_label("Why not?")).to_be_hidden()


@pytest.mark.long
def test_an_outage_without_script(new_context: Callable[..., BrowserContext], stack: Stack, deputy: Deputy) -> None:
    page = new_context(java_script_enabled=False).new_page()
    deputy.open(page)
    answer(page).fill(STORY)
    with outage(stack):
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("heading", name="the service is unavailable")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page).to_have_url(f"{deputy.section}activities/")
    page.goto(deputy.page)
    expect(answer(page)).to_have_value(STORY.strip())


def test_the_browser_is_killed(
    page: Page, browser_type: BrowserType, browser_type_launch_args: dict[str, Any], deputy: Deputy
) -> None:
    other = browser_type.launch(**browser_type_launch_args)
    there = other.new_page()
    deputy.open(there)
    type_and_keep(there, STORY)
    with pytest.raises(Exception, match="closed"):
        other.new_browser_cdp_session().send("Browser.crash")
    deputy.open(page)
    expect(answer(page)).to_have_value(STORY)


def test_the_session_ends(page: Page, context: BrowserContext, deputy: Deputy) -> None:
    deputy.open(page)
    type_and_keep(page, STORY)
    context.clear_cookies(name="reporting_front")
    write(page, "after the end")
    kept(page).to_have_text("You have been signed out. What you type is kept in this browser.")
    page.get_by_role("button", name="Save and continue").click()
    deputy.sign_in(page)
    expect(page).to_have_url(deputy.page)
    expect(answer(page)).to_have_value(f"{STORY}after the end")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(f"{deputy.section}activities/")
    assert page.evaluate(COPIES) == 0


@pytest.mark.long
def test_a_copy_is_for_its_writer_and_goes_at_sign_out(
    page: Page, context: BrowserContext, stack: Stack, deputy: Deputy, django_db_blocker: DjangoDbBlocker
) -> None:
    deputy.open(page)
    context.clear_cookies(name="reporting_front")
    write(page, STORY)
    kept(page).to_have_text(re.compile("You have been signed out"))
    other = make(stack, django_db_blocker)
    other.open(page)
    expect(page).to_have_url(other.page)
    expect(answer(page)).to_have_value("")
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate(COPIES) == 1, "the other person's copy stays"
    deputy.open(page)
    expect(answer(page)).to_have_value(STORY)
    context.set_offline(True)
    write(page, "offline")
    kept(page).to_have_text(AWAY)
    context.set_offline(False)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email address")).to_be_visible()
    assert page.evaluate(COPIES) == 0


def test_a_copy_lives_a_day(page: Page, deputy: Deputy) -> None:
    deputy.open(page)
    expect(answer(page)).to_be_visible()  # the page is there, not only on its way
    page.evaluate(
        """() => {
          const fields = [["care", "yesterday"]], at = Date.now() - 25 * 3600 * 1000
          const name = `draft:${document.body.dataset.user}:${location.pathname}`
          localStorage.setItem(name, JSON.stringify({ sequence: Date.now() + 1e6, at, fields }))
        }"""
    )
    page.reload()
    expect(answer(page)).to_have_value("")
    assert page.evaluate(COPIES) == 0


@pytest.mark.long
def test_two_tabs_of_one_page(page: Page, context: BrowserContext, deputy: Deputy) -> None:
    """What was typed last is what is kept, whichever tab was opened first; a late draft never undoes a save."""
    deputy.open(page)
    second = context.new_page()
    second.goto(deputy.page)
    type_and_keep(page, "first")
    type_and_keep(second, "second")
    third = context.new_page()
    third.goto(deputy.page)
    expect(answer(third)).to_have_value("second")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(f"{deputy.section}activities/")
    third.goto(deputy.page)
    expect(answer(third)).to_have_value("second")  # typed later than what was saved: still offered


@pytest.mark.long
def test_the_database_server_is_killed(page: Page, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    stack = Stack(tmp_path)
    stack.make_database()
    stack.start()
    try:
        made = stack.manage("shell", "-c", MAKE_DEPUTY).strip().splitlines()[-1].split()
        deputy = Deputy.__new__(Deputy)
        deputy.email, deputy.site = made[0], stack.urls["front"]
        deputy.section = f"{deputy.site}/report/{made[1]}/lifestyle/"
        deputy.page = f"{deputy.section}care/"
        deputy.open(page)
        type_and_keep(page, STORY)
        stack.kill("database")
        write(page, "then nothing")
        kept(page).to_have_text(AWAY, timeout=15_000)
        stack.restart("database")
        stack.wait(60, "front")
        page.goto(deputy.page)
        expect(answer(page)).to_have_value(f"{STORY}then nothing")
    finally:
        stack.stop()


MAKE_DEPUTY = """
from django.contrib.auth.hashers import make_password
from tests.reporting.conftest import PASSWORD, make_deputy, make_report
user = make_deputy()
user.password = make_password(PASSWORD)
user.save()
print(user.email, make_report(user, "102-4").pk)
"""
