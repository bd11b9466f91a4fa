"""People and objects for walking every address: estates, the people they belong to, and everybody else.

An estate is one of everything that can belong to somebody. Four of them have an owner each; whoever belongs to one
estate must find nothing of another. **To add an object: a field of Estate, a line in ``_estate``, and one in BY_NAME
or BY_ROUTE that says for which parameter of an address it stands.**
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from foundation import clock
from foundation.accounts.models import User
from foundation.clients.storage import store
from foundation.outbox import Delivery, State
from reporting.casework.figures.models import Extract
from reporting.documents.models import Document
from reporting.engine.report_types import Family
from reporting.engine.section import Answers
from reporting.people.models import CourtOrderDeputy, IngestRun, Invitation
from reporting.people.notes.models import Note
from reporting.people.organisations.models import Organisation
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.reports.split_merge.models import ReportChange
from reporting.reports.statements import actions as statements
from reporting.reports.statements.models import StatementImport
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.decisions import Decision, Decisions
from reporting.sections.documents import Documents
from reporting.submissions.actions import Declaration, submit
from reporting.submissions.models import Feedback, Submission
from tests.reporting.casework.checklists.making import sign
from tests.reporting.casework.conftest import make_staff
from tests.reporting.conftest import make_deputy, make_member, make_report
from tests.reporting.submissions.test_submit import finish


@dataclass
class Estate:
    """``open``, ``sent``: a report that is filled in and one that is submitted; the rest hangs on these two."""

    open: Report
    sent: Report
    decision: Decision
    account: BankAccount
    statement: StatementImport
    waiting: Document
    delivered: Document
    made: Document
    """The report itself, as it was submitted."""
    submission: Submission
    delivery: Delivery
    invitation: Invitation
    organisation: Organisation
    member: User
    """Somebody in the organisation upon whom its admins and staff may act."""
    note: Note
    colleague: User
    """A case manager upon whom other staff may act."""
    extract: Extract
    run: IngestRun
    mail: Delivery
    change: ReportChange
    checklist: Delivery
    """Of the lodging checklist of the report that was sent."""


@dataclass
class World:
    """``homes``: the estate of each person who has one. Staff see all estates, everybody else only their own."""

    people: dict[str, User | None]
    estates: dict[str, Estate]
    homes: dict[str, str]


STAFF = {"admin": "ROLE_ADMIN", "admin_manager": "ROLE_ADMIN_MANAGER", "super_admin": "ROLE_SUPER_ADMIN"}
ELSEWHERE = {"lay": "other lay", "other lay": "lay", "firm": "council", "council": "firm"}
"""For each estate the one in which its people have no business."""


def make() -> World:
    """Everybody of deputy-people 2.1, signed out and shut out people, and four estates."""
    owner, co_deputy, discharged, stranger, disabled = (make_deputy() for _ in range(5))
    named, council_named = make_member(Family.PROF), make_member(Family.PA)
    firm, council = named.organisations.get(), council_named.organisations.get()
    staff = {name: make_staff(role) for name, role in STAFF.items()}
    estates = {
        "lay": _estate(owner, "102", firm, staff),
        "other lay": _estate(stranger, "102", firm, staff),
        "firm": _estate(named, "102-5", firm, staff),
        "council": _estate(council_named, "102-6", council, staff),
    }
    for report in (estates["lay"].open, estates["lay"].sent):
        for each, active in ((co_deputy, True), (discharged, False), (disabled, True)):
            until = None if active else clock.today()
            CourtOrderDeputy.objects.create(
                order=report.orders.get(), deputy=each.deputy, is_active=active, discharged_on=until
            )
    shut_out = make_member(Family.PROF, "ADMIN")
    shut_out.organisations.update(is_activated=False)
    registering, disabled_admin = make_deputy(), make_staff("ROLE_ADMIN")
    User.objects.filter(pk__in=[disabled.pk, registering.pk, disabled_admin.pk]).update(is_active=False)
    User.objects.filter(pk=registering.pk).update(registered_at=None)
    for user in (disabled, registering, disabled_admin):
        user.refresh_from_db()
    people = {
        "nobody": None, "owner": owner, "co-deputy": co_deputy, "discharged": discharged, "stranger": stranger,
        "prof_named": named,
        "prof_admin": make_member(Family.PROF, "ADMIN", firm),
        "prof_team_member": make_member(Family.PROF, "TEAM_MEMBER", firm),
        "pa_named": council_named,
        "pa_admin": make_member(Family.PA, "ADMIN", council),
        "pa_team_member": make_member(Family.PA, "TEAM_MEMBER", council),
        "not activated": shut_out, "disabled": disabled, "registering": registering, "disabled admin": disabled_admin,
        **staff,
    }  # fmt: skip
    homes = dict.fromkeys(("owner", "co-deputy", "discharged"), "lay") | {"stranger": "other lay"}
    homes |= {name: "firm" if name.startswith("prof") else "council" for name in people if name.startswith("p")}
    return World(people=people, estates=estates, homes=homes)


def _estate(owner: User, code: str, organisation: Organisation, staff: dict[str, User]) -> Estate:
    """``organisation`` is the owner's, or for a lay deputy one of other people."""
    open_report, sent = make_report(owner, code), make_report(owner, code)
    waiting, delivered = _document(open_report, "bill.pdf"), _document(sent, "invoice.pdf")
    for report in (open_report, sent):
        finish(report)
        answers = Answers(report)
        answers[Documents].has = "yes"
        answers[Documents].save()
        report_actions.touch(Answers(report))
        report.refresh_from_db()
    answers = Answers(open_report)
    answers[Decisions].made = "yes"
    answers[Decisions].save()
    submission = submit(sent, Declaration("more_deputies_behalf"), by=owner, version=sent.version)
    Feedback.objects.create(submission=submission, score=5)
    delivered.refresh_from_db()
    sent.refresh_from_db()
    delivery = Delivery.objects.get(key=str(delivered.token))
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNCONFIRMED, attempts=1)
    account = Answers(open_report).entries(BankAccount)[0]
    member = make_member(Family.PROF if code != "102-6" else Family.PA, "TEAM_MEMBER", organisation)
    return Estate(
        open=open_report,
        sent=sent,
        decision=Decision.objects.create(
            report=open_report, description="Sold the car", involved="no", involvement="No"
        ),
        account=account,
        statement=_statement(open_report, account, owner),
        waiting=waiting,
        delivered=delivered,
        made=submission.documents.get(kind=Document.Kind.REPORT),
        submission=submission,
        delivery=delivery,
        invitation=_invitation(open_report, owner),
        organisation=organisation,
        member=member,
        note=Note.objects.create(
            client=open_report.client, organisation=organisation, category="bank", title="Rang the bank"
        ),
        colleague=make_staff("ROLE_ADMIN"),
        extract=_extract(staff["super_admin"]),
        run=IngestRun.objects.create(file="lay", key="ingest/lay_report.csv", sha256="0" * 64, ok=True),
        mail=Delivery.objects.create(
            kind="mail",
            key=f"mail:laws:{open_report.pk}",
            state=State.REFUSED,
            payload={"mail": "PasswordChanged", "arguments": {"user": owner.pk}},
        ),
        change=ReportChange.objects.create(
            what="converted", report=open_report, types_before=[code], types_after=[code]
        ),
        checklist=_checklist(sent),
    )


def _checklist(report: Report) -> Delivery:
    """Signed off for a full review, sent, and not answered."""
    signed = sign(report, make_staff("ROLE_ADMIN"), decision="for-review")
    Delivery.objects.filter(key=signed.key).update(state=State.UNCONFIRMED, attempts=1)
    return Delivery.objects.get(key=signed.key)


def _extract(by: User) -> Extract:
    """Made, and waiting to be fetched by the one who asked for it."""
    key = f"extracts/laws/{uuid4().hex}"
    store().put(key, b"00000000", "text/plain")
    return Extract.objects.create(
        kind="case-documents", asked_by=by, state=Extract.State.READY, key=key,
        name="documents.dat", content_type="text/plain", made_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip


def _document(report: Report, name: str) -> Document:
    key = f"documents/laws/{uuid4().hex}"
    store().put(key, b"%PDF-1.4", "application/pdf")
    return Document.objects.create(report=report, name=name, key=key, content_type="application/pdf", size=8)


def _statement(report: Report, account: BankAccount, by: User) -> StatementImport:
    """A file whose preview waits to be confirmed."""
    lines = f"Date,Description,Amount,Balance\n{report.start:%d/%m/%Y},State pension,120.00,120.00\n"
    return statements.take(report, account, "statement.csv", lines.encode(), by=by)


def _invitation(report: Report, by: User) -> Invitation:
    invited = User.objects.create_user(
        f"invited{report.pk}@example.org", None, first_name="Ina", last_name="Vited", role="ROLE_LAY_DEPUTY"
    )
    return Invitation.objects.create(
        order=report.orders.get(), deputy_uid=f"71{report.pk:010d}", user=invited, invited_by=by
    )


Fill = Callable[[Estate, Report], Any]

BY_NAME: dict[str, Fill] = {
    "report_id": lambda estate, report: report.pk,
    "client_id": lambda estate, report: report.client_id,
    "case_number": lambda estate, report: report.client.case_number,
    "uid": lambda estate, report: report.orders.get().uid,
    "invitation_id": lambda estate, report: estate.invitation.pk,
    "submission_id": lambda estate, report: estate.submission.pk,
    "delivery_id": lambda estate, report: estate.delivery.pk,
    "account": lambda estate, report: estate.account.token,
    "section": lambda estate, report: Decisions.slug,
    "entry": lambda estate, report: Decision.slug,
    "organisation_id": lambda estate, report: estate.organisation.pk,
    "user_id": lambda estate, report: estate.member.pk,
    "note_id": lambda estate, report: estate.note.pk,
    "run_id": lambda estate, report: estate.run.pk,
    "mail_id": lambda estate, report: estate.mail.pk,
    "file": lambda estate, report: estate.run.file,
}
"""What stands for a parameter of an address; ``report`` is the one that is walked, open or sent."""

BY_ROUTE: dict[tuple[str, str], Fill] = {
    ("section_page", "page"): lambda estate, report: Decisions.pages[0].slug,
    ("entry_page", "page"): lambda estate, report: Decision.pages[0].slug,
    ("entry_page", "token"): lambda estate, report: estate.decision.token,
    ("entry_remove", "token"): lambda estate, report: estate.decision.token,
    ("statement_file", "token"): lambda estate, report: estate.statement.token,
    ("statement_remove", "token"): lambda estate, report: estate.statement.token,
    ("document_remove", "token"): lambda estate, report: estate.waiting.token,
    ("document_download", "token"): lambda estate, report: _of(estate, report).token,
    ("submission_document", "token"): lambda estate, report: estate.delivered.token,
    ("submission_document_make_again", "token"): lambda estate, report: estate.made.token,
    ("extract_ask", "key"): lambda estate, report: "case-documents",
    ("extract", "token"): lambda estate, report: estate.extract.token,
    ("extract_download", "token"): lambda estate, report: estate.extract.token,
    ("user_delete", "user_id"): lambda estate, report: estate.colleague.pk,
    ("user_disable", "user_id"): lambda estate, report: estate.colleague.pk,
    ("user_enable", "user_id"): lambda estate, report: estate.colleague.pk,
    ("user_second_factor", "user_id"): lambda estate, report: estate.colleague.pk,
    ("checklist_confirm", "delivery_id"): lambda estate, report: estate.checklist.pk,
    ("checklist_resend", "delivery_id"): lambda estate, report: estate.checklist.pk,
    # Links in mails: whoever holds a good one is let in, so here they are bad ones.
    ("activate", "token"): lambda estate, report: "no-such-token",
    ("reset_password", "token"): lambda estate, report: "no-such-token",
    ("confirm_email", "token"): lambda estate, report: "no-such-token",
}
"""Where the name of the parameter does not say what is meant."""

OWNED = {
    "report_id", "client_id", "uid", "invitation_id", "submission_id", "delivery_id", "organisation_id", "note_id",
}  # fmt: skip
OWNED_ROUTES = {"document_download", "submission_document"}
"""Parameters and addresses of things that belong to somebody."""


def _of(estate: Estate, report: Report) -> Document:
    return estate.waiting if report == estate.open else estate.delivered
