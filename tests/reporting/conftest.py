"""People and reports for tests of deputy reporting."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from foundation import clock
from foundation.accounts.models import User
from reporting.people.models import Client, CourtOrder, CourtOrderDeputy, Deputy, Profile
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


def make_report(user: User, kind: str = "102", *, ended: bool = True, **fields: Any) -> Report:
    """A report of this type for a new client of the deputy, linked to an active order."""
    number = next(numbers)
    client = Client.objects.create(case_number=f"{80_000_000 + number}", first_name="Cleo", last_name=f"Client{number}")
    client.users.add(user)
    end = clock.today() - timedelta(days=5) if ended else clock.today() + timedelta(days=100)
    start = end - timedelta(days=364)
    report = Report.objects.create(
        client=client, type=kind, start=start, end=end, due=end + timedelta(days=21), **fields
    )
    order_type = "hw" if kind.startswith("104") else "pfa"
    order = CourtOrder.objects.create(
        uid=f"9{number:011d}", type=order_type, client=client, made_date=date(2020, 1, 1), report_type=f"OPG{kind[:3]}"
    )
    CourtOrderDeputy.objects.create(order=order, deputy=user.deputy)
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
