"""How many queries a page may take: a ceiling, so that nobody adds one a section or one an entry without noticing.

An overview reads every section and every kind of entry once, so its ceiling grows with what is declared. BEGIN,
COMMIT and savepoints count.
"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.engine.sample import fill
from reporting.engine.section import Answers, Section, sections_of
from reporting.reports.models import Report
from reporting.sections.gifts import Gift
from tests.reporting.conftest import make_report
from tests.reporting.reports.test_section_pages import version_of

pytestmark = pytest.mark.django_db

AROUND = 10
"""Session, user, report, draft, notice, what the person saw last, and the transaction around what is written."""
SAVING = 4
"""More for a save: the row before it, its lock, the update, the draft that goes."""


def rows_of(*sections: type[Section]) -> int:
    """Queries that read these sections and their entries, each once."""
    return sum(1 + len(section.entry_kinds()) for section in sections)


def count(browser: Any, method: str, path: str, data: Any = None) -> int:
    getattr(browser, method)(path, data)  # whatever is read once in a process
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(browser, method)(path, data)
    assert answer.status_code == (200 if method == "get" else 302)
    return len(queries)


@pytest.fixture(params=["102-4", "103-4", "104"])
def filled(request: Any, deputy: Any) -> Report:
    report = make_report(deputy, request.param)
    fill(report, 3)
    return report


def test_overview(browser_of: Any, filled: Report) -> None:
    assert count(browser_of, "get", f"/report/{filled.pk}/") <= rows_of(*sections_of(filled.kind)) + AROUND


def test_page_and_summary_read_their_own_section_and_what_it_needs(browser_of: Any, filled: Report) -> None:
    for section in Answers(filled).sections():
        most = rows_of(type(section), *section.needs) + AROUND
        address = f"/report/{filled.pk}/{section.slug}/"
        assert count(browser_of, "get", f"{address}?summary") <= most, section.key
        for page in section.asked_pages():
            assert count(browser_of, "get", f"{address}{page.slug}/") <= most, section.key


def test_save(browser_of: Any, filled: Report) -> None:
    """It reads its own row, saves it, and looks at every section once to write down how far the report is."""
    address = f"/report/{filled.pk}/visits-care/carers/"
    data = {"version": version_of(browser_of.get(address)), "carers": "A nurse"}
    most = rows_of(*sections_of(filled.kind)) + AROUND + SAVING
    assert count(browser_of, "post", address, data) <= most


def test_more_entries_take_no_more_queries(browser_of: Any, deputy: Any) -> None:
    report = make_report(deputy, "102-4")
    fill(report, 3)
    before = count(browser_of, "get", f"/report/{report.pk}/")
    for number in range(20):
        Gift.objects.create(report=report, explanation=f"Flowers {number}", amount=number)
    assert count(browser_of, "get", f"/report/{report.pk}/") == before
