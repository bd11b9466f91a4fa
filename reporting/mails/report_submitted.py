"""To the deputy who submitted: what was submitted, and when the next period starts and ends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings

from foundation.clients import Rejected
from foundation.mails import Mail


@dataclass(frozen=True)
class ReportSubmitted(Mail):
    """Ids of the submission and of next year's report (deputy-operations 6, REPORT_SUBMITTED_CONFIRMATION)."""

    template = "2f8fff09-6a4c-4d0e-9a35-1c1a2d1d7b10"

    submission: int
    following: int

    def to(self) -> str:
        user = self._submission().created_by
        if user is None:
            raise Rejected("The account of the person who submitted is gone.")
        return str(user.email)

    def personalisation(self) -> dict[str, str]:
        submission = self._submission()
        report = submission.report
        organisation = report.client.organisation
        following = apps.get_model("reporting", "Report").objects.get(pk=self.following)
        return {
            "clientFullname": report.client.name,
            "deputyFullname": submission.created_by.name,
            "orgIntro": f"You submitted it for {organisation.name}." if organisation else "",
            "startDate": f"{report.start:%-d %B %Y}",
            "endDate": f"{report.end:%-d %B %Y}",
            "homepageURL": settings.FRONT_URL,
            "newStartDate": f"{following.start:%-d %B %Y}",
            "newEndDate": f"{following.end:%-d %B %Y}",
            "EndDatePlus1": f"{following.end + timedelta(days=1):%-d %B %Y}",
            "PFA": "yes" if report.kind.property_and_affairs else "no",
            "lay": "yes" if report.kind.family == "lay" else "no",
        }

    def _submission(self) -> Any:
        model = apps.get_model("reporting", "Submission")
        return model.objects.select_related("created_by", "report__client__organisation").get(pk=self.submission)
