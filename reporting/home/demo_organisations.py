"""Demo data of organisations: a firm, a council, and one that staff have yet to activate; made as ``demo`` makes the
rest, from a nightly file of the case system and by the real actions. Case numbers begin with 75 to 77.
"""

import csv
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

from django.conf import settings
from django.db import transaction

from foundation import clock
from foundation.accounts import actions as accounts
from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.clients import storage
from foundation.jobs import run_now
from reporting.engine import sample
from reporting.engine.section import Answers
from reporting.people.ingest import pa_prof
from reporting.people.organisations import actions as organisations
from reporting.people.organisations import identity, registration
from reporting.people.organisations.models import Organisation
from reporting.reports import actions as reports
from reporting.reports.models import Report
from reporting.submissions.actions import Declaration, reopen, submit
from reporting.submissions.models import Submission

FORENAMES = ["Asha", "Bilal", "Carys", "Dylan", "Esme", "Farid", "Greta", "Hamza", "Isla", "Jonah"]
SURNAMES = ["Ashdown", "Brook", "Cole", "Dale"]
KINDS = [("OPG102", "pfa"), ("OPG103", "pfa"), ("OPG104", "hw"), ("OPG102", "hw"), ("OPG103", "hw")]
"""Report and order types of the file, round and round; the last two mean joint reports."""
HALF = ["decisions", "contacts", "otherInfo"]
STATES = {0: "ready", 1: "half", 5: "half", 10: "submitted", 11: "half", 20: "returned"}
"""What becomes of the report of a client, by number; of all others nothing is answered yet."""


@dataclass(frozen=True)
class Firm:
    """``people``: first name, role and what they are for, the named deputy first."""

    name: str
    domain: str
    kind: str
    first_case: int
    clients: int
    people: list[tuple[str, str, str]]
    activated: bool = True

    def email_of(self, first_name: str) -> str:
        return f"{first_name.lower()}@{self.domain}"


FIRMS = [
    Firm(
        "Quill and Harrow Solicitors", "quill-harrow.example", "PRO", 75_000_001, 40,
        [
            ("Nora", "ROLE_PROF_NAMED", "Solicitor, the deputy of record: 40 clients in several states"),
            ("Abel", "ROLE_PROF_ADMIN", "Office manager: may add and remove colleagues"),
            ("Tess", "ROLE_PROF_TEAM_MEMBER", "Clerk: fills in and submits reports"),
        ],
    ),
    Firm(
        "Testham Council", "testham.example", "PA", 76_000_001, 12,
        [
            ("Pat", "ROLE_PA_NAMED", "Deputy of record of the council: 12 clients"),
            ("Tom", "ROLE_PA_TEAM_MEMBER", "Works in the council’s team"),
        ],
    ),
    Firm(
        "Larkspur Law", "larkspur.example", "PRO", 77_000_001, 3,
        [("Noah", "ROLE_PROF_NAMED", "Solicitor whose organisation staff have yet to activate")], activated=False,
    ),
]  # fmt: skip


def make(staff: User, password: str) -> None:
    """Each part only if it is missing. ``staff`` activates the organisations and adds the people."""
    if not all(identity.find(firm.email_of(firm.people[0][0])) for firm in FIRMS):
        put_file()
        run_now("ingest_pa_prof")
    for firm in FIRMS:
        organisation = identity.find(firm.email_of(firm.people[0][0]))
        assert organisation is not None
        if firm.activated and not organisation.is_activated:
            organisations.activate(organisation, by=staff)
        for person in firm.people:
            add_member(organisation, firm, *person[:2], by=staff, password=password)
        if firm.activated:
            answer(organisation)


def put_file() -> None:
    file = StringIO()
    writer = csv.DictWriter(file, pa_prof.COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(row(firm, number) for firm in FIRMS for number in range(firm.clients))
    storage.store().put(settings.INGEST_FOLDER + "demo_pa_pro_report.csv", file.getvalue().encode(), "text/csv")


def row(firm: Firm, number: int) -> dict[str, str]:
    """Periods of every second client have ended; reports are due from a month ago to ten months from now."""
    report_type, order_type = KINDS[number % len(KINDS)]
    state = STATES.get(number % 30, "")
    days = -10 - number if state in {"ready", "submitted", "returned"} or number % 2 == 0 else 7 * number
    return {
        "Case": str(firm.first_case + number), "ClientForename": FORENAMES[number % 10],
        "ClientSurname": SURNAMES[number // 10], "ClientDateOfBirth": f"19{40 + number:02d}-04-0{1 + number % 9}",
        "ClientAddress1": f"{number + 1} Sample Road", "ClientAddress2": "Testham", "ClientPostcode": "ZZ1 1AA",
        "DeputyUid": str(firm.first_case * 1000), "DeputyType": firm.kind,
        "DeputyEmail": firm.email_of(firm.people[0][0]), "DeputyOrganisation": firm.name,
        "DeputyForename": firm.people[0][0], "DeputySurname": "Sample", "DeputyAddress1": "3 Office Lane",
        "DeputyAddress2": "Testham", "DeputyPostcode": "ZZ3 3CC", "MadeDate": "2021-03-01",
        "LastReportDay": (clock.today() + timedelta(days=days)).isoformat(), "ReportType": report_type,
        "OrderType": order_type, "Hybrid": "SINGLE",
    }  # fmt: skip


@transaction.atomic
def add_member(organisation: Organisation, firm: Firm, first_name: str, role: str, *, by: User, password: str) -> None:
    """From the invitation to the last step of registration, as the person would do it."""
    email = firm.email_of(first_name)
    if User.objects.filter(email=email).exists():
        return
    user = organisations.invite_member(
        organisation, email=email, first_name=first_name, last_name="Sample", role=role, by=by
    )
    accounts.activate(ACTIVATION.token(user), password, agreed=True)
    registration.give_details(
        user, {"first_name": first_name, "last_name": "Sample", "job_title": "Deputy", "phone": "01632 960003"}
    )


def answer(organisation: Organisation) -> None:
    """Bring new reports into their states."""
    user = organisation.users.order_by("pk")[0]
    found = Report.objects.filter(client__organisation=organisation, previous=None).select_related("client")
    for number, report in enumerate(found.order_by("client__case_number")):
        state = STATES.get(number % 30, "")
        if state and not report.submitted and not report.submissions.exists() and not _begun(report):
            bring(report, state, number, by=user)


def _begun(report: Report) -> bool:
    return any(each["state"] != "not-started" for key, each in report.progress.items() if key in HALF)


@transaction.atomic
def bring(report: Report, state: str, seed: int, *, by: Any) -> None:
    reports.touch(sample.fill(report, seed, only=HALF if state == "half" else None))
    if state in {"submitted", "returned"}:
        report.refresh_from_db()
        submit(report, Declaration(Submission.Agreed.NOT_DEPUTY), by=by, version=report.version)
    if state == "returned":
        reopen(report, ["decisions"], by=by, due=clock.today() + timedelta(days=21))
    elif state == "submitted":
        following = report.next.get()
        sample.fill(following, seed, only=HALF)
        reports.touch(Answers(following))


def people() -> list[tuple[str, str, str]]:
    """Name, what they are for, and address of each."""
    return [
        (f"{first} Sample, {firm.name}", about, firm.email_of(first))
        for firm in FIRMS
        for first, _role, about in firm.people
    ]
