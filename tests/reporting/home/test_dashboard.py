"""An organisation's dashboard (deputy-people 8.2; D-010, D-087)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.mails import registry
from foundation.outbox import Delivery
from reporting.engine.sample import fill
from reporting.people.organisations import actions
from reporting.reports.actions import touch
from reporting.reports.models import Report
from tests.reporting.conftest import make_deputy
from tests.reporting.home.conftest import text_of
from tests.reporting.people.organisations.making import (
    make_client,
    make_member,
    make_organisation,
    make_report,
    started,
)

pytestmark = pytest.mark.django_db
NAMES = re.compile(r'<a class="govuk-link" href="/report/\d+/">(.*?)<')


@pytest.fixture
def firm() -> Any:
    return make_organisation(name="Sample & Partners")


@pytest.fixture
def site(firm: Any, client: Browser) -> Browser:
    client.force_login(make_member(firm), backend="foundation.accounts.backend.Backend")
    return client


def names(site: Browser, query: str = "") -> list[str]:
    return NAMES.findall(site.get(f"/dashboard{query}").content.decode())


def reports_in_every_state(firm: Any) -> None:
    """Named after what they are; due in this order."""
    ended, running = {"ended": 5}, {"ended": -100}
    for days, (name, fields) in enumerate(
        {
            "Untouched": {"progress": {}} | ended,
            "Balanced": {"progress": started("moneyTransfers", "done")} | ended,
            "Begun": {"progress": started()} | ended,
            "Early": {"progress": started("decisions", "done"), "ready": True} | running,
            "Returned": {"progress": {}, "reopened_at": clock.now()} | ended,
            "Ready": {"progress": started("decisions", "done"), "ready": True} | ended,
        }.items()
    ):
        due = clock.today() + timedelta(days=days)
        make_report(make_client(firm, first_name="Cleo", last_name=name), due=due, **fields)
    make_report(make_client(firm, last_name="Sent"), submitted=True)
    make_report(make_client(firm, last_name="Archived", archived_at=clock.now()))
    make_report(make_client(firm, last_name="Discharged", discharged_at=clock.now()))
    make_report(make_client(make_organisation(), last_name="Elsewhere"))


def test_d087_every_report_is_listed_and_the_filter_returns_exactly_its_own(site: Browser, firm: Any) -> None:
    reports_in_every_state(firm)
    found = {
        "": ["Untouched", "Balanced", "Begun", "Early", "Returned", "Ready"],
        "not-started": ["Untouched", "Balanced"],
        "not-finished": ["Begun", "Early", "Returned"],
        "ready": ["Ready"],
    }
    for status, expected in found.items():
        assert names(site, f"?status={status}") == [f"Cleo {name}" for name in expected], status
    page = text_of(site.get("/dashboard"))
    for tab in ("All (6)", "Not started (2)", "Not finished (3)", "Ready to submit (1)"):
        assert tab in page
    assert page.count("Changes needed") == 1
    assert "Due today" in page
    assert "Due in 1 day" in page
    assert "Organisation</th>" not in page, "only in several"
    assert "All (1)" in text_of(site.get("/dashboard?q=begun"))


def test_search_sort_and_pages(site: Browser, firm: Any) -> None:
    today = clock.today()
    for number in range(17):
        last = f"Zulu{number:02d}" if number else "Alpha"
        client = make_client(firm, first_name="Ann", last_name=last, case_number=f"5555{number:03d}T")
        make_report(client, due=today - timedelta(days=number))
    make_report(make_client(firm, first_name="Anna", last_name="O’Alpha-Beta"), due=today + timedelta(days=31))
    assert names(site)[0] == "Ann Zulu16", "the soonest due first"
    assert len(names(site)) == 15
    assert names(site, "?page=2") == ["Ann Zulu01", "Ann Alpha", "Anna O’Alpha-Beta"]
    assert names(site, "?page=nosuch") == names(site)
    assert names(site, "?sort=client")[:2] == ["Ann Alpha", "Anna O’Alpha-Beta"]
    assert names(site, "?sort=case&page=2&q=ann")[0] == "Ann Zulu15"
    assert names(site, "?q=5555003t") == ["Ann Zulu03"]
    assert names(site, "?q=ALPHA") == ["Ann Alpha", "Anna O’Alpha-Beta"], "one word: a part of a name"
    assert names(site, "?q=ann+alpha") == ["Ann Alpha"], "two words: the whole name"
    assert names(site, "?q=ann+alph") == []
    assert names(site, "?q=%25") == []
    page = text_of(site.get("/dashboard?q=ann&sort=client"))
    assert "page=2" in page
    assert "Overdue by 3 days" in page
    assert "No report fits" in text_of(site.get("/dashboard?q=nobody&status=ready"))


def test_what_is_not_activated_or_not_mine_is_out_of_sight(client: Browser) -> None:
    """A member of two organisations sees which is which; one that staff take out of use disappears at once."""
    first, second, waiting = make_organisation(name="First"), make_organisation(), make_organisation(is_activated=False)
    member = make_member(first, second, waiting, role="ROLE_PA_TEAM_MEMBER")
    reports = [make_report(make_client(each, last_name=f"Of{each.pk}"), "103-6") for each in (first, second, waiting)]
    client.force_login(member, backend="foundation.accounts.backend.Backend")
    assert len(names(client)) == 2
    page = text_of(client.get("/dashboard"))
    assert "Organisation</th>" in page
    assert second.name in page
    assert client.get(f"/report/{reports[2].pk}/").status_code == 404
    assert client.get(f"/clients/{reports[2].client_id}").status_code == 404
    assert Report.objects.visible_to(member).count() == 2
    actions.update(second, name=second.name, is_activated=False, by=None, version=0)
    assert len(names(client)) == 1
    assert client.get(f"/report/{reports[1].pk}/").status_code == 404
    actions.remove_member(first, member, by=None)
    assert "being set up" in text_of(client.get("/dashboard"))
    assert client.get(f"/report/{reports[0].pk}/").status_code == 404


def test_an_empty_dashboard_says_why(site: Browser, firm: Any) -> None:
    assert "There are no clients yet" in text_of(site.get("/dashboard"))
    make_report(make_client(firm), submitted=True)
    assert "no report to write at the moment" in text_of(site.get("/dashboard"))
    firm.users.clear()
    assert "You do not belong to an organisation" in text_of(site.get("/dashboard"))


@pytest.mark.defect("people 2.5", "organisation pages without a gate by role")
def test_each_audience_has_its_own_pages(site: Browser, firm: Any, client: Browser) -> None:
    """(D-010, D-039)"""
    assert site.get("/court-orders").url == "/dashboard"
    for path in ("/court-orders/1", "/court-orders/1/invite", "/clients"):
        assert site.get(path).status_code == 403, path
    page = text_of(site.get("/dashboard"))
    assert 'href="/dashboard"' in page
    assert 'href="/your-details"' in page
    assert "Court orders" not in page
    assert "professional-deputies@support.localhost" in page
    authority = Browser()
    authority.force_login(make_member(role="ROLE_PA_NAMED"), backend="foundation.accounts.backend.Backend")
    assert "public-authorities@support.localhost" in text_of(authority.get("/dashboard"))
    lay = Browser()
    lay.force_login(make_deputy(), backend="foundation.accounts.backend.Backend")
    paths = ["/dashboard", "/organisations", f"/organisations/{firm.pk}", f"/organisations/{firm.pk}/members/add"]
    for path in [*paths, "/your-details/admin-right"]:
        assert lay.get(path).status_code == 403, path
    assert "lay-deputies@support.localhost" in text_of(lay.get("/your-details"))


def test_d188_next_years_report_is_on_the_dashboard_once(site: Browser, firm: Any) -> None:
    """Any member may submit; the declaration names what only members of organisations may say."""
    client = make_client(firm, last_name="Yearly")
    report = make_report(client, "104-5")
    touch(fill(report))
    report.refresh_from_db()
    path = f"/report/{report.pk}/declaration/"
    page = text_of(site.get(path))
    assert "I am not the deputy" in page
    sent = {"agree": "on", "agreed": "not_deputy", "version": report.version}
    assert site.post(path, sent).url == f"/report/{report.pk}/submitted/"
    assert site.post(path, sent).url == f"/report/{report.pk}/submitted/"
    assert "Back to your dashboard" in text_of(site.get(f"/report/{report.pk}/submitted/"))
    assert names(site) == ["Cleo Yearly"]
    following = report.next.get()
    assert (following.start, following.type) == (report.end + timedelta(days=1), "104-5")
    mail = Delivery.objects.get(payload__mail="ReportSubmitted")
    words = registry["ReportSubmitted"](**mail.payload["arguments"]).personalisation()
    assert (words["lay"], firm.name in words["orgIntro"]) == ("no", True)
    assert site.post(f"/report/{report.pk}/submitted/", {"score": "5"}).url == f"/report/{report.pk}/research/"
