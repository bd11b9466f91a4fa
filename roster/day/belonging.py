"""Where a person's day counts, and until when it can be put right."""

from datetime import date, timedelta

from django.conf import settings

from foundation import clock
from roster.establishment.models import Establishment, Membership, Person, PlanningUnit
from roster.planning.models import PlanningPeriod
from roster.timeline.models import Duty
from roster.timeline.refusals import Refused


def unit_of(person: Person, place: Establishment, day: date) -> PlanningUnit | None:
    """Of the units of this establishment, the one that comes first for them."""
    rows = Membership.objects.on(day).filter(person=person, unit__establishment=place).order_by("priority")
    first = rows.select_related("unit").first()
    return first.unit if first else None


def home_of(person: Person, on: date, place: Establishment) -> PlanningUnit:
    """The unit that the duty of the day counts for; without one, their own. Raises ``Refused``."""
    rows = Duty.objects.between(on, on).filter(person=person, unit__establishment=place).select_related("unit")
    duty = rows.order_by("level", "pk").first()
    unit = duty.unit if duty else unit_of(person, place, on)
    if unit is None:
        raise Refused(f"{person.name} does not belong to this establishment on that day.")
    return unit


def closed(person: Person, on: date) -> str:
    """Why the day can no longer be put right by itself; empty while it can (staff-roster 8.2)."""
    if on < clock.today() - timedelta(days=settings.WORKED_CORRECTION_DAYS):
        return f"This day is closed: it could be put right for {settings.WORKED_CORRECTION_DAYS} days."
    units = Duty.objects.between(on, on).filter(person=person).values("unit")
    finalised = PlanningPeriod.objects.on(on).filter(unit__in=units, state=PlanningPeriod.State.FINALISED)
    return "This day is closed: its weeks are finalised." if finalised.exists() else ""
