"""People for a first look: a register, deputies with reports in several states, staff. All invented, made by the
real actions, and made once: again adds only what is missing.

Addresses end in ``.example``, case numbers begin with 70, postcodes with ZZ; nobody real can have any of them.
"""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
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
from foundation.outbox import Delivery, State
from reporting.engine import sample
from reporting.engine.periods import year_until
from reporting.engine.section import Answers
from reporting.home import demo_organisations, registration
from reporting.people import co_deputies
from reporting.people.ingest import court_orders, lay
from reporting.people.models import Client, CourtOrder, PreRegistration
from reporting.reports import actions as reports
from reporting.reports.models import Report
from reporting.submissions.actions import Declaration, submit
from reporting.submissions.models import Submission

PASSWORD = "Quiet-Harbour-58-Lamps"  # noqa: S105 - for invented people on a developer's machine
POSTCODE = "ZZ1 1AA"

STAFF = [
    ("Stella", "Super", "super.admin", "ROLE_SUPER_ADMIN", "Super administrator"),
    ("Malik", "Manager", "manager", "ROLE_ADMIN_MANAGER", "Manager of caseworkers"),
    ("Casey", "Worker", "case.worker", "ROLE_ADMIN", "Caseworker"),
]


@dataclass(frozen=True)
class Order:
    """An order of a case: who the deputies are, by first name."""

    type: str
    report_type: str
    deputies: list[str]


@dataclass(frozen=True)
class Case:
    """A client of the register. ``kind`` as the case system flags it."""

    number: str
    client: str
    kind: str
    orders: list[Order]
    made: date = date(2022, 5, 16)
    postcode: str = POSTCODE


@dataclass(frozen=True)
class Person:
    """A deputy who has registered. ``state`` is what became of their reports."""

    first_name: str
    about: str
    state: str = "empty"
    invited_by: str = ""
    active: bool = True
    only: list[str] = field(default_factory=list)


CASES = [
    Case("70000001", "Amara", "SINGLE", [Order("pfa", "OPG102", ["Ada"])]),
    Case("70000002", "Bruno", "SINGLE", [Order("pfa", "OPG103", ["Bea"])]),
    Case("7000003T", "Chidi", "SINGLE", [Order("hw", "OPG104", ["Cem"])]),
    Case("70000004", "Delia", "HYBRID", [Order("pfa", "OPG102", ["Dot"]), Order("hw", "OPG104", ["Dot"])]),
    Case("70000005", "Emeka", "HYBRID", [Order("pfa", "OPG103", ["Eve"]), Order("hw", "OPG104", ["Eve"])]),
    Case("70000006", "Flora", "SINGLE", [Order("pfa", "OPG102", ["Fay", "Gil"])]),
    Case("70000007", "Gwen", "SINGLE", [Order("pfa", "OPG103", ["Hal", "Ida"])]),
    Case("70000008", "Hugo", "DUAL", [Order("pfa", "OPG102", ["Jon"]), Order("hw", "OPG104", ["Jon", "Kim"])]),
    Case("70000009", "Iris", "SINGLE", [Order("pfa", "OPG102", ["Lea"])]),
    Case("70000010", "Jude", "SINGLE", [Order("hw", "OPG104", ["Lea"])], date(2024, 3, 1)),
    Case("70000021", "Kiran", "SINGLE", [Order("pfa", "OPG102", ["Mia"])]),
    Case("70000022", "Leo", "SINGLE", [Order("pfa", "OPG103", ["Ned"])]),
    Case("7000023T", "Maya", "SINGLE", [Order("hw", "OPG104", ["Ola"])]),
    Case("70000024", "Nico", "HYBRID", [Order("pfa", "OPG102", ["Pia"]), Order("hw", "OPG104", ["Pia"])]),
    Case("70000025", "Orla", "HYBRID", [Order("pfa", "OPG103", ["Rex"]), Order("hw", "OPG104", ["Rex"])]),
    Case("7000002601", "Piotr", "SINGLE", [Order("pfa", "OPG102", ["Sol"])], postcode=""),
]
NAMES = sorted({name for case in CASES for order in case.orders for name in order.deputies})
UNREGISTERED = ["Mia", "Ned", "Ola", "Pia", "Rex", "Sol"]

PEOPLE = [
    Person("Ada", "Report 102, everything answered and due: submit it", "ready"),
    Person("Bea", "Report 103, half answered", "half", only=["decisions", "contacts", "bankAccounts", "gifts"]),
    Person("Cem", "Report 104, nothing answered yet"),
    Person("Dot", "Joint report 102-4, everything answered and due", "ready"),
    Person("Eve", "Joint report 103-4, last year’s submitted, this year’s begun", "submitted"),
    Person("Fay", "Report 102 with a co-deputy who has yet to join"),
    Person("Gil", "", invited_by="Fay", active=False),
    Person("Hal", "Report 103 together with a co-deputy", "half", only=["decisions", "lifestyle", "visitsCare"]),
    Person("Ida", "The co-deputy of Hal", invited_by="Hal"),
    Person("Jon", "Two orders for one client, each with its own report"),
    Person("Lea", "Two clients"),
]


def email_of(first_name: str) -> str:
    return f"{first_name.lower()}.sample@deputy.example"


def uid_of(first_name: str) -> str:
    return f"{7_000_000_000_01 + NAMES.index(first_name)}"


def make() -> None:
    """Everything, each part only if it is missing."""
    before = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    put_files()
    run_now("ingest_lay")
    for person in PEOPLE:
        if not person.invited_by:
            add_deputy(person)
    run_now("ingest_lay")
    run_now("ingest_court_orders")
    for person in PEOPLE:
        if person.invited_by:
            add_co_deputy(person)
    for seed, person in enumerate(PEOPLE):
        answer(person, seed)
    add_staff()
    demo_organisations.make(User.objects.get(email=f"{STAFF[0][2]}@office.example"), PASSWORD)
    # Their mails would say what has happened already.
    Delivery.objects.filter(pk__gt=before, kind="mail", state=State.QUEUED).update(state=State.CANCELLED)


def put_files() -> None:
    """The nightly files of the case system, as it would bring them."""
    lay_rows, order_rows = [], []
    for number, case in enumerate(CASES, 1):
        for place, order in enumerate(case.orders, 1):
            for name in order.deputies:
                lay_rows.append(lay_row(case, order, name))
                order_rows.append(order_row(case, order, name, f"70{number:08d}{place:02d}"))
    for name, columns, rows in (
        ("demo_lay_report.csv", lay.COLUMNS, lay_rows),
        ("demo_deputyships.csv", court_orders.COLUMNS, order_rows),
    ):
        file = StringIO()
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        storage.store().put(settings.INGEST_FOLDER + name, file.getvalue().encode(), "text/csv")


def lay_row(case: Case, order: Order, deputy: str) -> dict[str, str]:
    return {
        "Case": case.number, "ClientFirstname": case.client, "ClientSurname": "Example",
        "ClientAddress1": "1 Sample Road", "ClientAddress2": "Testham", "ClientPostcode": POSTCODE,
        "DeputyUid": uid_of(deputy), "DeputyFirstname": deputy, "DeputySurname": "Sample",
        "DeputyAddress1": "2 Sample Road", "DeputyAddress2": "Testham", "DeputyPostcode": case.postcode,
        "ReportType": order.report_type, "MadeDate": case.made.isoformat(), "OrderType": order.type,
        "CoDeputy": "yes" if len(order.deputies) > 1 else "no", "Hybrid": case.kind,
    }  # fmt: skip


def order_row(case: Case, order: Order, deputy: str, uid: str) -> dict[str, str]:
    return {
        "OrderUid": uid, "OrderType": order.type, "OrderMadeDate": case.made.isoformat(), "OrderStatus": "ACTIVE",
        "CaseNumber": case.number, "DeputyUid": uid_of(deputy), "DeputyType": "LAY", "DeputyStatusOnOrder": "ACTIVE",
        "ReportType": order.report_type, "IsHybrid": "1" if case.kind == "HYBRID" else "0",
    }  # fmt: skip


@transaction.atomic
def add_deputy(person: Person) -> None:
    """From the registration form to the last step, as the person would do it."""
    email = email_of(person.first_name)
    if User.objects.filter(email=email).exists():
        return
    row = PreRegistration.objects.filter(deputy_uid=uid_of(person.first_name)).order_by("case_number")[0]
    registration.register(
        {
            "first_name": row.deputy_first_name, "last_name": row.deputy_last_name, "email": email,
            "postcode": row.deputy_postcode, "client_first_name": row.client_first_name,
            "client_last_name": row.client_last_name, "case_number": row.case_number,
        }
    )  # fmt: skip
    user = activate(email)
    registration.save_details(user, ADDRESS)
    registration.add_client(
        user,
        {"first_name": row.client_first_name, "last_name": row.client_last_name, "court_date": row.order_date}
        | ADDRESS,
    )


ADDRESS = {
    "address1": "2 Sample Road", "address2": "", "address3": "Testham", "postcode": POSTCODE, "country": "GB",
    "phone": "01632 960001",
}  # fmt: skip


def activate(email: str) -> User:
    user = User.objects.get(email=email)
    return accounts.activate(ACTIVATION.token(user), PASSWORD, agreed=True)


@transaction.atomic
def add_co_deputy(person: Person) -> None:
    email = email_of(person.first_name)
    if User.objects.filter(email=email).exists():
        return
    by = User.objects.get(email=email_of(person.invited_by))
    order = CourtOrder.objects.visible_to(by)[0]
    names = {"first_name": person.first_name, "last_name": "Sample"}
    co_deputies.invite(order, **names, email=email, by=by)
    if person.active:
        values = names | ADDRESS | {"phone_alternative": "", "client_last_name": order.client.last_name}
        co_deputies.verify(activate(email), values | {"case_number": order.client.case_number})


@transaction.atomic
def answer(person: Person, seed: int) -> None:
    """Bring a new person's report into its state."""
    report = Report.objects.filter(client__users__email=email_of(person.first_name)).order_by("pk").first()
    if person.state == "empty" or report is None or report.submitted or report.progress:
        return
    user = User.objects.get(email=email_of(person.first_name))
    if person.state in {"ready", "submitted"}:
        days = 10 if person.state == "ready" else 200
        start, end = year_until(clock.today() - timedelta(days=days))
        reports.set_period(report, start, end, by=user, version=report.version)
        report.refresh_from_db()
    answers = sample.fill(report, seed, only=person.only or None)
    reports.touch(answers)
    if person.state == "submitted":
        report.refresh_from_db()
        submit(report, Declaration(Submission.Agreed.ONLY_DEPUTY), by=user, version=report.version)
        following = report.next.get()
        sample.fill(following, seed, only=["decisions", "contacts"])
        reports.touch(Answers(following))


def add_staff() -> None:
    for first_name, last_name, name, role, _about in STAFF:
        email = f"{name}@office.example"
        if not User.objects.filter(email=email).exists():
            with transaction.atomic():
                accounts.add_user(email, first_name=first_name, last_name=last_name, role=role)
                activate(email)


def people() -> list[dict[str, Any]]:
    """Who can sign in where, and what to type to register as somebody new."""
    found: list[dict[str, Any]] = [
        entry(f"{person.first_name} Sample", person.about, email_of(person.first_name), "front")
        for person in PEOPLE
        if person.active
    ]
    found += [entry(name, about, email, "front") for name, about, email in demo_organisations.people()]
    for first_name, last_name, name, _role, about in STAFF:
        code = f"{about}; for the security code run: ./run manage second_factor {name}@office.example"
        found.append(entry(f"{first_name} {last_name}", code, f"{name}@office.example", "admin"))
    return found + [newcomer(name) for name in UNREGISTERED]


def entry(name: str, about: str, email: str, site: str) -> dict[str, Any]:
    return {"name": name, "about": about, "email": email, "password": PASSWORD, "site": site}


def newcomer(first_name: str) -> dict[str, Any]:
    """The row of the register that somebody can register with."""
    case = next(case for case in CASES if first_name in case.orders[0].deputies)
    row = {
        "first_name": first_name, "last_name": "Sample", "postcode": case.postcode, "client_first_name": case.client,
        "client_last_name": "Example", "case_number": case.number,
    }  # fmt: skip
    free = not Client.objects.filter(case_number=case.number[:8]).exists()
    postcode = f", postcode {case.postcode}" if case.postcode else ", no postcode"
    about = f"Register: case {case.number}, client {case.client} Example{postcode}" if free else "Has registered"
    return entry(f"{first_name} Sample", about, email_of(first_name), "front") | {"password": "", "register": row}
