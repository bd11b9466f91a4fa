"""Hurried people click twice, go back and save again, keep a page open in two tabs. Nothing is lost or doubled."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation.accounts.models import User
from reporting.reports.models import Report
from reporting.sections.decisions import Decision, Decisions
from reporting.sections.lifestyle import Lifestyle
from tests.reporting.conftest import make_deputy, make_report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deputy() -> User:
    return make_deputy()


@pytest.fixture
def report(deputy: User) -> Report:
    return make_report(deputy, "102-4")


@pytest.fixture
def home(context: BrowserContext, live_server: LiveServer, deputy: User, report: Report) -> str:
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(deputy)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return f"{live_server.url}/report/{report.pk}"


def save(page: Page, **click: Any) -> None:
    page.get_by_role("button", name="Save and continue").click(**click)


def test_two_tabs(context: BrowserContext, home: str) -> None:
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{home}/lifestyle/care/")
    first.locator("[name=care]").fill("The dentist in May")
    save(first)
    expect(first).to_have_url(f"{home}/lifestyle/activities/")
    second.locator("[name=care]").fill("The optician in June")
    save(second)
    expect(second.get_by_role("heading", level=1)).to_contain_text("changed this page while you had it open")
    expect(second.get_by_role("cell", name="The dentist in May")).to_be_visible()
    expect(second.get_by_role("cell", name="The optician in June")).to_be_visible()
    assert Lifestyle.objects.get().care == "The dentist in May"
    second.get_by_role("button", name="Save what I sent").click()
    expect(second).to_have_url(f"{home}/lifestyle/activities/")
    assert Lifestyle.objects.get().care == "The optician in June"


def test_back_and_save_again(page: Page, home: str) -> None:
    page.goto(f"{home}/lifestyle/care/")
    page.locator("[name=care]").fill("The dentist")
    save(page)
    expect(page).to_have_url(f"{home}/lifestyle/activities/")
    page.go_back()
    expect(page.locator("[name=care]")).to_have_value("The dentist")
    page.locator("[name=care]").fill("The dentist and the optician")
    save(page)
    expect(page).to_have_url(f"{home}/lifestyle/activities/")
    assert Lifestyle.objects.get().care == "The dentist and the optician"


def test_a_double_click_adds_one(page: Page, home: str, report: Report) -> None:
    Decisions.objects.create(report=report, made="yes")
    page.goto(f"{home}/decisions/decision/add/")
    page.locator("[name=description]").fill("Sold the car")
    page.locator("[name=involved][value=yes]").check()
    page.locator("[name=involvement]").fill("She chose the price")
    page.locator("[name=another][value=no]").check()
    save(page, click_count=2)
    expect(page.get_by_role("button", name="Save and continue")).to_have_count(0)
    assert Decision.objects.count() == 1


def test_bad_amounts_are_refused_and_kept(page: Page, home: str, report: Report) -> None:
    page.goto(f"{home}/debts/owes/")
    page.locator("[name=owes][value=yes]").check()
    save(page)
    for typed in ("-1", "1,00", "12.345", "x", "£", "1e9", "9" * 40, "<b>1</b>"):
        page.locator("[name=care_fees]").fill(typed)
        with page.expect_navigation():
            save(page)
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        expect(page.locator("[name=care_fees]")).to_have_value(typed)
