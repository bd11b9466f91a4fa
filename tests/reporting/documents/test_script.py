"""The script of the upload page in a real browser: files go at once, and the page that comes back is shown."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Route, expect

from foundation.accounts.models import User
from reporting.documents.models import deputy_documents
from reporting.reports.models import Report
from tests.reporting.documents import samples

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("scanner", "storage"),
]


@pytest.fixture
def upload_page(page: Page, live_server: Any, client: Client, deputy: User, report: Report) -> Page:
    client.force_login(deputy)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/report/{report.pk}/documents/upload/")
    return page


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What the browser complained of: script errors and breaches of the content security policy."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    return found


def choose(page: Page, folder: Path, *files: tuple[str, bytes]) -> None:
    paths = []
    for name, data in files:
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    page.locator("input[type=file]").set_input_files(paths)


def test_files_go_as_soon_as_they_are_chosen(
    upload_page: Page, faults: list[str], tmp_path: Path, report: Report
) -> None:
    expect(upload_page.get_by_role("button", name="Add files")).to_be_hidden()
    choose(upload_page, tmp_path, ("one.pdf", samples.pdf()), ("two.png", samples.picture("PNG")))
    banner = upload_page.get_by_role("alert")
    expect(banner).to_contain_text("2 documents have been added.")
    expect(banner).to_be_focused()
    choose(upload_page, tmp_path, ("three.jpg", samples.picture()))
    expect(upload_page.get_by_role("alert")).to_contain_text("three.jpg has been added.")
    upload_page.get_by_role("button", name="Remove one.pdf").click()
    expect(upload_page.get_by_role("alert")).to_contain_text("one.pdf has been removed.")
    assert [each.name for each in deputy_documents(report)] == ["two.png", "three.jpg"]
    assert faults == []


def test_a_refused_file_shows_the_same_errors(upload_page: Page, faults: list[str], tmp_path: Path) -> None:
    choose(upload_page, tmp_path, ("notes.txt", b"hello"))
    summary = upload_page.get_by_role("alert")
    expect(summary).to_contain_text("“notes.txt” must be a PDF, JPEG, PNG, HEIC or JFIF file")
    expect(upload_page.locator(".govuk-error-summary")).to_be_focused()
    expect(upload_page).to_have_title("Error: Add supporting documents – Complete the deputy report")
    choose(upload_page, tmp_path, ("one.pdf", samples.pdf()))
    expect(upload_page.get_by_role("alert")).to_contain_text("one.pdf has been added.")
    assert faults == []


def test_a_file_over_the_limit_is_not_sent(upload_page: Page, tmp_path: Path) -> None:
    sent: list[int] = []

    def weigh(route: Route) -> None:
        sent.append(len(route.request.post_data_buffer or b""))
        route.continue_()

    upload_page.route("**/upload/", weigh)
    choose(upload_page, tmp_path, ("film.pdf", bytes(15_000_001)), ("one.pdf", samples.pdf()))
    expect(upload_page.get_by_role("alert")).to_contain_text("“film.pdf” must be 15MB or smaller")
    assert sent
    assert max(sent) < 2_000


def test_a_lost_connection_is_said_calmly(upload_page: Page, tmp_path: Path, report: Report) -> None:
    upload_page.route("**/upload/", lambda route: route.abort())
    choose(upload_page, tmp_path, ("one.pdf", samples.pdf()))
    expect(upload_page.locator("[data-words]")).to_contain_text("We could not reach the service")
    expect(upload_page.get_by_role("status").filter(has_text="We could not reach the service")).to_have_count(1)
    upload_page.unroute("**/upload/")
    choose(upload_page, tmp_path, ("one.pdf", samples.pdf()))
    expect(upload_page.get_by_role("alert")).to_contain_text("one.pdf has been added.")
    assert deputy_documents(report).count() == 1


def test_progress_is_shown_and_announced(upload_page: Page, tmp_path: Path) -> None:
    held: list[Route] = []
    upload_page.route("**/upload/", lambda route: held.append(route))
    choose(upload_page, tmp_path, ("one.pdf", samples.pdf()))
    expect(upload_page.get_by_role("progressbar", name="Files sent")).to_be_visible()
    expect(upload_page.locator("[data-upload] [data-announce]")).to_have_text("Sending your files.")
    expect(upload_page.locator("input[type=file]")).to_be_disabled()
    held[0].continue_()
    expect(upload_page.get_by_role("alert")).to_contain_text("one.pdf has been added.")
