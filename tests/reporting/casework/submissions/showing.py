"""What the tests of the submissions pages share."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.test import Client as Browser

from reporting.documents.models import Document
from reporting.submissions import actions
from reporting.submissions.models import Submission
from tests.reporting.casework.conftest import attach
from tests.reporting.conftest import make_deputy, make_report

Browsers = Callable[..., Browser]
UUID = "33ea0382-cfc9-4776-9036-667eeb68fa4b"


def quick(deputy: Any = None, **fields: Any) -> Submission:
    """A submission without the work of a report: only its rows, as lists show them."""
    report = make_report(deputy or make_deputy(), "104")
    submission = Submission.objects.create(report=report, number=1, created_by=deputy, **fields)
    Document.objects.create(
        report=report, submission=submission, kind=Document.Kind.REPORT, name="DigiRep.pdf", key=f"test/{uuid4()}",
        content_type="application/pdf",
    )  # fmt: skip
    document = attach(report, "bill.pdf")
    Document.objects.filter(pk=document.pk).update(submission=submission)
    actions.queue_deliveries(submission)
    return submission


def text(browser: Browser, path: str, status: int = 200, **query: Any) -> str:
    response = browser.get(path, query)
    assert response.status_code == status
    return " ".join(response.content.decode().split())
