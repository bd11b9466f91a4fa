"""A solicitors' firm with three members and forty clients in a real browser (D-087, D-089, D-092, D-106, D-188)."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from foundation.testing.stack import Stack
from tests.journeys import organisations as firm
from tests.journeys.answers import plan
from tests.journeys.test_lay_year import faults, fill, open_page, wait_for

__all__ = ["faults"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


def test_a_firm_adds_a_member_who_submits_a_report(stack: Stack, browser: Browser, faults: list[str]) -> None:
    firm.make(stack)
    page = firm.sign_in(browser, stack, "abel@quill-harrow.example", faults)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your clients’ reports")
    expect(page.get_by_role("navigation", name="Reports by status")).to_contain_text("All (41)")
    page.get_by_role("link", name="See who belongs to it").click()
    expect(page.locator("tbody tr")).to_have_count(3)

    email = "nina@quill-harrow.example"
    page.get_by_role("button", name="Add a member").click()
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter their first name")
    fill(page, First_name="Nina", Last_name="New", Email_address=email)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Add this person").dblclick()
    expect(page.get_by_text("Nina New has been invited by email.")).to_be_visible()
    expect(page.locator("tbody tr", has_text="Nina New")).to_contain_text("Not activated yet")

    [mail] = wait_for(lambda: firm.mails(stack, email), "the invitation")
    assert mail["personalisation"]["deputyName"] == "Abel Sample"
    nina = open_page(browser, faults, script=True)
    nina.goto(mail["personalisation"]["link"])
    nina.locator('[name="password"]').fill(firm.PASSWORD)
    nina.locator('[name="password_again"]').fill(firm.PASSWORD)
    nina.get_by_label("I agree to the").check()
    nina.get_by_role("button", name="Save and continue").click()
    fill(nina, Job_title="Clerk", Phone_number="01632 960009")
    nina.get_by_role("button", name="Save and continue").click()
    expect(nina.get_by_role("heading", level=1)).to_have_text("Your clients’ reports")

    nina.get_by_role("link", name=re.compile("^Ready to submit")).click()
    firm.open_report(nina, "75000001")
    expect(nina.locator("main")).to_contain_text("Nora Sample")
    firm.submit(nina)
    nina.get_by_role("link", name="Back to your dashboard").click()
    firm.find(nina, "75000001")
    expect(nina.locator("tbody tr")).to_have_count(1)  # next year’s report, once
    expect(nina.locator("tbody tr")).not_to_contain_text("Ready to submit")
    assert wait_for(lambda: firm.received(stack, "75000001"), "the delivery")[0]["kind"] == "Report"

    nina.get_by_role("link", name=re.compile("^Details and notes")).click()
    expect(nina.get_by_role("heading", name="Submitted reports")).to_be_visible()
    nina.get_by_role("button", name="Add a note").click()
    nina.get_by_label("Category").select_option(label="Bank")
    fill(nina, Title="Ask for the new card")
    nina.get_by_role("button", name="Save").click()
    expect(nina.get_by_role("heading", name="Ask for the new card")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Remove Nina New").click()
    page.get_by_role("button", name="Remove this member").click()
    expect(page.get_by_text("Nina New has been removed")).to_be_visible()
    assert nina.reload().status == 404  # type: ignore[union-attr]
    faults[:] = [fault for fault in faults if "404" not in fault]
    for each in (page, nina):
        each.context.close()


@pytest.mark.long
def test_a_clerk_writes_a_whole_report(stack: Stack, browser: Browser, faults: list[str], tmp_path: Path) -> None:
    """Of type 102-5, typed page by page; declared for the deputy."""
    firm.make(stack)
    page = firm.sign_in(browser, stack, "tess@quill-harrow.example", faults)
    firm.open_report(page, "75000016")
    firm.write_report(page, plan("102-5", random.Random(5)), tmp_path)
    firm.submit(page)
    kinds = wait_for(lambda: len(firm.received(stack, "75000016")) >= 2 and firm.received(stack, "75000016"), "it")
    assert kinds[0]["kind"] == "Report"
    page.context.close()
