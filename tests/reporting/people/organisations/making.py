"""Organisations with members and clients, for tests."""

from datetime import timedelta
from itertools import count
from typing import Any

from foundation import clock
from foundation.accounts.models import User
from reporting.engine.report_types import report_type
from reporting.people.models import Client, Deputy, Profile
from reporting.people.organisations.models import Organisation
from reporting.reports.models import Report

numbers = count(1)
PASSWORD = "Correct-Horse-Battery-9"


def make_organisation(**fields: Any) -> Organisation:
    number = next(numbers)
    given = {"name": f"Firm {number}", "identifier": f"firm{number}.example", "is_activated": True}
    return Organisation.objects.create(**given | fields)


def make_member(*organisations: Organisation, role: str = "ROLE_PROF_TEAM_MEMBER", **fields: Any) -> User:
    """Somebody who has finished registering, in these organisations."""
    number = next(numbers)
    given = {"first_name": "Mo", "last_name": f"Member{number}", "is_active": True, "registered_at": clock.now()}
    given |= {"agreed_terms_at": clock.now()}
    user = User.objects.create_user(f"member{number}@firm.example", PASSWORD, role=role, **given | fields)
    Profile.objects.create(user=user, job_title="Solicitor", phone="01632 960001")
    for organisation in organisations:
        organisation.users.add(user)
    return user


def make_client(organisation: Organisation, **fields: Any) -> Client:
    number = next(numbers)
    deputy, _made = Deputy.objects.get_or_create(
        uid=f"6{organisation.pk:09d}",
        defaults={
            "first_name": "Nadia", "last_name": "Named", "kind": "PRO", "organisation": organisation,
            "address1": "5 Chambers Row", "postcode": "ZZ5 5ZZ", "phone": "01632 960005",
            "email": "nadia@firm.example",
        },
    )  # fmt: skip
    given = {"case_number": f"{60_000_000 + number}", "first_name": "Cleo", "last_name": f"Client{number}"}
    return Client.objects.create(organisation=organisation, deputy=deputy, **given | fields)


def make_report(client: Client, kind: str = "102-5", *, ended: int = 5, **fields: Any) -> Report:
    """``ended``: how many days ago the period ended."""
    end = clock.today() - timedelta(days=ended)
    given = {"start": end - timedelta(days=364), "end": end, "due": report_type(kind).due(end)}
    return Report.objects.create(client=client, type=kind, **given | fields)


def started(key: str = "decisions", state: str = "incomplete") -> dict[str, Any]:
    return {"balance": {"state": "incomplete", "count": 0}, key: {"state": state, "count": 0}}
