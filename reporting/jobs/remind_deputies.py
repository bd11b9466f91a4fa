"""Every morning: remind deputies of reports that are due soon or overdue."""

from datetime import timedelta

from django.conf import settings

from foundation import clock, mails
from foundation.accounts.models import User
from foundation.jobs import overnight
from reporting.mails.report_due import ReportDue
from reporting.reports.models import Report


@overnight(at="07:00", done_by="08:00")
def remind_deputies() -> dict[str, int]:
    """One mail a deputy, report and reminder day (settings.REMINDER_DAYS), however often the job runs.

    A reminder whose day passed while the job did not run is sent late by up to three days, then left out.
    """
    sent = 0
    for days in settings.REMINDER_DAYS:
        last = clock.today() - timedelta(days=days)
        reports = Report.objects.open().filter(due__range=(last - timedelta(days=3), last), reopened_at=None)
        for report in reports.filter(client__archived_at=None, client__discharged_at=None):
            deputies = User.objects.filter(
                is_active=True, deputy__links__order__reports=report, deputy__links__is_active=True
            )
            for user in deputies.distinct():
                delivery = mails.send(
                    ReportDue(user.pk, report.pk, days), key=f"{user.pk}:{report.pk}:{report.due}:{days}"
                )
                sent += delivery.attempts == 0 and delivery.state == "queued"
    return {"reminders": sent}
