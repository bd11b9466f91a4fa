"""What happens to a unit: it is made, called something else from a day on, closed. Never deleted."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from foundation import audit, clock
from foundation.accounts.models import User
from roster.establishment.actions import Clash, Stale, from_day
from roster.establishment.models import Establishment, Function, Membership, PlanningUnit, UnitName, here


@transaction.atomic
def add_unit(
    establishment: Establishment, *, name: str, abbreviation: str, function: Any, parent: Any, by: User
) -> PlanningUnit:
    """Raises Clash."""
    Establishment.objects.select_for_update().get(pk=establishment.pk)
    _free(establishment, name)
    made = PlanningUnit.objects.create(
        establishment=establishment, name=name, abbreviation=abbreviation, function=function, parent=parent
    )
    audit.record("UNIT_ADDED", by=by, subject=made, after={"name": name})
    return made


@transaction.atomic
def rename_unit(unit: PlanningUnit, since: date, *, name: str, abbreviation: str, by: User, version: int) -> None:
    """From a day on it is called something else; what it was called stays on record. Raises Stale, Clash."""
    stored = _locked(unit, version)
    _free(stored.establishment, name, besides=stored)
    if not stored.names.exists():
        UnitName.objects.create(
            unit=stored, name=stored.name, abbreviation=stored.abbreviation, valid=(None, None)
        )  # until now nobody needed to ask
    valid = from_day(stored.names.all(), since)
    UnitName.objects.create(unit=stored, name=name, abbreviation=abbreviation, valid=valid)
    before = stored.name
    _call(stored)
    _changed(stored, "UNIT_RENAMED", by, before={"name": before}, after={"name": name, "since": since.isoformat()})


@transaction.atomic
def move_unit(unit: PlanningUnit, *, function: Any, parent: Any, by: User, version: int) -> None:
    """Put it under another function or unit. Raises Stale, Clash."""
    stored = _locked(unit, version)
    above = parent
    while above is not None:
        if above == stored:
            raise Clash("A unit cannot be part of itself")
        above = above.parent
    before = {"function": stored.function_id, "parent": stored.parent_id}
    stored.function, stored.parent = function, parent
    stored.save(update_fields=["function", "parent"])
    after = {"function": stored.function_id, "parent": stored.parent_id}
    _changed(stored, "UNIT_MOVED", by, before=before, after=after)


@transaction.atomic
def close_unit(unit: PlanningUnit, day: date, *, by: User, version: int) -> None:
    """From this day on the unit is closed; nobody may still belong to it. Raises Stale, Clash."""
    stored = _locked(unit, version)
    members = Membership.objects.filter(here("person__"), unit=stored, valid__overlap=(day, None))
    if left := members.count():
        raise Clash(f"{left} people belong to this unit on that day or later. Move them to other units first")
    stored.closed_on = day
    stored.save(update_fields=["closed_on"])
    _changed(stored, "UNIT_CLOSED", by, after={"closed_on": day.isoformat()})


@transaction.atomic
def open_again(unit: PlanningUnit, *, by: User, version: int) -> None:
    """It was closed by mistake, or is needed again. Raises Stale."""
    stored = _locked(unit, version)
    was, stored.closed_on = stored.closed_on, None
    stored.save(update_fields=["closed_on"])
    _changed(stored, "UNIT_OPENED_AGAIN", by, before={"closed_on": was.isoformat() if was else ""})


@transaction.atomic
def add_function(establishment: Establishment, name: str, *, by: User) -> Function:
    """Raises Clash."""
    Establishment.objects.select_for_update().get(pk=establishment.pk)
    if establishment.functions.filter(name__iexact=name).exists():
        raise Clash("This establishment has a function of that name")
    made = Function.objects.create(establishment=establishment, name=name)
    audit.record("FUNCTION_ADDED", by=by, subject=made, after={"name": name})
    return made


@transaction.atomic
def rename_function(function: Function, name: str, *, by: User) -> None:
    """Raises Clash."""
    Establishment.objects.select_for_update().get(pk=function.establishment_id)
    if function.establishment.functions.filter(name__iexact=name).exclude(pk=function.pk).exists():
        raise Clash("This establishment has a function of that name")
    before, function.name = function.name, name
    function.save(update_fields=["name"])
    audit.record("FUNCTION_RENAMED", by=by, subject=function, before={"name": before}, after={"name": name})


def call_by_todays_names() -> int:
    """Nightly: a name that begins today is what lists show from today on. Returns how many units were renamed."""
    units = PlanningUnit.objects.filter(names__valid__contains=clock.today()).distinct()
    return sum(_call(unit) for unit in units)


def _call(unit: PlanningUnit) -> bool:
    now = unit.names.filter(valid__contains=clock.today()).first()
    if now is None or (now.name, now.abbreviation) == (unit.name, unit.abbreviation):
        return False
    unit.name, unit.abbreviation = now.name, now.abbreviation
    unit.save(update_fields=["name", "abbreviation"])
    return True


def _free(establishment: Establishment, name: str, besides: PlanningUnit | None = None) -> None:
    """No other unit of the establishment is called so, today or later."""
    later = Q(names__name__iexact=name, names__valid__overlap=(clock.today(), None))
    others = PlanningUnit.objects.filter(Q(name__iexact=name) | later, establishment=establishment)
    if (others.exclude(pk=besides.pk) if besides else others).exists():
        raise Clash("Another unit of this establishment has this name")


def _locked(unit: PlanningUnit, version: int) -> PlanningUnit:
    stored = PlanningUnit.objects.select_for_update(of=("self",)).select_related("establishment").get(pk=unit.pk)
    if stored.version != version:
        raise Stale(stored)
    return stored


def _changed(unit: PlanningUnit, event: str, by: User, **facts: Any) -> None:
    unit.version += 1
    unit.save(update_fields=["version"])
    audit.record(event, by=by, subject=unit, **facts)
