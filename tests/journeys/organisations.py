"""A firm and a council for journeys, as the demo makes them, and what people of either do in a browser."""

from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from foundation.testing.stack import Stack
from tests.journeys.test_lay_year import choose_period, fill, open_page
from tests.journeys.walk import Walk
from tests.reporting.documents import samples

PASSWORD = "Quiet-Harbour-58-Lamps"
MAKE = """
from foundation.accounts import actions
from foundation.accounts.models import User
from reporting.home import demo_organisations
email = "organisations.staff@office.example"
staff = User.objects.filter(email=email).first() or actions.add_user(
    email, first_name="Sam", last_name="Staff", role="ROLE_ADMIN", send=False)
demo_organisations.make(staff, {password!r})
"""


def make(stack: Stack) -> None:
    """Once; again does nothing."""
    stack.manage("shell", "-c", MAKE.format(password=PASSWORD))


def sign_in(browser: Browser, stack: Stack, email: str, faults: list[str], *, script: bool = True) -> Page:
    page = open_page(browser, faults, script=script)
    page.goto(f"{stack.urls['front']}/sign-in")
    fill(page, Email_address=email, Password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def mails(stack: Stack, email: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{stack.urls['notify']}/stand-in/mails", params={"to": email})
    return [dict(mail) for mail in answer.raise_for_status().json()]


def received(stack: Stack, case: str) -> list[dict[str, Any]]:
    """What the case system has of a case."""
    answer = httpx.get(f"{stack.urls['case-system']}/stand-in/received")
    return [each for each in answer.raise_for_status().json() if each["case"] == case]


def find(page: Page, text: str) -> None:
    """A client's report, from the dashboard."""
    page.get_by_label("Find a client").fill(text)
    page.get_by_role("button", name="Find and sort").click()
    expect(page.get_by_text("1 report", exact=True)).to_be_visible()


def open_report(page: Page, text: str) -> None:
    find(page, text)
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("report for")


def write_report(page: Page, answers: Any, folder: Path) -> None:
    """Every section from the overview that is open."""
    document = folder / "statement.pdf"
    document.write_bytes(samples.pdf())
    choose_period(page, answers)
    overview = page.url
    Walk(page, answers, document).everything(overview)
    page.goto(overview)
    count = len(answers.sections())
    expect(page.get_by_text(f"{count} of {count} sections finished")).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Continue to submit").click()
    expect(page.get_by_role("heading", name="The deputy", exact=True)).to_be_visible()
    page.get_by_role("button", name="These details are right").click()
    page.get_by_label("I agree with this declaration").check()
    page.get_by_label("I am not the deputy").check()
    page.get_by_role("button", name="Submit the report").dblclick()
    expect(page.get_by_text("has been received")).to_be_visible()
