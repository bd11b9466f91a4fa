"""Permitting a breach, the rest that is then owed, and adjustments of an hours balance."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from foundation import audit, clock
from roster.establishment.models import Person
from roster.establishment.roles import reaches
from roster.hours import rest
from roster.hours.models import Adjustment, RestOwed
from roster.rules.actions import Refused, add_exception
from roster.rules.book import Override, declared
from roster.rules.check import Finding
from roster.rules.members import Facts
from roster.rules.models import RuleException
from roster.timeline.changes import PUBLISHED
from roster.timeline.clock import DAY, moment
from roster.timeline.models import Duty

AHEAD = timedelta(days=56)
IN_MINUTES = {"NightAverage"}
"""Rules that measure minutes; the others of the law measure hours."""


@transaction.atomic
def permit(finding: Finding, *, reason: str, by: Any) -> RuleException:
    """Let a breach pass. Who may depends on the rule; missing rest of the law is owed from then on (R-065)."""
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=finding.person_id)
    if finding.override == Override.NONE:
        raise Refused(Override.NONE.words)
    if not finding.days:
        raise Refused("There is no day left on which this could be permitted.")
    first, last = finding.days[0], finding.days[-1]
    place = Facts([person.pk], first, last).establishment(person.pk)
    if place is None or not reaches(by, finding.override.verb, place):
        raise Refused(finding.override.words)
    if person.user_id == by.pk:
        raise Refused("Nobody can permit a breach of their own.")
    if finding.override == Override.REST and RestOwed.objects.open().filter(person=person).exists():
        raise Refused(
            f"{person.name} is still owed rest for an earlier breach: until it has been had, none is permitted."
        )
    row = add_exception(person, finding.rule, first=first, last=last, reason=reason, by=by)
    if finding.override == Override.REST:
        owe(row, finding, by)
    return row


def missing(finding: Finding) -> int:
    """Minutes by which a rest was too short, or work too long. At least one; a whole rest where none of it was had."""
    if finding.code == "W3":
        return int(getattr(declared()[finding.rule], "minutes", 20))
    amount = abs(finding.limit - finding.measured) or finding.limit
    return max(1, round(amount if finding.rule in IN_MINUTES else amount * 60))


def owe(row: RuleException, finding: Finding, by: Any) -> None:
    """Open the entry of a permitted breach."""
    last = finding.days[-1]
    due = last + timedelta(days=settings.REST_OWED_DAYS)
    owed = RestOwed.objects.create(
        person=row.person, exception=row, minutes=missing(finding), since=_since(row, last), due_on=due
    )
    audit.record("REST_OWED", by=by, subject=owed, reason=row.reason, after={"minutes": owed.minutes, "due": str(due)})
    assign(owed)


def _since(row: RuleException, last: date) -> datetime:
    """When the work ends before which rest was too short: as published, else with the day (it is permitted first)."""
    worked = Duty.objects.top().filter(person=row.person_id, shift_date=last, span__isnull=False)
    duty = worked.filter(level__in=PUBLISHED).order_by("span").last()
    return duty.span.upper if duty else moment(last, DAY)


def assign(owed: RestOwed) -> None:
    """Give the rest its place: the next gap of the published plan that is long enough. None yet: it stays open."""
    owed.since = _since(owed.exception, owed.exception.last_day or owed.due_on)
    found = rest.next_gap(_work(owed), owed.since, owed.minutes, owed.since + AHEAD)
    span = DateTimeTZRange(*found) if found else None
    if span != owed.assigned:
        owed.assigned = span
        owed.save(update_fields=["assigned", "since"])


@transaction.atomic
def settle(people: Collection[int] | None = None) -> int:
    """After duties have changed, and every night: find each open entry its gap anew; clear what has been had.

    What is cleared was free: a gap lies in the past and no published or actual work is in it.
    """
    rows = RestOwed.objects.open().select_related("exception").select_for_update(of=("self",))
    cleared = 0
    for owed in rows if people is None else rows.filter(person__in=people):
        assign(owed)
        if owed.assigned and owed.assigned.upper <= clock.now():
            owed.cleared_at = clock.now()
            owed.save(update_fields=["cleared_at"])
            audit.record("REST_HAD", subject=owed, after={"until": owed.assigned.upper.isoformat()})
            cleared += 1
    return cleared


def _work(owed: RestOwed) -> list[rest.Span]:
    window = (owed.since, owed.since + AHEAD)
    rows = Duty.objects.present(*window).filter(person=owed.person).order_by("span")
    return [(row.span.lower, row.span.upper) for row in rows if row.span]


@transaction.atomic
def adjust(person: Person, *, day: date, minutes: int, kind: str, reason: str, by: Any) -> Adjustment:
    """Put minutes into a balance, or take them out. Nobody adjusts their own."""
    if person.user_id == by.pk:
        raise Refused("Nobody can adjust their own balance.")
    if not minutes:
        raise Refused("Enter a time other than 0", "minutes")
    if not reason.strip():
        raise Refused("Enter the reason", "reason")
    Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
    facts = {"person": person, "day": day, "minutes": minutes, "kind": kind, "reason": reason.strip()}
    if Adjustment.objects.filter(**facts).exists():
        raise Refused("The very same is recorded already. If it is meant twice, say so in the reason", "reason")
    row = Adjustment.objects.create(**facts, made_by=by)
    audit.record("HOURS_ADJUSTED", by=by, subject=row, reason=reason, after={"minutes": minutes, "kind": kind})
    return row
