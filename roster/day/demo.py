"""A day that has something to show: somebody sick, on leave and in training, a bedwatch, people on call."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from foundation import clock
from roster.absence import actions as absence
from roster.absence.models import Sickness
from roster.activities.models import Activity, Template
from roster.day import cases
from roster.demand import actions as demand
from roster.demand import demo as demand_demo
from roster.demand.models import Case
from roster.establishment.demo import place
from roster.establishment.models import Person, PlanningUnit, RoleHeld
from roster.patterns import demo as patterns_demo
from roster.planning import demo as planning_demo
from roster.timeline import actions as timeline
from roster.timeline.models import Duty, Level


@transaction.atomic
def make() -> None:
    """Needs the plan: made first where it is not there yet. Again adds nothing to a day that has it."""
    for earlier in (demand_demo, patterns_demo, planning_demo):
        earlier.make()
    here, today = place(), clock.today()
    _orderly_officer(here)
    if Case.objects.filter(establishment=here).exists() or Sickness.objects.exists():
        return
    working = _working(here, 3)
    for number, activity in enumerate(("Annual Leave", "Training - Internal")):
        for duty in working[1 + number :: 3][:1]:
            timeline.cover(
                duty.person, today, Activity.objects.get(name=activity), by=None, source="leave", reason="Demo"
            )
    if working:
        absence.report_sick(working[0].person, by=None)
    now = clock.now()
    demand.open_case(
        here, None, by=None, kind=Case.Kind.BEDWATCH, name="Bedwatch 1", people=2,
        activity=Activity.objects.get(name="Bedwatch"), starts_at=now - timedelta(hours=5),
        expected_end=now + timedelta(hours=30),
    )  # fmt: skip
    for rota, grade in (("DG", "HOF"), ("NEGO", "CM")):
        who = Person.objects.filter(
            memberships__unit__establishment=here, memberships__valid__contains=today, grades__grade__code=grade
        ).first()
        if who:
            cases.put_on_call(here, who, rota, today, 2, by=None)


def _orderly_officer(here: Any) -> None:
    """Each day has one, if a custodial manager is free for it: who signs in then runs the day."""
    today = clock.today()
    if RoleHeld.objects.filter(role="ORDERLY_OFFICER", establishment=here, duty_day=today).exists():
        return
    managers = Person.objects.filter(
        memberships__unit__establishment=here, memberships__valid__contains=today, grades__grade__code="CM",
        grades__valid__contains=today,
    )  # fmt: skip
    busy = Duty.objects.between(today, today).filter(person__in=managers, span__isnull=False).values("person")
    free = managers.exclude(pk__in=busy).annotate(held=Count("roles"))
    who = free.order_by("held", "staff_number").first()
    if who:
        unit = PlanningUnit.objects.filter(memberships__person=who, establishment=here).order_by("pk")[0]
        template = Template.objects.get(code="OO", establishment=None)
        timeline.put(who, unit, today, template=template, by=None, reason="Demo")


def _working(here: Any, people: int) -> list[Duty]:
    """Officers of the wings with a shift today."""
    rows = Duty.objects.between(clock.today(), clock.today()).filter(
        unit__establishment=here, unit__name__contains="Residential", level=Level.PLAN, span__isnull=False
    )  # fmt: skip
    return list(rows.select_related("person").order_by("person")[:people])
