"""Accounts that nobody uses any more are deleted by age (deputy-people 13). Protected ones never are."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from foundation import audit, clock, mails
from foundation.accounts.models import User
from foundation.outbox import Delivery
from reporting.engine.periods import months_after
from reporting.mails.account_unused import AccountUnused
from reporting.people import roles
from reporting.people.models import Deputy
from reporting.reports.models import Report
from reporting.submissions.models import Feedback

NO_PASSWORD = "!"  # noqa: S105 - how Django begins what stands for no password
NEVER_ACTIVATED, NEVER_FINISHED, NEVER_USED = timedelta(days=30), timedelta(days=60), timedelta(days=30)


# Staff


def inactive_staff() -> QuerySet[User]:
    """Staff who have not signed in for INACTIVE_STAFF_MONTHS; who never has counts from when the account was made."""
    return _unused_since(_months_ago(settings.INACTIVE_STAFF_MONTHS))


def staff_to_warn() -> QuerySet[User]:
    """Staff who could sign in and will soon be inactive, or are already."""
    soon = _months_ago(settings.INACTIVE_STAFF_MONTHS) + timedelta(days=settings.INACTIVE_STAFF_WARNING_DAYS)
    return _unused_since(soon).filter(is_active=True)


def staff_to_delete() -> list[User]:
    """The inactive, but not before their warning is old enough. Who could not sign in anyway had no warning."""
    return [user for user in inactive_staff() if not user.is_active or _warned(user)]


def _unused_since(moment: datetime) -> QuerySet[User]:
    staff = User.objects.filter(role__in=roles.STAFF, protected=False)
    return staff.annotate(used_at=Coalesce("last_login", "created_at")).filter(used_at__lt=moment).order_by("pk")


def _months_ago(months: int) -> datetime:
    return datetime.combine(months_after(clock.today(), -months), time(), tzinfo=clock.LONDON)


def _warned(user: User) -> bool:
    if not settings.INACTIVE_STAFF_WARNING_DAYS:
        return True
    before = clock.now() - timedelta(days=settings.INACTIVE_STAFF_WARNING_DAYS)
    return Delivery.objects.filter(key=f"mail:AccountUnused:{warning_of(user)}", created_at__lte=before).exists()


def warning_of(user: User) -> str:
    """One warning for each time that somebody stays away."""
    return f"{user.pk}:{user.last_login:%Y-%m-%d}" if user.last_login else f"{user.pk}:never"


def warn_staff() -> int:
    """Queue the warnings that have not been sent; returns how many."""
    sent = 0
    for user in staff_to_warn() if settings.INACTIVE_STAFF_WARNING_DAYS else ():
        key = warning_of(user)
        if not Delivery.objects.filter(key=f"mail:AccountUnused:{key}").exists():
            mails.send(AccountUnused(user.pk), key=key, subject=user)
            sent += 1
    return sent


# Lay deputies


def unused_lay() -> QuerySet[User]:
    """Lay accounts on which nothing hangs and that were never activated, never finished registering or, once
    registered, were not used for as long.
    """
    now = clock.now()
    mine = OuterRef("pk")
    key = Concat(Value("foundation_user:"), Cast(OuterRef("pk"), CharField()))
    links = Delivery.objects.filter(kind="mail", subject=key, payload__mail__in=["Activation", "InvitationLay"])
    idle = Q(last_login=None) | Q(last_login__lt=now - NEVER_USED)
    no_password = Q(password__startswith=NO_PASSWORD)
    never_activated = no_password & Q(last_login=None, created_at__lt=now - NEVER_ACTIVATED)
    never_finished = ~no_password & Q(registered_at=None, created_at__lt=now - NEVER_FINISHED)
    never_finished &= Q(last_login=None) | Q(last_login__lt=now - NEVER_FINISHED)
    never_used = Q(registered_at__lt=now - NEVER_USED) & idle
    return (
        User.objects.filter(role=roles.LAY, protected=False)
        .filter(
            (never_activated & ~Exists(links.filter(created_at__gt=now - NEVER_ACTIVATED)))
            | never_finished
            | never_used
        )
        .exclude(Exists(Report.objects.filter(client__users=mine)))
        .exclude(Exists(Report.objects.filter(submitted_by=mine)))
        .exclude(Exists(Deputy.objects.filter(user=mine)))
        .exclude(Exists(User.objects.filter(created_by=mine)))
        .exclude(Exists(Feedback.objects.filter(submission__created_by=mine)))
        .order_by("pk")
    )


# Both


def delete_by_age(user: User, *, reason: str) -> bool:
    """Delete one account that no one uses. False if it was protected or used meanwhile."""
    with transaction.atomic():
        row = User.objects.select_for_update().filter(pk=user.pk).first()
        if row is None or row.protected or row.last_login != user.last_login:
            return False
        before = {"role": row.role, "last_login": row.last_login.isoformat() if row.last_login else ""}
        audit.record("USER_DELETED_AUTOMATION", subject=row, reason=reason, before=before)
        row.delete()
    return True
