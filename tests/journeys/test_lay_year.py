"""A lay deputy's year in a real browser: from a row of the register to the documents in the case system.

B-001 (with and without script), D-045, D-046, D-062, D-066, D-091, D-094, D-098, D-101.
"""

import csv
import io
import random
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from foundation.testing.stack import Stack
from reporting.engine.section import Answers
from reporting.people.ingest import court_orders, lay
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.lifestyle import Lifestyle
from tests.journeys.answers import Talkative, plan, texts
from tests.journeys.walk import Keyboard, Mouse, Walk
from tests.reporting.documents import samples

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

PASSWORD = "Seven-Brown-Kettles-42"
CASES = {"102": 1, "103": 2, "104": 3, "102-4": 4, "103-4": 5}
SECONDS = 60
"""How long the worker may take on a busy machine."""


def wait_for(what: Callable[[], Any], wanted: str) -> Any:
    deadline = time.monotonic() + SECONDS
    while not (found := what()):
        assert time.monotonic() < deadline, f"{wanted} did not happen"
        time.sleep(0.2)
    return found


class World:
    """What surrounds the service for one deputyship: the register, the mails, the case system."""

    def __init__(self, stack: Stack, code: str) -> None:
        self.stack, self.code, self.number = stack, code, CASES[code]
        self.case, self.deputy = f"7100000{self.number}", f"71100000000{self.number}"
        self.email = f"dora.deputy{self.number}@example.org"
        self.front = stack.urls["front"]

    def orders(self) -> list[tuple[str, str]]:
        """Order type and report type of each court order: a hybrid report covers two."""
        base = f"OPG{self.code[:3]}"
        if self.code == "104":
            return [("hw", "OPG104")]
        return [("pfa", base), ("hw", base)] if self.code.endswith("-4") else [("pfa", base)]

    def register(self) -> None:
        rows = [
            {
                "Case": self.case, "ClientFirstname": "Cleo", "ClientSurname": f"Client{self.number}",
                "ClientAddress1": "2 Sample Road", "ClientPostcode": "ZZ2 2BB", "DeputyUid": self.deputy,
                "DeputyFirstname": "Dora", "DeputySurname": f"Deputy{self.number}", "DeputyPostcode": "ZZ1 1AA",
                "ReportType": report, "MadeDate": "2024-03-27", "OrderType": order, "CoDeputy": "no",
                "Hybrid": "HYBRID" if len(self.orders()) > 1 else "SINGLE",
            }
            for order, report in self.orders()
        ]  # fmt: skip
        self.nightly(f"lay_report_{self.number}.csv", lay.COLUMNS, rows, "ingest_lay")

    def court_orders(self) -> None:
        rows = [
            {
                "OrderUid": f"7120000000{self.number}{at}", "DeputyUid": self.deputy, "OrderType": order,
                "OrderMadeDate": "2024-03-27", "OrderStatus": "ACTIVE", "CaseNumber": self.case, "DeputyType": "LAY",
                "DeputyStatusOnOrder": "ACTIVE", "ReportType": report, "IsHybrid": str(int(len(self.orders()) > 1)),
            }
            for at, (order, report) in enumerate(self.orders())
        ]  # fmt: skip
        self.nightly(f"deputyships_{self.number}.csv", court_orders.COLUMNS, rows, "ingest_court_orders")

    def nightly(self, name: str, columns: list[str], rows: list[dict[str, str]], job: str) -> None:
        """The case system lays a file down, and the night's job reads it."""
        written = io.StringIO()
        writer = csv.DictWriter(written, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        folder = Path(self.stack.environment["DATA_DIR"], "documents", "ingest")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(written.getvalue())
        self.stack.manage("job", job)

    def mails(self, wanted: str) -> list[dict[str, Any]]:
        """Mails to the deputy that say something, newest first."""
        answer = httpx.get(f"{self.stack.urls['notify']}/stand-in/mails", params={"to": self.email})
        return [mail for mail in answer.raise_for_status().json() if wanted in mail["personalisation"]]

    def received(self) -> list[dict[str, Any]]:
        """What the case system has of this case, oldest first."""
        answer = httpx.get(f"{self.stack.urls['case-system']}/stand-in/received")
        return [each for each in answer.raise_for_status().json() if each["case"] == self.case]

    def file(self, entry: dict[str, Any]) -> bytes:
        return httpx.get(f"{self.stack.urls['case-system']}/files/{entry['number']}").raise_for_status().content


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What the browser complained of: script errors and breaches of the content security policy."""
    found: list[str] = []
    yield found
    assert found == []


def open_page(browser: Browser, faults: list[str], *, script: bool) -> Page:
    page = browser.new_context(java_script_enabled=script).new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return page


def fill(page: Page, **boxes: str) -> None:
    for label, text in boxes.items():
        page.get_by_label(label.replace("_", " ").replace(" s ", "’s "), exact=True).fill(text)


def register(page: Page, world: World) -> None:
    """From the first page to the court order page."""
    world.register()
    page.goto(world.front)
    page.get_by_role("button", name="Create an account").click()
    fill(
        page, Your_first_name="Dora", Your_last_name=f"Deputy{world.number}", Your_email_address=world.email,
        Your_email_address_again=world.email, Your_postcode="zz1 1aa", Client_s_first_name="Cleo",
        Client_s_last_name=f"Client{world.number}", Case_number=world.case,
    )  # fmt: skip
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")

    [mail] = wait_for(lambda: world.mails("activationLink"), "the mail with the link")
    page.goto(mail["personalisation"]["activationLink"])
    page.locator('[name="password"]').fill(PASSWORD)
    page.locator('[name="password_again"]').fill(PASSWORD)
    page.get_by_label("I agree to the").check()
    page.get_by_role("button", name="Save and continue").click()

    fill(page, Address_line_1="1 Test Road", Postcode="ZZ1 1AA", Phone_number="01632 960001")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add your client")
    for part, typed in {"Day": "27", "Month": "3", "Year": "2024"}.items():
        page.get_by_label(part, exact=True).fill(typed)
    fill(page, Address_line_1="2 Sample Road", Postcode="ZZ2 2BB", Client_s_phone_number="01632 960002")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is being set up")

    world.court_orders()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Cleo Client{world.number}")
    expect(page.locator("main")).to_contain_text(world.case)


def choose_period(page: Page, answers: Answers) -> None:
    """The first period has not ended yet: this deputy's last report says that it should be an earlier one."""
    page.get_by_role("link", name="Change reporting period").click()
    for name in ("start", "end"):
        for part in ("day", "month", "year"):
            page.locator(f'[name="{name}-{part}"]').fill(str(getattr(getattr(answers.report, name), part)))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The reporting period has been changed.")).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Continue to submit").click()
    page.get_by_role("button", name="These details are right").click()
    page.get_by_label("I agree with this declaration").check()
    page.get_by_label("I am the only deputy").check()
    page.get_by_role("button", name="Submit the report").dblclick()  # one submission: see the mails and the deliveries
    expect(page.get_by_text("has been received")).to_be_visible()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def words_of(pdf: bytes, folder: Path) -> str:
    (folder / "report.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", folder / "report.pdf", "-"], capture_output=True, text=True, check=True)
    return done.stdout


def a_year(
    browser: Browser, world: World, folder: Path, faults: list[str], *, script: bool, chance: random.Random
) -> None:
    answers = plan(world.code, chance)
    document = folder / "statement.pdf"
    document.write_bytes(samples.pdf())
    page = open_page(browser, faults, script=script)
    register(page, world)
    choose_period(page, answers)
    overview = page.url

    walk = Walk(page, answers, document)
    if answers.has(Lifestyle):
        walk.hands = Keyboard(page)
        walk.section(answers[Lifestyle])
        walk.hands = Mouse()
    walk.everything(overview, without=Lifestyle if answers.has(Lifestyle) else None)
    page.goto(overview)
    count = len(answers.sections())
    expect(page.get_by_text(f"{count} of {count} sections finished")).to_be_visible()
    submit(page)

    # What arrived: the report first, then what belongs to it under the report's identifier.
    whole = 3 if answers.report.kind.higher_assets else 2  # with the transactions as a table
    report, *parts = wait_for(lambda: len(world.received()) == whole and world.received(), "the delivery")
    assert (report["kind"], {each["kind"] for each in parts}) == ("Report", {"SupportingDocument"})
    assert {each["report"] for each in parts} == {report["id"]}
    assert [each["name"].rpartition(".")[2] for each in parts].count("csv") == whole - 2
    assert [each["name"] for each in parts if "statement" in each["name"]]
    pdf = world.file(report)
    printed = squeezed(words_of(pdf, folder))
    lines = [line for text in texts(answers) for line in text.splitlines()]
    assert not (lost := [line for line in lines if squeezed(line) not in printed]), lost
    mails = wait_for(lambda: world.mails("newStartDate"), "the confirmation")
    assert len(mails) == 1

    # Next year's report, with the accounts that were carried over; last year's as a PDF.
    page.get_by_role("link", name="Back to your court orders").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).first.click()
    assert Path(download.value.path()).read_bytes() == pdf
    page.get_by_role("button", name=re.compile("^(Start now|Continue)")).click()
    if accounts := answers.entries(BankAccount):
        page.locator("main").get_by_role("link", name="Bank accounts", exact=True).click()
        expect(page.locator("tbody tr", has_text="Example Bank")).to_have_count(len(accounts))
        expect(page.locator("main")).to_contain_text("£1,000.00")
    assert urlsplit(page.url).path != urlsplit(overview).path
    page.context.close()


def test_a_year_with_script(stack: Stack, browser: Browser, tmp_path: Path, faults: list[str]) -> None:
    a_year(browser, World(stack, "102-4"), tmp_path, faults, script=True, chance=Talkative(1))


def test_a_year_without_script(stack: Stack, browser: Browser, tmp_path: Path, faults: list[str]) -> None:
    a_year(browser, World(stack, "103-4"), tmp_path, faults, script=False, chance=random.Random(3))


@pytest.mark.long
@pytest.mark.parametrize("code", ["102", "103", "104"])
def test_a_year_of_another_report(stack: Stack, browser: Browser, tmp_path: Path, faults: list[str], code: str) -> None:
    a_year(browser, World(stack, code), tmp_path, faults, script=True, chance=Talkative(code))
