"""To a deputy, before and after a report is due."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from foundation.clients import Rejected
from foundation.mails import Mail
from reporting.mails.recipient import link, support, user_of


@dataclass(frozen=True)
class ReportDue(Mail):
    """Ids of the deputy's account and of the report; ``days`` after the due date, below zero before it."""

    template = "5d0c1f7e-2a63-4b58-8c19-7f4e6b0d9a21"

    user: int
    report: int
    days: int

    def to(self) -> str:
        if self._report().submitted:
            raise Rejected("The report has been submitted meanwhile.")
        return user_of(self.user).email

    def personalisation(self) -> dict[str, str]:
        user, report = user_of(self.user), self._report()
        return {
            **support(user),
            "clientFullname": report.client.name,
            "period": f"{report.start:%-d %B %Y} to {report.end:%-d %B %Y}",
            "dueDate": f"{report.due:%-d %B %Y}",
            "overdue": "yes" if self.days > 0 else "no",
            "reportLink": link(user, "report_overview", str(report.pk)),
        }

    def _report(self) -> Any:
        return apps.get_model("reporting", "Report").objects.select_related("client").get(pk=self.report)
