"""Messages about changes of the roster: when they may leave, to whom, and their words.

No message tells why somebody is away: health has no place in a text. A training server sends nothing; that others
which are not production write only to those on a list, the port to Notify sees to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar

from django.conf import settings

from foundation import clock, mails
from foundation.clients import Rejected
from foundation.clock import LONDON, london
from foundation.mails import Mail
from roster.activities.phrases import DayType, day_type
from roster.diary.models import Notice, Preference
from roster.diary.sentences import sentence
from roster.timeline.clock import moment
from roster.timeline.words import day_in_words

LINES = 10


@dataclass(frozen=True)
class RosterChanged(Mail):
    """Up to ten changes, in order of date."""

    template: ClassVar[str] = "5d3c9a51-8a24-4f0e-9f5b-6f2f6a1f0c01"
    channel: ClassVar[str] = "email"
    notices: list[int]

    def to(self) -> str:
        preference = Preference.objects.filter(person__notices__in=self.notices).first()
        address = getattr(preference, self.channel, "")
        if not address:
            raise Rejected("There is no address to write to any more.")
        return str(address)

    def personalisation(self) -> dict[str, str]:
        found = Notice.objects.filter(pk__in=self.notices).order_by("first_day", "level", "pk")
        return {"changes": "\n".join(f"* {words(notice)}" for notice in found), "link": f"{settings.DIARY_URL}/notices"}


@dataclass(frozen=True)
class RosterChangedText(RosterChanged):
    template: ClassVar[str] = "5d3c9a51-8a24-4f0e-9f5b-6f2f6a1f0c02"
    channel: ClassVar[str] = "sms"


def words(notice: Notice) -> str:
    """As in the diary, but without naming an illness."""
    duties = [*notice.before.get("duties", []), *notice.after.get("duties", [])]
    if any(day_type(duty["name"]) == DayType.ILLNESS for duty in duties):
        return f"Your shift on {day_in_words(notice.first_day)} has been changed."
    return sentence(notice)


def send(notices: Sequence[Notice], preference: Preference | None, now: datetime) -> int:
    """Queue these notices of one person in the caller's transaction, ten a message; returns how many messages."""
    kind = {"EMAIL": RosterChanged, "SMS": RosterChangedText}.get(preference.channel if preference else "")
    if preference is None or kind is None or snoozed(preference, now):
        return 0
    if settings.TRAINING or not getattr(preference, kind.channel):
        return 0
    listed = sorted(notices, key=lambda each: (each.first_day, each.level, each.pk))
    batches = [listed[start : start + LINES] for start in range(0, len(listed), LINES)]
    for batch in batches:
        keys = [notice.pk for notice in batch]
        delivery = mails.send(kind(keys), key=f"notices:{keys[0]}:{keys[-1]}", subject=batch[0])
        delivery.next_at = leaves_at(batch, now)
        delivery.save(update_fields=["next_at"])
    return len(batches)


def snoozed(preference: Preference, now: datetime) -> bool:
    """Until the end of the last day without messages."""
    return preference.snooze_until is not None and preference.snooze_until >= london(now).date()


def leaves_at(notices: Sequence[Notice], now: datetime) -> datetime:
    """Now; in quiet hours when they end, unless a shift begins soon."""
    local = london(now)
    quiet = local.hour >= settings.QUIET_FROM or local.hour < settings.QUIET_UNTIL
    if not quiet or any(_begins_soon(notice, now) for notice in notices):
        return now
    morning = local.date() + timedelta(days=1 if local.hour >= settings.QUIET_FROM else 0)
    return datetime.combine(morning, time(settings.QUIET_UNTIL), LONDON).astimezone(clock.now().tzinfo)


def _begins_soon(notice: Notice, now: datetime) -> bool:
    starts = [duty["start"] or 0 for state in (notice.before, notice.after) for duty in state.get("duties", [])]
    first, last = now - timedelta(days=1), now + timedelta(hours=settings.NOTIFY_SOON_HOURS)
    return any(first < moment(notice.first_day, start) <= last for start in starts)
