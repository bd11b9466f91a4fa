"""What the demo's officers are told: their roster is published, and one shift was changed at short notice."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from foundation import clock
from roster.activities.models import Template
from roster.diary.actions import tell_settled
from roster.diary.models import Notice
from roster.establishment.demo import officer
from roster.timeline import actions as timeline
from roster.timeline.models import Duty, Level

FOR = {"E": "M", "M": "A", "A": "M", "L": "A", "N": "N2"}
"""What a shift is changed to."""


def make() -> None:
    """Needs the plan. Nobody waits until changes settle. Again changes nothing."""
    if Notice.objects.exists():
        return
    _told()
    _changed()
    _told()


def _told() -> None:
    tell_settled(clock.now() + timedelta(seconds=settings.CHANGE_SETTLES_SECONDS))


@transaction.atomic
def _changed() -> None:
    """The officer's first shift from the day after tomorrow on becomes another."""
    first = clock.today() + timedelta(days=2)
    rows = Duty.objects.between(first, first + timedelta(days=4)).filter(
        person=officer(), level=Level.PLAN, covered_by=None, template_version__template__code__in=FOR
    )
    for duty in rows.select_related("person", "unit", "template_version__template").order_by("shift_date")[:1]:
        before = duty.template_version
        assert before, "asked for above"
        template = Template.objects.get(code=FOR[before.template.code], establishment=None)
        timeline.put(
            duty.person, duty.unit, duty.shift_date, template=template, by=None, reason="Cover for a colleague in court"
        )
