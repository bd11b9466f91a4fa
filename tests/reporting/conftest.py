"""People and reports for tests of deputy reporting."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from foundation import clock
from foundation.accounts.models import User
from reporting.engine.report_types import Family, report_type
from reporting.people.models import Client, CourtOrder, CourtOrderDeputy, Deputy, Profile
from reporting.people.organisations.models import Organisation
from reporting.reports.models import Report

numbers = count(1)
PASSWORD = "Correct-Horse-Battery-9"


def make_deputy(**fields: Any) -> User:
    """A lay deputy who has finished registering; ``user.deputy`` is the deputy of the register."""
    number = next(numbers)
    user = User.objects.create_user(
        f"deputy{number}@example.org", PASSWORD, first_name="Dora", last_name=f"Deputy{number}",
        role="ROLE_LAY_DEPUTY", is_active=True, registered_at=clock.now(), **fields,
    )  # fmt: skip
    uid = f"7{number:011d}"
    Profile.objects.create(
        user=user, deputy_uid=uid, is_primary=True, address1="1 Test Road", postcode="ZZ1 1AA", phone="01632 960001"
    )
    Deputy.objects.create(uid=uid, first_name="Dora", last_name=f"Deputy{number}", user=user)
    return user


def make_member(family: Family = Family.PROF, role: str = "NAMED", organisation: Organisation | None = None) -> User:
    """A member of an activated organisation, whose clients they report on."""
    number = next(numbers)
    user = User.objects.create_user(
        f"member{number}@firm{number}.example.org", PASSWORD, first_name="Mia", last_name=f"Member{number}",
        role=f"ROLE_{family.value.upper()}_{role}", is_active=True, registered_at=clock.now(),
    )  # fmt: skip
    Profile.objects.create(user=user, address1="2 Firm Street", postcode="ZZ2 2AA", phone="01632 960002")
    organisation = organisation or Organisation.objects.create(
        name=f"Firm {number}", identifier=f"firm{number}.example.org", is_activated=True
    )
    organisation.users.add(user)
    return user


def make_named_deputy(kind: str, organisation: Organisation) -> Deputy:
    """The deputy whom the court named, who need have no account."""
    number = next(numbers)
    return Deputy.objects.create(
        uid=f"7{number:011d}", kind=kind, first_name="Nadia", last_name=f"Named{number}", address1="2 Firm Street",
        email=f"named{number}@example.org", phone="01632 960003", organisation=organisation,
    )  # fmt: skip


def make_person(code: str) -> User:
    """Somebody who fills in reports of this type."""
    family = report_type(code).family
    return make_deputy() if family is Family.LAY else make_member(family)


def make_report(user: User, kind: str = "102", *, ended: bool = True, **fields: Any) -> Report:
    """A report of this type for a new client of the deputy or the member's organisation, linked to an active order."""
    number = next(numbers)
    client = Client.objects.create(case_number=f"{80_000_000 + number}", first_name="Cleo", last_name=f"Client{number}")
    if organisation := user.organisations.first():
        named = make_named_deputy("PA" if report_type(kind).family is Family.PA else "PRO", organisation)
        client.organisation, client.deputy = organisation, named
        client.save()
    else:
        named = user.deputy
        client.users.add(user)
    end = clock.today() - timedelta(days=5) if ended else clock.today() + timedelta(days=100)
    start = end - timedelta(days=364)
    report = Report.objects.create(
        client=client, type=kind, start=start, end=end, due=report_type(kind).due(end), **fields
    )
    order_type = "hw" if kind.startswith("104") else "pfa"
    order = CourtOrder.objects.create(
        uid=f"9{number:011d}", type=order_type, client=client, made_date=date(2020, 1, 1), report_type=f"OPG{kind[:3]}"
    )
    CourtOrderDeputy.objects.create(order=order, deputy=named)
    report.orders.add(order)
    return report


@pytest.fixture
def deputy(db: None) -> User:
    return make_deputy()


@pytest.fixture
def report(deputy: User) -> Report:
    return make_report(deputy)


@pytest.fixture
def browser_of(client: Any, deputy: User) -> Any:
    """Django's test client, signed in as the deputy."""
    client.force_login(deputy)
    return client
