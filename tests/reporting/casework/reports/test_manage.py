"""Managing a report: one form, one confirmation, one transaction (deputy-admin 6, deputy-reports 7.7, 7.8)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from foundation import clock
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from reporting.casework.reports.actions import Stale
from reporting.casework.reports.actions import manage as manage_report
from reporting.casework.reports.forms import Plan
from reporting.casework.reports.queries import seen
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.sections.client_benefits_check import ClientBenefitsCheck
from reporting.submissions import actions
from reporting.submissions.actions import Declaration
from reporting.submissions.models import Submission
from tests.reporting.casework.checklists.making import submitted
from tests.reporting.casework.conftest import ROLES, make_staff
from tests.reporting.conftest import make_deputy, make_report
from tests.reporting.sections.pages import readable
from tests.reporting.submissions.test_submit import finish

pytestmark = pytest.mark.django_db(transaction=True)
Browsers = Callable[..., Browser]


def address(report: Report) -> str:
    return f"/reports/{report.pk}/manage"


def date_of(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def fields(report: Report, **more: Any) -> dict[str, Any]:
    """What a browser sends of the form as it stands, with these changes."""
    start, end = more.pop("start", report.start), more.pop("end", report.end)
    due_on = date_of("due_on", more.pop("due_on")) if "due_on" in more else {}
    return {
        "version": seen(report), "type": report.type, **date_of("start", start), **date_of("end", end),
        "due_choice": "keep", **due_on, **more,
    }  # fmt: skip


def manage(browser: Browser, report: Report, **more: Any) -> Any:
    """Send the form, and confirm."""
    return browser.post(address(report), {**fields(report, **more), "confirm": "yes", "sure": "yes"})


def events(report: Report) -> list[str]:
    names = ["REPORT_UNSUBMITTED", "REPORT_TYPE_CHANGED", "REPORT_PERIOD_CHANGED", "REPORT_DUE_DATE_CHANGED"]
    found = AuditEvent.objects.filter(subject=f"reporting_report:{report.pk}", event__in=[*names, "REPORT_CLOSED"])
    return list(found.order_by("pk").values_list("event", flat=True))


@pytest.fixture
def deputy(db: None) -> User:
    return make_deputy()


@pytest.mark.parametrize("choice", ["3", "4", "5", "custom"])
@pytest.mark.defect("admin 6", "no audit event for type, date or due-date changes")
def test_d194_type_and_due_date_of_an_open_report(as_staff: Browsers, deputy: User, choice: str) -> None:
    """(D-194) The new type's sections and the due date are shown; both changes are audited; no answer is lost."""
    report = finish(make_report(deputy, "102"))
    custom = clock.today() + timedelta(days=90)
    staff = make_staff()
    browser = as_staff(user=staff)
    more = {"due_on": custom} if choice == "custom" else {}
    asked = browser.post(address(report), fields(report, type="104", due_choice=choice, **more))
    page = readable(asked)
    assert "Make these changes?" in page
    for words in ("OPG102", "OPG104", "Due date"):
        assert words in page
    report.refresh_from_db()
    assert report.type == "102", "nothing is saved before it is confirmed"
    answer = manage(browser, report, type="104", due_choice=choice, **more)
    assert answer.url == f"/clients/{report.client_id}"
    was = report.due
    report.refresh_from_db()
    wanted = custom if choice == "custom" else clock.today() + timedelta(weeks=int(choice))
    assert (report.type, report.due) == ("104", wanted)
    assert "lifestyle" in report.progress
    assert "bankAccounts" not in report.progress
    assert events(report) == ["REPORT_TYPE_CHANGED", "REPORT_DUE_DATE_CHANGED"]
    due = AuditEvent.objects.get(event="REPORT_DUE_DATE_CHANGED")
    assert (due.actor, due.before, due.after) == (staff.pk, {"due": str(was)}, {"due": str(wanted)})
    assert report.further_information.count() == 0


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.defect("admin 6", "choices wait in the session between two pages")
def test_d195_a_submitted_report_goes_back_with_its_sections(as_staff: Browsers, deputy: User, role: str) -> None:
    """(D-195) Any staff. The deputy sees period, due date and "changes needed" on exactly the ticked sections."""
    report = submitted("102", deputy)
    browser = as_staff(user=(staff := make_staff(role)))
    end, due = report.end - timedelta(days=10), clock.today() + timedelta(days=40)
    more: dict[str, Any] = {"end": end, "due_choice": "custom", "due_on": due, "sections": ["gifts", "balance"]}
    page = readable(browser.post(address(report), fields(report, **more)))
    for words in ("Send this report back to the deputy?", "Accounts balance check, Gifts", f"{end.day} {end:%B %Y}"):
        assert words in page.replace("Gifts, Accounts balance check", "Accounts balance check, Gifts"), words
    unsaid = browser.post(address(report), {**fields(report, **more), "confirm": "yes"})
    assert "Select yes if you want to make these changes" in readable(unsaid)
    browser.post(address(report), {**fields(report, **more), "confirm": "yes", "sure": "no"})
    report.refresh_from_db()
    assert report.submitted, "no means no"
    manage(browser, report, **more)
    report.refresh_from_db()
    assert (report.submitted, report.end, report.due) == (False, end, due)
    assert report.changes_needed == ["balance", "gifts"]
    assert report.submitted_at is not None
    assert events(report) == ["REPORT_UNSUBMITTED", "REPORT_PERIOD_CHANGED", "REPORT_DUE_DATE_CHANGED"]
    (note,) = report.further_information.all()
    assert note.created_by == staff
    for words in ("sent back to the deputy", "Accounts balance check", f"Due date: {due:%-d %B %Y}"):
        assert words in note.text
    client_page = readable(browser.get(f"/clients/{report.client_id}"))
    assert "Incomplete" in client_page
    assert "sent back to the deputy" in readable(browser.get(f"/reports/{report.pk}/checklist"))


def test_d195_what_the_deputy_sees_then(as_staff: Browsers, deputy: User, settings: Any) -> None:
    report = submitted("102", deputy)
    due = clock.today() + timedelta(days=40)
    manage(as_staff(), report, due_choice="custom", due_on=due, sections=["gifts"])
    settings.SITE, settings.ROOT_URLCONF = "front", "reporting.urls"
    front = Browser()
    front.force_login(deputy)
    answer = front.get(reverse("report_overview", args=[report.pk]))
    overview = readable(answer)
    assert f"{due.day} {due:%B %Y}" in overview
    tagged = re.findall(r"Changes needed\s*</strong>", answer.content.decode())
    assert len(tagged) == 1, "on this section alone"
    assert re.search(r"Gifts\b[^.]*Changes needed", overview)


@pytest.mark.parametrize("done", [True, False])
def test_d199_the_benefits_section_can_be_ticked_and_the_deputy_submits_again(
    as_staff: Browsers, deputy: User, done: bool
) -> None:
    """(D-199) Whether or not it was completed; afterwards the flags are gone and there is one next report."""
    report = submitted("103", deputy)
    if not done:
        ClientBenefitsCheck.objects.filter(report=report).delete()
    page = as_staff().get(address(report)).content.decode()
    assert 'value="clientBenefitsCheck"' in page
    manage(as_staff(), report, sections=["clientBenefitsCheck"])
    report.refresh_from_db()
    assert report.changes_needed == ["clientBenefitsCheck"]
    report = finish(report)
    actions.submit(report, Declaration("only_deputy"), by=deputy, version=report.version)
    report.refresh_from_db()
    assert (report.submitted, report.reopened_at, report.changes_needed) == (True, None, [])
    assert report.next.count() == 1
    assert Submission.objects.filter(report=report).count() == 2


def test_type_and_sections_change_together(as_staff: Browsers, deputy: User) -> None:
    """A section that the new type does not have cannot be asked for."""
    report = submitted("102-4", deputy)
    refused = manage(as_staff(), report, type="104", sections=["gifts", "lifestyle"])
    assert "A report of type OPG104 has no section Gifts" in readable(refused)
    manage(as_staff(), report, type="104", sections=["lifestyle"])
    report.refresh_from_db()
    assert (report.type, report.submitted, report.changes_needed) == ("104", False, ["lifestyle"])
    assert Submission.objects.get(report=report).snapshot["report"]["type"] == "102-4"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"sections": []}, "Select at least one section"),
        ({"type": "102-5"}, "valid choice"),
        ({"start-year": ""}, "must include a year"),
        ({"start-day": "", "start-month": "", "start-year": ""}, "Enter the date on which the period starts"),
        ({"end-day": "31", "end-month": "2"}, "Enter a real date"),
        ({"due_choice": ""}, "Select when the report is due"),
        ({"due_choice": "6"}, "valid choice"),
        ({"due_choice": "custom"}, "Enter the date on which the report is due"),
        ({"due_choice": "custom", "due_on-day": "x", "due_on-month": "1", "due_on-year": "2027"}, "Enter a real date"),
    ],
)
@pytest.mark.defect("admin 6", "date syntax and the custom due date are never checked")
def test_every_field_is_checked_before_anything_happens(
    as_staff: Browsers, deputy: User, sent: dict[str, Any], message: str
) -> None:
    report = submitted("104", deputy)
    data = {**fields(report, sections=["decisions"]), "confirm": "yes", "sure": "yes", **sent}
    answer = as_staff().post(address(report), data)
    assert answer.status_code == 400
    assert readable(answer).count(message) >= 2, "at the field and in the summary"
    report.refresh_from_db()
    assert report.submitted


@pytest.mark.parametrize(("days", "message"), [(0, "after the start date"), (456, "less than 15 months"), (1, "")])
def test_limits_of_the_period(as_staff: Browsers, deputy: User, days: int, message: str) -> None:
    report = make_report(deputy, "104")
    answer = manage(as_staff(), report, start=date(2025, 1, 31), end=date(2025, 1, 31) + timedelta(days=days))
    assert answer.status_code == (400 if message else 302)
    if message:
        assert message in readable(answer)


def test_a_due_date_that_is_kept_never_falls_before_the_end_of_the_period(as_staff: Browsers, deputy: User) -> None:
    report = make_report(deputy, "104")
    end = report.due + timedelta(days=1)
    manage(as_staff(), report, end=end)
    report.refresh_from_db()
    assert (report.end, report.due) == (end, end + timedelta(days=21))
    early = as_staff().post(address(report), fields(report, due_choice="custom", due_on=report.start))
    assert "due before its period has ended" in readable(early)


def test_what_somebody_else_did_meanwhile_stops_it(as_staff: Browsers, deputy: User) -> None:
    """Both values are shown; a deputy who fills in answers meanwhile is no reason to stop."""
    report = make_report(deputy, "104")
    mine = fields(report, due_choice="5")
    finish(report)
    assert manage(as_staff(), report, due_choice="3").status_code == 302
    stale = as_staff().post(address(report), {**mine, "confirm": "yes", "sure": "yes"})
    assert stale.status_code == 409
    page = readable(stale)
    three, five = (clock.today() + timedelta(weeks=weeks) for weeks in (3, 5))
    for day in (three, five):
        assert f"{day.day} {day:%B %Y}" in page
    report.refresh_from_db()
    assert report.due == three
    assert f'value="{seen(report)}"' in stale.content.decode()


def test_the_version_is_checked_again_under_the_lock(deputy: User) -> None:
    """Whoever is a moment slower does nothing at all."""
    report = make_report(deputy, "104")
    version, by = seen(report), make_staff()
    plan = Plan(report.type, report.start, report.end, report.due + timedelta(days=7))
    manage_report(report, plan, by=by, version=version)
    with pytest.raises(Stale):
        manage_report(report, Plan("102", report.start, report.end, report.due), by=by, version=version)
    report.refresh_from_db()
    assert (report.type, report.due) == ("104", plan.due)
    assert events(report) == ["REPORT_DUE_DATE_CHANGED"]


@pytest.mark.defect("admin 6", "closing leaves the report incomplete and is not audited")
def test_closing_a_report_that_was_sent_back(as_staff: Browsers, deputy: User) -> None:
    """Submitted again as it was: nothing new is made or sent, and the flags are gone."""
    report = submitted("104", deputy)
    at, due = report.submitted_at, report.due
    assert 'name="close"' not in as_staff().get(address(report)).content.decode()
    manage(as_staff(), report, sections=["decisions"])
    report.refresh_from_db()
    both = manage(as_staff(), report, close="yes", due_choice="3")
    assert "Close the report without other changes" in readable(both)
    asked = as_staff().post(address(report), fields(report, close="yes"))
    assert "Close this report?" in readable(asked)
    manage(as_staff(), report, close="yes")
    report.refresh_from_db()
    assert (report.submitted, report.reopened_at, report.changes_needed) == (True, None, [])
    assert (report.submitted_at, report.due) == (at, due)
    assert Submission.objects.filter(report=report).count() == 1
    assert events(report)[-1] == "REPORT_CLOSED"
    assert "closed without a new submission" in report.further_information.last().text
    assert 'name="close"' not in as_staff().get(address(make_report(deputy, "104"))).content.decode()


def test_nothing_chosen_changes_nothing(as_staff: Browsers, deputy: User) -> None:
    report = make_report(deputy, "104")
    version = report.version
    assert manage(as_staff(), report).status_code == 302
    report.refresh_from_db()
    assert (report.version, events(report)) == (version, [])


@pytest.mark.parametrize("role", ROLES)
def test_d198_the_pdf_and_the_preview_are_for_super_admins(as_staff: Browsers, deputy: User, role: str) -> None:
    """(D-198) By link and by address."""
    report = submitted("104", deputy)
    browser, mine = as_staff(role), role == "ROLE_SUPER_ADMIN"
    following = report.next.get()
    page = browser.get(f"/clients/{report.client_id}").content.decode()
    assert ("/pdf" in page, "/preview" in page) == (mine, mine)
    stored = browser.get(f"/reports/{report.pk}/pdf")
    preview = browser.get(f"/reports/{following.pk}/preview")
    assert (stored.status_code, preview.status_code) == ((302, 200) if mine else (403, 403))
    if mine:
        assert stored.url == f"/submissions/documents/{report.documents.get(kind='report').token}"
        assert preview.content.startswith(b"%PDF")
        assert browser.get(f"/reports/{following.pk}/pdf").status_code == 404
        assert browser.get(f"/reports/{report.pk}/preview").status_code == 404
        assert AuditEvent.objects.filter(event="REPORT_PREVIEWED").count() == 1
    assert Answers(following).report == following
