"""A report that was sent back for changes: what stays as it was sent. Who may do it: casework/reports."""

import pytest

from foundation.accounts.models import User
from reporting.reports.models import Report
from reporting.submissions.actions import reopen
from tests.reporting.casework.conftest import make_staff, submit
from tests.reporting.conftest import make_report
from tests.reporting.sections.pages import Pages, readable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def submitted(deputy: User) -> Report:
    return submit("bill.pdf", deputy=deputy, report=make_report(deputy, "102")).report


def test_a_report_goes_back_once_and_with_sections_that_it_has(submitted: Report) -> None:
    for sections in ([], ["lifestyle"], ["gifts", "nosuch"]):
        with pytest.raises(ValueError, match="at least one section out of"):
            reopen(submitted, sections, by=make_staff())
    reopen(submitted, ["gifts"], by=make_staff())
    with pytest.raises(ValueError, match="open already"):
        reopen(submitted, ["gifts"], by=make_staff())
    submitted.refresh_from_db()
    assert (submitted.submitted, submitted.changes_needed) == (False, ["gifts"])


def test_documents_that_were_sent_cannot_be_denied(submitted: Report, deputy: User) -> None:
    reopen(submitted, ["gifts"], by=make_staff())
    answer = Pages(deputy, submitted).save("documents/has", has="no")
    assert "Documents have been sent with this report already" in readable(answer)
