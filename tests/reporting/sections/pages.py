"""A deputy at the pages of a report, without a browser: opens, fills in, saves."""

import html
import re
from typing import Any

from django.test import Client

from foundation.accounts.models import User
from reporting.engine.section import Answers, Section
from reporting.reports.models import Report
from reporting.sections.bank_accounts import WITH_BANK, WITH_SORT_CODE


class Pages:
    """``save("gifts/given", given="yes")`` opens that page, types, presses save, and returns what comes next."""

    def __init__(self, user: User, report: Report) -> None:
        self.browser, self.report = Client(), report
        self.browser.force_login(user)
        self.base = f"/report/{report.pk}/"

    def text(self, address: str = "") -> str:
        """What a person reads on a page, in one line."""
        return readable(self.browser.get(self._full(address), follow=True))

    def save(self, address: str, /, **answers: Any) -> Any:
        page = self.browser.get(self._full(address), follow=True)
        if page.redirect_chain:
            address = page.redirect_chain[-1][0]
        version = re.search(r'name="version" value="([^"]*)"', page.content.decode())
        assert version, f"{address} is no page to fill in"
        return self.browser.post(self._full(address), {"version": version[1], **typed(answers)})

    def add(self, section: str, entry: str, *pages: dict[str, Any], another: str = "no") -> Any:
        """Add an entry: one dict of answers a page."""
        answer, address = None, f"{section}/{entry}/add/"
        for number, answers in enumerate(pages):
            extra = {"another": another} if number == len(pages) - 1 else {}
            answer = self.save(address, **answers, **extra)
            if answer.status_code == 302:
                address = answer.url
        return answer

    def entries(self, kind: Any) -> list[Any]:
        return Answers(self.report).entries(kind)

    def state(self, kind: type[Section]) -> str:
        """The label on the overview, which has to be on the page too."""
        label = Answers(self.report)[kind].state().label
        assert label in self.text()
        return label

    def _full(self, address: str) -> str:
        if address.startswith("/"):
            return address
        return self.base + address + ("" if not address or "?" in address or address.endswith("/") else "/")


def typed(answers: dict[str, Any]) -> dict[str, Any]:
    """Dates as (day, month, year) or (month, year) go into their boxes."""
    found: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, tuple):
            parts = ("day", "month", "year")[-len(value) :]
            found |= {f"{name}-{part}": each for part, each in zip(parts, value, strict=True)}
        else:
            found[name] = value
    return found


def readable(response: Any) -> str:
    body = re.sub(r"(?s)<(script|style|head).*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(body).split())


def account(kind: str, number: str = "1234") -> list[dict[str, Any]]:
    """The answers that make a bank account, page by page."""
    details: dict[str, Any] = {"number": number, "joint": "no"}
    if kind in WITH_BANK:
        details["bank"] = "Example Bank"
    if kind in WITH_SORT_CODE:
        details["sort_code"] = "01-02-03"
    return [{"account_type": kind}, details, {"opening": "£1,000.00", "closing": "1,000"}]
