"""Demo data: made once, by the real actions, in the states that it says."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.test import override_settings

from foundation.accounts.models import User
from foundation.outbox import Delivery, State
from reporting.home import demo, demo_organisations
from reporting.home.orders import status_of
from reporting.people.models import Client, CourtOrder, PreRegistration
from reporting.reports.models import Report
from reporting.submissions.models import Submission
from tests.reporting.home.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Lay deputies and staff, made once for all tests here; organisations have a test of their own."""
    files = override_settings(STORAGE="folder", STORAGE_FOLDER=tmp_path_factory.mktemp("demo"))
    with files, pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_organisations, "make", lambda *_: None)
        patch.setattr(demo_organisations, "people", list)
        call_command("demo")
        yield


def counts() -> list[int]:
    tables: Any = (User, Client, CourtOrder, PreRegistration, Report, Submission)
    return [table.objects.count() for table in tables]


def test_it_is_made_once_and_says_what_it_made(made: None) -> None:
    before = counts()
    call_command("demo")
    assert counts() == before
    out = StringIO()
    call_command("demo", "--people", stdout=out)
    people = json.loads(out.getvalue())
    for person in people:
        if person["password"]:
            user = User.objects.get(email=person["email"])
            assert user.is_active
            assert user.check_password(person["password"])
            validate_password(person["password"], user)
    assert len({person["email"] for person in people}) == len(people)


def status(first_name: str) -> list[tuple[str, str]]:
    found = Report.objects.visible_to(User.objects.get(email=demo.email_of(first_name))).order_by("type", "start")
    return [(report.type, status_of(report).status) for report in found]


def test_reports_are_in_the_states_that_it_says(made: None) -> None:
    assert status("Ada") == [("102", "Ready to submit")]
    assert status("Bea") == [("103", "Not finished")]
    assert status("Cem") == [("104", "Not started")]
    assert status("Dot") == [("102-4", "Ready to submit")]
    assert status("Eve") == [("103-4", "Submitted"), ("103-4", "Not finished")]
    assert status("Hal") == status("Ida") == [("103", "Not finished")]
    assert status("Jon") == [("102", "Not started"), ("104", "Not started")]
    assert status("Lea") == [("102", "Not started"), ("104", "Not started")]


def test_court_orders_are_of_every_kind(made: None) -> None:
    kinds = {(order.client.case_number, order.kind) for order in CourtOrder.objects.select_related("client")}
    assert {("70000001", "single"), ("70000004", "hybrid"), ("70000008", "dual")} <= kinds
    assert not Delivery.objects.filter(kind="mail", state=State.QUEUED).exists()


@pytest.mark.parametrize("first_name", demo.UNREGISTERED)
def test_a_tester_can_register_with_the_row_it_prints(made: None, first_name: str) -> None:
    row = demo.newcomer(first_name)["register"]
    address = "tester@example.org"
    answer = Browser().post("/register", row | {"email": address, "email_again": address})
    assert (answer.status_code, getattr(answer, "url", text_of(answer))) == (302, "/register/sent")
    assert demo.newcomer(first_name)["about"] == "Has registered"


def test_it_is_for_developers_machines_only(settings: Any) -> None:
    settings.LOCAL = False
    with pytest.raises(CommandError):
        call_command("demo")
