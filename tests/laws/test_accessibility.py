"""Every page of both sites, in a real browser: no violation that axe finds, one heading, readable at 400 % zoom.

The pages are made from the addresses and from the declarations of the sections, so that a new page is looked at
without being named here. Each is looked at empty, with all errors, and with sample answers. B-016.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from foundation.access import PUBLIC, Rule, can
from foundation.accounts import second_factor
from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION, EMAIL, RESET
from foundation.clients.storage import store
from foundation.outbox import Delivery, State
from foundation.testing.routes import Route
from reporting.access import VERBS
from reporting.casework.figures.models import Extract
from reporting.documents.actions import new_key
from reporting.documents.models import Document
from reporting.engine.report_types import LAY_TYPES, TYPES, Family
from reporting.engine.sample import fill
from reporting.engine.section import Answers, Section, all_sections
from reporting.people.models import CourtOrder, IngestRun, Invitation
from reporting.people.notes.models import Note
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.reports.split_merge import actions as split_merge
from reporting.reports.split_merge.models import AnswerConflict, ReportChange
from reporting.reports.statements import actions as statements
from reporting.sections.balance import Balance
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.documents import Documents
from reporting.submissions import actions
from reporting.submissions.models import Feedback, Submission
from tests.looking import Looker, look_at_site, pages
from tests.reporting.casework.checklists.making import sign
from tests.reporting.casework.conftest import make_staff
from tests.reporting.conftest import make_deputy, make_member, make_person, make_report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OF_SECTIONS = {"section", "section_page", "entry_add", "entry_page", "entry_remove"}
"""Addresses of sections, whose pages are made from the declarations."""
OTHER_WAYS = {
    # tests of their own:
    "register_details", "register_client", "register_verify", "register_member", "updated_terms", "activate",
    "reset_password",
    "home", "clients",  # lead on where there is one order, one client
    # tested with their features:
    "session_keep_alive", "held_post", "recovery_codes", "second_factor", "second_factor_set_up",
    "submission_document", "report_changes", "report_pdf", "report_preview", "extract_download",
    "client_by_case_number",
}  # fmt: skip
"""Addresses that lead elsewhere in every state in which the sites are looked at here."""
SHORT = "statements_suggestions"
"""Only in reports with the short account of money."""
LINKS = {"activate": ACTIVATION, "reset_password": RESET, "confirm_email": EMAIL}
STATEMENT = b"Date,Description,Amount\n05/05/2026,COUNCIL TAX,-1700.00\n06/05/2026,PENSION,70.00\n"


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_scan", lambda *_, **__: None)  # no scanner is needed to look at pages
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path / "documents"


# Sections


def paths_of(section: Section) -> Iterator[str]:
    """Every address of a section as it stands: start, summary, pages, those of each entry and of a new one."""
    report = section.report.pk
    yield reverse("section", args=[report, section.slug])
    if not section.started():
        yield reverse("section", args=[report, section.slug]) + "?summary"
    yield from (reverse("section_page", args=[report, section.slug, page.slug]) for page in section.pages)
    for kind in section.entry_kinds():
        tokens = [uuid4(), *(entry.token for entry in section.answers.entries(kind)[:1])]
        for token in tokens:
            for page in kind.pages:
                yield reverse("entry_page", args=[report, section.slug, kind.slug, token, page.slug])
        for token in tokens[1:]:
            yield reverse("entry_remove", args=[report, section.slug, kind.slug, token])


def look_at_section(window: Page, base: str, kind: type[Section], code: str) -> None:
    deputy = make_person(code)
    report = make_report(deputy, code)
    if kind is not Balance:
        fill(report, only=[other.key for other in kind.needs if other.applies_to(report.kind)])
    looker = Looker(window, base, deputy)
    for path in paths_of(Answers(report)[kind]):
        looker.look(path, "empty")
    fill(report)
    for path in list(paths_of(Answers(report)[kind])):
        there = looker.look(path, "answered")
        if there and "remove" not in path and looker.send_empty(path):
            fill(report)
    assert not looker.faults, "\n".join(looker.faults)


@pytest.mark.parametrize("kind", all_sections(), ids=lambda kind: kind.key)
def test_pages_of_a_section(window: Page, live_server: LiveServer, kind: type[Section]) -> None:
    """In a joint report: of a lay deputy, or else of whoever has the section."""
    codes = ["102-4", "103-4", "102-4-6", "102-4-5"]
    look_at_section(window, live_server.url, kind, next(code for code in codes if kind.applies_to(TYPES[code])))


@pytest.mark.long
@pytest.mark.parametrize("code", [*LAY_TYPES, "102-4-5", "102-4-6"])
@pytest.mark.parametrize("kind", all_sections(), ids=lambda kind: kind.key)
def test_pages_of_a_section_in_each_report(
    window: Page, live_server: LiveServer, kind: type[Section], code: str
) -> None:
    if kind.applies_to(TYPES[code]):
        look_at_section(window, live_server.url, kind, code)


# All other pages


def known_of(report: Report, user: User) -> dict[str, Any]:
    document = Document.objects.filter(report=report).first() or add_document(report)
    order = CourtOrder.objects.get(client=report.client)
    invited = User.objects.get_or_create(email="invited@example.org", first_name="Ida", last_name="Invited")[0]
    invitation = Invitation.objects.get_or_create(order=order, deputy_uid="1", user=invited)[0]
    known: dict[str, Any] = {
        "report_id": report.pk,
        "client_id": report.client_id,
        "uid": order.uid,
        "invitation_id": invitation.pk,
        "token": document.token,
        "account": uuid4(),
    }
    if not report.submitted and (accounts := Answers(report).entries(BankAccount)):
        waiting, stored = (statements.take(report, account, "may.csv", STATEMENT, by=user) for account in accounts[:2])
        statements.store(report, stored, by=user)
        known |= {"account": accounts[0].token, "statement_file.token": waiting.token}
        known |= {"statement_remove.token": stored.token, "statements_sort?": "?show=all"}
        known |= {"statements_payments?": f"?statement={stored.pk}"}
    return known | {f"{name}.token": link.token(user) for name, link in LINKS.items()}


def known_of_files_and_mails(staff: User) -> dict[str, Any]:
    """A run of a nightly file with refused rows, and a mail that did not go out."""
    refused = [{"line": 2, "case_number": "90000001", "reason": "MadeDate is not a date"}]
    notes = [{"case_number": "90000002", "reason": "2 active pfa orders: the newest is used"}]
    run = IngestRun.objects.create(
        file="lay", key="ingest/lay_report.csv", sha256="0a" * 32, ok=True, started_by=staff, ended_at=clock.now(),
        counts={"rows": 9, "refused": 1, "added": 8}, refused=refused + notes,
    )  # fmt: skip
    mail = {"mail": "PasswordChanged", "arguments": {"user": staff.pk}}
    delivery = Delivery.objects.create(kind="mail", key="mail:laws", state=State.REFUSED, payload=mail, error="No box")
    return {"run_id": run.pk, "mail_id": delivery.pk, "file": "lay"}


def known_of_casework(submission: Submission, staff: User) -> dict[str, Any]:
    """A client, one archived, one to discharge; a checklist that got no answer; an extract; a lost document."""
    archived, leaving = (make_report(make_deputy()).client for _ in range(2))
    archived.archived_at = clock.now()
    archived.save()
    report = submission.report
    signed = sign(report, make_staff("ROLE_ADMIN"), decision="for-review")
    Delivery.objects.filter(key=signed.key).update(state=State.UNCONFIRMED)
    sent = Delivery.objects.get(key=signed.key).pk
    extract = Extract.objects.create(kind="case-documents", asked_by=staff)
    made = Document.objects.get(submission=submission, kind=Document.Kind.REPORT)
    return {
        "client_id": report.client_id, "report_id": report.pk, "case_number": report.client.case_number,
        "client_archived.client_id": archived.pk, "client_unarchive.client_id": archived.pk,
        "client_discharge.client_id": leaving.pk,
        "checklist_confirm.delivery_id": sent, "checklist_resend.delivery_id": sent,
        "extract_ask.key": "case-documents", "extract.token": extract.token, "extract_download.token": extract.token,
        "submission_document_make_again.token": made.token,
    }  # fmt: skip


def known_of_accounts() -> dict[str, Any]:
    """A deputy with a client, a case manager to decide about, and organisations with and without users."""
    deputy, colleague = make_deputy(), make_staff("ROLE_ADMIN")
    make_report(deputy)
    member = make_member(Family.PROF, "TEAM_MEMBER")
    make_report(member, "102-5")
    second_factor.enable(colleague, second_factor.new_secret())
    decisions = ("user_disable", "user_enable", "user_second_factor", "user_protection")
    return {
        "user_id": deputy.pk, **{f"{name}.user_id": colleague.pk for name in decisions},
        "user_delete.user_id": make_staff("ROLE_ADMIN").pk,
        "organisation_id": member.organisations.get().pk, "organisation_user_remove.user_id": member.pk,
    }  # fmt: skip


def add_document(report: Report) -> Document:
    key = new_key(report)
    store().put(key, b"%PDF-1.4 a bill", "application/pdf")
    return Document.objects.create(report=report, name="a bill.pdf", key=key, content_type="application/pdf", size=15)


def submitted(deputy: User, code: str = "102-4") -> Submission:
    report = make_report(deputy, code)
    fill(report)
    answers = Answers(report)
    add_document(report)
    answers[Documents].has = "yes"
    answers[Documents].save()
    fill(report)
    report_actions.touch(Answers(report))
    return actions.submit(report, actions.Declaration("only_deputy"), by=deputy, version=report.version)


def for_visitors(route: Route) -> bool:
    return route.rule == PUBLIC


def for_users(route: Route) -> bool:
    return route.rule != PUBLIC and route.name not in OF_SECTIONS


def for_role(user: User) -> Callable[[Route], bool]:
    """What is for users, and for this one's role."""
    return lambda route: for_users(route) and (route.rule is None or not route.rule.verb or can(user, route.rule.verb))


def of_a_report(route: Route) -> bool:
    return "report_id" in route.converters and route.name not in OF_SECTIONS


def test_pages_of_the_front(window: Page, live_server: LiveServer) -> None:
    deputy, url = make_deputy(), live_server.url
    report = make_report(deputy, "102-4")
    without = look_at_site(Looker(window, url, None), known_of(report, deputy), "visitor", for_visitors)
    looker = Looker(window, url, deputy)
    without |= look_at_site(looker, known_of(report, deputy), "empty", for_role(deputy))
    fill(report)
    report_actions.touch(Answers(report))
    without &= look_at_site(looker, known_of(report, deputy), "answered", of_a_report) | OTHER_WAYS
    short = make_report(deputy, "103-4")
    fill(short)
    known = known_of(short, deputy)
    if not look_at_site(looker, known, "short", lambda route: route.name == SHORT):
        without.discard(SHORT)
    report = submitted(deputy).report
    Feedback.objects.create(submission=report.submissions.get(), score=5, role=deputy.role, report_type=report.type)
    without &= look_at_site(looker, known_of(report, deputy), "submitted", of_a_report) | OTHER_WAYS
    assert without <= OTHER_WAYS, "pages that are never looked at"


def test_what_became_of_a_report(window: Page, live_server: LiveServer) -> None:
    """Merged, with two answers to choose between; the overview tells of it."""
    deputy = make_deputy()
    report = make_report(deputy, "102-4")
    fill(report)
    change = ReportChange.objects.create(
        what="merged", report=report, gone=0, gone_start=report.start, gone_end=report.start,
        types_before=["102", "104"], types_after=["102-4"],
    )  # fmt: skip
    AnswerConflict.objects.create(
        change=change, report=report, section="decisions", questions=["made", "reason"],
        ours={"made": "yes", "reason": None}, theirs={"made": "no", "reason": "Nothing came up"},
    )  # fmt: skip
    split_merge.count_unsettled(report)
    report_actions.touch(Answers(report))
    looker = Looker(window, live_server.url, deputy)
    for name in ("report_changes", "report_overview"):
        assert looker.look(reverse(name, args=[report.pk]), "merged")
    looker.send_empty(reverse("report_changes", args=[report.pk]))
    assert not looker.faults, "\n".join(looker.faults)


def test_pages_of_an_organisation(window: Page, live_server: LiveServer) -> None:
    """Those that lay deputies do not have or see otherwise; one person in two organisations, and a list of one page."""
    admin = make_member(Family.PROF, "ADMIN")
    firm = admin.organisations.get()
    make_member(Family.PROF, "TEAM_MEMBER").organisations.get().users.add(admin)
    colleague = make_member(Family.PROF, "TEAM_MEMBER", firm)
    looker = Looker(window, live_server.url, admin)
    look_at_site(looker, {}, "empty", lambda route: route.name in {"dashboard", "organisations"})
    report = make_report(admin, "102-5")
    Report.objects.filter(pk=report.pk).update(reopened_at=clock.now())
    submitted(admin, "103-5")
    note = Note.objects.create(client=report.client, organisation=firm, category="bank", title="Ring", content="Soon")
    for number in range(16):
        make_member(Family.PROF, "TEAM_MEMBER", firm).profile.delete()
        make_report(admin, "104-5", ended=number % 2 == 0)
    known = {"client_id": report.client_id, "note_id": note.pk, "report_id": report.pk}
    known |= {"organisation_id": firm.pk, "user_id": colleague.pk}
    own = OF_ORGANISATIONS | {each.name for each in pages() if each.rule in FOR_MEMBERS}
    without = look_at_site(looker, known, "filled", lambda route: route.name in own)
    assert without <= OTHER_WAYS, "pages that are never looked at"


FOR_MEMBERS = [Rule(verb=verb) for verb in VERBS["ROLE_PROF_ADMIN"] - VERBS["ROLE_LAY_DEPUTY"]]
OF_ORGANISATIONS = {"client", "client_edit", "settings", "settings_edit", "report_overview"}
"""Pages that everybody has, but that organisations see otherwise."""


@pytest.mark.parametrize("name", ["register_member", "updated_terms"])
def test_steps_of_members(window: Page, live_server: LiveServer, name: str) -> None:
    member = make_member(Family.PA)
    member.is_active = name == "updated_terms"
    member.registered_at = clock.now() - timedelta(days=2) if member.is_active else None
    member.save()
    looker = Looker(window, live_server.url, member)
    assert looker.look(reverse(name), "page")
    looker.send_empty(reverse(name))
    assert not looker.faults, "\n".join(looker.faults)


@pytest.mark.parametrize("name", ["register_details", "register_client", "register_verify", "home"])
def test_steps_of_registration(window: Page, live_server: LiveServer, name: str) -> None:
    deputy = make_deputy()
    deputy.is_active, deputy.registered_at = False, None
    deputy.save()
    deputy.clients.clear()
    deputy.profile.address1 = "" if name == "register_details" else "1 Test Road"
    deputy.profile.is_co_deputy, deputy.profile.co_deputy_confirmed = True, name != "register_verify"
    deputy.profile.save()
    if name == "home":
        deputy.is_active, deputy.registered_at = True, clock.now()
        deputy.save()
        deputy.clients.add(make_report(make_deputy()).client)
    looker = Looker(window, live_server.url, deputy)
    assert looker.look(reverse(name), "page")
    if name != "home":
        looker.send_empty(reverse(name))
    assert not looker.faults, "\n".join(looker.faults)


@pytest.mark.parametrize("name", ["activate", "reset_password"])
def test_pages_of_links(window: Page, live_server: LiveServer, name: str) -> None:
    deputy = make_deputy()
    if name == "activate":
        deputy.set_unusable_password()
        deputy.is_active, deputy.registered_at = False, None
        deputy.save()
    looker = Looker(window, live_server.url, None)
    path = reverse(name, args=[LINKS[name].token(deputy)])
    assert looker.look(path, "page")
    assert not looker.send_empty(path)
    assert not looker.faults, "\n".join(looker.faults)


def test_pages_of_the_admin_site(window: Page, live_server: LiveServer, settings: Any) -> None:
    settings.SITE, settings.ROOT_URLCONF = "admin", "reporting.urls_admin"
    staff = User.objects.create_user(
        "staff@example.gov.uk", "Correct-Horse-Battery-9", first_name="Sam", last_name="Staff",
        role="ROLE_SUPER_ADMIN", is_active=True, registered_at=clock.now(),
    )  # fmt: skip
    url, known = live_server.url, {"submission_id": 0, "delivery_id": 0, "token": uuid4()}
    known |= {f"{name}.token": link.token(staff) for name, link in LINKS.items()}
    look_at_site(Looker(window, url, None), known, "visitor", lambda route: route.name == "sign_in")
    lists = {"home", "submissions", "users", "organisations", "client_search", "figures", "extracts"}
    look_at_site(Looker(window, url, staff), known, "empty", lambda route: route.name in lists)
    submission = submitted(make_deputy())
    Delivery.objects.filter(kind="report").update(state=State.UNCONFIRMED)
    known |= {"submission_id": submission.pk, "delivery_id": Delivery.objects.get(kind="report").pk}
    known |= known_of_files_and_mails(staff) | known_of_casework(submission, staff) | known_of_accounts()
    without = look_at_site(Looker(window, url, staff), known, "filled", for_users)
    assert without <= OTHER_WAYS, "pages that are never looked at"
