"""Reminders before and after the due date: each once, and none for a report that was submitted."""

from datetime import timedelta

import pytest

from foundation import clock, jobs
from foundation.accounts.models import User
from foundation.outbox import Delivery
from reporting.reports.models import Report
from tests.reporting.conftest import make_report

pytestmark = pytest.mark.django_db


def due_in(deputy: User, days: int) -> Report:
    report = make_report(deputy)
    Report.objects.filter(pk=report.pk).update(due=clock.today() + timedelta(days=days))
    return report


@pytest.mark.parametrize(("days", "mails"), [(28, 1), (27, 1), (24, 0), (7, 1), (0, 0), (-7, 1), (-11, 0)])
def test_a_reminder_is_sent_on_its_day_or_shortly_after(deputy: User, days: int, mails: int) -> None:
    due_in(deputy, days)
    jobs.run_now("remind_deputies")
    jobs.run_now("remind_deputies")
    assert Delivery.objects.filter(kind="mail").count() == mails


def test_a_submitted_report_reminds_nobody(deputy: User) -> None:
    report = due_in(deputy, 7)
    Report.objects.filter(pk=report.pk).update(submitted=True)
    jobs.run_now("remind_deputies")
    assert not Delivery.objects.exists()
