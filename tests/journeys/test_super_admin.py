"""A super admin's day in a real browser: a new case manager, an organisation put right, a nightly file corrected.

D-081, D-082, D-097; the case manager activates the account with a second factor (people 4.6).
"""

import csv
import io
import time
from pathlib import Path

import httpx
import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Page, expect

from foundation.testing.stack import Stack
from reporting.people.ingest import lay
from tests.journeys.test_lay_year import faults, fill, open_page, wait_for

__all__ = ["faults"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db, pytest.mark.long]

PASSWORD = "Nine-Quiet-Lanterns-31"


def link_for(stack: Stack, email: str) -> str:
    """The newest activation link that was mailed to somebody."""

    def mails() -> list[str]:
        answer = httpx.get(f"{stack.urls['notify']}/stand-in/mails", params={"to": email})
        found = [mail["personalisation"] for mail in answer.raise_for_status().json()]
        return [
            str(each.get("activationLink") or each.get("link"))
            for each in found
            if {"activationLink", "link"} & each.keys()
        ]

    return str(wait_for(mails, "the mail with the link")[0])


def activate(page: Page, link: str) -> None:
    """The first password, the second factor, the recovery codes; ends on the first page of staff."""
    page.goto(link)
    page.locator('[name="password"]').fill(PASSWORD)
    page.locator('[name="password_again"]').fill(PASSWORD)
    expect(page.get_by_label("I agree to the")).to_have_count(0)
    page.get_by_role("button", name="Save and continue").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_visible()


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_super_admins_day(stack: Stack, browser: Browser, faults: list[str]) -> None:
    stack.manage("user", "add", "sue.super@office.example", "Sue", "Super", "ROLE_SUPER_ADMIN")
    page = open_page(browser, faults, script=True)
    activate(page, link_for(stack, "sue.super@office.example"))

    add_a_case_manager(page, stack, browser, faults)
    put_an_organisation_right(page)
    correct_a_nightly_file(page, stack)
    menu(page, "Settings")
    page.context.close()


def put_in(page: Page, role: str, first: str, last: str, email: str) -> None:
    menu(page, "Users")
    page.get_by_role("button", name="Add a user").click()
    fill(page, First_name=first, Last_name=last, Email_address=email)
    page.get_by_label(role, exact=True).check()
    page.get_by_role("button", name="Add this user").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{first} {last} has been added")


def add_a_case_manager(page: Page, stack: Stack, browser: Browser, faults: list[str]) -> None:
    put_in(page, "Admin", "Carl", "Case", "carl.case@office.example")
    expect(page.locator("main")).to_contain_text("Invited")
    theirs = open_page(browser, faults, script=True)
    activate(theirs, link_for(stack, "carl.case@office.example"))
    expect(theirs.get_by_role("link", name="Service notice")).to_have_count(0)
    menu(theirs, "Users")
    theirs.get_by_role("button", name="Add a user").click()
    expect(theirs.get_by_label("Super admin", exact=True)).to_have_count(0)
    theirs.context.close()
    page.reload()
    expect(page.locator("main")).to_contain_text("Active")


def put_an_organisation_right(page: Page) -> None:
    put_in(page, "Professional admin", "Pru", "Prof", "pru@lantern-law.example")
    menu(page, "Organisations")
    page.get_by_role("button", name="Add an organisation").click()
    fill(page, Name_of_the_organisation="Lantren Law", Domain_or_email_address="lantern-law.example")
    page.get_by_label("The domain of its email addresses").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Add this organisation").click()
    expect(page.locator("main")).to_contain_text("This organisation has no users")
    page.get_by_role("button", name="Add a user").click()
    fill(page, Email_address_of_the_user="pru@lantern-law.example")
    page.get_by_role("button", name="Add this user").click()
    expect(page.get_by_role("link", name="Users (1)")).to_be_visible()
    page.get_by_role("button", name="Edit this organisation").click()
    fill(page, Name_of_the_organisation="Lantern Law")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lantern Law")
    expect(page.locator("main")).to_contain_text("Yes: its members see its clients")


def lay_down(stack: Stack, case_number: str) -> None:
    """The lay file of the night: a deputyship of this case and one more."""
    row = {
        "Case": "71000091", "ClientFirstname": "Cleo", "ClientSurname": "Client90", "DeputyUid": "711000000090",
        "DeputyFirstname": "Dora", "DeputySurname": "Deputy90", "DeputyPostcode": "ZZ1 1AA", "ReportType": "OPG102",
        "MadeDate": "2024-03-27", "OrderType": "pfa", "CoDeputy": "no", "Hybrid": "SINGLE",
    }  # fmt: skip
    written = io.StringIO()
    writer = csv.DictWriter(written, lay.COLUMNS, restval="")
    writer.writeheader()
    writer.writerows([row, row | {"Case": case_number}])
    folder = Path(stack.environment["DATA_DIR"], "documents", "ingest")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"lay_report_{case_number}.csv").write_text(written.getvalue())


def correct_a_nightly_file(page: Page, stack: Stack) -> None:
    """A row with a case number of six digits is refused, seen in its run; then the corrected file is read by hand."""
    read_now(page, stack, "710000")
    expect(page.get_by_role("table", name="Refused rows")).to_be_visible()
    page.get_by_role("link", name="Back to nightly files").click()
    read_now(page, stack, "71000090")
    expect(page.locator("main")).to_contain_text("No row was refused.")


def read_now(page: Page, stack: Stack, case_number: str) -> None:
    lay_down(stack, case_number)
    menu(page, "Nightly files")
    page.locator('a[href="/nightly-files/lay/start"]').click()
    page.get_by_role("button", name="Read it now").click()

    def ended() -> bool:
        page.reload()
        return not page.get_by_text("The file is being read. You can leave").is_visible()

    wait_for(ended, "the end of the run")
