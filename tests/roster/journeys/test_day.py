"""A morning of the detail office in a browser: somebody sick at 06:30 is covered by one click; the sheet that a browser
keeps shows when the service is down, and is gone after sign-out.
"""

import re
from datetime import date
from typing import Any

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from playwright.sync_api import Browser, Error, expect
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from roster.activities.models import Template
from roster.timeline import actions as timeline
from tests.roster.conftest import give_role, make_person
from tests.roster.journeys.walk import clean, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.django_db(transaction=True)]

KEPT = """async count => {
  for (;;) {
    const keys = await (await caches.open("day-sheets")).keys()
    const prints = keys.filter(each => each.url.includes("/print"))
    if (navigator.serviceWorker.controller && prints.length === count) return
    await new Promise(done => setTimeout(done, 50))
  }
}"""
"""Waits until so many forms of the sheet are kept."""


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.fixture
def detail(settings: Any, prison: Any) -> Any:
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    person = make_person()
    give_role(person, "DETAIL", prison)
    return person.user


def shift(person: Any, unit: Any, day: date, code: str = "M") -> None:
    template = Template.objects.get(code=code, establishment=None)
    timeline.put(person, unit, day, template=template, by=None, reason="test")


def test_the_kept_sheet(browser: Browser, unit: Any, detail: Any, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read-only, marked with its age; signing out empties the store."""
    monkeypatch.setattr(WSGIRequestHandler, "protocol_version", "HTTP/1.0")  # no connection outlives its server
    shift(make_person(unit, last_name="Atwork"), unit, today)
    server = LiveServer("localhost")
    sheet = f"/day/LHI/{today}/"
    page, other = signed_in(browser, server.url, detail), signed_in(browser, server.url, detail)
    for each in (page, other):
        each.goto(sheet)
        each.evaluate(KEPT, 3)
    other.get_by_role("button", name="Sign out").click()
    expect(other).not_to_have_url(re.compile(sheet))  # it leads on to the identity provider, which is not there
    other.goto("/cookies")
    assert not other.evaluate("async () => (await caches.keys()).includes('day-sheets')"), "signed out, forgotten"
    server.stop()

    page.goto(sheet)
    notice = page.get_by_role("status")
    expect(notice).to_contain_text("The service cannot be reached.")
    expect(notice).to_contain_text(re.compile(r"\d+ minutes? ago\. Nothing can be changed now\."))
    expect(page.get_by_role("rowheader", name="Atwork")).to_be_visible()
    assert page.locator("form, button, main a:not([role=status] a)").count() == 0, "nothing can be changed"
    clean(page)
    notice.get_by_role("link", name="by person").click()
    expect(page.get_by_text("Detail sheet, by person")).to_be_visible()
    page.goto("/day/LHI/now")
    expect(notice).to_contain_text("The service cannot be reached.")
    with pytest.raises(Error, match="ERR_"):
        other.goto(sheet)
