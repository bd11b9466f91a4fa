"""Staff, submissions, and the stand-in of the case system in a process of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.accounts.models import User
from foundation.clients.storage import store
from foundation.outbox import Delivery, State, couriers, deliver_due
from foundation.testing import servers
from foundation.testing.servers import StandIn
from reporting.documents.actions import new_key
from reporting.documents.models import Document
from reporting.engine.section import Answers
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.sections.documents import Documents
from reporting.submissions import actions, sync
from reporting.submissions.actions import Declaration
from reporting.submissions.models import Submission
from tests.reporting.conftest import make_deputy, make_report, numbers
from tests.reporting.submissions.test_submit import finish

ROLES = ["ROLE_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"]


def make_staff(role: str = "ROLE_SUPER_ADMIN") -> User:
    number = next(numbers)
    return User.objects.create_user(
        f"staff{number}@example.gov.uk", None, first_name="Sam", last_name=f"Staff{number}", role=role,
        is_active=True, registered_at=clock.now(),
    )  # fmt: skip


def attach(report: Report, name: str, content: bytes = b"%PDF-1.4 a bill") -> Document:
    key = new_key(report)
    store().put(key, content, "application/pdf")
    return Document.objects.create(report=report, name=name, key=key, content_type="application/pdf", size=len(content))


def submit(*names: str, deputy: User | None = None, report: Report | None = None) -> Submission:
    """A report that was submitted with documents of these names."""
    deputy = deputy or make_deputy()
    report = finish(report or make_report(deputy, "104"))
    for name in names:
        attach(report, name)
    answers = Answers(report)
    answers[Documents].has = "yes" if names else "no"
    answers[Documents].save()
    report_actions.touch(Answers(report))
    report.refresh_from_db()
    return actions.submit(report, Declaration("only_deputy"), by=deputy, version=report.version)


def states(submission: Submission) -> dict[str, str]:
    """The state of each document by its name; the report itself is "report"."""
    found = {row.key: row.state for row in sync.deliveries_of(submission)}
    return {
        "report" if document.kind == Document.Kind.REPORT else document.name: found[str(document.token)]
        for document in submission.documents.all()
    }


def delivery(submission: Submission, kind: str = "report") -> Delivery:
    return sync.deliveries_of(submission).get(kind=kind)


def set_delivery(row: Delivery, state: State, **fields: Any) -> Delivery:
    Delivery.objects.filter(pk=row.pk).update(state=state, **fields)
    row.refresh_from_db()
    return row


def deliver_again() -> None:
    """Deliver as if every wait were over."""
    Delivery.objects.filter(state=State.QUEUED).update(next_at=clock.now())
    deliver_due()


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files in a folder of the test; mails stay in the queue."""
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path / "documents"
    monkeypatch.delitem(couriers, "mail", raising=False)


@pytest.fixture(scope="module")
def cases_process(tmp_path_factory: Any) -> Iterator[StandIn]:
    with servers.case_system(tmp_path_factory.mktemp("cases")) as server:
        yield server


@pytest.fixture
def cases(cases_process: StandIn, settings: Any) -> Iterator[StandIn]:
    """The case system, faithful: it knows no key. Failures that a test ordered end with it."""
    settings.CASE_SYSTEM, settings.CASE_SYSTEM_URL = "local", cases_process.url
    settings.CASE_SYSTEM_HONOURS_KEY, settings.CASE_SYSTEM_TIMEOUT = False, 1.5
    yield cases_process
    cases_process.heal()
    cases_process.tell("settings", honour_key=False)


@pytest.fixture
def keyed(cases: StandIn, settings: Any) -> StandIn:
    """The same, honouring our key, and we know it."""
    cases.tell("settings", honour_key=True)
    settings.CASE_SYSTEM_HONOURS_KEY = True
    return cases


@pytest.fixture
def as_staff(settings: Any) -> Callable[..., Browser]:
    """``as_staff(role)``: the admin site as a person of this role sees it."""
    settings.SITE, settings.ROOT_URLCONF = "admin", "reporting.urls_admin"
    settings.SERVICE_NAME = "Manage deputy reports"

    def signed_in(role: str = "ROLE_SUPER_ADMIN", user: User | None = None) -> Browser:
        client = Browser(enforce_csrf_checks=False)
        client.force_login(user or make_staff(role))
        return client

    return signed_in
