"""A report that was sent back for changes: who may do it, and what stays as it was sent."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.models import User
from reporting.reports.models import Report
from tests.reporting.casework.conftest import make_staff, submit
from tests.reporting.conftest import make_report
from tests.reporting.sections.pages import Pages, readable

pytestmark = pytest.mark.django_db(transaction=True)


def reopen(report: Report, by: User) -> None:
    call_command("reopen", str(report.pk), "gifts", by=by.email, reason="A gift lacks", stdout=StringIO())


@pytest.fixture
def submitted(deputy: User) -> Report:
    return submit("bill.pdf", deputy=deputy, report=make_report(deputy, "102")).report


def test_only_staff_send_a_report_back(submitted: Report, deputy: User) -> None:
    with pytest.raises(CommandError, match="no such member of staff"):
        reopen(submitted, deputy)
    submitted.refresh_from_db()
    assert submitted.submitted
    reopen(submitted, make_staff("ROLE_ADMIN_MANAGER"))
    submitted.refresh_from_db()
    assert (submitted.submitted, submitted.changes_needed) == (False, ["gifts"])


def test_documents_that_were_sent_cannot_be_denied(submitted: Report, deputy: User) -> None:
    reopen(submitted, make_staff())
    answer = Pages(deputy, submitted).save("documents/has", has="no")
    assert "Documents have been sent with this report already" in readable(answer)
