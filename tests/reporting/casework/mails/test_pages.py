"""Mails that did not go out, and deliveries that somebody has to hear of."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from foundation import clock
from foundation.audit import AuditEvent
from foundation.mails import MailReceipt
from foundation.outbox import Delivery, State
from reporting.casework import deliveries
from tests.reporting.casework.conftest import make_staff
from tests.reporting.conftest import make_deputy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _admin(settings: Any) -> None:
    settings.SITE, settings.ROOT_URLCONF = "admin", "reporting.urls_admin"


def site_of(role: str) -> Browser:
    site = Browser()
    site.force_login(make_staff(role))
    return site


def make_mail(user: int, state: str = State.REFUSED, **values: Any) -> Delivery:
    payload = {"mail": "PasswordChanged", "arguments": {"user": user}}
    key = f"mail:test:{Delivery.objects.count()}"
    return Delivery.objects.create(kind="mail", key=key, state=state, payload=payload, error="No such box", **values)


def test_refused_and_unconfirmed_mails_are_listed_and_only_super_admins_see_to_whom_and_decide() -> None:
    user = make_deputy()
    refused, gone = make_mail(user.pk), make_mail(10**9)
    make_mail(user.pk, State.DELIVERED)
    for role, decides in (("ROLE_ADMIN", False), ("ROLE_ADMIN_MANAGER", False), ("ROLE_SUPER_ADMIN", True)):
        site = site_of(role)
        page = site.get("/mails").content.decode()
        assert page.count("Password changed") == (4 if decides else 2)
        assert ("No such box" in page, user.email in page, "Not known any more" in page) == (True, decides, decides)
        assert site.get(f"/mails/{refused.pk}").status_code == (200 if decides else 403)
    version = refused.version
    assert site.post(f"/mails/{refused.pk}", {"decision": "send", "version": version}).url == "/mails"
    refused.refresh_from_db()
    assert (refused.state, refused.attempts) == (State.QUEUED, 0)
    site.post(f"/mails/{gone.pk}", {"decision": "put_away", "version": "another"})
    gone.refresh_from_db()
    assert gone.state == State.REFUSED, "not as the person saw it"
    site.post(f"/mails/{gone.pk}", {"decision": "put_away", "version": gone.version})
    gone.refresh_from_db()
    assert gone.state == State.CANCELLED
    assert {"DELIVERY_RESENT", "DELIVERY_PUT_AWAY"} <= set(AuditEvent.objects.values_list("event", flat=True))
    assert "No mail is refused" in site.get("/mails").content.decode()


def test_mails_that_came_back_are_listed_for_thirty_days_and_only_super_admins_see_to_whom() -> None:
    user, now = make_deputy(), clock.now()
    for status, days in (
        ("permanent-failure", 1),
        ("temporary-failure", 29),
        ("technical-failure", 31),
        ("delivered", 1),
    ):
        mail = make_mail(user.pk, State.DELIVERED)
        MailReceipt.objects.create(reference=mail.key, status=status, at=now - timedelta(days=days))
    for role, sees in (("ROLE_ADMIN", False), ("ROLE_SUPER_ADMIN", True)):
        site = site_of(role)
        assert "2 more mails came back" in site.get("/mails").content.decode()
        page = site.get("/mails/returned").content.decode()
        assert (page.count("Password changed"), user.email in page) == (2, sees)
        assert page.index("There is no such address") < page.index("the mailbox is full")
    MailReceipt.objects.all().delete()
    assert "No mail came back" in site.get("/mails/returned").content.decode()
    assert "came back" not in site.get("/mails").content.decode()


@pytest.mark.parametrize(
    ("state", "hours", "ok", "note"),
    [
        (State.QUEUED, 23, True, ""),
        (State.QUEUED, 25, False, "1 not delivered for more than 24 hours"),
        (State.LEASED, 25, False, "1 not delivered for more than 24 hours"),
        (State.REFUSED, 71, True, "1 refused or unconfirmed"),
        (State.REFUSED, 73, False, "1 refused or unconfirmed, 1 of them without a decision for 72 hours"),
        (State.UNCONFIRMED, 73, False, "1 refused or unconfirmed, 1 of them without a decision for 72 hours"),
        (State.DELIVERED, 999, True, ""),
        (State.CANCELLED, 999, True, ""),
    ],
)
@pytest.mark.parametrize("kind", ["document", "checklist", "mail"])
def test_what_is_stuck_or_waits_for_a_decision_too_long_turns_the_health_page_red(
    kind: str, state: str, hours: int, ok: bool, note: str
) -> None:
    before = clock.now() - timedelta(hours=hours)
    key = "5f0c8a4e-3b7f-4c1d-9e52-7a8b6c4d3e33"
    Delivery.objects.create(kind=kind, key=key, state=state, created_at=before, sending_at=before)
    system, mails = deliveries.health()
    mine, other = (mails, system) if kind == "mail" else (system, mails)
    assert (mine.ok, mine.note, other.ok, other.note) == (ok, note, True, "")


def test_what_staff_have_put_away_needs_no_decision() -> None:
    from tests.reporting.casework.conftest import submit

    submission = submit("bill.pdf")
    Delivery.objects.filter(kind="document").update(
        state=State.REFUSED, created_at=clock.now() - timedelta(days=9), sending_at=None
    )
    Delivery.objects.exclude(kind="document").update(state=State.DELIVERED)
    assert not deliveries.health()[0].ok
    submission.archived_at = clock.now()
    submission.save()
    assert deliveries.health()[0].ok
