"""Looking at pages in a real browser: no violation that axe finds, one heading, readable at 400 % zoom.

``Looker`` opens pages and gathers what is wrong; ``look_at_site`` takes them from the addresses, so that a new page is
looked at without being named. The laws of each service say as whom, with which objects, in which state.
"""

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, Page

from foundation.accounts.models import User
from foundation.testing.routes import Route, routes

SHOTS = os.environ.get("SCREENSHOTS")
"""A folder for pictures, when somebody wants to look."""
WIDE, ZOOMED = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
"""A desktop, and what is left of it at 400 %: as wide as a small phone."""
NO_QUESTIONS = ("remove", "delete", "drop")
"""Words in the names of addresses whose form asks nothing."""
MACHINES = {
    "sign_out", "health", "health_service", "health_dependencies", "health_jobs", "health_pingdom", "notify_receipts",
}  # fmt: skip
"""Addresses without a page."""
LOOK = """async () => {
  // Nothing here plays media, for which alone preloading would fetch every style sheet once more.
  const found = await axe.run({resultTypes: ["violations"], preload: false});
  return [
    ...found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).join(" ").slice(0, 300)}`),
    ...(document.querySelectorAll("h1").length === 1 ? [] : ["there is not exactly one h1"]),
  ];
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CLEAR = """() => {
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const form = forms.find(each => !each.action.endsWith("/drafts/drop"));
  if (!form) return false;
  for (const box of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (box.type === "radio" || box.type === "checkbox") box.checked = false;
    else if (box.tagName === "SELECT") box.selectedIndex = 0;
    else box.value = "";
  }
  form.requestSubmit(form.querySelector("[type=submit]"));
  return true;
}"""


class Looker:
    """Opens pages and gathers what is wrong with them."""

    def __init__(self, page: Page, base: str, user: User | None) -> None:
        self.page, self.base = page, base
        self.faults: list[str] = []
        page.context.clear_cookies()
        stored = {"origin": base, "storageTypes": "local_storage,session_storage"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        if user:
            client, name = Client(), django_settings.SESSION_COOKIE_NAME
            client.force_login(user)
            page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])

    def page_at(self, path: str) -> bool | None:
        """Whether there is a page at an address; None: it is for files, scripts or sending only."""
        answer = self.page.request.get(self.base + path, max_redirects=0)
        if answer.status == 405 or (answer.ok and not answer.headers.get("content-type", "").startswith("text/html")):
            return None
        return answer.status in {200, 410} or answer.status >= 500

    def look(self, path: str, state: str) -> bool:
        """Look at one page; False if the address leads elsewhere at the moment."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        if answer.status >= 500:
            self.faults.append(f"{path} ({state}): {answer.status}")
        if answer.request.redirected_from or answer.status not in {200, 410}:
            return False
        self.check(path, state)
        return True

    def send_empty(self, path: str) -> bool:
        """Send the form of the open page without any answer and look at what comes. True if that was accepted."""
        try:
            with self.page.expect_navigation():
                if not self.page.evaluate(CLEAR):
                    self.page.reload()
        except Error:
            self.faults.append(f"{path}: its form leads nowhere")
        here = urlsplit(self.page.url).path == urlsplit(path).path
        if here:
            self.check(path, "errors")
        return not here

    def check(self, path: str, state: str) -> None:
        found = self.page.evaluate(LOOK)
        self.shoot(path, state, "wide")
        self.page.set_viewport_size(ZOOMED)
        if wider := self.page.evaluate(WIDER):
            found.append(f"{wider} pixels too wide at 400 %")
        self.shoot(path, state, "zoomed")
        self.page.set_viewport_size(WIDE)
        self.faults += [f"{path} ({state}): {fault}" for fault in found]

    def shoot(self, path: str, state: str, size: str) -> None:
        if SHOTS:
            name = "-".join(part for part in [*path.partition("?")[0].strip("/").split("/"), state, size] if part)
            self.page.screenshot(path=Path(SHOTS) / f"{name[:120]}.png", full_page=True)


def pages() -> Iterator[Route]:
    """Every address that a person looks at."""
    return (route for route in routes() if route.name and route.name not in MACHINES)


def look_at_site(
    looker: Looker, known: dict[str, Any], state: str, wanted: Callable[[Route], bool], stays: Collection[str] = ()
) -> set[str]:
    """Every wanted page, and it with errors; returns the names of the addresses where there is none.

    ``stays``: addresses whose first form a script sends without leaving the page.
    ``known``: values of parameters, by "route.parameter" or "parameter", and queries, by "route?".
    """
    elsewhere = set()
    for route in filter(wanted, pages()):
        values = {each: known.get(f"{route.name}.{each}", known.get(each)) for each in route.converters}
        unknown = [each for each, value in values.items() if value is None]
        assert not unknown, f"{route.name}: say in this test which {' and '.join(unknown)} to look at"
        path = reverse(route.name, kwargs=values) + known.get(f"{route.name}?", "")
        if there := looker.page_at(path):
            looker.look(path, state)
            if route.name not in stays and not any(word in route.name for word in NO_QUESTIONS):
                looker.send_empty(path)
        elif there is False:
            elsewhere.add(route.name)
    assert not looker.faults, "\n".join(looker.faults)
    return elsewhere
