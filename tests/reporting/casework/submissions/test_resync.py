"""The nightly repair (deputy-operations 3.4): what may work now is queued again, what is in doubt never."""

from datetime import timedelta
from typing import Any

import pytest

from foundation import clock
from foundation.clients.storage import store
from foundation.jobs import JobRun, overnights
from foundation.outbox import State
from reporting.jobs.resync_documents import resync_documents
from reporting.jobs.sweep_documents import sweep_documents
from reporting.submissions import sync
from reporting.submissions.models import Submission
from tests.reporting.casework.conftest import delivery, set_delivery, states
from tests.reporting.casework.submissions.showing import quick

pytestmark = pytest.mark.django_db(transaction=True)
BAD_REQUEST = "The case system answered 400 OPGDATA-API-INVALIDREQUEST: Invalid Request"
FORBIDDEN = "The case system answered 403 OPGDATA-API-FORBIDDEN: Forbidden"


def refused(error: str, *, days: int = 0, kind: str = "report", **fields: Any) -> Submission:
    submission = quick(created_at=clock.now() - timedelta(days=days), **fields)
    set_delivery(delivery(submission, kind), State.REFUSED, error=error)
    return submission


@pytest.mark.parametrize(
    ("error", "days", "after"),
    [
        (FORBIDDEN, 30, State.QUEUED),
        (BAD_REQUEST, 1, State.QUEUED),
        (BAD_REQUEST, 4, State.REFUSED),
    ],
)
def test_what_is_tried_again(error: str, days: int, after: State) -> None:
    report, document = refused(error, days=days), refused(error, days=days, kind="document")
    run = resync_documents()
    assert states(report)["report"] == after
    assert states(document)["bill.pdf"] == after
    queued = 2 if after == State.QUEUED else 0
    assert run.detail == {"queued": queued, "left_refused": 2 - queued, "left_unconfirmed": 0}


def test_documents_go_again_with_their_report_and_not_without_it() -> None:
    with_report, without = refused(FORBIDDEN, days=9), refused(BAD_REQUEST, days=9)
    for each in (with_report, without):
        set_delivery(delivery(each, "document"), State.REFUSED, error=sync.REPORT_FAILED)
    mended = quick(created_at=clock.now() - timedelta(days=9), uuid="33ea0382-cfc9-4776-9036-667eeb68fa4b")
    set_delivery(delivery(mended), State.DELIVERED)
    set_delivery(delivery(mended, "document"), State.REFUSED, error=sync.REPORT_FAILED)
    assert resync_documents().detail["queued"] == 3
    assert set(states(with_report).values()) == {State.QUEUED}
    assert set(states(without).values()) == {State.REFUSED}
    assert states(mended)["bill.pdf"] == State.QUEUED


def test_doubts_and_archived_submissions_are_left_alone() -> None:
    doubtful = quick()
    set_delivery(delivery(doubtful), State.UNCONFIRMED, error=FORBIDDEN)
    archived = refused(FORBIDDEN, archived_at=clock.now())
    run = resync_documents()
    assert run.detail == {"queued": 0, "left_refused": 0, "left_unconfirmed": 1}
    assert states(doubtful)["report"] == State.UNCONFIRMED
    assert states(archived)["report"] == State.REFUSED


def test_no_more_than_a_batch_a_night(settings: Any) -> None:
    settings.DOCUMENT_SYNC_ROW_LIMIT = 2
    for _ in range(3):
        refused(FORBIDDEN)
    assert resync_documents().detail == {"queued": 2, "left_refused": 1, "left_unconfirmed": 0}
    assert resync_documents().detail["queued"] == 1
    assert JobRun.objects.filter(job="resync_documents", ok=True).count() == 2


def test_both_jobs_run_by_the_clock() -> None:
    assert overnights["resync_documents"].at == "08:00"
    assert "sweep_documents" in overnights


def test_files_without_a_document_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    submission = quick()
    key = f"documents/{clock.now():%Y-%m}/orphan"
    store().put(key, b"nobody's", "application/pdf")
    assert sweep_documents().detail == {"swept": 0}
    tomorrow = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert sweep_documents().detail == {"swept": 1}
    assert not store().exists(key)
    assert store().exists(submission.documents.get(kind="deputy").key)
