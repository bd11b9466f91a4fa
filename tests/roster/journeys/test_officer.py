"""An officer with a phone: what comes next, a change at short notice, the hours, a calendar of one's own."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from roster.activities.models import Template
from roster.diary import actions as diary
from roster.diary.models import Acknowledgement, Preference
from roster.timeline import actions as timeline
from tests.looking import WIDER
from tests.roster.conftest import make_person
from tests.roster.journeys.walk import clean, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 350, "height": 700}, "has_touch": True, "is_mobile": True}


def months_alike(page: Page) -> None:
    """The list of a phone and the grid of a desk say the same; Monday is first; the keyboard reaches every day."""
    facts = page.locator(".diary-month__line").all_inner_texts()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator(".diary-month__line").all_inner_texts() == facts
    names = page.locator(".diary-weekdays li")
    assert names.all_inner_texts()[0] == "Monday"
    today = clock.today()
    column, cell = names.nth(today.weekday()).bounding_box(), page.locator("[aria-current=date]").bounding_box()
    assert column is not None
    assert cell is not None
    assert abs(column["x"] - cell["x"]) < cell["width"] / 2, "under the name of its weekday"
    page.get_by_role("link", name="Next month").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f" 1 {today:%B %Y}")
    page.go_back()
    page.get_by_role("link", name="Next month").click()
    page.get_by_role("link", name="Previous month").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{today:%B %Y}")
    assert page.evaluate(WIDER) == 0
    page.set_viewport_size({"width": 350, "height": 700})


def test_an_officer_on_a_phone(
    browser: Browser, live_server: LiveServer, settings: Any, unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(R-036, R-048, R-062, R-064) The same facts in the list, in the month, on the day, in the calendar file."""
    settings.SITE, settings.ROOT_URLCONF, settings.DIARY_URL = "diary", "roster.urls_diary", live_server.url
    person, today = make_person(unit), clock.today()
    for days, code in enumerate(("E", "N", "RD", "L", "M", "E", "E"), start=1):
        template = Template.objects.get(code=code)
        timeline.put(person, unit, today + timedelta(days=days), template=template, by=None, reason="Cover for court")
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    diary.tell_settled(later)

    page = signed_in(browser, live_server.url, person.user, **PHONE)
    page.goto("/")
    duties = page.locator(".govuk-summary-list__row")
    expect(duties).to_have_count(5)
    expect(duties.nth(0)).to_contain_text("07:30 to 12:45, Early")
    expect(duties.nth(1)).to_contain_text("20:45 to 07:30, Night")
    assert page.evaluate(WIDER) == 0
    clean(page)
    months_alike(page)
    duties.nth(1).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("Cover for court")
    clean(page)

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Notices").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    page.get_by_role("link", name="Tell us whether you agree").first.click()
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Select whether you agree")
    clean(page)
    page.get_by_label("No, I have seen it and do not agree").check()
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Your answer has been recorded")).to_be_visible()
    assert Acknowledgement.objects.filter(person=person, agreed=False).count() == 1

    page.goto("/")
    page.get_by_role("link", name="See your roster in your own calendar").click()
    page.get_by_role("link", name="Make an address").first.click()
    page.get_by_role("button", name="Make the address").click()
    address = page.locator(".diary-address").inner_text()
    clean(page)
    events = Calendar.from_ical(page.request.get(address).body()).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events][:2] == ["Early", "Night"]

    page.goto("/settings")
    page.get_by_label("Text message", exact=True).check()
    page.get_by_label("Mobile number").fill("020 7946 0000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Mobile number")).to_have_value("020 7946 0000")
    page.get_by_label("Mobile number").fill("07700 900123")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your settings have been saved")).to_be_visible()
    assert Preference.objects.get(person=person).sms == "07700900123"
