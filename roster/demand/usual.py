"""Which shifts a place works: what is offered first where somebody is missing."""

from datetime import date, timedelta

from django.db.models import Q

from roster.timeline.models import Duty

BEFORE = timedelta(weeks=12)


def worked_in(where: Q, day: date) -> frozenset[int]:
    """Numbers of the templates of shifts published there in the weeks before a day."""
    rows = Duty.objects.between(day - BEFORE, day).filter(where, span__isnull=False, template_version__isnull=False)
    return frozenset(rows.order_by().values_list("template_version__template", flat=True).distinct())
