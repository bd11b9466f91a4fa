"""What changes staff. What was is never overwritten: a change is a new row from a day on.

Everything about one person is guarded by the person's row version: who saw an older one is told what holds now.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from foundation import audit
from foundation.accounts.models import User
from roster.establishment.models import (
    Contract,
    GradeHeld,
    LineManager,
    Membership,
    Person,
    PersonalRule,
    PlanningUnit,
    RoleHeld,
    SkillHeld,
)

DAY = timedelta(days=1)


class Stale(Exception):
    """Somebody else changed the row since the page was shown; ``stored`` is the row as it is now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("changed by somebody else")
        self.stored = stored


class Clash(Exception):
    """It would contradict what holds already; the text says what to do."""


def from_day(
    rows: "QuerySet[Any]", since: date, until: date | None = None, *, resumes: bool = False
) -> tuple[date, date | None]:
    """Make room among dated rows that exclude each other: the one that holds ends, a later one keeps its day.

    The range of days for the new row. ``until`` is its last day; with ``resumes`` what held before goes on after it.
    A row of the very same first day is replaced; the history of rows keeps it.
    """
    after = until and until + DAY
    for row in rows.filter(valid__contains=since):
        rest = (after, row.valid.upper)
        if row.valid.lower == since:
            row.delete()
        else:
            row.valid = (row.valid.lower, since)
            row.save(update_fields=["valid"])
        if resumes and after and (rest[1] is None or after < rest[1]):
            row.pk, row.valid = None, rest
            row.save(force_insert=True)
    later = [row.valid.lower for row in rows.filter(valid__fully_gt=(since, since + DAY))]
    ends = [day for day in (after, min(later, default=None)) if day]
    return since, min(ends, default=None)


def _contract(person: Person, since: date, *, weekly_hours: Any, days_per_week: Any, agreed_days: list[str]) -> None:
    Contract.objects.create(
        person=person,
        weekly_minutes=round(weekly_hours * 60),
        days_per_week=days_per_week,
        fte=round(min(weekly_hours / 37, 1), 3),
        agreed_days=sorted(map(int, agreed_days)),
        valid=from_day(Contract.objects.filter(person=person), since),
    )


def _grade(person: Person, since: date, *, grade: Any) -> None:
    GradeHeld.objects.create(person=person, grade=grade, valid=from_day(GradeHeld.objects.filter(person=person), since))


def _unit(person: Person, since: date, *, unit: PlanningUnit, priority: int, until: date | None) -> None:
    """A main unit takes the place of the main unit before, for as long as it lasts; another is added beside it."""
    mine = Membership.objects.filter(person=person)
    if priority > 1 and mine.filter(unit=unit, priority=1, valid__contains=since).exists():
        raise Clash("This is their main unit then. Give them another main unit first")
    if unit.closed_on and (until is None or until >= unit.closed_on):
        raise Clash(f"{unit.name} is closed from {unit.closed_on:%-d %B %Y}. Choose a last day before, or another unit")
    same = Q(unit=unit, priority=priority)
    others = Q(unit=unit) | Q(priority=1) if priority == 1 else Q(unit=unit)
    _, end = from_day(mine.filter(same), since, until)
    valid = from_day(mine.filter(others).exclude(same), since, end and end - DAY, resumes=True)
    Membership.objects.create(person=person, unit=unit, priority=priority, valid=valid)


def _manager(person: Person, since: date, *, manager: Person) -> None:
    if manager == person:
        raise Clash("Nobody manages themselves. Choose somebody else")
    valid = from_day(LineManager.objects.filter(person=person), since)
    LineManager.objects.create(person=person, manager=manager, valid=valid)


def _skill(person: Person, since: date, *, skill: Any, level: str, until: date | None) -> None:
    valid = from_day(SkillHeld.objects.filter(person=person, skill=skill), since, until or lasts(skill, since))
    SkillHeld.objects.create(person=person, skill=skill, level=level, valid=valid)


def lasts(skill: Any, since: date) -> date | None:
    """The last day of a skill by the catalogue."""
    return since + timedelta(days=skill.months * 365 // 12 - 1) if skill.months else None


def _role(person: Person, since: date, *, role: str, establishment: Any, until: date | None) -> None:
    same = RoleHeld.objects.filter(person=person, role=role, establishment=establishment, ends_at=None)
    RoleHeld.objects.create(person=person, role=role, establishment=establishment, valid=from_day(same, since, until))


def _rule(person: Person, since: date, *, parameters: dict[str, Any], reason: str, until: date | None) -> None:
    """What was agreed with the person takes the place of what was agreed before, for as long as it lasts."""
    valid = from_day(PersonalRule.objects.filter(person=person, rule=PERSONAL), since, until, resumes=True)
    PersonalRule.objects.create(person=person, rule=PERSONAL, parameters=parameters, reason=reason, valid=valid)


PERSONAL = "Personal"
"""The optimiser's rule that holds what is agreed with one person."""
CHANGES: dict[str, Callable[..., None]] = {
    "contract": _contract, "grade": _grade, "unit": _unit, "manager": _manager, "skill": _skill, "role": _role,
    "rule": _rule,
}  # fmt: skip
ENDS: dict[str, Any] = {
    "unit": Membership,
    "skill": SkillHeld,
    "role": RoleHeld,
    "manager": LineManager,
    "rule": PersonalRule,
}
"""What can end without something in its place."""
SAYS = {
    "unit": ["unit"], "skill": ["skill"], "role": ["role", "establishment"], "manager": ["manager"],
    "rule": ["parameters"],
}  # fmt: skip
"""What an event says of a row that ended."""


@transaction.atomic
def change(person: Person, kind: str, values: dict[str, Any], *, by: User, version: int) -> None:
    """From ``values["since"]`` on this holds: a contract, grade, unit, manager, skill or role. Raises Stale, Clash."""
    stored = _locked(person, version)
    given = dict(values)
    since = given.pop("since")
    if stored.left_on and since > stored.left_on:
        raise Clash(f"{stored.name} leaves on {stored.left_on:%-d %B %Y}: nothing holds after that day")
    CHANGES[kind](stored, since, **given)
    if stored.left_on:
        _nothing_after(stored, stored.left_on)
    _changed(stored, f"{kind.upper()}_CHANGED", by, since=since.isoformat(), **_plain(given))


@transaction.atomic
def end(person: Person, kind: str, row_id: int, last_day: date, *, by: User, version: int) -> None:
    """A unit, skill, role or manager holds until this day. Raises Stale, Clash."""
    stored = _locked(person, version)
    row = ENDS[kind].objects.select_for_update().get(pk=row_id, person=stored)
    what = _plain({name: getattr(row, name) for name in SAYS[kind]})
    if row.valid.lower and last_day < row.valid.lower - DAY:
        raise Clash("The last day must not be before it began")
    if row.valid.lower == last_day + DAY:
        row.delete()
    else:
        row.valid = (row.valid.lower, last_day + DAY)
        try:
            with transaction.atomic():
                row.save(update_fields=["valid"])
        except IntegrityError:
            raise Clash("Something else holds on some of these days already. Choose an earlier day") from None
    if stored.left_on:
        _nothing_after(stored, stored.left_on)
    _changed(stored, f"{kind.upper()}_ENDED", by, last_day=last_day.isoformat(), **what)


@transaction.atomic
def save_details(person: Person, values: dict[str, Any], *, by: User, version: int) -> None:
    """Name, address, mobile number, consent: what has no dates. Raises Stale."""
    stored = _locked(person, version)
    changed = [name for name, value in values.items() if getattr(stored, name) != value]
    for name in changed:
        setattr(stored, name, values[name])
    stored.save(update_fields=changed)
    _changed(stored, "STAFF_DETAILS_CHANGED", by, fields=changed)


@transaction.atomic
def add(
    details: dict[str, Any], since: date, held: dict[str, dict[str, Any]], skills: Iterable[Any], *, by: User
) -> Person:
    """Somebody joins: their details, then what holds from the first day on, kind by kind. Raises Clash."""
    try:
        with transaction.atomic():
            person = Person.objects.create(**details)
    except IntegrityError:
        raise Clash("Somebody on the roster has this staff number or user name already") from None
    _begin(person, since, held, skills)
    audit.record("STAFF_ADDED", by=by, subject=person, after={"since": since.isoformat(), "kinds": sorted(held)})
    return person


@transaction.atomic
def come_back(
    person: Person, details: dict[str, Any], since: date, held: dict[str, dict[str, Any]], skills: Iterable[Any], *,
    by: User, version: int,
) -> Person:  # fmt: skip
    """Somebody who had left joins again: the same person, with what is on record of them. Raises Stale, Clash."""
    stored = _locked(person, version)
    left = stored.left_on
    if left is None or since <= left:
        raise Clash("They can come back from the day after the one on which they left")
    for name, value in details.items():
        setattr(stored, name, value)
    stored.left_on = None
    stored.save(update_fields=[*details, "left_on"])
    _begin(stored, since, held, skills)
    _changed(stored, "STAFF_CAME_BACK", by, since=since.isoformat(), left_on_was=left.isoformat())
    return stored


def _begin(person: Person, since: date, held: dict[str, dict[str, Any]], skills: Iterable[Any]) -> None:
    for kind, values in held.items():
        CHANGES[kind](person, since, **values)
    for skill in skills:
        _skill(person, since, skill=skill, level="", until=None)


DATED: list[Any] = [GradeHeld, Contract, Membership, LineManager, SkillHeld, PersonalRule, RoleHeld]


@transaction.atomic
def leave(person: Person, last_day: date, *, by: User | None, version: int) -> None:
    """Somebody leaves: nothing of theirs holds after the last day. The record stays. Raises Stale, Clash."""
    stored = _locked(person, version)
    if last_day < stored.service_from:
        raise Clash("The last day must not be before their service began")
    _nothing_after(stored, last_day)
    stored.left_on = last_day
    stored.save(update_fields=["left_on"])
    _changed(stored, "STAFF_LEFT", by, last_day=last_day.isoformat())


def _nothing_after(person: Person, last_day: date) -> None:
    """What is theirs, and whom they manage, ends with the day."""
    of_them = [kind.objects.filter(person=person) for kind in DATED]
    for rows in [*of_them, LineManager.objects.filter(manager=person)]:
        rows.filter(valid__startswith__gt=last_day).delete()
        for row in rows.filter(valid__contains=last_day + DAY):
            row.valid = (row.valid.lower, last_day + DAY)
            row.save(update_fields=["valid"])


@transaction.atomic
def stay(person: Person, *, by: User, version: int) -> int:
    """Somebody stays after all: grade, contract and units that ended with the last day go on, nothing else does.

    The new row version. Raises Stale.
    """
    stored = _locked(person, version)
    if stored.left_on is None:
        return stored.version
    left, after = stored.left_on, stored.left_on + DAY
    ongoing: list[Any] = [GradeHeld, Contract, Membership]
    for kind in ongoing:
        rows = kind.objects.filter(person=stored)
        later = min(rows.filter(valid__startswith__gte=after).values_list("valid__startswith", flat=True), default=None)
        for row in rows.filter(valid__endswith=after):
            row.valid = (row.valid.lower, later)
            row.save(update_fields=["valid"])
    stored.left_on = None
    stored.save(update_fields=["left_on"])
    _changed(stored, "STAFF_STAYED", by, last_day_was=left.isoformat())
    return stored.version


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """For an event: people by number, and never why something was agreed with somebody."""
    return {
        name: value if isinstance(value, int | list | dict) else str(value)
        for name, value in values.items()
        if value not in (None, "", []) and name != "reason"
    }


def _locked(person: Person, version: int) -> Person:
    stored = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if stored.version != version:
        raise Stale(stored)
    return stored


def _changed(person: Person, event: str, by: User | None, **after: Any) -> None:
    person.version += 1
    person.save(update_fields=["version"])
    audit.record(event, by=by, subject=person, after=after)
