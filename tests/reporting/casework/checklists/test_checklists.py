"""Filling in, saving and submitting a checklist, and its way to the case system (deputy-admin 5)."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pymupdf
import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.audit import AuditEvent
from foundation.outbox import Delivery, State, deliver_due
from foundation.testing.servers import StandIn
from reporting.casework.checklists import printing
from reporting.casework.checklists.models import (
    ChecklistSubmission,
    FullReviewChecklist,
    FurtherInformation,
    LodgingChecklist,
)
from reporting.casework.checklists.sync import OVERTAKEN
from reporting.clients.case_system import PAPER_REPORT
from reporting.jobs.resync_checklists import resync_checklists
from reporting.reports.models import Report
from reporting.submissions.actions import latest, reopen
from tests.reporting.casework.checklists.making import of, submitted, whole
from tests.reporting.casework.conftest import deliver_again, make_staff, set_delivery
from tests.reporting.conftest import make_deputy, make_report
from tests.reporting.sections.pages import readable

pytestmark = pytest.mark.django_db(transaction=True)
Browsers = Callable[..., Browser]


@pytest.fixture
def report(db: None) -> Report:
    return submitted("103")


def address(report: Report, more: str = "") -> str:
    return f"/reports/{report.pk}/checklist{more}"


def send(browser: Browser, report: Report, kind: str = "lodging", **answers: Any) -> Any:
    path = address(report, "/full-review" if kind == "full-review" else "")
    return browser.post(path, whole(of(report, kind), **answers))


def checklist_of(report: Report) -> LodgingChecklist:
    return LodgingChecklist.objects.get(report=report)


def delivery_of(report: Report) -> Delivery:
    return Delivery.objects.get(key=report.checklist_submissions.order_by("-number")[0].key)


def arrived(cases: StandIn, kind: str = "Checklist") -> list[dict[str, Any]]:
    return [each for each in cases.received() if each["kind"] == kind]


# Filling in


def test_d200_a_case_manager_saves_progress_and_submits(as_staff: Browsers, report: Report) -> None:
    """(D-200) Partial answers are kept; submitting confirms, with name and time, and keeps the signer's role."""
    staff = make_staff("ROLE_ADMIN")
    browser = as_staff(user=staff)
    page = readable(browser.get(address(report)))
    assert "Not started" in page
    assert AuditEvent.objects.filter(event="REPORT_VIEWED", actor=staff.pk, subject=f"reporting_report:{report.pk}")
    browser.post(address(report), {"do": "save", "version": 0, "decisions": "yes", "summary": "Half done"})
    saved = checklist_of(report)
    assert (saved.decisions, saved.summary, saved.care, saved.version) == ("yes", "Half done", None, 1)
    page = readable(browser.get(address(report)))
    assert "Saved" in page
    assert "Half done" in page
    answer = send(browser, report, summary="All of it is fine")
    assert answer.url == address(report, "/submitted")
    page = readable(browser.get(answer.url))
    assert "Lodging checklist submitted" in page
    assert staff.name in page
    signed = report.checklist_submissions.get()
    assert (signed.created_by, signed.role, signed.decision) == (staff, "ROLE_ADMIN", "satisfied")
    assert AuditEvent.objects.filter(event="CHECKLIST_SUBMITTED", actor=staff.pk).count() == 1


def test_d201_an_empty_checklist_is_refused_with_all_messages_at_once(as_staff: Browsers, report: Report) -> None:
    """(D-201) One message for each question that is displayed, at the field and in the summary; saved is nothing."""
    answer = as_staff().post(address(report), {"do": "submit", "version": 0})
    assert answer.status_code == 400
    page = readable(answer)
    asked = of(report).asked_questions()
    for question in asked:
        message = question.missing_for(of(report))
        assert page.count(message) >= 2, message
    assert len(asked) == 18
    assert not LodgingChecklist.objects.filter(report=report).exists()
    assert not Delivery.objects.filter(kind="checklist").exists()


def test_a_checklist_is_for_reports_that_were_submitted(as_staff: Browsers, report: Report) -> None:
    """Also for one that was sent back since, with a word about it; for no other, and for nobody but staff."""
    staff = as_staff("ROLE_ADMIN")
    fresh = make_report(make_deputy(), "103")
    for path in (address(fresh), address(fresh, "/pdf"), address(fresh, "/submitted"), address(report, "/full-review")):
        assert staff.get(path).status_code == 404
    reopen(report, ["decisions"], by=make_staff())
    assert "was sent back to the deputy" in readable(staff.get(address(report)))
    assert send(staff, report).status_code == 302


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(as_staff: Browsers, report: Report) -> None:
    first, second = as_staff(), as_staff()
    data = {"do": "save", "version": 0, "summary": "Mine", "information": "I rang the deputy"}
    first.post(address(report), data)
    stale = second.post(address(report), {**data, "summary": "Theirs"})
    assert stale.status_code == 409
    page = readable(stale)
    for words in ("Somebody changed this", "Mine", "Theirs"):
        assert words in page
    assert checklist_of(report).summary == "Mine"
    # Sent again as it was: nothing is saved twice.
    first.post(address(report), data)
    assert checklist_of(report).version == 1
    assert report.further_information.count() == 1
    # But what another person learned is kept even where the answers are the same.
    second.post(address(report), {**data, "information": "The deputy wrote"})
    assert [note.text for note in report.further_information.all()] == ["I rang the deputy", "The deputy wrote"]
    again = second.post(address(report), {"do": "save", "version": 1, "summary": "Theirs"})
    assert again.status_code == 302
    assert checklist_of(report).summary == "Theirs"


def test_further_information_is_a_history_and_its_box_is_emptied(as_staff: Browsers, report: Report) -> None:
    staff = make_staff("ROLE_ADMIN")
    browser = as_staff(user=staff)
    sent = {"do": "information", "version": 0, "information": "A letter\ncame", "summary": "Typed beside it"}
    assert browser.post(address(report), sent).url == address(report)
    page = browser.get(address(report))
    assert "A letter<br>came" in page.content.decode()
    assert staff.name in page.content.decode()
    assert "Typed beside it" in page.content.decode(), "what was typed elsewhere is kept"
    assert readable(page).count("A letter") == 1


def test_who_may_send_a_report_for_review_is_a_setting(as_staff: Browsers, report: Report, settings: Any) -> None:
    settings.CHECKLIST_FOR_REVIEW_ROLES = ["ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"]
    refused = send(as_staff("ROLE_ADMIN"), report, decision="for-review")
    assert refused.status_code == 400
    assert "Only these may send a report for review: admin manager, super admin" in readable(refused)
    assert send(as_staff("ROLE_ADMIN_MANAGER"), report, decision="for-review").status_code == 302


@pytest.mark.defect("admin 5.4", "no field is required even on submit")
def test_a_full_review_follows_a_decision_for_review_and_needs_a_decision(as_staff: Browsers, report: Report) -> None:
    staff = as_staff("ROLE_ADMIN_MANAGER")
    send(staff, report, decision="satisfied")
    assert staff.get(address(report, "/full-review")).status_code == 404
    assert "full review" not in readable(staff.get(address(report))).replace("Send for full review", "")
    send(staff, report, decision="for-review")
    assert address(report, "/full-review") in staff.get(address(report, "/submitted")).content.decode()
    refused = staff.post(address(report, "/full-review"), {"do": "submit", "version": 0})
    assert refused.status_code == 400
    assert readable(refused).count("Select the decision") == 2
    done = staff.post(address(report, "/full-review"), {"do": "submit", "version": 0, "decision": "escalate"})
    assert done.url == address(report, "/submitted")
    assert FullReviewChecklist.objects.get(report=report).decision == "escalate"
    assert [each.kind for each in report.checklist_submissions.all()] == ["lodging", "lodging", "full-review"]
    assert "Full review checklist submitted" in readable(staff.get(done.url))


def test_d205_the_checklist_outlives_its_author(as_staff: Browsers, report: Report) -> None:
    """(D-205)"""
    author = make_staff("ROLE_ADMIN")
    send(as_staff(user=author), report, information="I noted this")
    name = author.name
    author.delete()
    page = readable(as_staff().get(address(report)))
    assert page.count("Deleted User") == 3
    assert name not in page
    assert checklist_of(report).summary == "All is well."


# On its way


@pytest.mark.defect("admin 5.3", "every view of the submitted page queues the checklist again")
@pytest.mark.defect("people 2.6", "state-changing GETs: checklist submitted")
def test_d203_submitting_queues_once_and_the_job_sends_it_once(
    as_staff: Browsers, report: Report, cases: StandIn
) -> None:
    """(D-203, D-213) In the transaction of the submission; looking at pages queues nothing; the payload's facts."""
    staff = make_staff()
    browser = as_staff(user=staff)
    sent = whole(of(report))
    before = len(arrived(cases))
    browser.post(address(report), sent)
    browser.post(address(report), sent)
    assert Delivery.objects.filter(kind="checklist").count() == 1
    for _ in range(2):
        for path in (address(report, "/submitted"), address(report), address(report, "/pdf")):
            assert browser.get(path).status_code == 200
    assert Delivery.objects.filter(kind="checklist").count() == 1
    assert "Queued" in readable(browser.get(address(report)))
    deliver_due()
    deliver_again()
    assert "Delivered" in readable(browser.get(address(report)))
    deliver_again()
    (found,) = arrived(cases)[before:]
    year = report.end.year
    assert found["attributes"] == {
        "submission_id": latest(report).pk,
        "submitter_email": staff.email,
        "reporting_period_from": str(report.start),
        "reporting_period_to": str(report.end),
        "year": year,
        "type": "PF",
    }
    assert found["name"] == f"checklist-{report.client.case_number}-{report.start.year}-{year}.pdf"
    assert found["report"] == latest(report).uuid
    assert checklist_of(report).uuid == found["id"]


def test_a_later_submission_replaces_the_first_in_the_case_system(
    as_staff: Browsers, report: Report, cases: StandIn
) -> None:
    browser = as_staff()
    send(browser, report, decision="for-review")
    send(browser, report, kind="full-review", decision="escalate")
    assert Delivery.objects.filter(kind="checklist").count() == 2
    before = len(arrived(cases))
    for _ in range(3):
        deliver_again()
    first, second = arrived(cases)[before:]
    assert (first["replaces"], second["replaces"]) == (None, first["id"])
    assert checklist_of(report).uuid == first["id"]
    # An earlier one that somebody sends again now would put back what was replaced.
    early = Delivery.objects.get(key=report.checklist_submissions.order_by("number")[0].key)
    set_delivery(early, State.QUEUED)
    deliver_again()
    early.refresh_from_db()
    assert (early.state, early.error) == (State.REFUSED, OVERTAKEN)
    assert len(arrived(cases)[before:]) == 2


def test_an_unconfirmed_checklist_holds_back_the_next_until_somebody_settles_it(
    as_staff: Browsers, report: Report, cases: StandIn
) -> None:
    browser = as_staff()
    deliver_due()
    send(browser, report)
    row = set_delivery(delivery_of(report), State.UNCONFIRMED, attempts=1, error="No answer.")
    send(browser, report, summary="Changed")
    deliver_again()
    assert delivery_of(report).state == State.QUEUED
    assert "1 unconfirmed" in readable(browser.get("/"))
    listed = browser.get("/checklists?trouble=unconfirmed").content.decode()
    assert f"/checklists/deliveries/{row.pk}/confirm" in listed
    confirm = f"/checklists/deliveries/{row.pk}/confirm"
    assert as_staff("ROLE_ADMIN_MANAGER").get(confirm).status_code == 403
    assert browser.get(confirm).status_code == 200
    refused = browser.post(confirm, {"version": row.version, "identifier": ""})
    assert "identifier from the case system" in readable(refused)
    known = "33ea0382-cfc9-4776-9036-667eeb68fa4b"
    assert browser.post(confirm, {"version": "other", "identifier": known}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.UNCONFIRMED, "somebody else was faster"
    browser.post(confirm, {"version": row.version, "identifier": known})
    assert checklist_of(report).uuid == known
    assert browser.get(confirm).status_code == 302
    set_delivery(delivery_of(report), State.REFUSED, error="The case system answered 400")
    row = delivery_of(report)
    again = f"/checklists/deliveries/{row.pk}/resend"
    assert "answered 400" in readable(browser.get(again))
    browser.post(again, {"version": row.version})
    assert delivery_of(report).state == State.QUEUED


def test_a_checklist_waits_for_its_report(as_staff: Browsers, report: Report, cases: StandIn, settings: Any) -> None:
    send(as_staff(), report)
    Delivery.objects.filter(kind="report").update(state=State.REFUSED)
    before = len(arrived(cases))
    deliver_again()
    row = delivery_of(report)
    assert (row.state, row.attempts, row.error) == (State.QUEUED, 0, "Waits for its report to arrive.")
    settings.CHECKLIST_SYNC = False
    deliver_again()
    assert "switched off" in delivery_of(report).error
    settings.CHECKLIST_SYNC = True
    # Somebody put the submission away: it was dealt with on paper.
    submission = latest(report)
    submission.archived_at = clock.now()
    submission.save()
    deliver_again()
    (found,) = arrived(cases)[before:]
    assert found["report"] == PAPER_REPORT


def test_nothing_is_queued_while_sending_is_switched_off(as_staff: Browsers, report: Report, settings: Any) -> None:
    settings.CHECKLIST_SYNC = False
    send(as_staff(), report)
    assert ChecklistSubmission.objects.count() == 1
    assert not Delivery.objects.filter(kind="checklist").exists()
    assert "Not queued" in readable(as_staff().get(address(report)))


# In print


def words_of(pdf: bytes) -> str:
    with pymupdf.open(stream=pdf) as document:
        return " ".join(" ".join(page.get_text() for page in document).split())


def test_the_pdf_has_every_answer_and_says_what_is_not_submitted(as_staff: Browsers, report: Report) -> None:
    """(5.5) With the file name of the handbook; once submitted, as it was signed, until somebody saves again."""
    staff = make_staff()
    browser = as_staff(user=staff)
    answer = browser.get(address(report, "/pdf"))
    submitted_on = f"{clock.london(report.submitted_at):%Y-%m-%d}"
    name = f"DigiChecklist-{report.end.year}_{submitted_on}_{report.client.case_number}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "Not submitted" in words_of(answer.content)
    send(browser, report, decision="for-review", information="The deputy sent a bill")
    browser.post(address(report, "/full-review"), {"do": "submit", "version": 0, "decision": "escalate"})
    signed = words_of(browser.get(address(report, "/pdf")).content)
    asked = [*of(report).asked_questions(), *of(report, "full-review").asked_questions()]
    for question in asked:
        assert question.number in signed
    for words in ("All is well.", "The deputy sent a bill", "Escalate", staff.name, report.client.case_number):
        assert words in signed
    assert "Not submitted" not in signed
    browser.post(address(report), {**whole(of(report)), "do": "save", "summary": "Changed later"})
    assert "Not submitted" in words_of(browser.get(address(report, "/pdf")).content)
    stored = report.checklist_submissions.order_by("-number")[0].content
    assert "Changed later" not in str(stored), "what was signed stays"
    assert base64.b64encode(printing.pdf(stored)) == base64.b64encode(printing.pdf(stored))


def test_no_get_changes_anything(as_staff: Browsers, report: Report) -> None:
    browser = as_staff()
    send(browser, report, information="Noted")
    since = clock.now() - timedelta(seconds=0)
    for path in (address(report), address(report, "/submitted"), address(report, "/pdf"), "/checklists"):
        browser.get(path)
    assert not ChecklistSubmission.objects.filter(created_at__gt=since).exists()
    assert FurtherInformation.objects.count() == 1


def test_the_morning_tries_again_what_was_forbidden(as_staff: Browsers, report: Report, settings: Any) -> None:
    send(as_staff(), report)
    forbidden = set_delivery(delivery_of(report), State.REFUSED, error="403 OPGDATA-API-FORBIDDEN: Forbidden")
    send(as_staff(), report)
    set_delivery(delivery_of(report), State.REFUSED, error="400 OPGDATA-API-INVALIDREQUEST: Invalid Request")
    assert resync_checklists().detail == {"queued": 1, "left_refused": 1, "left_unconfirmed": 0}
    forbidden.refresh_from_db()
    assert forbidden.state == State.QUEUED
