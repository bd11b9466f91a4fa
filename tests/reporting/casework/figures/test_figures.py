"""Figures count what they say they count, over the dates that were asked for (D-014, D-016)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from foundation import clock
from foundation.accounts.models import User
from reporting.casework.figures.metrics import METRICS, percentage, steps, submitted_by_month
from reporting.casework.figures.period import Period, Span, last_month, period_of
from reporting.people.models import Client
from reporting.submissions.models import Feedback, Submission
from tests.reporting.casework.conftest import make_staff, submit
from tests.reporting.conftest import make_deputy, make_report

pytestmark = pytest.mark.django_db


def figures(period: Period) -> dict[str, tuple[int | None, list[int | None]]]:
    found = {each.key: each.measure(period) for each in METRICS}
    return {key: (figure.total, list(figure.by_family.values())) for key, figure in found.items()}


def test_each_figure_counts_its_own_dates_and_kinds() -> None:
    """D-014: what lies outside the dates changes nothing; what is added inside does."""
    today = clock.today()
    this_week, empty = Period(today - timedelta(days=7), today), figures(Period(today, today))
    assert empty["clients"] == (0, [0, 0, 0])
    assert empty["satisfaction"] == (None, [None, None, None])

    submission = submit()
    Feedback.objects.create(submission=submission, score=4)
    make_staff()
    User.objects.create_user("quick@example.org", first_name="N", last_name="N", role="ROLE_PA_ADMIN")  # not active

    found = figures(this_week)
    assert found["reports_submitted"] == (1, [1, 0, 0])
    assert found["satisfaction"] == (75, [75, None, None])
    assert found["respondents"] == (1, [1, 0, 0])
    assert found["deputies_registered"] == (1, [1, 0, 0]), "no staff, and nobody who has not finished registering"
    assert found["clients"] == (1, [1, 0, 0])

    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    for model, name in ((Submission, "created_at"), (Feedback, "created_at"), (Client, "created_at")):
        model.objects.update(**{name: long_ago})
    User.objects.filter(role="ROLE_LAY_DEPUTY").update(registered_at=long_ago)
    assert figures(this_week) == empty
    assert figures(period_of(Span.ALL))["reports_submitted"] == (1, [1, 0, 0])


@pytest.mark.defect("admin 8.1", "staff count as lay deputies; clients counted twice; deleted clients counted")
def test_a_client_counts_once_and_only_while_live() -> None:
    deputy = make_deputy()
    report = make_report(deputy, "102")
    report.pk, report.type = None, "104-6"
    report.start, report.end = report.end + timedelta(days=1), report.end + timedelta(days=365)
    report.save()
    period = period_of(Span.MONTH)
    assert figures(period)["clients"] == (1, [0, 1, 0])
    Client.objects.update(discharged_at=clock.now())
    assert figures(period)["clients"] == (0, [0, 0, 0])


def test_a_report_that_was_sent_twice_counts_once_and_documents_never() -> None:
    submission = submit()
    Submission.objects.create(report=submission.report, number=8, with_report=True)
    Submission.objects.create(report=submission.report, number=9, with_report=False)
    assert figures(period_of(Span.MONTH))["reports_submitted"] == (1, [1, 0, 0])
    assert sum(bar.value for bar in submitted_by_month(period_of(Span.MONTH))) == 1


@pytest.mark.parametrize("role", ["ROLE_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"])
def test_the_page_for_each_role(as_staff: Callable[..., Browser], role: str) -> None:
    """D-014, D-016: all staff see the figures; only a super admin is led to more than one extract."""
    browser = as_staff(role)
    first = {"first-day": "1", "first-month": "2", "first-year": "2026"}
    last = {"last-day": "28", "last-month": "2", "last-year": "2026"}
    page = browser.get("/figures", {"span": "custom", **first, **last}).content.decode()
    assert "1 February 2026 to 28 February 2026" in page
    assert ("Accounts of staff" in page) == (role == "ROLE_SUPER_ADMIN")
    wrong = browser.get("/figures", {"span": "custom", "first-day": "31", "first-month": "2", "first-year": "2026"})
    assert "Enter a real date" in wrong.content.decode()
    assert "Enter the last day" in wrong.content.decode()
    assert 'value="31"' in wrong.content.decode()


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 3000))
def test_months_cover_the_period_once(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    months = period.months()
    assert (months[0].first, months[-1].last) == (period.first, period.last)
    assert sum((month.last - month.first).days + 1 for month in months) == days + 1


@given(st.integers(0, 10**7))
def test_an_axis_is_short_and_reaches_the_top(largest: int) -> None:
    axis = steps(largest)
    assert axis[0] == 0
    assert axis[-1] >= max(1, largest)
    assert 2 <= len(axis) <= 6


def test_percentages_and_last_month(monkeypatch: Any) -> None:
    assert [percentage(mean) for mean in (1.0, 3.0, 4.5, 5.0, None)] == [0, 50, 88, 100, None]
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 29, 12, tzinfo=UTC))
    assert last_month() == Period(date(2026, 2, 1), date(2026, 2, 28))
