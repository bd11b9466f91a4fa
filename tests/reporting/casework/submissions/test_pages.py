"""The submissions list, role by role and state by state, and what is done with several at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from foundation import clock
from foundation.audit import AuditEvent
from foundation.outbox import State
from reporting.submissions import actions, sync
from reporting.submissions.models import Submission
from tests.reporting.casework.conftest import ROLES, attach, delivery, make_staff, set_delivery, states, submit
from tests.reporting.casework.submissions.showing import UUID, Browsers, quick, text
from tests.reporting.conftest import make_deputy

pytestmark = pytest.mark.django_db(transaction=True)


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
