"""Accounts that nobody uses: who is warned, who is deleted, and who never is (deputy-people 13)."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from foundation import clock, jobs, mails
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.clients import Rejected
from foundation.outbox import Delivery
from reporting.engine.periods import months_after
from reporting.people.models import Client, Deputy
from tests.reporting.casework.conftest import make_staff
from tests.reporting.conftest import make_deputy, make_report, numbers

pytestmark = pytest.mark.django_db


def months_ago(months: int, days: int = 1) -> datetime:
    return datetime.combine(months_after(clock.today(), -months), clock.now().timetz()) - timedelta(days=days)


def staff(used: datetime | None, role: str = "ROLE_ADMIN", **fields: Any) -> User:
    user = make_staff(role)
    User.objects.filter(pk=user.pk).update(last_login=used, created_at=months_ago(40), **fields)
    user.refresh_from_db()
    return user


def run(name: str) -> dict[str, Any]:
    return jobs.run_now(name).detail


def left(*users: User) -> list[bool]:
    return [User.objects.filter(pk=user.pk).exists() for user in users]


@pytest.mark.defect("people 13", "deletion protection never protected")
def test_inactive_staff_are_warned_then_deleted_and_protected_ones_never() -> None:
    gone, kept, soon, fresh = (
        staff(months_ago(24)),
        staff(months_ago(30), protected=True),
        staff(months_ago(23, 15)),
        staff(clock.now()),
    )
    never, disabled, invited = staff(None), staff(months_ago(25), is_active=False), make_staff()
    deputy = make_deputy()
    User.objects.filter(pk=deputy.pk).update(last_login=months_ago(60))
    assert run("delete_inactive_staff") == {"warned": 3, "deleted": 1}
    assert left(gone, kept, soon, fresh, never, disabled, invited, deputy) == [True] * 5 + [False] + [True] * 2
    assert run("delete_inactive_staff") == {"warned": 0, "deleted": 0}, "each is warned once"
    mail = mails.registry["AccountUnused"](user=gone.pk)
    assert (mail.to(), mail.personalisation()["lastSignIn"]) == (gone.email, f"{gone.last_login:%-d %B %Y}")
    with pytest.raises(Rejected):
        mails.registry["AccountUnused"](user=kept.pk).to()

    Delivery.objects.update(created_at=clock.now() - timedelta(days=28, minutes=1))
    User.objects.filter(pk=never.pk).update(last_login=clock.now())  # the warning helped
    assert run("delete_inactive_staff")["deleted"] == 1
    assert left(gone, kept, soon, fresh, never) == [False, True, True, True, True]
    event = AuditEvent.objects.get(event="USER_DELETED_AUTOMATION", subject=f"foundation_user:{gone.pk}")
    assert (event.actor, event.before["role"]) == (0, "ROLE_ADMIN")


def test_without_a_warning_time_they_are_deleted_at_once(settings: Any) -> None:
    settings.INACTIVE_STAFF_WARNING_DAYS = 0
    gone = staff(months_ago(24))
    assert run("delete_inactive_staff") == {"warned": 0, "deleted": 1}
    assert left(gone) == [False]


def lay(days: int, *, password: bool = False, registered: bool = False, used: int | None = None) -> User:
    """A lay account so many days old on which nothing hangs."""
    then = clock.now() - timedelta(days=days, minutes=1)
    user = User.objects.create_user(
        f"lay{next(numbers)}@example.org", "Correct-Horse-Battery-9" if password else None, first_name="Lee",
        last_name="Lay", role="ROLE_LAY_DEPUTY", is_active=registered, registered_at=then if registered else None,
    )  # fmt: skip
    User.objects.filter(pk=user.pk).update(
        created_at=then, last_login=None if used is None else clock.now() - timedelta(days=used, minutes=1)
    )
    return user


def test_lay_accounts_are_deleted_only_when_nothing_hangs_on_them() -> None:
    gone = [lay(30), lay(60, password=True), lay(90, password=True, used=60), lay(31, password=True, registered=True)]
    gone.append(lay(90, password=True, registered=True, used=30))
    young = [lay(29), lay(59, password=True), lay(90, password=True, used=59), lay(29, password=True, registered=True)]
    young.append(lay(90, password=True, registered=True, used=29))
    mailed, protected, deputy, creator, reporter = (lay(90) for _ in range(5))
    Delivery.objects.create(
        kind="mail", key="again", subject=f"foundation_user:{mailed.pk}", payload={"mail": "Activation"}
    )
    User.objects.filter(pk=protected.pk).update(protected=True)
    Deputy.objects.create(uid="1", user=deputy)
    User.objects.filter(pk=young[0].pk).update(created_by=creator)
    made = make_report(make_deputy())
    made.client.users.add(reporter)
    client = Client.objects.create(case_number="80000009", first_name="Cleo", last_name="Left")
    client.users.add(gone[0])
    out = StringIO()
    call_command("deletions", stdout=out)
    assert f"Lay deputies to delete: {len(gone)} (the job is switched off)" in out.getvalue()
    assert "@" not in out.getvalue()
    assert left(*gone) == [True] * 5, "listing deletes nothing"
    assert run("delete_unused_lay") == {"deleted": 5}
    assert left(*gone, *young, mailed, protected, deputy, creator, reporter) == [False] * 5 + [True] * 10
    assert Client.objects.filter(pk=client.pk).exists()


def test_the_job_for_lay_accounts_is_off_unless_switched_on() -> None:
    assert not jobs.overnights["delete_unused_lay"].enabled
    job = jobs.overnights["delete_inactive_staff"]
    assert (job.enabled, job.at, job.days) == (True, "06:00", "0")
