"""Sickness is reported, prolonged, ended; its interview held. One transaction each, and the plan follows at once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation import audit, clock
from roster.absence.marking import mark, unmark, went_off
from roster.absence.models import Sickness, SicknessReason, handled
from roster.absence.restoring import aside, in_their_place, restore
from roster.establishment.models import Establishment, LineManager, Person
from roster.establishment.roles import person_of
from roster.timeline.clock import DAY, moment
from roster.timeline.reading import Key
from roster.timeline.refusals import Refused

__all__ = [
    "LONGEST", "NotYours", "Refused", "Stale", "end_sickness", "not_by_themselves", "prolong", "report_sick",
    "take_back", "withdraw",
]  # fmt: skip

LONGEST = timedelta(days=183)
"""So far ahead at most duties are marked in one step."""


class NotYours(Refused):
    """The user may not do this for that person."""


class Stale(Refused):
    """Somebody else has changed the spell meanwhile; ``stored`` is how it is now."""

    def __init__(self, stored: Sickness) -> None:
        super().__init__("Somebody else has changed this sickness since you opened the page.")
        self.stored = stored


@transaction.atomic
def report_sick(
    person: Person,
    *,
    by: Any,
    first: date | None = None,
    last: date | None = None,
    review_on: date | None = None,
    from_time: int | None = None,
    category: str = Sickness.Category.SICK,
    reason: str = "",
    note: str = "",
    reported_at: datetime | None = None,
) -> Sickness:
    """A spell from ``first`` (today) on. Every shift in it is marked, gaps open at once.

    ``last``: of a spell that is over it ends it; a day still to come is when they expect to be well, and somebody
    records the return. ``from_time`` of a night may lie on the next day. People report themselves; for others only
    who holds ``day.sick`` where they work. Raises ``Refused``.
    """
    _lock(person)
    today = clock.today()
    first = first or today
    _require(by, "day.sick", person)
    if from_time is not None:
        first, from_time = went_off(person, first, from_time)
    if not -LONGEST <= first - today <= LONGEST:
        raise Refused("The first day must be within half a year of today.")
    if last is not None and last < first:
        raise Refused("The last day cannot be before the first.")
    if last is not None and last >= today:
        last, review_on = None, last
    if Sickness.objects.during(first, last or date.max - timedelta(days=1)).filter(person=person).exists():
        raise Refused(f"{person.name} is reported sick on some of these days already.")
    review_on = review_on or first + timedelta(days=settings.SELF_CERTIFIED_DAYS - 1)
    if not first <= review_on <= first + LONGEST:
        raise Refused("The review must be on the first day or later, within half a year.")
    row: Sickness = Sickness.objects.create(
        person=person, valid=DateRange(first, last + timedelta(days=1) if last else None), category=category,
        review_on=max(review_on, last) if last else review_on, from_time=from_time,
        reported_at=reported_at or clock.now(), reported_by=by, returned_at=clock.now() if last else None,
    )  # fmt: skip
    if reason:
        SicknessReason.objects.create(sickness=row, code=reason, note=note.strip())
    mark(row, by=by)
    facts = {"first": first.isoformat(), "last": str(row.last_day or ""), "marked_to": row.marked_to.isoformat()}
    audit.record("SICKNESS_REPORTED", by=by, subject=row, after=facts)
    return row


@transaction.atomic
def prolong(
    row: Sickness, *, review_on: date, by: Any, version: int | None = None, fit_note_until: date | None = None
) -> Sickness:
    """The person stays away: shifts up to the new review day are marked too (an earlier day frees the later ones)."""
    row = _locked(row, version)
    _require(by, "sick.return", row.person, own=False)
    if not row.is_open:
        raise Refused("A return is recorded already.")
    if not row.valid.lower <= review_on <= clock.today() + LONGEST:
        raise Refused("The review must be on the first day or later, within half a year from today.")
    before = row.review_on
    row.review_on, row.fit_note_until = review_on, fit_note_until or row.fit_note_until
    _save(row)
    if review_on > before:
        mark(row, by=by)
    else:
        unmark(row.person, review_on + timedelta(days=1), before, by=by)
    audit.record(
        "SICKNESS_PROLONGED", by=by, subject=row, before={"review_on": str(before)}, after={"review_on": str(review_on)}
    )
    return row


@transaction.atomic
def end_sickness(row: Sickness, *, last: date, by: Any, version: int | None = None) -> Sickness:
    """The person is back: ``last`` was the last day of illness. Shifts after it count again."""
    row = _locked(row, version)
    _require(by, "sick.return", row.person, own=False)
    if not row.is_open:
        raise Refused("A return is recorded already.")
    if last < row.valid.lower:
        raise Refused("The last day cannot be before the first.")
    if last > clock.today() + LONGEST:
        raise Refused("The last day must be within half a year from today.")
    marked = row.marked_to
    row.valid, row.returned_at = DateRange(row.valid.lower, last + timedelta(days=1)), clock.now()
    _save(row)
    if last > marked:
        mark(row, by=by)
    else:
        unmark(row.person, last + timedelta(days=1), marked, by=by)
    audit.record("SICKNESS_ENDED", by=by, subject=row, after={"last": last.isoformat()})
    return row


@transaction.atomic
def withdraw(row: Sickness, *, by: Any, version: int | None = None) -> list[Key]:
    """It was entered by mistake: what it put aside stands again, and the spell is gone but for its history.

    Returns the days and levels on which something else was put meanwhile: they stay as they are.
    """
    row = _locked(row, version)
    _require(by, "sick.return", row.person, own=False)
    return _withdrawn(row, by)


@transaction.atomic
def take_back(row: Sickness, *, by: Any, version: int | None = None) -> list[Key]:
    """Somebody reported themselves by mistake, and nobody has built on it yet: as ``withdraw``."""
    # one after another with those who fill gaps there
    places = Establishment.objects.filter(units__duties__person=row.person_id, units__duties__live=True)
    list(Establishment.objects.select_for_update(no_key=True).filter(pk__in=places.values("pk")).order_by("pk"))
    row = _locked(row, version)
    if why := not_by_themselves(row, by):
        raise Refused(f"You cannot take this report back yourself: {why}. Ring the detail office.")
    return _withdrawn(row, by)


def not_by_themselves(row: Sickness, user: Any) -> str:
    """Why the person can no longer take their own report back; empty while they can."""
    if row.person.user_id != user.pk or row.reported_by_id != user.pk:
        return "somebody else entered it for you"
    if not row.is_open:
        return "your return is recorded"
    changed = aside(row)
    starts = [moment(duty.shift_date, duty.start) for one in changed for duty in one.before if duty.start is not None]
    if min(starts, default=moment(row.valid.lower, DAY)) <= clock.now():
        return "the first shift that it marks has begun" if starts else "its first day is over"
    if in_their_place(row, changed):
        return "somebody has been put in your place"
    if row.version or not all(one.kept and one.mark == one.last for one in changed):
        return "the detail office or your manager has worked with it since"
    return ""


def _withdrawn(row: Sickness, by: Any) -> list[Key]:
    left = restore(row, by=by)
    facts = {"person": row.person_id, "first": row.valid.lower.isoformat(), "last": str(row.last_day or "")}
    audit.record("SICKNESS_WITHDRAWN", by=by, subject=row, before=facts, after={"left": [str(k[1]) for k in left]})
    row.delete()
    return left


@transaction.atomic
def record_interview(row: Sickness, *, on: date, by: Any, version: int | None = None) -> Sickness:
    """The return-to-work interview was held."""
    row = _locked(row, version)
    _require(by, "sick.return", row.person, own=False)
    if row.last_day is None or on <= row.last_day or on > clock.today():
        raise Refused("The interview is held after the return, and not in the future.")
    row.interviewed_on = on
    _save(row)
    audit.record("RETURN_INTERVIEW", by=by, subject=row, after={"on": on.isoformat()})
    return row


def read_reason(row: Sickness, *, by: Any) -> SicknessReason | None:
    """For the person and their line manager; that it was read is kept. None: not told, or not for this user."""
    if not may_read_reason(by, row.person):
        return None
    found = SicknessReason.objects.filter(sickness=row).first()
    if found and row.person.user_id != by.pk:
        audit.record("SICKNESS_REASON_READ", by=by, subject=row)
    return found


def may_read_reason(user: Any, person: Person) -> bool:
    """Themselves, and the line manager of today (staff-roster 3.2)."""
    manager = person_of(user)
    leads = manager and LineManager.objects.on(clock.today()).filter(person=person, manager=manager).exists()
    return person.user_id == user.pk or bool(leads)


def mark_open(spells: Iterable[Sickness] | None = None) -> int:
    """Nightly: shifts that were published since into the days of a spell are marked too. Returns how many spells."""
    rows = list(Sickness.objects.open().select_related("person") if spells is None else spells)
    for row in rows:
        with transaction.atomic():
            _lock(row.person)
            mark(row, by=None)
    return len(rows)


def _require(by: Any, verb: str, person: Person, *, own: bool = True) -> None:
    if by is None:  # the service itself: demo, migration
        return
    if person.user_id == by.pk:
        if own:
            return
        raise NotYours("Nobody records their own return: ask your manager or the detail office.")
    if not handled(by, verb).filter(pk=person.pk).exists():
        raise NotYours("This is for the person's line manager, the detail office or the Orderly Officer to enter.")


def _lock(person: Person) -> None:
    list(Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk=person.pk).values_list("pk"))


def _locked(row: Sickness, version: int | None) -> Sickness:
    _lock(row.person)
    now: Sickness = Sickness.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.pk)
    if version is not None and version != now.version:
        raise Stale(now)
    return now


def _save(row: Sickness) -> None:
    row.version += 1
    row.save()
