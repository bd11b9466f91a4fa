"""The frame in a real browser: what it looks like is looked at by people, what it does is tested here."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation.accounts.models import User
from foundation.web.models import ServiceNotice
from tests.foundation.web import urls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

SHOTS = os.environ.get("SCREENSHOTS")
"""A folder for pictures, when somebody wants to look."""

WARNING, IDLE = 3600, 3900


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def violations(page: Page) -> list[str]:
    return [f"{one['id']}: {one['help']}" for one in Axe().run(page).response["violations"]]


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer, lay: User) -> Callable[[], None]:
    def cookie() -> None:
        client = Client()
        client.force_login(lay)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return cookie


@pytest.mark.parametrize("width", [1280, 320])
def test_frame_of_a_visitor(page: Page, live_server: LiveServer, width: int) -> None:
    ServiceNotice.objects.create(text="The service closes at 6pm.\n\nIt is back at 8pm.", enabled=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/page")
    shoot(page, f"visitor-{width}")
    expect(page.get_by_role("region", name="Service notice")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [1280, 320])
def test_errors_get_focus(page: Page, live_server: LiveServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/page")
    page.get_by_role("button", name="Reject counting cookies").click()
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_title("Error: Trial – Complete the deputy report")
    expect(page.get_by_role("alert")).to_contain_text("Enter your name")
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    shoot(page, f"errors-{width}")
    page.get_by_role("link", name="Enter your name").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    assert violations(page) == []


OTHER_PAGES = [
    "outage", "broken", "undeclared", "nowhere", "cookies", "privacy", "terms", "accessibility-statement",
    "health-check/service",
]  # fmt: skip


@pytest.mark.parametrize("path", OTHER_PAGES)
def test_other_pages(page: Page, live_server: LiveServer, path: str) -> None:
    page.goto(f"{live_server.url}/{path}")
    shoot(page, path.replace("/", "-"))
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("script", [True, False])
def test_an_outage_loses_nothing_that_was_sent(browser: Browser, live_server: LiveServer, script: bool) -> None:
    """B-002, B-006: the same form saves when the database is back, also without script."""
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{live_server.url}/page")
    page.get_by_label("Your name").fill("Dora")
    page.get_by_label("What happened").fill('A long story\nwith "quotes" & <signs>')
    urls.down.append(True)
    try:
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sorry, the service is unavailable for a short time")
        shoot(page, f"outage-after-sending-{script}")
        if script:
            assert violations(page) == []
    finally:
        urls.down.clear()
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    fields = parse_qs(sent.value.post_data or "")
    assert fields["story"] == ['A long story\r\nwith "quotes" & <signs>']
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_time_out(page: Page, live_server: LiveServer, sign_in: Callable[[], None], width: int) -> None:
    """Warned in time, focus held in the dialogue and given back; staying keeps what is typed; else sign-in and back."""
    sign_in()
    page.clock.install()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/private/abc")
    shoot(page, f"signed-in-{width}")
    page.get_by_label("What happened").fill("Half a sentence")
    dialog = page.get_by_role("dialog", name="Do you need more time?")
    page.clock.run_for((WARNING - 60) * 1000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(61_000)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("5 minutes")
    shoot(page, f"time-out-{width}")
    assert violations(page) == []
    assert page.evaluate("document.getElementById('time-out').contains(document.activeElement)")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    with page.expect_response("**/session-keep-alive") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("What happened")).to_be_focused()
    expect(page.get_by_label("What happened")).to_have_value("Half a sentence")
    page.clock.run_for((IDLE + 4) * 1000)
    expect(page).to_have_url(f"{live_server.url}/sign-in?timeout=1&next=%2Fprivate%2Fabc")


def test_another_tab_prolongs_for_both(
    context: BrowserContext, live_server: LiveServer, sign_in: Callable[[], None]
) -> None:
    sign_in()
    first, second = context.new_page(), context.new_page()
    first.clock.install()
    first.goto(f"{live_server.url}/private/abc")
    first.clock.run_for((WARNING + 1) * 1000)
    dialog = first.get_by_role("dialog", name="Do you need more time?")
    expect(dialog).to_be_visible()
    second.goto(f"{live_server.url}/private/def")
    second.evaluate("at => localStorage.setItem('last-contact', at)", str(first.evaluate("Date.now()")))
    first.clock.run_for(1000)
    expect(dialog).to_be_hidden()


@pytest.mark.defect("people 5.3", "the time limit was said only with script")
def test_without_script_the_limit_is_said(lay: User) -> None:
    client = Client()
    client.force_login(lay)
    text = client.get("/private/abc").content.decode()
    assert "You can save this page until" in text
    assert "without signing in again" in text


def test_no_policy_violations(page: Page, live_server: LiveServer, sign_in: Callable[[], None]) -> None:
    """Strict content security policy: nothing inline, nothing from elsewhere, and no script error."""
    sign_in()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{live_server.url}/private/abc", wait_until="networkidle")
    assert problems == []
    fonts = page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)")
    assert fonts == [], "outside gov.uk the GDS typeface may not be loaded"
