"""What is done to patterns: draw up, consult, approve, retire, and put people on them.

Who may do it is for the page to ask (``visible_to`` with the verb); what may be done is asked here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation import audit, clock
from roster.establishment.models import Establishment, Person, PlanningUnit
from roster.patterns.models import MOST_LINES, Assignment, Pattern, PatternComment, PatternDay, PatternVersion

State = PatternVersion.State


class Refused(Exception):
    """It cannot be done, in a sentence for the field that it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Stale(Exception):
    """Somebody changed it meanwhile: what is stored now."""

    def __init__(self, stored: PatternVersion) -> None:
        super().__init__("changed meanwhile")
        self.stored = stored


@dataclass(frozen=True)
class Entry:
    """What is to stand in a cell: numbers of template, post and unit."""

    template: int
    post: int | None = None
    unit: int | None = None


Row = Sequence[Entry | None]
"""One line: seven cells, Monday first; None is an empty cell."""


@transaction.atomic
def create(
    establishment: Establishment, name: str, weekly_minutes: int, *, by: Any, unit: PlanningUnit | None = None,
    rows: Sequence[Row] = ((None,) * 7,),
) -> PatternVersion:  # fmt: skip
    """A new pattern with a first draft."""
    Establishment.objects.select_for_update().get(pk=establishment.pk)
    if Pattern.objects.filter(establishment=establishment, name=name).exists():
        raise Refused("This prison has a pattern of that name already", "name")
    pattern = Pattern.objects.create(establishment=establishment, unit=unit, name=name, weekly_minutes=weekly_minutes)
    version = PatternVersion.objects.create(pattern=pattern, lines=len(rows))
    _write(version, rows)
    audit.record("PATTERN_CREATED", by=by, subject=pattern, after={"name": name, "lines": len(rows)})
    return version


@transaction.atomic
def draft(pattern: Pattern, *, by: Any, like: PatternVersion) -> PatternVersion:
    """The copy in which a pattern is changed; ``like`` may be a version of another pattern. One at a time."""
    Pattern.objects.select_for_update().get(pk=pattern.pk)
    if open_version(pattern):
        raise Refused("This pattern has a draft already: change that one")
    version = PatternVersion.objects.create(pattern=pattern, lines=like.lines)
    _write(version, rows_of(like))
    audit.record("PATTERN_DRAFTED", by=by, subject=version, after={"like": like.pk})
    return version


@transaction.atomic
def edit(version: PatternVersion, rows: Sequence[Row], *, by: Any, seen: int) -> PatternVersion:
    """Make these the lines of a draft. Raises ``Stale``."""
    row = _locked(version, seen)
    if row.state != State.DRAFT:
        raise Refused("Only a draft can be changed. Take it back from consultation first")
    if not 1 <= len(rows) <= MOST_LINES:
        raise Refused(f"A pattern has between 1 and {MOST_LINES} lines")
    before = {"lines": row.lines, "cells": row.cells.count()}
    row.cells.all().delete()
    row.lines = len(rows)
    _write(row, rows)
    _store(row, "lines")
    after = {"lines": row.lines, "cells": sum(cell is not None for line in rows for cell in line)}
    audit.record("PATTERN_CHANGED", by=by, subject=row, before=before, after=after)
    return row


@transaction.atomic
def consult(version: PatternVersion, *, by: Any, seen: int) -> None:
    """Show a draft to everybody who may see patterns; from now on it stays as it is and can be commented on."""
    row = _locked(version, seen)
    if row.state != State.DRAFT:
        raise Refused("Only a draft can go into consultation")
    if not row.cells.exists():
        raise Refused("Fill in the pattern before it goes into consultation")
    row.state, row.consulted_on = State.CONSULTED, clock.today()
    _store(row, "state", "consulted_on")
    audit.record("PATTERN_CONSULTED", by=by, subject=row)


@transaction.atomic
def take_back(version: PatternVersion, *, by: Any, seen: int) -> None:
    """Make it a draft again, to change it. Comments stay; the days of consultation begin anew."""
    row = _locked(version, seen)
    if row.state != State.CONSULTED:
        raise Refused("Only a pattern in consultation can be taken back")
    row.state, row.consulted_on = State.DRAFT, None
    _store(row, "state", "consulted_on")
    audit.record("PATTERN_TAKEN_BACK", by=by, subject=row)


@transaction.atomic
def comment(version: PatternVersion, text: str, *, by: Any, on_behalf_of: str = "") -> PatternComment:
    row = PatternVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != State.CONSULTED:
        raise Refused("The consultation has ended", "text")
    made = PatternComment.objects.create(version=row, by=by, text=text, on_behalf_of=on_behalf_of)
    audit.record("PATTERN_COMMENTED", by=by, subject=row)
    return made


@transaction.atomic
def approve(version: PatternVersion, first: date, *, by: Any, seen: int) -> None:
    """Make it the pattern from a day on. The version before it ends the day before; days inserted stay."""
    row = _locked(version, seen)
    until = row.consulted_until
    if row.state != State.CONSULTED or until is None:
        raise Refused("Only a pattern that was in consultation can be approved")
    if clock.today() <= until:
        raise Refused(f"The consultation runs until {until:%-d %B %Y}")
    if first < clock.today():
        raise Refused("Enter today or a later day", "first")
    _activate(row, first, by)
    audit.record("PATTERN_APPROVED", by=by, subject=row, after={"from": first.isoformat()})


def _activate(row: PatternVersion, first: date, by: Any) -> None:
    for other in row.pattern.versions.filter(state=State.APPROVED, valid__isempty=False):
        if other.first_day and other.first_day >= first:
            other.valid = DateRange(empty=True)
        elif other.holds_on(first):
            other.valid = DateRange(other.first_day, first)
        else:
            continue
        other.version += 1
        other.save(update_fields=["valid", "version"])
    row.state, row.valid = State.APPROVED, DateRange(first, None)
    row.approved_by, row.approved_at = by, clock.now()
    _store(row, "state", "valid", "approved_by", "approved_at")


@transaction.atomic
def retire(version: PatternVersion, last: date, *, by: Any, seen: int) -> None:
    """The last day on which an approved version is used. Who follows it has an empty pattern afterwards."""
    row = _locked(version, seen)
    if row.valid is None or row.valid.isempty or (row.last_day and row.last_day < clock.today()):
        raise Refused("Only a pattern that is in use can be retired")
    if last < clock.today() or (row.first_day and last < row.first_day):
        raise Refused("Enter today or a later day, not before its first day", "last")
    if row.last_day and last > row.last_day:
        raise Refused("It ends before that day already", "last")
    row.valid = DateRange(row.first_day, last + timedelta(days=1))
    _store(row, "valid")
    audit.record("PATTERN_RETIRED", by=by, subject=row, after={"last": last.isoformat()})


def open_version(pattern: Pattern) -> PatternVersion | None:
    """The draft, or the copy in consultation."""
    return pattern.versions.exclude(state=State.APPROVED).first()


def rows_of(version: PatternVersion) -> list[list[Entry | None]]:
    rows: list[list[Entry | None]] = [[None] * 7 for _ in range(version.lines)]
    for cell in version.cells.all():
        rows[cell.line][cell.weekday] = Entry(cell.template_id, cell.post_id, cell.unit_id)
    return rows


def _write(version: PatternVersion, rows: Sequence[Row]) -> None:
    PatternDay.objects.bulk_create(
        PatternDay(
            version=version, line=line, weekday=weekday, template_id=cell.template, post_id=cell.post,
            unit_id=cell.unit,
        )
        for line, row in enumerate(rows)
        for weekday, cell in enumerate(row)
        if cell is not None
    )  # fmt: skip


def _locked(version: PatternVersion, seen: int) -> PatternVersion:
    row = PatternVersion.objects.select_for_update(of=("self",)).select_related("pattern").get(pk=version.pk)
    if row.version != seen:
        raise Stale(row)
    return row


def _store(row: PatternVersion, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


# People on patterns


@transaction.atomic
def assign(
    pattern: Pattern, lines: Mapping[Person, int], reference: date, first: date, *, by: Any, last: date | None = None,
    agreed_days: Iterable[int] = (),
) -> list[Assignment]:  # fmt: skip
    """Put people on lines (from 0) of a pattern from a day on. What they followed until then ends the day before."""
    if reference.weekday() != 0:
        raise Refused("The reference day must be a Monday", "reference")
    if last is not None and last < first:
        raise Refused("The last day must not be before the first", "last")
    people = sorted(lines, key=lambda person: person.pk)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=[each.pk for each in people]).order_by("pk"))
    upper = None if last is None else last + timedelta(days=1)
    for other in Assignment.objects.filter(person__in=people, valid__overlap=DateRange(first, upper)):
        if other.first_day >= first:
            raise Refused(f"{other.person.name} goes on another pattern on {other.first_day:%-d %B %Y}. End that first")
        _end(other, first)
    made = Assignment.objects.bulk_create(
        Assignment(
            person=person, pattern=pattern, start_line=lines[person], reference=reference,
            agreed_days=sorted(set(agreed_days)), valid=DateRange(first, upper),
        )
        for person in people
    )  # fmt: skip
    facts = {"people": [person.pk for person in people], "from": first.isoformat()}
    audit.record("PATTERN_ASSIGNED", by=by, subject=pattern, after=facts)
    return made


@transaction.atomic
def end_assignment(assignment: Assignment, last: date, *, by: Any, seen: int) -> None:
    """The last day on which somebody follows a pattern."""
    row = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if row.version != seen:
        raise Refused("Somebody changed this meanwhile. Look at it again")
    if row.first_day is not None and last < row.first_day - timedelta(days=1):
        raise Refused(f"Enter {row.first_day:%-d %B %Y} or a later day", "last")
    if row.last_day is not None and last > row.last_day:
        raise Refused("It ends before that day already", "last")
    _end(row, last + timedelta(days=1))
    audit.record("PATTERN_ASSIGNMENT_ENDED", by=by, subject=row, after={"last": last.isoformat()})


def _end(row: Assignment, upper: date) -> None:
    row.valid = DateRange(row.first_day, upper)
    row.version += 1
    row.save(update_fields=["valid", "version"])


def apart(people: Sequence[Person], first_line: int, lines: int) -> dict[Person, int]:
    """A group one line apart: the first person on ``first_line``, and so round and round."""
    return {person: (first_line + number) % lines for number, person in enumerate(people)}
