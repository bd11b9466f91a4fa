"""A browser that is signed in and forgives nothing."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from foundation.accounts.models import User

AXE = """async () => (await axe.run({resultTypes: ['violations'], preload: false})).violations
  .map(each => `${each.id}: ${each.nodes[0].html}`)"""


def signed_in(browser: Browser, base: str, user: User, **context: Any) -> Page:
    client, name = Client(), django_settings.SESSION_COOKIE_NAME
    client.force_login(user)
    page = browser.new_context(base_url=base, **context).new_page()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return page


def clean(page: Page) -> None:
    """axe finds nothing."""
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_load_state()
    page.evaluate(AXE_FILE_PATH.read_text())
    found = page.evaluate(AXE)
    assert not found, found
