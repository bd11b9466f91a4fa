"""A case manager lodges a report in a real browser: found, checked, signed off, sent (D-023, D-200, D-201)."""

import httpx
import pytest
from playwright.sync_api import Browser, expect

from foundation.testing.stack import Stack
from reporting.casework.checklists.models import LodgingChecklist
from reporting.reports.models import Report
from tests.journeys import staff
from tests.journeys.test_lay_year import faults, wait_for

__all__ = ["faults"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


def checklists(stack: Stack, case: str) -> list[str]:
    """The names of the checklists that the case system has of a case."""
    answer = httpx.get(f"{stack.urls['case-system']}/stand-in/received")
    found = answer.raise_for_status().json()
    return [each["name"] for each in found if (each["case"], each["kind"]) == (case, "Checklist")]


def test_a_case_manager_lodges_a_report(stack: Stack, browser: Browser, faults: list[str]) -> None:
    case = staff.make(stack, 5000, "ROLE_ADMIN", "103")
    page = staff.sign_in(browser, stack, case.staff, faults)
    staff.open_client(page, case)
    expect(page.get_by_text(case.case).first).to_be_visible()
    page.get_by_role("link", name="Checklist for the 103 report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lodging checklist")
    page.get_by_text("The deputy’s answers: Decisions").click()
    expect(page.get_by_text("since last year")).to_have_count(0)

    asked = LodgingChecklist(report=Report(type=case.type)).asked_questions()
    page.get_by_role("button", name="Submit and continue").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(len(asked) - 2)  # two are filled in already

    page.get_by_label("Lodging summary").fill("Read; all is in order.")
    page.get_by_role("button", name="Save progress").click()
    expect(page.get_by_text("The checklist has been saved.")).to_be_visible()
    expect(page.get_by_label("Lodging summary")).to_have_value("Read; all is in order.")
    for question in asked:
        if question.kind == "radios":
            value = "satisfied" if question.name == "decision" else "yes"
            page.locator(f'[name="{question.name}"][value="{value}"]').check()
        elif question.kind == "tick":
            page.locator(f'[name="{question.name}"]').check()
    page.get_by_label("Add further information").fill("The deputy rang about the gifts.")
    page.get_by_role("button", name="Submit and continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lodging checklist submitted")
    assert len(wait_for(lambda: checklists(stack, case.case), "the delivery of the checklist")) == 1

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the checklist as PDF").click()
    assert download.value.suggested_filename.startswith("DigiChecklist-")
    page.get_by_role("link", name="Look at the checklist again").click()
    expect(page.get_by_text("The deputy rang about the gifts.")).to_be_visible()
    expect(page.get_by_text("Delivered")).to_be_visible()
    page.context.close()
