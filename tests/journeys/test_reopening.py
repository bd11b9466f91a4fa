"""An admin manager sends a report back in a real browser, and the deputy sees what to look at (D-195, D-199)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from foundation import clock
from foundation.testing.stack import Stack
from tests.journeys import staff
from tests.journeys.test_lay_year import faults, fill, open_page

__all__ = ["faults"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db, pytest.mark.long]


def test_an_admin_manager_sends_a_report_back(stack: Stack, browser: Browser, faults: list[str]) -> None:
    case = staff.make(stack, 6000, "ROLE_ADMIN_MANAGER", "102")
    page = staff.sign_in(browser, stack, case.staff, faults)
    staff.open_client(page, case)
    row = page.locator(f"#report-{case.report}")
    row.get_by_role("link", name="Manage").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Select at least one section that needs changes")
    for name in ("Gifts", "Benefits check"):
        page.get_by_label(name, exact=True).check()
    page.get_by_label(re.compile("4 weeks from today")).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send this report back to the deputy?")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The report is back with the deputy.")).to_be_visible()
    expect(page.get_by_role("table", name="Incomplete")).to_contain_text("OPG102")
    row.get_by_role("link", name="Checklist").click()
    expect(page.get_by_text(re.compile("Report sent back to the deputy on"))).to_be_visible()
    page.context.close()

    front = open_page(browser, faults, script=True)
    front.goto(f"{stack.urls['front']}/sign-in")
    fill(front, Email_address=case.deputy, Password=staff.PASSWORD)
    front.get_by_role("button", name="Sign in").click()
    front.goto(f"{stack.urls['front']}/report/{case.report}/")
    expect(front.locator("strong", has_text="Changes needed")).to_have_count(2)
    due = clock.today() + timedelta(weeks=4)
    expect(front.locator("main")).to_contain_text(f"{due.day} {due:%B %Y}")
    front.context.close()
