"""People and objects for walking every address: an owner, those who share with them, strangers, and staff."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from foundation.accounts.models import User
from foundation.clients.storage import store
from foundation.outbox import Delivery, State
from reporting.casework.figures.models import Extract
from reporting.documents.models import Document
from reporting.engine.section import Answers
from reporting.people.models import CourtOrderDeputy, Invitation
from reporting.reports import actions as report_actions
from reporting.reports.models import Report
from reporting.reports.statements import actions as statements
from reporting.reports.statements.models import StatementImport
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.decisions import Decision, Decisions
from reporting.sections.documents import Documents
from reporting.submissions.actions import Declaration, submit
from reporting.submissions.models import Feedback, Submission
from tests.reporting.casework.conftest import ROLES, make_staff
from tests.reporting.conftest import make_deputy, make_report
from tests.reporting.submissions.test_submit import finish

STAFF = {role.removeprefix("ROLE_").lower(): role for role in ROLES}


@dataclass
class World:
    """``open``, ``sent``: a report that is filled in and one that is submitted, of the same two deputies."""

    people: dict[str, User | None]
    open: Report
    sent: Report
    submission: Submission
    decision: Decision
    account: BankAccount
    statement: StatementImport
    waiting: Document
    delivered: Document
    invitation: Invitation
    delivery: Delivery
    extract: Extract


def make() -> World:
    owner, co_deputy, stranger, discharged = (make_deputy() for _ in range(4))
    open_report, sent = make_report(owner, "102"), make_report(owner, "102")
    for report in (open_report, sent):
        order = report.orders.get()
        CourtOrderDeputy.objects.create(order=order, deputy=co_deputy.deputy)
        CourtOrderDeputy.objects.create(order=order, deputy=discharged.deputy, is_active=False)
        finish(report)
    make_report(stranger, "102")
    answers = Answers(open_report)
    answers[Decisions].made = "yes"
    answers[Decisions].save()
    decision = Decision.objects.create(report=open_report, description="Sold the car", involved="no", involvement="No")
    waiting, delivered = _document(open_report, "bill.pdf"), _document(sent, "invoice.pdf")
    for report in (open_report, sent):
        answers = Answers(report)
        answers[Documents].has = "yes"
        answers[Documents].save()
        report_actions.touch(Answers(report))
        report.refresh_from_db()
    submission = submit(sent, Declaration("more_deputies_behalf"), by=owner, version=sent.version)
    Feedback.objects.create(submission=submission, score=5)
    delivered.refresh_from_db()
    sent.refresh_from_db()
    delivery = Delivery.objects.get(key=str(delivered.token))
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNCONFIRMED, attempts=1)
    account = Answers(open_report).entries(BankAccount)[0]
    invited = User.objects.create_user(
        "invited@example.org", None, first_name="Ina", last_name="Vited", role="ROLE_LAY_DEPUTY"
    )
    return World(
        people={
            "nobody": None,
            "owner": owner,
            "co-deputy": co_deputy,
            "stranger": stranger,
            "discharged": discharged,
            **{name: make_staff(role) for name, role in STAFF.items()},
        },
        open=open_report,
        sent=sent,
        submission=submission,
        decision=decision,
        account=account,
        statement=_statement(open_report, account, owner),
        waiting=waiting,
        delivered=delivered,
        invitation=Invitation.objects.create(
            order=open_report.orders.get(), deputy_uid="711111111111", user=invited, invited_by=owner
        ),
        delivery=delivery,
        extract=Extract.objects.create(kind="case-documents", asked_by=make_staff("ROLE_SUPER_ADMIN")),
    )


def _document(report: Report, name: str) -> Document:
    key = f"documents/laws/{uuid4().hex}"
    store().put(key, b"%PDF-1.4", "application/pdf")
    return Document.objects.create(report=report, name=name, key=key, content_type="application/pdf", size=8)


def _statement(report: Report, account: BankAccount, by: User) -> StatementImport:
    """A file whose preview waits to be confirmed."""
    lines = f"Date,Description,Amount,Balance\n{report.start:%d/%m/%Y},State pension,120.00,120.00\n"
    return statements.take(report, account, "statement.csv", lines.encode(), by=by)


Fill = Callable[[World, Report], Any]

BY_NAME: dict[str, Fill] = {
    "report_id": lambda world, report: report.pk,
    "client_id": lambda world, report: report.client_id,
    "uid": lambda world, report: report.orders.get().uid,
    "invitation_id": lambda world, report: world.invitation.pk,
    "submission_id": lambda world, report: world.submission.pk,
    "delivery_id": lambda world, report: world.delivery.pk,
    "account": lambda world, report: world.account.token,
    "section": lambda world, report: Decisions.slug,
    "entry": lambda world, report: Decision.slug,
}
"""What stands for a parameter of an address; ``report`` is the one that is walked, open or sent."""

BY_ROUTE: dict[tuple[str, str], Fill] = {
    ("section_page", "page"): lambda world, report: Decisions.pages[0].slug,
    ("entry_page", "page"): lambda world, report: Decision.pages[0].slug,
    ("entry_page", "token"): lambda world, report: world.decision.token,
    ("entry_remove", "token"): lambda world, report: world.decision.token,
    ("statement_file", "token"): lambda world, report: world.statement.token,
    ("statement_remove", "token"): lambda world, report: world.statement.token,
    ("document_remove", "token"): lambda world, report: world.waiting.token,
    ("document_download", "token"): lambda world, report: _of(world, report).token,
    ("submission_document", "token"): lambda world, report: world.delivered.token,
    ("extract_ask", "key"): lambda world, report: "case-documents",
    ("extract", "token"): lambda world, report: world.extract.token,
    ("extract_download", "token"): lambda world, report: world.extract.token,
    # Links in mails: whoever holds a good one is let in, so here they are bad ones.
    ("activate", "token"): lambda world, report: "no-such-token",
    ("reset_password", "token"): lambda world, report: "no-such-token",
    ("confirm_email", "token"): lambda world, report: "no-such-token",
}
"""Where the name of the parameter does not say what is meant."""

OWNED = {"report_id", "client_id", "uid", "invitation_id", "submission_id", "delivery_id"}
OWNED_ROUTES = {"document_download", "submission_document"}
"""Parameters and addresses of things that belong to somebody."""


def _of(world: World, report: Report) -> Document:
    return world.waiting if report == world.open else world.delivered
