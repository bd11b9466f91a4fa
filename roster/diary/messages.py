"""Messages about changes of the roster: when they may leave, to whom, and their words.

No message tells why somebody is away: neither health nor a union has a place in it. A training server sends nothing;
that others which are not production write only to those on a list, the port to Notify sees to.
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
from foundation.outbox import Wait
from roster.activities.phrases import DayType, day_type
from roster.diary.models import Notice, Preference
from roster.diary.sentences import corrected
from roster.timeline.clock import DAY, moment
from roster.timeline.models import CORRECTIONS, Level
from roster.timeline.words import day_with_ordinal, lines

LINES = 10
WORK = {DayType.SHIFT, DayType.SECONDMENT, DayType.TRAINING_EXTERNAL, DayType.TRAINING_INTERNAL}
TOLD = WORK | {DayType.REST_DAY}
"""What a message may name."""

DONE = {"ADD": "has been added", "EDIT": "has changed", "DELETE": "has been removed"}


@dataclass(frozen=True)
class RosterChanged(Mail):
    """Up to ten changes, in order of date, with what was and what is."""

    template: ClassVar[str] = "5d3c9a51-8a24-4f0e-9f5b-6f2f6a1f0c01"
    channel: ClassVar[str] = "email"
    notices: list[int]

    def to(self) -> str:
        """Asked when it leaves, which may be hours after it was written: the person may have chosen otherwise since."""
        now = clock.now()
        preference = Preference.objects.filter(person__notices__in=self.notices).first()
        address = getattr(preference, self.channel, "")
        if preference is None or not address:
            raise Rejected("There is no address to write to any more.")
        if preference.channel == Preference.Channel.NONE or snoozed(preference, now):
            raise Rejected("They no longer want to be told.")
        if leaves_at(self.listed(), now) > now:
            raise Wait("Quiet hours")
        return str(address)

    def listed(self) -> list[Notice]:
        return list(Notice.objects.filter(pk__in=self.notices).order_by("first_day", "level", "pk"))

    def personalisation(self) -> dict[str, str]:
        changes = "\n".join(f"* {self.line(notice)}" for notice in self.listed())
        return {"changes": changes, "link": f"{settings.DIARY_URL}/notices"}

    def line(self, notice: Notice) -> str:
        return words(notice) + was_and_is(notice)


@dataclass(frozen=True)
class RosterChangedText(RosterChanged):
    """The days alone: ten lines have to fit into the 918 characters of a text message."""

    template: ClassVar[str] = "5d3c9a51-8a24-4f0e-9f5b-6f2f6a1f0c02"
    channel: ClassVar[str] = "sms"

    def line(self, notice: Notice) -> str:
        return words(notice)


def words(notice: Notice) -> str:
    """``Your shift on Friday, 1st April has changed.``"""
    day, last = day_with_ordinal(notice.first_day), day_with_ordinal(notice.last_day)
    if notice.action == Notice.Action.PUBLISHED:
        return f"Your roster from {day} to {last} {notice.last_day.year} has been published."
    if notice.level in CORRECTIONS.values():
        return corrected(notice.level, day)
    thing = "overtime shift" if notice.level == Level.OVERTIME else "shift"
    return f"Your {thing} on {day} {DONE[notice.action]}."


def was_and_is(notice: Notice) -> str:
    """Where all of it is work or rest."""
    was = [] if notice.action == Notice.Action.ADD else notice.before.get("duties", [])
    now = [] if notice.action == Notice.Action.DELETE else notice.after.get("duties", [])
    if any(day_type(duty["name"]) not in TOLD for duty in (*was, *now)):
        return ""
    day = notice.first_day
    before = f" It was {', '.join(lines(day, {'duties': was}))}." if was else ""
    return before + (f" It is now {', '.join(lines(day, {'duties': now}))}." if now else "")


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
    """Whether it is about work that lasts still or begins within the next hours."""
    day, last = notice.first_day, now + timedelta(hours=settings.NOTIFY_SOON_HOURS)
    duties = [duty for state in (notice.before, notice.after) for duty in state.get("duties", [])]
    spans = [(duty["start"] or 0, duty["end"] or DAY) for duty in duties if day_type(duty["name"]) in WORK]
    return any(moment(day, start) <= last and now < moment(day, end) for start, end in spans)
