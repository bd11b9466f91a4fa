"""What happens in the diary: notices of settled changes, answers, preferences, calendar addresses."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from foundation import audit, clock
from foundation.clock import london
from roster.diary import messages
from roster.diary.models import Acknowledgement, CalendarAddress, Notice, Preference
from roster.diary.sentences import months_later
from roster.establishment.models import Person
from roster.timeline import changes
from roster.timeline.changes import PUBLISHED, Settled
from roster.timeline.models import CORRECTIONS, Change, Level


class Changed(Exception):
    """The row is no longer as the person saw it; ``now`` is how it is."""

    def __init__(self, now: Any) -> None:
        super().__init__()
        self.now = now


def tell_settled(now: datetime | None = None) -> int:
    """Give notice of all changes that have settled: a transaction a person. Returns the number of notices."""
    now = now or clock.now()
    return sum(_tell(person, now) for person in changes.due(now))


@transaction.atomic
def _tell(person_id: int, now: datetime) -> int:
    left = Person.objects.values_list("left_on", flat=True).get(pk=person_id)
    settled = [each for each in changes.settle(person_id, now) if _concerns(each, london(now).date(), left)]
    single = [each for each in settled if not each.first_publication]
    notices = [_notice(each, now) for each in single]
    if published := [each for each in settled if each.first_publication]:
        notices.append(_summary(published))
    Notice.objects.bulk_create(notices)
    Acknowledgement.objects.bulk_create(
        [Acknowledgement(change=each.last, person_id=person_id) for each in single if each.short_notice],
        ignore_conflicts=True,
    )
    if notices:
        messages.send(notices, Preference.objects.filter(person=person_id).first(), now)
    return len(notices)


def _concerns(settled: Settled, today: date, left: date | None) -> bool:
    """Not the past but where hours of it are corrected, not what only planners see, and nobody is told that they are
    ill (staff-roster 8.3). Nor what is withdrawn because they leave: who goes knows.
    """
    if settled.level in CORRECTIONS.values():
        return not changes.ill(settled.after)
    theirs = today <= settled.shift_date and (left is None or settled.shift_date <= left)
    return settled.level in PUBLISHED and theirs and not changes.ill(settled.after)


def _notice(settled: Settled, now: datetime) -> Notice:
    action = settled.action
    if action == Change.Action.EDIT and len(settled.after.get("duties", [])) != 1 and not _known(settled, now):
        action = Change.Action.ADD
    return Notice(
        person_id=settled.person_id, action=action, level=settled.level, first_day=settled.shift_date,
        last_day=settled.shift_date, before=settled.before, after=settled.after, change=settled.last,
        modified_at=settled.last.at,
    )  # fmt: skip


def _known(settled: Settled, now: datetime) -> bool:
    """Whether the day came to them by a change that was told; what is brought in from elsewhere is told to nobody."""
    earlier = Change.objects.filter(
        person=settled.person_id, shift_date=settled.shift_date, level=settled.level,
        settled_at__lt=now,
    )  # fmt: skip
    return earlier.exclude(settled_at=F("at")).exists()


def _summary(published: list[Settled]) -> Notice:
    """One notice for all days of a first publication."""
    days = [each.shift_date for each in published]
    return Notice(
        person_id=published[0].person_id, action=Notice.Action.PUBLISHED, level=Level.PLAN, first_day=min(days),
        last_day=max(days), modified_at=max(each.last.at for each in published),
    )  # fmt: skip


def mark_read(notices: Iterable[Notice]) -> int:
    unread = Notice.objects.filter(pk__in=[notice.pk for notice in notices], read_at=None)
    return unread.update(read_at=clock.now())


def tidy_notices() -> int:
    """Drop notices of old."""
    limit = months_later(clock.today(), -settings.NOTICES_KEPT_MONTHS)
    return Notice.objects.filter(created_at__date__lt=limit).delete()[0]


@transaction.atomic
def answer(asked: Acknowledgement, agreed: bool | None, *, by: Any, version: int) -> Acknowledgement:
    """Say that one has seen a change at short notice; with ``agreed`` also whether one agrees. Kept as evidence."""
    row = Acknowledgement.objects.select_for_update().get(pk=asked.pk)
    if row.version != version:
        raise Changed(row)
    before = {"agreed": row.agreed}
    row.seen_at = row.seen_at or clock.now()
    if agreed is not None:
        row.agreed, row.answered_at = agreed, clock.now()
    row.version += 1
    row.save()
    audit.record("SHORT_NOTICE_ANSWERED", by=by, subject=row, before=before, after={"agreed": row.agreed})
    return row


@transaction.atomic
def choose(
    person: Person, *, email: str, sms: str, channel: str, by: Any, version: int | None = None
) -> Preference:  # fmt: skip
    """How this person wants to be told."""
    row = _preference(person, version)
    row.email, row.sms, row.channel = email, sms, channel
    return _saved(row, "PREFERENCES_CHANGED", by, {"channel": channel})


@transaction.atomic
def snooze(person: Person, until: date | None, *, by: Any) -> Preference:
    """Send nothing until the end of this day; None ends the pause."""
    row = _preference(person, None)
    row.snooze_until = until
    return _saved(row, "PREFERENCES_PAUSED", by, {"until": until.isoformat() if until else None})


def _preference(person: Person, version: int | None) -> Preference:
    Preference.objects.get_or_create(person=person)
    row = Preference.objects.select_for_update().get(person=person)
    if version is not None and version != row.version:
        raise Changed(row)
    return row


def _saved(row: Preference, event: str, by: Any, after: dict[str, Any]) -> Preference:
    row.version += 1
    row.save()
    audit.record(event, by=by, subject=row, after=after)
    return row


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_address(person: Person, *, family: bool, by: Any) -> str:
    """A new secret for a calendar address; the one before stops working. It is told this once."""
    revoke_address(person, family=family, by=by)
    secret = secrets.token_urlsafe(32)
    row = CalendarAddress.objects.create(person=person, family=family, secret_hash=secret_hash(secret))
    audit.record("CALENDAR_ADDRESS_MADE", by=by, subject=row)
    return secret


@transaction.atomic
def revoke_address(person: Person, *, family: bool, by: Any) -> int:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    rows = CalendarAddress.objects.filter(person=person, family=family, revoked_at=None)
    for row in rows:
        audit.record("CALENDAR_ADDRESS_REVOKED", by=by, subject=row)
    return rows.update(revoked_at=clock.now())
