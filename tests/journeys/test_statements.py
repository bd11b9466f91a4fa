"""Bank statements in a real browser, really scanned: from the file to the balance, without script; axe everywhere."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from foundation.testing import database
from foundation.testing.stack import Stack
from reporting.sections.deputy_expenses import DeputyExpenses
from tests.reporting.conftest import PASSWORD, make_deputy
from tests.reporting.statements.conftest import in_period, make_account
from tests.reporting.statements.test_reading import DATA

pytestmark = pytest.mark.journey

SHOTS = os.environ.get("SCREENSHOTS")
PHONE, DESKTOP = {"width": 375, "height": 800}, {"width": 1200, "height": 900}


def look(page: Page, name: str) -> None:
    """No fault by axe, and nothing wider than a phone's screen."""
    assert [one["id"] for one in Axe().run(page).response["violations"]] == [], name
    for label, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} {label}"
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"statements-{name}-{label}.png", full_page=True)


@pytest.fixture
def deputy(stack: Stack, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    with django_db_blocker.unblock(), database.connected_to(urlsplit(stack.database_url).path.lstrip("/")):
        user = make_deputy()
        user.password = make_password(PASSWORD, hasher="argon2")
        user.save()
        report, short = in_period(user), in_period(user, "103")
        DeputyExpenses.objects.create(report=report, paid="no")
        for one in (report, short):
            make_account(one, "0000", "300000", "5210.33", closing="82.14")
        make_account(report, "5678", "200000", "0.00", closing="3000.00")
        site = stack.urls["front"]
        return {
            "email": user.email,
            "home": f"{site}/report/{report.pk}/statements/",
            "balance": f"{site}/report/{report.pk}/balance/",
            "short": f"{site}/report/{short.pk}/",
        }


def upload(page: Page, home: str, account: int, name: str) -> None:
    page.goto(home)
    page.get_by_role("link", name="Import a statement").nth(account).click()
    page.get_by_label("Choose a file").set_input_files(DATA / name)
    page.get_by_role("button", name="Continue").click()


def test_a_year_of_statements_without_script(browser: Browser, deputy: dict[str, Any]) -> None:
    context = browser.new_context(java_script_enabled=False)
    looker = browser.new_context()
    page = context.new_page()
    home = deputy["home"]
    page.goto(home)
    page.get_by_label("Email address").fill(deputy["email"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(home)
    looker.add_cookies(context.cookies())  # type: ignore[arg-type]
    eyes = looker.new_page()

    def see(name: str, address: str = "") -> None:
        eyes.goto(address or page.url)
        look(eyes, name)

    see("empty")
    page.get_by_role("link", name="Import a statement").first.click()
    see("add")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file")
    upload(page, home, 0, "broken_date.csv")
    expect(page.get_by_role("alert")).to_contain_text("Line 3")
    see("broken")
    page.get_by_role("button", name="Do not import").click()
    upload(page, home, 0, "layout_f.csv")
    see("preview")
    page.get_by_role("button", name="Import 48 payments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What were these payments for?")
    see("sort")
    for blank in page.locator("select:has(option[value=''][selected])").all():
        blank.select_option("anything-else-paid-out")
    page.get_by_role("button", name="Save").click()
    see("all", f"{home}sort/?show=all")
    upload(page, home, 1, "same_money_twice.csv")
    page.get_by_role("button", name="Import 3 payments").click()
    page.goto(home)
    see("home")
    expect(page.get_by_text("The whole report balances.")).to_be_visible()
    page.get_by_role("link", name="See payments").first.click()
    see("payments")
    page.goto(deputy["balance"].replace("balance", "money-out"))
    see("money-out")
    page.get_by_role("link", name="Sum of 3 payments").first.click()
    see("entry")
    page.goto(deputy["balance"])
    expect(page.get_by_text("The accounts balance.")).to_be_visible()
    page.goto(home)
    page.get_by_role("link", name="Remove").first.click()
    see("remove")
    short = deputy["short"]
    upload(page, f"{short}statements/", 0, "layout_a.csv")
    page.get_by_role("button", name="Import 48 payments").click()
    page.goto(f"{short}money-in-short/")
    see("short-start")
    page.get_by_role("link", name="See and use what your bank statements show").click()
    see("suggestions")
    page.get_by_role("button", name="Use these in the report").click()
    expect(page.get_by_text("The report has been updated.")).to_be_visible()
    context.close()
    looker.close()
