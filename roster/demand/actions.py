"""What people do about demand: requirements, cases, and confirming a regime. One transaction each, audited."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from foundation import audit, clock
from roster.dates import LAST
from roster.demand.models import Case, Half, Level, Post, Regime, Requirement, SpecialDay
from roster.establishment.models import Establishment, PlanningUnit, Skill


class Refused(Exception):
    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Stale(Refused):
    """Somebody else was quicker; ``stored`` is what holds now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("Somebody else has changed this since you opened the page.")
        self.stored = stored


@transaction.atomic
def add_requirement(
    establishment: Establishment, unit: PlanningUnit | None, *, first: date, by: Any, **fields: Any
) -> Requirement:
    """Asked for once: a form that is sent twice does not double what is needed. Raises Refused."""
    _one_at_a_time(establishment)
    same = Requirement.objects.during(first, LAST).filter(establishment=establishment, unit=unit, **fields)
    if same.exists():
        raise Refused("The very same is asked for already", "name")
    row: Requirement = Requirement.objects.create(establishment=establishment, unit=unit, valid=(first, None), **fields)
    audit.record("DEMAND_ADDED", by=by, subject=row, after={"name": row.name, "target": row.target})
    return row


@transaction.atomic
def change_requirement(row: Requirement, *, first: date, version: int, by: Any, **fields: Any) -> Requirement:
    """From ``first`` on it is so; what held before stays for the days before."""
    row = Requirement.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.version != version or row.last_day is not None:
        raise Stale(row)
    if row.first_day and first < row.first_day:
        raise Refused("It did not exist yet on that day", "first")
    if first == row.first_day:
        for name, value in fields.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        made = row
    else:
        end_requirement(row, last=first - timedelta(days=1), by=by)
        made = Requirement.objects.get(pk=row.pk)
        made.pk, made.version, made.valid = None, 0, (first, None)
        for name, value in fields.items():
            setattr(made, name, value)
        made.save(force_insert=True)
    audit.record("DEMAND_CHANGED", by=by, subject=made, before={"target": row.target}, after={"target": made.target})
    return made


@transaction.atomic
def end_requirement(row: Requirement, *, last: date, by: Any, version: int | None = None) -> None:
    """``version``: what was seen; None: the row is locked and looked at already."""
    if version is not None:
        row = Requirement.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.version != version:
            raise Stale(row)
        if row.last_day is not None and last > row.last_day:
            raise Refused("It ends before that day already", "last")
    if row.first_day and last < row.first_day:
        raise Refused("The last day cannot be before the first", "last")
    row.valid, row.version = (row.valid.lower, last + timedelta(days=1)), row.version + 1
    row.save(update_fields=["valid", "version"])
    audit.record("DEMAND_ENDED", by=by, subject=row, after={"last": last.isoformat()})


@transaction.atomic
def add_post(establishment: Establishment, *, skills: Iterable[Skill], by: Any, **fields: Any) -> Post:
    _code_is_free(establishment, fields["code"])
    row: Post = Post.objects.create(establishment=establishment, **fields)
    row.skills.set(skills)
    audit.record("POST_ADDED", by=by, subject=row, after={"code": row.code, "name": row.name})
    return row


@transaction.atomic
def change_post(row: Post, *, version: int, skills: Iterable[Skill], by: Any, **fields: Any) -> Post:
    """Name, code, activity, unit and skills hold at once: a post is one thing, whatever it is called."""
    row = Post.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.version != version:
        raise Stale(row)
    if fields["code"] != row.code:
        _code_is_free(row.establishment, fields["code"])
    before = {"code": row.code, "name": row.name}
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    row.skills.set(skills)
    audit.record("POST_CHANGED", by=by, subject=row, before=before, after={"code": row.code, "name": row.name})
    return row


def _one_at_a_time(establishment: Establishment) -> None:
    """Until this transaction ends nobody else adds anything here."""
    Establishment.objects.select_for_update(no_key=True).get(pk=establishment.pk)


def _code_is_free(establishment: Establishment, code: str) -> None:
    _one_at_a_time(establishment)
    if Post.objects.filter(establishment=establishment, code=code).exists():
        raise Refused("Another post has this code", "code")


@transaction.atomic
def close_post(row: Post, *, last: date, version: int, by: Any) -> None:
    """Nobody is put there after that day. What asks for people there has to end first."""
    row = Post.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.version != version:
        raise Stale(row)
    if asked := row.requirements.during(last + timedelta(days=1), date.max - timedelta(days=1)).first():
        raise Refused(f"“{asked.name}” still asks for people there after that day: end it first", "last")
    row.closed_on, row.version = last + timedelta(days=1), row.version + 1
    row.save(update_fields=["closed_on", "version"])
    audit.record("POST_CLOSED", by=by, subject=row, after={"last": last.isoformat()})


@transaction.atomic
def mark_special(establishment: Establishment, day: date, name: str, *, by: Any) -> SpecialDay:
    """On that day the demand for special regime days holds, if there is any."""
    if day < clock.today():
        raise Refused("Enter today or a later day", "day")
    try:
        with transaction.atomic():
            row = SpecialDay.objects.create(establishment=establishment, day=day, name=name)
    except IntegrityError:
        raise Refused("That day is a special regime day already", "day") from None
    audit.record("SPECIAL_DAY_MARKED", by=by, subject=row, after={"day": day.isoformat(), "name": name})
    return row


@transaction.atomic
def unmark_special(row: SpecialDay, *, by: Any) -> None:
    if row.day < clock.today():
        raise Refused("This day is over: it stays in the record")
    audit.record("SPECIAL_DAY_TAKEN_AWAY", by=by, subject=row, before={"day": row.day.isoformat(), "name": row.name})
    SpecialDay.objects.filter(pk=row.pk).delete()


@transaction.atomic
def open_case(establishment: Establishment, unit: PlanningUnit | None, *, by: Any, **fields: Any) -> Case:
    """A bedwatch, an escort: from its start to its expected end it is demand. Raises Refused."""
    _one_at_a_time(establishment)
    if Case.objects.filter(establishment=establishment, unit=unit, ended_at=None, **fields).exists():
        raise Refused("The very same case is open already", "name")
    row: Case = Case.objects.create(establishment=establishment, unit=unit, opened_by=by, **fields)
    audit.record("CASE_OPENED", by=by, subject=row, after={"kind": row.kind, "people": row.people})
    return row


@transaction.atomic
def end_case(row: Case, *, at: datetime, by: Any) -> Case:
    """One that has not begun is called off: it ends where it would begin."""
    row = Case.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at is not None:
        raise Stale(row)
    row.ended_at, row.version = max(at, row.starts_at), row.version + 1
    row.save(update_fields=["ended_at", "version"])
    audit.record("CASE_ENDED", by=by, subject=row)
    return row


@transaction.atomic
def confirm_regime(
    establishment: Establishment,
    unit: PlanningUnit | None,
    day: date,
    half: Half,
    level: Level,
    *,
    proposed: Level,
    reason: str,
    version: int,
    by: Any,
) -> Regime:
    """What regime will be run; another one than the numbers propose needs its reason, and so does the same."""
    if not reason.strip():
        raise Refused("Enter the reason", "reason")
    list(Establishment.objects.select_for_update(no_key=True).filter(pk=establishment.pk).values_list("pk"))
    row = Regime.objects.of(establishment, unit).filter(day=day, half=half).first()
    if (row.version if row else 0) != version:
        raise Stale(row)
    before = {"level": row.level} if row else {}
    row = row or Regime(establishment=establishment, unit=unit, day=day, half=half)
    row.level, row.proposed, row.reason = level, proposed, reason.strip()
    row.confirmed_by, row.confirmed_at, row.version = by, clock.now(), version + 1
    row.save()
    facts = {"level": int(level), "proposed": int(proposed), "day": day.isoformat(), "half": half}
    audit.record("REGIME_CONFIRMED", by=by, subject=row, reason=reason, before=before, after=facts)
    return row
