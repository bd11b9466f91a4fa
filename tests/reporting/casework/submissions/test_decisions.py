"""What staff decide about a delivery that got no answer or was refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from foundation import clock
from foundation.audit import AuditEvent
from foundation.outbox import Delivery, State
from reporting.submissions import sync
from tests.reporting.casework.conftest import ROLES, delivery, make_staff, set_delivery, submit
from tests.reporting.casework.submissions.showing import UUID, Browsers, quick, text

pytestmark = pytest.mark.django_db(transaction=True)


def decide(staff: Browser, row: Delivery, what: str, **fields: str) -> Any:
    return staff.post(f"/submissions/deliveries/{row.pk}/{what}", {"version": row.version, **fields})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("what", ["confirm", "resend"])
def test_only_super_admins_decide(as_staff: Browsers, role: str, what: str) -> None:
    row = set_delivery(delivery(quick()), State.UNCONFIRMED)
    address = f"/submissions/deliveries/{row.pk}/{what}"
    mine = role == "ROLE_SUPER_ADMIN"
    assert as_staff(role).get(address).status_code == (200 if mine else 403)
    assert decide(as_staff(role), row, what, identifier=UUID).status_code == (302 if mine else 403)
    row.refresh_from_db()
    assert (row.state == State.UNCONFIRMED) is not mine


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Enter the report&#39;s identifier"), ("12345", "like 33ea0382"), ("<b>", "like 33ea0382")],
)
def test_a_report_arrives_only_with_its_identifier(as_staff: Browsers, typed: str, message: str) -> None:
    submission = quick()
    row = set_delivery(delivery(submission), State.UNCONFIRMED)
    refused = decide(as_staff(), row, "confirm", identifier=typed)
    assert refused.status_code == 400
    assert message in refused.content.decode()
    assert "Error: " in refused.content.decode()
    staff = make_staff()
    decide(as_staff(user=staff), row, "confirm", identifier=f" {UUID} ")
    row.refresh_from_db()
    submission.refresh_from_db()
    assert (row.state, row.result, submission.uuid) == (State.DELIVERED, UUID, UUID)
    event = AuditEvent.objects.get(event="DELIVERY_CONFIRMED")
    assert (event.actor, event.subject) == (staff.pk, f"foundation_delivery:{row.pk}")
    other = quick()
    doubled = decide(as_staff(), set_delivery(delivery(other), State.UNCONFIRMED), "confirm", identifier=UUID.upper())
    assert "belongs to another report" in doubled.content.decode()


def test_a_document_arrives_without_an_identifier_and_the_submission_archives_itself(as_staff: Browsers) -> None:
    submission = quick()
    set_delivery(delivery(submission), State.DELIVERED, result=UUID)
    row = set_delivery(delivery(submission, "document"), State.UNCONFIRMED)
    assert decide(as_staff(), row, "confirm", identifier="x").status_code == 400
    decide(as_staff(), row, "confirm", identifier="")
    submission.refresh_from_db()
    assert submission.archived_at is not None
    assert submission.archived_by is None
    assert "Automatically" in text(as_staff(), "/submissions", tab="synchronised")


def test_d208_sending_again_queues_and_clears_the_error(as_staff: Browsers) -> None:
    """D-208, for a report: the documents that only failed because it did go with it, the others stay."""
    submission = submit("bill.pdf", "wrong.exe.pdf")
    report = set_delivery(delivery(submission), State.REFUSED, error="The case system answered 400", attempts=1)
    held, own = sync.deliveries_of(submission).filter(kind="document")
    set_delivery(held, State.REFUSED, error=sync.REPORT_FAILED)
    set_delivery(own, State.REFUSED, error="The case system answered 415")
    assert "answered 400" in text(as_staff(), f"/submissions/deliveries/{report.pk}/resend")
    response = as_staff().post(f"/submissions/deliveries/{report.pk}/resend", {"version": report.version}, follow=True)
    assert "is queued, and with it 1 document" in response.content.decode()
    for row in (report, held, own):
        row.refresh_from_db()
    assert (report.state, report.error, report.attempts) == (State.QUEUED, "", 0)
    assert (held.state, held.error) == (State.QUEUED, "")
    assert own.state == State.REFUSED
    assert AuditEvent.objects.filter(event="DELIVERY_RESENT").count() == 2


@pytest.mark.parametrize("second", ["confirm", "resend"])
def test_of_two_decisions_only_the_first_takes_effect_and_the_other_is_told(as_staff: Browsers, second: str) -> None:
    row = set_delivery(delivery(quick()), State.UNCONFIRMED, attempts=1, sending_at=clock.now())
    seen = row.version
    decide(as_staff(), row, "resend")
    # It was sent again meanwhile and got no answer again: that is another question than the one that was seen.
    set_delivery(row, State.UNCONFIRMED, attempts=1, sending_at=clock.now() + timedelta(seconds=5))
    late = as_staff().post(
        f"/submissions/deliveries/{row.pk}/{second}", {"version": seen, "identifier": UUID}, follow=True
    )
    assert "Nothing was done" in late.content.decode()
    row.refresh_from_db()
    assert row.state == State.UNCONFIRMED


@pytest.mark.parametrize("whats", [("confirm", "resend"), ("resend", "resend"), ("confirm", "confirm")])
def test_of_two_decisions_at_the_same_moment_one_takes_effect(as_staff: Browsers, whats: tuple[str, str]) -> None:
    row = set_delivery(delivery(quick()), State.UNCONFIRMED)
    start = Barrier(2)

    def press(staff: Browser, what: str) -> bool:
        start.wait(10)
        try:
            address = f"/submissions/deliveries/{row.pk}/{what}"
            page = staff.post(address, {"version": row.version, "identifier": UUID}, follow=True)
            return "Nothing was done" not in page.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        took_effect = list(threads.map(press, [as_staff(), as_staff()], whats))
    assert sorted(took_effect) == [False, True]
    assert AuditEvent.objects.filter(event__in=["DELIVERY_CONFIRMED", "DELIVERY_RESENT"]).count() == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.LEASED, State.DELIVERED, State.CANCELLED])
@pytest.mark.parametrize("what", ["confirm", "resend"])
def test_nothing_is_decided_about_a_delivery_that_is_settled_or_on_its_way(
    as_staff: Browsers, state: State, what: str
) -> None:
    row = set_delivery(delivery(quick()), state)
    assert as_staff().get(f"/submissions/deliveries/{row.pk}/{what}").status_code == 302
    decide(as_staff(), row, what, identifier=UUID)
    row.refresh_from_db()
    assert row.state == state


def test_nothing_changes_without_post_version_or_token(as_staff: Browsers) -> None:
    submission = quick()
    row = set_delivery(delivery(submission), State.UNCONFIRMED)
    staff = as_staff()
    for what in ("confirm", "resend"):
        assert staff.get(f"/submissions/deliveries/{row.pk}/{what}").status_code == 200
        staff.post(f"/submissions/deliveries/{row.pk}/{what}", {"identifier": UUID})
    for path in ("archive", "synchronise", "download"):
        assert staff.get(f"/submissions/{path}", {"submission": submission.pk, "sure": "yes"}).status_code == 405
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(make_staff())
    assert strict.post(f"/submissions/deliveries/{row.pk}/resend", {"version": row.version}).status_code == 403
    row.refresh_from_db()
    submission.refresh_from_db()
    assert (row.state, submission.archived_at) == (State.UNCONFIRMED, None)


def test_mails_are_not_decided_about_here(as_staff: Browsers) -> None:
    mail = Delivery.objects.create(kind="mail", key="mail:1", state=State.REFUSED)
    assert as_staff().get(f"/submissions/deliveries/{mail.pk}/resend").status_code == 404
