"""The submissions list and the decisions of staff, role by role and state by state."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from foundation import clock
from foundation.audit import AuditEvent
from foundation.clients.storage import store
from foundation.outbox import Delivery, State
from reporting.documents.models import Document
from reporting.submissions import actions, files, sync
from reporting.submissions.models import Submission
from tests.reporting.casework.conftest import ROLES, attach, delivery, make_staff, set_delivery, states, submit
from tests.reporting.conftest import make_deputy, make_report

pytestmark = pytest.mark.django_db(transaction=True)
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


# The list


@pytest.mark.parametrize("role", ROLES)
def test_d011_every_member_of_staff_sees_home_list_and_submission(as_staff: Browsers, role: str) -> None:
    submission = quick()
    staff = as_staff(role)
    home = text(staff, "/")
    assert 'href="/submissions"' in home
    assert ('href="/service-notice"' in home) is (role == "ROLE_SUPER_ADMIN")
    assert staff.get("/service-notice").status_code == (200 if role == "ROLE_SUPER_ADMIN" else 403)
    client = submission.report.client
    for path in ("/submissions", f"/submissions/{submission.pk}"):
        page = text(staff, path)
        assert client.name in page
        assert client.case_number in page


def test_deputies_and_visitors_see_nothing_here(as_staff: Browsers) -> None:
    submission = quick()
    paths = ["/", "/submissions", f"/submissions/{submission.pk}"]
    deputy = as_staff(user=submission.report.client.users.get())
    for person in (Browser(), deputy):
        answers = [person.get(path) for path in paths]
        assert [(answer.status_code, answer.url.split("?")[0]) for answer in answers] == [(302, "/sign-in")] * 3


def test_receipts_of_mails_are_taken_at_the_front_only() -> None:
    assert reverse("notify_receipts", urlconf="reporting.urls") == "/notify/receipts"
    with pytest.raises(NoReverseMatch):
        reverse("notify_receipts", urlconf="reporting.urls_admin")


def test_tabs_count_and_hold_every_submission(as_staff: Browsers, settings: Any) -> None:
    quick(), quick(archived_at=clock.now())
    settings.DOCUMENT_SYNC = False
    quick(), quick()
    off = text(as_staff(), "/submissions")
    assert [f"{tab} ({count})" in off for tab, count in (("New", 2), ("Pending", 1), ("Synchronised", 1))] == [True] * 3
    assert text(as_staff(), "/submissions", tab="new").count('name="submission"') == 2
    assert "Synchronise</button>" not in off
    settings.DOCUMENT_SYNC = True
    on = text(as_staff(), "/submissions", tab="new")
    assert "New (" not in on
    assert "Pending (3)" in on
    assert on.count('name="submission"') == 3


def test_d150_documents_sent_one_at_a_time_are_submissions_of_their_own(as_staff: Browsers) -> None:
    """D-150: staff see two separate pending submissions for the case."""
    deputy = make_deputy()
    first = submit(deputy=deputy)
    Submission.objects.update(archived_at=clock.now())
    for name in ("one.pdf", "two.pdf"):
        attach(first.report, name)
        actions.send_documents(first.report, by=deputy)
    page = text(as_staff(), "/submissions", text=first.report.client.case_number)
    assert page.count('name="submission"') == 2
    assert "Pending (2)" in page


def test_d206_search_finds_exactly_the_right_rows(as_staff: Browsers) -> None:
    """D-206: by shared first name, last name or case number, also for a client with two submissions."""
    deputy = make_deputy()
    mine, other = quick(deputy), quick(make_deputy())
    again = Submission.objects.create(report=mine.report, number=2, with_report=False, created_by=deputy)
    client = mine.report.client
    client.first_name, client.last_name = "Ottoline", "O'Brien-Łuk"
    client.save()

    def found(words: str) -> set[int]:
        page = as_staff().get("/submissions", {"text": words}).content.decode()
        return {each.pk for each in Submission.objects.all() if f'id="submission-{each.pk}"' in page}

    both = {mine.pk, again.pk}
    for words in ("ottol", "o'brien", "line O'B", "  Ottoline   O'Brien-Łuk ", client.case_number, deputy.last_name):
        assert found(words) == both, words
    assert found("Dora") == {*both, other.pk}
    assert found(client.case_number[:-1]) == set()
    assert found("%") == set()


def test_search_by_role_and_bad_search(as_staff: Browsers) -> None:
    quick(make_deputy())
    quick()
    assert text(as_staff(), "/submissions", realm="lay").count('name="submission"') == 1
    assert "No submission fits" in text(as_staff(), "/submissions", realm="prof")
    assert "Select whose submissions to show" in text(as_staff(), "/submissions", realm="x")
    kept = text(as_staff(), "/submissions", text="y" * 201)
    assert "200 characters or less" in kept
    assert "y" * 201 in kept


def test_fifteen_a_page_newest_first(as_staff: Browsers) -> None:
    made = [quick(created_at=clock.now() - timedelta(days=day)) for day in range(17)]
    first = text(as_staff(), "/submissions", text="Cleo")
    assert first.count('name="submission"') == 15
    assert first.index(f'id="submission-{made[0].pk}"') < first.index(f'id="submission-{made[1].pk}"')
    assert "text=Cleo&amp;page=2" in first
    second = text(as_staff(), "/submissions", text="Cleo", page=2)
    assert second.count('name="submission"') == 2
    assert f'id="submission-{made[16].pk}"' in second
    assert text(as_staff(), "/submissions", page="nonsense").count('name="submission"') == 15


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    as_staff: Browsers, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        quick()
    staff = as_staff()
    with django_assert_max_num_queries(16):
        staff.get("/submissions")


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        (State.QUEUED, {}, "Queued"),
        (State.QUEUED, {"attempts": 2, "error": "The case system answered 503"}, "Trying again"),
        (State.LEASED, {}, "In progress"),
        (State.DELIVERED, {"result": UUID, "done_at": clock.now()}, "Delivered"),
        (State.REFUSED, {"error": "The case system answered 400"}, "Refused"),
        (State.UNCONFIRMED, {"error": "The case system gave no answer"}, "Unconfirmed"),
        (State.CANCELLED, {}, "Cancelled"),
    ],
)
def test_every_state_is_said_in_words(as_staff: Browsers, state: State, fields: Any, words: str) -> None:
    submission = quick()
    sync.deliveries_of(submission).update(state=state, **fields)
    assert f"{words} </strong>" in text(as_staff(), "/submissions")
    page = text(as_staff(), f"/submissions/{submission.pk}")
    assert f"{words} </strong>" in page
    assert fields.get("error", "Attempts") in page
    assert fields.get("result", "Attempts") in page
    assert ("Look for it in the case system" in page) is (state == State.UNCONFIRMED)
    assert ("Send it again" in page) is (state in {State.UNCONFIRMED, State.REFUSED})
    assert ("It has arrived" in page) is (state == State.UNCONFIRMED)
    assert "Send it again" not in text(as_staff("ROLE_ADMIN_MANAGER"), f"/submissions/{submission.pk}")


def test_what_wants_an_eye_is_counted_until_it_is_archived(as_staff: Browsers) -> None:
    assert "No document is unconfirmed" in text(as_staff(), "/")
    submission = quick()
    set_delivery(delivery(submission), State.UNCONFIRMED)
    set_delivery(delivery(submission, "document"), State.REFUSED)
    late = quick()
    sync.deliveries_of(late).update(created_at=clock.now() - timedelta(hours=2))
    page = text(as_staff(), "/")
    for words in ("1 unconfirmed</a>,", "1 refused</a>,", "2 waiting for more than an hour</a>."):
        assert words in page
    for trouble, which in (("unconfirmed", submission), ("refused", submission), ("waiting", late)):
        listed = text(as_staff(), "/submissions", trouble=trouble)
        assert f'id="submission-{which.pk}"' in listed
        assert listed.count('name="submission"') == 1
    Submission.objects.update(archived_at=clock.now())
    assert "No document is unconfirmed" in text(as_staff(), "/submissions")


# Decisions


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


# Several at once


def test_d207_archiving_moves_to_synchronised_and_says_by_whom(as_staff: Browsers) -> None:
    """D-207: asks first; somebody who comes later is told."""
    one, two = quick(), quick()
    staff = make_staff()
    asked = as_staff(user=staff).post("/submissions/archive", {"submission": [one.pk, two.pk]}).content.decode()
    assert "Archive these submissions?" in asked
    assert "Not everything has been delivered" in asked
    one.refresh_from_db()
    assert one.archived_at is None
    as_staff(user=staff).post("/submissions/archive", {"submission": [one.pk], "sure": "yes"})
    one.refresh_from_db()
    assert one.archived_by == staff
    late = as_staff().post("/submissions/archive", {"submission": [one.pk, two.pk], "sure": "yes"}, follow=True)
    assert "Archived already by somebody else: 1 submission" in late.content.decode()
    one.refresh_from_db()
    assert one.archived_by == staff
    page = text(as_staff(), "/submissions", tab="synchronised")
    assert "Synchronised (2)" in page
    assert staff.name in page
    assert AuditEvent.objects.filter(event="SUBMISSION_ARCHIVED", actor=staff.pk).count() == 1


def test_synchronising_queues_what_was_never_queued_or_refused_and_leaves_doubts_alone(
    as_staff: Browsers, settings: Any
) -> None:
    settings.DOCUMENT_SYNC = False
    never = quick()
    settings.DOCUMENT_SYNC = True
    failed, doubtful = quick(), quick()
    set_delivery(delivery(failed), State.REFUSED, error="no", attempts=1)
    set_delivery(delivery(failed, "document"), State.REFUSED, error=sync.REPORT_FAILED)
    set_delivery(delivery(doubtful), State.UNCONFIRMED)
    chosen = [never.pk, failed.pk, doubtful.pk]
    assert "Synchronise these" in as_staff().post("/submissions/synchronise", {"submission": chosen}).content.decode()
    assert states(failed)["report"] == State.REFUSED
    done = as_staff().post("/submissions/synchronise", {"submission": chosen, "sure": "yes"}, follow=True)
    assert "Queued: 4 documents." in done.content.decode()
    assert set(states(never).values()) == set(states(failed).values()) == {State.QUEUED}
    assert states(doubtful)["report"] == State.UNCONFIRMED
    again = as_staff().post("/submissions/synchronise", {"submission": chosen, "sure": "yes"}, follow=True)
    assert "nothing to queue" in again.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what_with_several(as_staff: Browsers, role: str, settings: Any) -> None:
    submission = quick()
    staff = as_staff(role)
    chosen = {"submission": submission.pk}
    mine = role == "ROLE_SUPER_ADMIN"
    assert staff.post("/submissions/archive", chosen).status_code == 200
    assert staff.post("/submissions/download", chosen).status_code == 200
    assert staff.post("/submissions/synchronise", chosen).status_code == (200 if mine else 403)
    assert ("Synchronise</button>" in text(staff, "/submissions").replace(" </button>", "</button>")) is mine
    settings.DOCUMENT_SYNC = False
    assert staff.post("/submissions/synchronise", chosen).status_code == 403


@pytest.mark.parametrize("given", [[], ["x", "-1", "9" * 40], ["999999"]])
def test_nothing_ticked_is_said(as_staff: Browsers, given: list[str]) -> None:
    for path in ("archive", "synchronise", "download"):
        response = as_staff().post(f"/submissions/{path}", {"submission": given, "sure": "yes"}, follow=True)
        assert "Select at least one submission" in response.content.decode()


# Downloads


def unpack(response: Any) -> dict[str, dict[str, bytes]]:
    outer = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert outer.testzip() is None
    inner = {name: zipfile.ZipFile(io.BytesIO(outer.read(name))) for name in outer.namelist()}
    return {name: {each: archive.read(each) for each in archive.namelist()} for name, archive in inner.items()}


@pytest.mark.parametrize("role", ROLES)
def test_d198_only_super_admins_get_the_report_itself(as_staff: Browsers, role: str) -> None:
    """D-198: link and address both follow the rule; other documents are for all staff."""
    submission = submit("bill.pdf")
    report, bill = submission.documents.get(kind="report"), submission.documents.get(kind="deputy")
    files.make(report)
    staff, mine = as_staff(role), role == "ROLE_SUPER_ADMIN"
    page = text(staff, f"/submissions/{submission.pk}")
    assert (f"/submissions/documents/{report.token}" in page) is mine
    assert f"/submissions/documents/{bill.token}" in page
    assert staff.get(f"/submissions/documents/{report.token}").status_code == (200 if mine else 403)
    response = staff.get(f"/submissions/documents/{bill.token}")
    assert b"".join(response.streaming_content) == b"%PDF-1.4 a bill"
    assert response["Content-Disposition"] == 'attachment; filename="bill.pdf"'
    assert AuditEvent.objects.filter(event="DOCUMENT_DOWNLOADED").count() == (2 if mine else 1)
    (packed,) = unpack(staff.post("/submissions/download", {"submission": submission.pk})).values()
    assert set(packed) == ({report.name, bill.name} if mine else {bill.name})


def test_several_submissions_are_one_zip_of_zips(as_staff: Browsers) -> None:
    one, two = quick(), quick()
    manager = as_staff("ROLE_ADMIN_MANAGER")
    response = manager.post("/submissions/download", {"submission": [one.pk, two.pk]})
    assert response["Content-Disposition"].startswith("attachment;")
    assert unpack(response) == {
        f"{each.report.client.case_number}_submission_{each.pk}.zip": {"bill.pdf": b"%PDF-1.4 a bill"}
        for each in (one, two)
    }
    assert AuditEvent.objects.filter(event="SUBMISSION_DOWNLOADED").count() == 2


@pytest.mark.defect("admin 7", "files that the storage has dropped were still offered")
def test_missing_files_are_listed_and_the_others_can_be_had(as_staff: Browsers) -> None:
    submission = quick()
    document = attach(submission.report, "gone.pdf")
    Document.objects.filter(pk=document.pk).update(submission=submission)
    store().delete(document.key)
    manager = as_staff("ROLE_ADMIN_MANAGER")
    page = manager.post("/submissions/download", {"submission": submission.pk}).content.decode()
    assert "Some files are missing" in page
    assert "gone.pdf" in page
    assert not AuditEvent.objects.filter(event="SUBMISSION_DOWNLOADED").exists()
    response = manager.post("/submissions/download", {"submission": submission.pk, "sure": "yes"})
    (packed,) = unpack(response).values()
    assert packed["bill.pdf"] == b"%PDF-1.4 a bill"
    assert b"gone.pdf" in packed["MISSING.txt"]
    alone = manager.get(f"/submissions/documents/{document.token}", follow=True).content.decode()
    assert "gone.pdf is not in the storage any more" in alone


def test_what_is_not_kept_for_download_cannot_be_had(as_staff: Browsers) -> None:
    submission = quick(downloadable=False)
    document = submission.documents.get(kind="deputy")
    page = text(as_staff(), f"/submissions/{submission.pk}")
    assert "no longer kept for download" in page
    assert str(document.token) not in page
    assert as_staff().get(f"/submissions/documents/{document.token}").status_code == 404
    asked = as_staff().post("/submissions/download", {"submission": submission.pk}).content.decode()
    assert "nothing left to download" in asked


def test_a_document_that_was_not_submitted_is_not_for_staff(as_staff: Browsers) -> None:
    document = attach(make_report(make_deputy(), "104"), "draft.pdf")
    assert as_staff().get(f"/submissions/documents/{document.token}").status_code == 404


def test_a_storage_that_is_down_is_said_calmly(as_staff: Browsers, settings: Any, tmp_path: Any) -> None:
    submission = quick()
    document = submission.documents.get(kind="deputy")
    settings.STORAGE, settings.STORAGE_ENDPOINT = "s3", "http://127.0.0.1:1"
    said = as_staff().get(f"/submissions/documents/{document.token}", follow=True).content.decode()
    assert "We cannot fetch bill.pdf just now" in said


def test_equal_names_are_both_in_the_zip(as_staff: Browsers) -> None:
    submission = quick()
    twin = attach(submission.report, "other.pdf", b"twin")
    Document.objects.filter(pk=twin.pk).update(submission=submission, kind="transactions", name="bill.pdf")
    response = as_staff("ROLE_ADMIN").post("/submissions/download", {"submission": submission.pk})
    (packed,) = unpack(response).values()
    assert packed == {"bill.pdf": b"%PDF-1.4 a bill", "bill-2.pdf": b"twin"}


def test_names_and_case_numbers_stay_out_of_the_log(as_staff: Browsers, caplog: Any, capfd: Any) -> None:
    submission = quick(make_deputy())
    client = submission.report.client
    staff = as_staff()
    text(staff, "/submissions", text=client.last_name)
    staff.get(f"/submissions/documents/{submission.documents.get(kind='deputy').token}")
    staff.post("/submissions/download", {"submission": submission.pk})
    said = caplog.text + "".join(capfd.readouterr())
    assert client.last_name not in said
    assert client.case_number not in said
    assert "bill.pdf" not in said


@pytest.mark.parametrize("role", ROLES)
def test_a_super_admin_has_a_lost_report_made_again(as_staff: Browsers, role: str) -> None:
    """The same bytes from what was frozen; nothing is sent again; a deputy's own file cannot be made."""
    submission = submit("bill.pdf")
    report, bill = submission.documents.get(kind="report"), submission.documents.get(name="bill.pdf")
    report = files.make(report)
    set_delivery(delivery(submission), State.DELIVERED, result=UUID)
    store().delete(report.key)
    staff, address = as_staff(role), f"/submissions/documents/{report.token}/make-again"
    mine = role == "ROLE_SUPER_ADMIN"
    assert ("Make this file again" in text(staff, f"/submissions/{submission.pk}")) is mine
    assert staff.post(address).status_code == (302 if mine else 403)
    assert staff.post(f"/submissions/documents/{bill.token}/make-again").status_code == (404 if mine else 403)
    if mine:
        again = files.make(Document.objects.get(pk=report.pk))
        assert again.sha256 == report.sha256
        assert store().exists(report.key)
        assert delivery(submission).state == State.DELIVERED
