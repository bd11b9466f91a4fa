"""The couriers against the stand-in of the case system: every way a request can end, and what becomes of the row."""

from datetime import timedelta
from uuid import uuid4

import pytest

from foundation import clock, outbox
from foundation.audit import AuditEvent
from foundation.outbox import Delivery, State, claim, deliver_due
from foundation.testing.servers import StandIn
from reporting.clients.case_system import HttpCaseSystem
from reporting.submissions import actions, sync
from reporting.submissions.models import Submission
from tests.reporting.casework.conftest import attach, deliver_again, delivery, states, submit
from tests.reporting.conftest import make_deputy

pytestmark = pytest.mark.django_db(transaction=True)


def of(submission: Submission, cases: StandIn) -> list[dict[str, str]]:
    """What the case system took of this submission's case, oldest first."""
    number = submission.report.client.case_number
    return [entry for entry in cases.received() if entry["case"] == number]


def test_d210_the_report_goes_first_and_its_documents_under_its_identifier(cases: StandIn) -> None:
    """D-210: a second run sends nothing; when all has arrived the submission archives itself."""
    submission = submit("bill.pdf", "statement.pdf")
    Delivery.objects.filter(kind="report").update(order=9)
    deliver_due()
    deliver_due()
    arrived = of(submission, cases)
    assert [entry["kind"] for entry in arrived] == ["Report", "SupportingDocument", "SupportingDocument"]
    submission.refresh_from_db()
    assert [entry["report"] for entry in arrived] == [None, submission.uuid, submission.uuid]
    assert delivery(submission).result == submission.uuid == arrived[0]["id"]
    assert submission.archived_at is not None
    assert submission.archived_by is None
    deliver_again()
    assert len(of(submission, cases)) == 3


@pytest.mark.parametrize("status", [400, 403, 413])
def test_a_no_of_the_case_system_is_refused_and_its_documents_with_it(cases: StandIn, status: int) -> None:
    submission = submit("bill.pdf")
    cases.fail(status)
    deliver_due()
    assert states(submission) == {"report": State.REFUSED, "bill.pdf": State.REFUSED}
    assert str(status) in delivery(submission).error
    assert delivery(submission, "document").error == sync.REPORT_FAILED
    deliver_again()
    assert of(submission, cases) == []


@pytest.mark.parametrize("status", [408, 503])
def test_a_case_system_that_cannot_now_is_asked_again_later_and_later(cases: StandIn, status: int) -> None:
    submission = submit()
    cases.fail(status, next=2)
    deliver_due()
    row = delivery(submission)
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    first = row.next_at - clock.now()
    assert timedelta(seconds=30) < first <= timedelta(seconds=60)
    deliver_again()
    row.refresh_from_db()
    assert row.attempts == 2
    assert row.next_at - clock.now() > first
    deliver_again()
    assert states(submission) == {"report": State.DELIVERED}
    assert len(of(submission, cases)) == 1


@pytest.mark.parametrize(("asked", "least", "most"), [(3600, 59 * 60, 3600), (999_999_999, 23 * 3600, 24 * 3600)])
def test_429_waits_as_long_as_it_asks_within_reason(cases: StandIn, asked: int, least: int, most: int) -> None:
    submission = submit()
    cases.fail(429, retry_after=asked)
    deliver_due()
    row = delivery(submission)
    assert row.state == State.QUEUED
    assert least < (row.next_at - clock.now()).total_seconds() <= most


UNANSWERED = ["timeout", "cut-before", "cut-after", "nonsense", 502, 504]


@pytest.mark.parametrize("how", UNANSWERED)
def test_sent_and_not_answered_is_unconfirmed_and_never_sent_again_by_itself(cases: StandIn, how: int | str) -> None:
    submission = submit("bill.pdf")
    cases.fail(how)
    deliver_due()
    kept = len(of(submission, cases))
    assert kept == (0 if how in {"cut-before", 502, 504} else 1)
    for _ in range(3):
        deliver_again()
    assert states(submission) == {"report": State.UNCONFIRMED, "bill.pdf": State.QUEUED}
    assert len(of(submission, cases)) == kept
    assert delivery(submission, "document").attempts == 0
    assert AuditEvent.objects.filter(event="DELIVERY_UNCONFIRMED").count() == 1


@pytest.mark.parametrize("how", ["timeout", "cut-before", "cut-after", "nonsense"])
def test_with_a_key_everything_arrives_exactly_once(keyed: StandIn, how: int | str) -> None:
    submission = submit("bill.pdf")
    keyed.fail(how)
    keyed.fail(how, match="supportingdocuments")
    for _ in range(4):
        deliver_again()
    assert states(submission) == {"report": State.DELIVERED, "bill.pdf": State.DELIVERED}
    assert [entry["kind"] for entry in of(submission, keyed)] == ["Report", "SupportingDocument"]


def test_an_unreachable_case_system_costs_nothing(cases: StandIn, settings: object) -> None:
    submission = submit()
    settings.CASE_SYSTEM_URL = "http://127.0.0.1:1"  # type: ignore[attr-defined]
    deliver_due()
    assert states(submission) == {"report": State.QUEUED}


@pytest.fixture
def dies_while_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker ends after the case system took the request: its answer is never written down."""
    real = HttpCaseSystem.send_report

    def send_and_die(self: HttpCaseSystem, *args: object, **options: object) -> str:
        real(self, *args, **options)  # type: ignore[arg-type]
        monkeypatch.setattr(HttpCaseSystem, "send_report", real)
        raise KeyboardInterrupt

    monkeypatch.setattr(HttpCaseSystem, "send_report", send_and_die)


def die() -> None:
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    Delivery.objects.filter(state=State.LEASED).update(leased_until=clock.now() - timedelta(seconds=1))


@pytest.mark.usefixtures("dies_while_sending")
def test_a_worker_that_dies_while_sending_leaves_the_row_unconfirmed(cases: StandIn) -> None:
    submission = submit()
    die()
    deliver_again()
    assert states(submission) == {"report": State.UNCONFIRMED}
    assert len(of(submission, cases)) == 1


@pytest.mark.usefixtures("dies_while_sending")
def test_with_a_key_the_row_of_a_dead_worker_is_sent_again_and_kept_once(keyed: StandIn) -> None:
    submission = submit()
    die()
    deliver_again()
    assert states(submission) == {"report": State.DELIVERED}
    assert len(of(submission, keyed)) == 1


def test_a_worker_that_dies_before_sending_loses_nothing(cases: StandIn) -> None:
    submission = submit()
    row = claim()
    assert row is not None
    deliver_due()
    assert states(submission) == {"report": State.LEASED}
    Delivery.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    deliver_due()
    assert states(submission) == {"report": State.DELIVERED}
    assert len(of(submission, cases)) == 1


def test_further_documents_go_under_the_earlier_identifier_and_a_resubmission_has_its_own(cases: StandIn) -> None:
    deputy = make_deputy()
    first = submit("one.pdf", deputy=deputy)
    report = first.report
    attach(report, "two.pdf")
    further = actions.send_documents(report, by=deputy)
    assert further is not None
    deliver_due()
    for each in (first, further):
        each.refresh_from_db()
    actions.reopen(report, ["decisions"], by=deputy)
    report.refresh_from_db()
    second = actions.submit(report, actions.Declaration("only_deputy"), by=deputy, version=report.version)
    attach(report, "three.pdf")
    last = actions.send_documents(report, by=deputy)
    assert last is not None
    deliver_again()
    second.refresh_from_db()
    assert further.uuid == last.uuid == ""
    assert second.uuid not in {"", first.uuid}
    under = {entry["name"]: entry["report"] for entry in of(first, cases) if entry["kind"] == "SupportingDocument"}
    assert under == {"one.pdf": first.uuid, "two.pdf": first.uuid, "three.pdf": second.uuid}
    assert all(state == State.DELIVERED for each in (first, further, second, last) for state in states(each).values())


def test_a_refused_report_holds_back_further_documents_and_takes_them_along_again(cases: StandIn) -> None:
    deputy = make_deputy()
    first = submit("one.pdf", deputy=deputy)
    attach(first.report, "two.pdf")
    further = actions.send_documents(first.report, by=deputy)
    assert further is not None
    cases.fail(400)
    deliver_due()
    assert states(first) | states(further) == dict.fromkeys(["report", "one.pdf", "two.pdf"], State.REFUSED)
    assert sync.resend(delivery(first), by=None) == 3
    deliver_again()
    assert states(first) | states(further) == dict.fromkeys(["report", "one.pdf", "two.pdf"], State.DELIVERED)


def test_a_refused_document_does_not_hold_back_the_others(cases: StandIn) -> None:
    submission = submit("one.pdf", "two.pdf")
    cases.fail(415, match="supportingdocuments")
    deliver_due()
    assert sorted(states(submission).values()) == [State.DELIVERED, State.DELIVERED, State.REFUSED]
    submission.refresh_from_db()
    assert submission.archived_at is None


def test_a_report_does_not_arrive_without_its_identifier(cases: StandIn) -> None:
    with pytest.raises(ValueError, match="identifier"):
        sync.ReportCourier().arrived(delivery(submit()), "")


def test_nothing_is_sent_while_sending_is_switched_off(cases: StandIn, settings: object) -> None:
    submission = submit()
    settings.DOCUMENT_SYNC = False  # type: ignore[attr-defined]
    deliver_due()
    row = delivery(submission)
    assert (row.state, row.attempts, row.error) == (State.QUEUED, 0, sync.SWITCHED_OFF)
    assert of(submission, cases) == []


def test_a_late_answer_settles_a_row_that_was_given_up(cases: StandIn) -> None:
    """A worker slower than its lease: better an answer in hand than doubt."""
    submission = submit()
    row = claim()
    assert row is not None
    Delivery.objects.update(sending_at=clock.now(), leased_until=clock.now() - timedelta(seconds=1))
    deliver_due()
    assert states(submission) == {"report": State.UNCONFIRMED}
    outbox._settle(row, outbox.couriers["report"], str(uuid4()))
    assert states(submission) == {"report": State.DELIVERED}
