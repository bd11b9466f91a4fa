"""What is done to activities and templates: add, change, close. Nothing is deleted, as past days speak of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation import audit, clock
from roster.activities.models import Activity, Template, TemplateItem, TemplateVersion
from roster.establishment.models import Establishment


class Refused(Exception):
    """It cannot be done, in a sentence for the field that it is about."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class Stale(Exception):
    """Somebody changed it meanwhile: what is stored now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("changed meanwhile")
        self.stored = stored


@dataclass(frozen=True)
class Piece:
    """An item as it is designed: relative to the frame, or by the clock."""

    activity: Activity
    start: int
    end: int
    relative: bool = True


@dataclass(frozen=True)
class Design:
    """What a version is made of. Full day: one piece, whose times do not count."""

    pieces: Sequence[Piece]
    start: int = 0
    end: int = 24 * 3600
    full_day: bool = False
    breaks_in_post: bool = False


@transaction.atomic
def add_activity(values: dict[str, Any], *, by: Any) -> Activity:
    _refuse_name(Activity.objects.all(), values["name"])
    made = Activity.objects.create(**values)
    audit.record("ACTIVITY_ADDED", by=by, subject=made, after={"name": made.name})
    return made


@transaction.atomic
def edit_activity(activity: Activity, values: dict[str, Any], *, by: Any, seen: int) -> Activity:
    """Change its properties. Raises ``Stale``."""
    row: Activity = _locked(Activity, activity.pk, seen)
    _refuse_name(Activity.objects.exclude(pk=row.pk), values["name"])
    before = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    changed = {name: values[name] for name in before}
    audit.record("ACTIVITY_CHANGED", by=by, subject=row, before=_plain(before), after=_plain(changed))
    return row


@transaction.atomic
def add_template(
    establishment: Establishment | None, code: str, name: str, first: date, design: Design, *, by: Any
) -> Template:
    """A new template, made of this from a day on."""
    _refuse_code(establishment, code, name)
    made = Template.objects.create(establishment=establishment, code=code, name=name)
    _store(TemplateVersion(template=made, valid=DateRange(first, None)), design)
    audit.record("TEMPLATE_ADDED", by=by, subject=made, after={"code": code, "from": first.isoformat()})
    return made


@transaction.atomic
def change_template(template: Template, first: date, design: Design, *, by: Any, seen: int) -> TemplateVersion:
    """Make it so from a day on. Days inserted before keep the version that they have. Raises ``Stale``."""
    row = _locked(Template, template.pk, seen)
    if first < clock.today():
        raise Refused("Enter today or a later day", "first")
    upper = None
    for other in row.versions.filter(valid__isempty=False).order_by("valid"):
        if other.first_day == first:
            upper, other.valid = other.valid.upper, DateRange(empty=True)
        elif other.holds_on(first):
            upper, other.valid = other.valid.upper, DateRange(other.first_day, first)
        elif upper is None and other.first_day and other.first_day > first:
            upper = other.first_day
            continue
        else:
            continue
        other.save(update_fields=["valid"])
    row.version += 1
    row.save(update_fields=["version"])
    made = _store(TemplateVersion(template=row, valid=DateRange(first, upper)), design)
    audit.record("TEMPLATE_CHANGED", by=by, subject=row, after={"version": made.pk, "from": first.isoformat()})
    return made


@transaction.atomic
def close(row: Activity | Template, last: date, *, by: Any, seen: int) -> None:
    """The last day on which it can be planned. What stands in the plan stays."""
    found = _locked(type(row), row.pk, seen)
    if last < clock.today():
        raise Refused("Enter today or a later day", "last")
    found.closed_on = date.fromordinal(last.toordinal() + 1)
    found.version += 1
    found.save(update_fields=["closed_on", "version"])
    kind = type(row).__name__.upper()
    audit.record(f"{kind}_CLOSED", by=by, subject=found, after={"last": last.isoformat()})


def _store(version: TemplateVersion, design: Design) -> TemplateVersion:
    version.start, version.end, version.full_day = design.start, design.end, design.full_day
    version.breaks_in_post = design.breaks_in_post
    version.save()
    TemplateItem.objects.bulk_create(
        TemplateItem(
            version=version, activity=each.activity, start=each.start, end=each.end, relative=each.relative
        )
        for each in design.pieces
    )  # fmt: skip
    return version


def _locked(model: Any, pk: int, seen: int) -> Any:
    row = model.objects.select_for_update().get(pk=pk)
    if row.version != seen:
        raise Stale(row)
    return row


def _refuse_name(others: Any, name: str) -> None:
    if others.filter(name__iexact=name).exists():
        raise Refused("There is an activity of that name already", "name")


def _refuse_code(establishment: Establishment | None, code: str, name: str) -> None:
    """One code, one meaning: a prison's template is not called like a national one, nor the reverse."""
    beside = Template.objects.all()
    if establishment is not None:
        beside = beside.filter(establishment=establishment) | beside.filter(establishment=None)
    if beside.filter(code__iexact=code).exists():
        raise Refused("There is a template with that code already", "code")
    if beside.filter(name__iexact=name).exists():
        raise Refused("There is a template of that name already", "name")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int | bool | None) else str(value) for name, value in values.items()}
