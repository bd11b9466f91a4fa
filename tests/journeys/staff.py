"""Staff of the office for journeys: accounts, submitted reports to work on, and signing in with a second factor."""

import json
import time
from dataclasses import dataclass

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, ConsoleMessage, Page

from foundation.testing.stack import Stack
from tests.journeys.test_lay_year import fill

PASSWORD = "Quiet-Harbour-58-Lamps"
MAKE = """
import itertools, json
from django.utils import timezone
from foundation.accounts.models import User
from reporting.people.models import Client
from tests.reporting import conftest as made
made.numbers, made.PASSWORD = itertools.count({first}), {password!r}
from tests.reporting.casework.checklists.making import submitted
deputy = made.make_deputy()
report = submitted(report=made.make_report(deputy, {code!r}), deputy=deputy)
staff = User.objects.create_user(
    "staff{first}@office.example", {password!r}, first_name="Casey", last_name="Worker", role={role!r}, is_active=True,
    registered_at=timezone.now())
print(json.dumps({{"staff": staff.email, "deputy": deputy.email, "client": report.client.name,
    "case": report.client.case_number, "report": report.pk, "type": report.type}}))
"""


@dataclass(frozen=True)
class Case:
    """A submitted report of a client, its deputy, and who in the office works on it; people by e-mail address."""

    staff: str
    deputy: str
    client: str
    case: str
    report: int
    type: str


def make(stack: Stack, first: int, role: str, code: str) -> Case:
    """``first`` tells the people of one journey from those of others."""
    text = MAKE.format(first=first, role=role, code=code, password=PASSWORD)
    return Case(**json.loads(stack.manage("shell", "-c", text).splitlines()[-1]))


def sign_in(browser: Browser, stack: Stack, email: str, faults: list[str]) -> Page:
    """For the first time: with a password, and setting up the second factor."""
    page = browser.new_context().new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.goto(f"{stack.urls['admin']}/sign-in")
    fill(page, Email_address=email, Password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="I have kept them").click()
    return page


def _is_fault(message: ConsoleMessage) -> bool:
    """Forms with something missing come back with a status that the browser notes."""
    return message.type == "error" and "status of 400" not in message.text


def open_client(page: Page, case: Case) -> None:
    """From the box on the first page to the client."""
    page.get_by_role("searchbox", name="Search everything").fill(case.client)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=case.client, exact=True).click()
