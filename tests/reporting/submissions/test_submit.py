"""Submitting: once, whole, only when ready and due; next year's report; re-opening and submitting again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation import clock
from foundation.accounts.models import User
from foundation.outbox import Delivery, State, deliver_due
from reporting.documents.models import Document
from reporting.engine.report_types import LAY_TYPES
from reporting.engine.sample import fill
from reporting.engine.section import Answers
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.sections.assets import Asset
from reporting.sections.balance import Balance, sums
from reporting.sections.bank_accounts import BankAccount
from reporting.submissions import actions, files
from reporting.submissions.actions import Declaration
from reporting.submissions.models import Submission
from tests.reporting.conftest import make_person, make_report

pytestmark = pytest.mark.django_db(transaction=True)
SOLE = Declaration("only_deputy")


def finish(report: Report, seed: int = 1) -> Report:
    """Fill every section and explain the balance if it is off."""
    answers = fill(report, seed)
    if answers.has(Balance) and answers[Balance].is_off():
        answers[Balance].explanation = "A receipt was lost."
        answers[Balance].save()
    report_actions.touch(Answers(report))
    report.refresh_from_db()
    assert report.ready
    return report


@pytest.fixture
def finished(deputy: User) -> Report:
    return finish(make_report(deputy, "102-4"))


@pytest.mark.parametrize("code", [*LAY_TYPES, "102-4-5", "104-5", "102-4-6", "103-6"])
def test_submitting_freezes_closes_queues_and_makes_next_years_report(code: str) -> None:
    """D-188, D-189: one report for the next year, of the same type, from the day after, due as its family has it."""
    deputy = make_person(code)
    report = finish(make_report(deputy, code))
    submission = actions.submit(report, SOLE, by=deputy, version=report.version)
    report.refresh_from_db()
    assert report.submitted
    assert submission.snapshot["report"]["type"] == code
    following = report.next.get()
    assert following.start == report.end + timedelta(days=1)
    assert following.type == code
    assert following.due == following.end + timedelta(days=21 if code in LAY_TYPES else 56)
    assert actions.submit(report, SOLE, by=deputy, version=report.version) == submission
    assert Report.objects.filter(client=report.client).count() == 2
    assert list(following.orders.all()) == list(report.orders.all())
    documents = {document.kind: document for document in submission.documents.all()}
    assert documents["report"].name.startswith(f"DigiRep-{report.end.year}_{clock.today()}_")
    assert Delivery.objects.filter(kind="report").count() == 1
    assert Delivery.objects.filter(kind="mail").count() == 1
    pdf = files.make(documents["report"])
    assert pdf.made
    assert pdf.size > 1000


def test_d185_a_second_submission_makes_nothing_new(finished: Report, deputy: User) -> None:
    """D-185: locked, PDF once, queued once, confirmation e-mail once."""
    first = actions.submit(finished, SOLE, by=deputy, version=finished.version)
    second = actions.submit(finished, SOLE, by=deputy, version=finished.version)
    assert first == second
    assert Submission.objects.count() == 1
    assert Report.objects.count() == 2
    assert Delivery.objects.filter(kind="mail").count() == 1


def test_a_report_that_is_not_due_or_not_finished_is_refused(deputy: User) -> None:
    early = finish(make_report(deputy, "104", ended=False))
    with pytest.raises(actions.NotReady, match="after its period"):
        actions.submit(early, SOLE, by=deputy, version=early.version)
    empty = make_report(deputy, "104")
    with pytest.raises(actions.NotReady, match="Decisions"):
        actions.submit(empty, SOLE, by=deputy, version=empty.version)
    assert not Submission.objects.exists()


def test_a_change_after_the_last_look_is_not_submitted_unread(finished: Report, deputy: User) -> None:
    with pytest.raises(actions.ChangedMeanwhile):
        actions.submit(finished, SOLE, by=deputy, version=finished.version - 1)


def test_d189_open_accounts_and_assets_go_on_and_closed_accounts_stay(deputy: User) -> None:
    """D-189: opening balance = last closing balance; closed accounts and transactions are not copied."""
    report = make_report(deputy, "102")
    BankAccount.objects.create(
        report=report, account_type="current", bank="Open", number="1111", sort_code="010203", joint="no",
        opening=Decimal("10.00"), closing=Decimal("77.77"),
    )  # fmt: skip
    BankAccount.objects.create(
        report=report, account_type="current", bank="Gone", number="2222", sort_code="010203", joint="no",
        opening=Decimal("10.00"), closing=Decimal("0.00"), closed="yes",
    )  # fmt: skip
    finish(report)
    actions.submit(report, SOLE, by=deputy, version=report.version)
    new = Answers(report.next.get())
    assert [(account.bank, account.opening, account.closing) for account in new.entries(BankAccount)] == [
        ("Open", Decimal("77.77"), None)
    ]
    assert len(new.entries(Asset)) == len(Answers(report).entries(Asset))
    assert sums(new).opening == Decimal("77.77")


def test_d190_submitting_changes_again_makes_no_second_next_report_and_no_doubles(
    finished: Report, deputy: User
) -> None:
    """D-190: both submissions are kept; new assets reach next year's report without duplicates."""
    actions.submit(finished, SOLE, by=deputy, version=finished.version)
    following = finished.next.get()
    before = len(Answers(following).entries(Asset))
    actions.reopen(finished, ["assets"], by=deputy)
    finished.refresh_from_db()
    assert not finished.submitted
    assert finished.changes_needed == ["assets"]
    from reporting.sections.assets import Assets

    answers = Answers(finished)
    if answers[Assets].own != "yes":
        answers[Assets].own = "yes"
        answers[Assets].save()
    Asset.objects.create(report=finished, kind="vehicles", description="A blue car", value=Decimal("900.00"))
    report_actions.touch(Answers(finished))
    finished.refresh_from_db()
    actions.submit(finished, SOLE, by=deputy, version=finished.version)
    finished.refresh_from_db()
    assert (finished.changes_needed, finished.reopened_at) == ([], None)
    assert finished.next.count() == 1
    assert finished.submissions.count() == 2
    assert len(Answers(following).entries(Asset)) == before + 1


def test_the_journey_from_the_last_look_to_thank_you(browser_of: Any, finished: Report) -> None:
    """D-192: satisfaction and research answers are stored against the submission, and may be left out."""
    base = f"/report/{finished.pk}/"
    assert "Continue to submit" in browser_of.get(f"{base}review/").content.decode()
    page = browser_of.get(f"{base}declaration/").content.decode()
    assert "Submit the report" in page
    empty = browser_of.post(f"{base}declaration/", {"version": finished.version}).content.decode()
    assert "Confirm that you agree" in empty
    assert not Submission.objects.exists()
    sent = browser_of.post(f"{base}declaration/", {"version": finished.version, "agree": "on", "agreed": "only_deputy"})
    assert sent.url == f"{base}submitted/"
    again = browser_of.post(
        f"{base}declaration/", {"version": finished.version, "agree": "on", "agreed": "only_deputy"}
    )
    assert again.url == f"{base}submitted/"
    assert Submission.objects.count() == 1
    assert "Report submitted" in browser_of.get(f"{base}submitted/").content.decode()
    assert browser_of.post(f"{base}submitted/", {"score": "5", "comments": "Good"}).url == f"{base}research/"
    answers = {"deputyship_length": "oneToFive", "agreed_research": ["phone"], "has_video_device": "no"}
    assert browser_of.post(f"{base}research/", answers).url == f"{base}thank-you/"
    feedback = Submission.objects.get().feedback
    assert (feedback.score, feedback.agreed_research, feedback.has_video_device) == (5, ["phone"], False)
    assert browser_of.get(f"{base}gifts/").status_code == 404
    assert "Submitted on" in browser_of.get(f"{base}review/").content.decode()


def test_documents_wait_for_their_report(finished: Report, deputy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-210: the report first, then the document under the identifier received; a second run sends nothing."""
    from foundation.clients.storage import store
    from reporting.submissions import sync

    store().put("documents/test", b"%PDF-1.4", "application/pdf")
    Document.objects.create(report=finished, name="bill.pdf", key="documents/test", content_type="application/pdf")
    answers = Answers(finished)
    from reporting.sections.documents import Documents

    answers[Documents].has = "yes"
    answers[Documents].save()
    report_actions.touch(Answers(finished))
    finished.refresh_from_db()
    submission = actions.submit(finished, SOLE, by=deputy, version=finished.version)
    sent: list[tuple[str, ...]] = []

    class Fake:
        def send_report(self, case: str, payload: Any, *, key: str) -> str:
            sent.append(("report", case, key))
            return "11111111-1111-1111-1111-111111111111"

        def send_supporting_document(self, case: str, uuid: str, payload: Any, *, key: str) -> str:
            sent.append(("document", uuid, key))
            return "22222222-2222-2222-2222-222222222222"

    monkeypatch.setattr(sync, "case_system", Fake)
    Delivery.objects.filter(kind="mail").delete()
    # The document's turn comes first on purpose.
    Delivery.objects.filter(kind="report").update(order=5)
    deliver_due()
    assert sent, [(row.kind, row.state, row.error) for row in Delivery.objects.all()]
    assert sent[0][0] == "report"
    assert {kind for kind, *_ in sent[1:]} == {"document"}
    assert all(uuid == "11111111-1111-1111-1111-111111111111" for kind, uuid, _key in sent[1:])
    count = len(sent)
    deliver_due()
    assert len(sent) == count
    submission.refresh_from_db()
    assert submission.archived_at is not None
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DELIVERED}
