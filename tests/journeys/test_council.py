"""A council in a real browser: a report of a public authority, written and submitted without script (D-087, D-106)."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from foundation.testing.stack import Stack
from tests.journeys import organisations as council
from tests.journeys.answers import plan
from tests.journeys.test_lay_year import faults, fill, wait_for

__all__ = ["faults"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db, pytest.mark.long]


def test_a_council_reports(stack: Stack, browser: Browser, faults: list[str], tmp_path: Path) -> None:
    council.make(stack)
    page = council.sign_in(browser, stack, "tom@testham.example", faults, script=False)
    expect(page.locator("footer")).to_contain_text("public-authorities@")
    council.open_report(page, "76000007")
    expect(page.locator("main")).to_contain_text("Pat Sample")
    council.write_report(page, plan("103-6", random.Random(6)), tmp_path)
    council.submit(page)
    assert wait_for(lambda: council.received(stack, "76000007"), "the delivery")

    page.get_by_role("link", name="Back to your dashboard").click()
    council.find(page, "76000009")
    page.get_by_role("link", name=re.compile("^Details and notes")).click()
    page.get_by_role("link", name="Change the client’s details").click()
    fill(page, Client_s_last_name="Renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Renamed")
    page.get_by_role("link", name="archive this client").click()
    page.get_by_role("button", name="Archive the client").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    page.get_by_label("I want to archive this client").check()
    page.get_by_role("button", name="Archive the client").click()
    expect(page.get_by_text("has been archived")).to_be_visible()
    page.get_by_label("Find a client").fill("76000009")
    page.get_by_role("button", name="Find and sort").click()
    expect(page.get_by_text("No report fits your search.")).to_be_visible()
    page.context.close()
