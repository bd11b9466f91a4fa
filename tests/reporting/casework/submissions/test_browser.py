"""The pages of staff in a real browser: nothing runs off a phone, and axe finds nothing."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from foundation.outbox import State
from reporting.submissions.models import Submission
from tests.reporting.casework.conftest import delivery, set_delivery
from tests.reporting.casework.submissions.showing import UUID, Browsers, quick
from tests.reporting.conftest import make_deputy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

SHOTS = os.environ.get("SCREENSHOTS")
"""A folder for pictures, when somebody wants to look."""


@pytest.fixture
def look(
    page: Page, context: BrowserContext, live_server: LiveServer, as_staff: Browsers
) -> Callable[[str, str], None]:
    """Open a page as a super admin at two widths and look at it with axe."""
    staff: Client = as_staff()
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": live_server.url}])

    def at(path: str, name: str) -> None:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}{path}")
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
            found = Axe().run(page).response["violations"]
            assert [f"{one['id']}: {one['help']}" for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    return at


def some_submissions() -> Submission:
    """Enough for two pages, in several states; returns one with a report that is unconfirmed."""
    deputy = make_deputy()
    for day in range(14):
        quick(deputy, created_at=clock.now() - timedelta(days=day))
    refused, doubtful = quick(deputy), quick(deputy)
    for kind in ("report", "document"):
        set_delivery(
            delivery(refused, kind), State.REFUSED, attempts=1,
            error="The case system answered 400 OPGDATA-API-INVALIDREQUEST: Invalid Request",
        )  # fmt: skip
    set_delivery(
        delivery(doubtful), State.UNCONFIRMED, attempts=1, sending_at=clock.now(),
        error="The case system gave no answer (ReadTimeout).",
    )  # fmt: skip
    return doubtful


def test_what_staff_see(look: Callable[[str, str], None]) -> None:
    submission = some_submissions()
    quick(archived_at=clock.now())
    row = delivery(submission)
    look("/", "home")
    look("/submissions", "list")
    look("/submissions?tab=synchronised", "synchronised")
    look("/submissions?text=nobody", "nothing")
    look(f"/submissions/{submission.pk}", "submission")
    look(f"/submissions/deliveries/{row.pk}/confirm", "confirm")
    look(f"/submissions/deliveries/{row.pk}/resend", "resend")


def test_deciding_with_the_keyboard_and_archiving(page: Page, look: Any, live_server: LiveServer) -> None:
    submission = some_submissions()
    look(f"/submissions/{submission.pk}", "before")
    page.get_by_role("link", name="It has arrived").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="It has arrived").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the report's identifier")
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    page.get_by_label("Identifier in the case system").fill(UUID)
    page.get_by_role("button", name="It has arrived").click()
    expect(page.get_by_role("alert")).to_contain_text("is marked as delivered")
    page.get_by_role("link", name="Back to submissions").click()
    page.get_by_label(f"Select submission {submission.pk} of").check()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("heading", name="Archive this submission?")).to_be_visible()
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "archive.png", full_page=True)
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("link", name="Synchronised (1)")).to_be_visible()
