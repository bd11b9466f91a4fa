"""From section to section, and the report as a whole, by the numbers of the acceptance cases."""

import re
from decimal import Decimal

import pymupdf
import pytest

from foundation.accounts.models import User
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.submissions import actions
from tests.reporting.conftest import make_report
from tests.reporting.sections.pages import Pages
from tests.reporting.submissions.test_submit import SOLE, finish

pytestmark = pytest.mark.django_db


# Moving between sections


def test_d108_next_walks_the_sections_and_previous_walks_back(joint: Pages) -> None:
    """D-108."""
    titles = [
        "Decisions", "People you consulted", "Visits and care", "Health and lifestyle", "Benefits check",
        "Bank accounts", "Deputy expenses", "Gifts", "Money transfers", "Money in", "Money out", "Assets", "Debts",
        "Actions you plan to take", "Any other information", "Documents",
    ]  # fmt: skip
    slugs = [section.slug for section in Answers(joint.report).sections() if section.key != "balance"]
    for at, slug in enumerate(slugs):
        text = joint.text(f"{slug}/?summary")
        after = titles[at + 1] if at + 1 < len(titles) else "Report overview"
        before = titles[at - 1] if at else "Report overview"
        assert re.search(rf"Previous( page)? ?:? {before}", text), slug
        assert re.search(rf"Next( page)? ?:? {after}", text), slug
        assert titles[at] in text


@pytest.mark.parametrize(("who", "sections"), [("joint", 17), ("professional", 18), ("authority", 17)])
def test_d106_the_overview_says_whose_report_of_which_period(
    who: str, sections: int, request: pytest.FixtureRequest
) -> None:
    """D-106: client, period, due date and how far it is, whoever reports."""
    pages: Pages = request.getfixturevalue(who)
    report, text = pages.report, pages.text()
    for shown in (
        report.client.name,
        f"{report.start:%-d %B %Y}",
        f"{report.end:%-d %B %Y}",
        f"{report.due:%-d %B %Y}",
    ):
        assert shown in text
    assert f"of {sections} sections finished" in text
    assert text.count("Not started") == sections - 2, "all but the balance, and transfers between no accounts"


def test_d106_a_report_of_an_organisation_names_the_deputy_of_the_court(professional: Pages) -> None:
    """D-106: the named deputy, not the member who is signed in."""
    report = finish(professional.report)
    text = professional.text("confirm-details")
    named = report.client.deputy
    assert named
    assert named.name in text
    assert named.email in text
    assert "Change your details" not in text


def test_d107_a_submitted_report_shows_who_sent_it_and_the_expenses(joint: Pages, deputy: User) -> None:
    """D-107: the submitting user's details and the expenses."""
    DeputyExpenses.objects.create(report=joint.report, paid="yes")
    Expense.objects.create(report=joint.report, explanation="Stamps and envelopes", amount=Decimal("12.34"))
    report = finish(joint.report)
    submission = actions.submit(report, SOLE, by=deputy, version=report.version)
    text = joint.text("review")
    for shown in ("Stamps and envelopes", "£12.34", "Submitted by", deputy.name):
        assert shown in text
    assert deputy.name in str(submission.snapshot["deputy"])
    assert deputy.email in str(submission.snapshot["deputy"])


def test_d111_from_assets_a_professional_comes_to_the_costs(professional: Pages) -> None:
    """D-111: debts, deputy costs, costs estimate, actions, other information."""
    walk = ["Assets", "Debts", "Deputy costs", "Deputy costs estimate", "Actions you plan to take"]
    walk += ["Any other information", "Documents"]
    slugs = ["assets", "debts", "prof-deputy-costs", "prof-deputy-costs-estimate", "actions", "other-info"]
    for slug, before, after in zip(slugs[1:], walk, walk[2:], strict=False):
        text = professional.text(f"{slug}/?summary")
        assert re.search(rf"Previous( page)? ?:? {before}", text), slug
        assert re.search(rf"Next( page)? ?:? {after}", text), slug


@pytest.mark.parametrize(
    ("who", "own"),
    [("professional", ["Deputy costs", "Deputy costs estimate"]), ("authority", ["Deputy fees and expenses"])],
)
def test_a_report_of_an_organisation_balances_is_read_and_printed(
    who: str, own: list[str], request: pytest.FixtureRequest
) -> None:
    pages: Pages = request.getfixturevalue(who)
    finish(pages.report)
    assert own[0] in pages.text("balance"), "a line of the arithmetic"
    read = pages.text("review")
    printed = pages.browser.get(f"{pages.base}preview.pdf")
    assert printed.status_code == 200
    with pymupdf.open(stream=printed.content) as document:
        text = " ".join("".join(page.get_text() for page in document).split())
    for title in [*own, "Financial summary"]:
        assert title in text
    assert all(title in read for title in own)
    assert "Deputy expenses" not in read + text.replace("Deputy fees and expenses", "")


# Re-opened reports


def test_d195_d199_changes_needed_on_exactly_these_sections(deputy: User) -> None:
    """D-195, D-199."""
    report: Report = finish(make_report(deputy, "102"))
    actions.submit(report, SOLE, by=deputy, version=report.version)
    actions.reopen(report, ["clientBenefitsCheck", "gifts"], by=deputy)
    pages = Pages(deputy, Report.objects.get(pk=report.pk))
    assert pages.text().count("Changes needed") == 2 + 1, "two tags, and the sentence at the top that names them"
    again = Report.objects.get(pk=report.pk)
    actions.submit(again, SOLE, by=deputy, version=again.version)
    assert Report.objects.get(pk=report.pk).submitted
