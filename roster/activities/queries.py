"""Activities and templates that somebody may see, change, or choose from."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from roster.activities.models import Activity, Template, TemplateVersion
from roster.activities.phrases import DayType, day_type
from roster.establishment.models import Establishment
from roster.establishment.roles import establishments_for, everywhere, reaches

OF_ALL: dict[type[Activity | Template], str] = {Activity: "activity.national", Template: "template.edit"}
"""What those may who change what holds everywhere: the catalogue of activities is the nation's (staff-roster 3.1),
templates are a region's (3.2)."""


def activities(user: Any) -> QuerySet[Activity]:
    """What holds everywhere, and those of the user's establishments."""
    return Activity.objects.filter(_seen(user)).select_related("establishment")


def templates(user: Any) -> QuerySet[Template]:
    return Template.objects.filter(_seen(user)).select_related("establishment")


def _seen(user: Any) -> Q:
    return Q(establishment=None) | Q(establishment__in=establishments_for(user, "template.see"))


def may_edit(user: Any, row: Activity | Template) -> bool:
    """What holds everywhere is for those whose role does so too and goes so far."""
    if row.establishment is None:
        return everywhere(user, OF_ALL[type(row)])
    return reaches(user, "template.edit", row.establishment)


def places(user: Any, kind: type[Activity | Template]) -> list[Establishment | None]:
    """Where the user may add one; None is everywhere."""
    found: list[Establishment | None] = list(establishments_for(user, "template.edit"))
    return [None, *found] if everywhere(user, OF_ALL[kind]) else found


def open_activities(establishment: Establishment | None, day: date) -> QuerySet[Activity]:
    """What a template of this establishment (None: one for everywhere) may be made of."""
    here = Q(establishment=None) | Q(establishment=establishment) if establishment else Q(establishment=None)
    return Activity.objects.filter(here, plannable=True).filter(Q(closed_on=None) | Q(closed_on__gt=day))


def open_templates(establishment: Establishment, day: date) -> QuerySet[Template]:
    """What can be planned there, full-day statuses last."""
    here = Template.objects.filter(Q(establishment=None) | Q(establishment=establishment))
    return here.filter(Q(closed_on=None) | Q(closed_on__gt=day)).order_by("code")


class Confidential:
    """``name in Confidential()``: what it is, only those learn who handle absences; others read ``ABSENT``."""

    def __init__(self) -> None:
        self._names = frozenset(Activity.objects.filter(confidential=True).values_list("name", flat=True))

    def __contains__(self, name: object) -> bool:
        """Illness always, whatever its activity was called when it was written down."""
        return name in self._names or day_type(str(name)) == DayType.ILLNESS


ABSENT = "Absent"


def rest_day() -> Template:
    """The national template that makes a day free."""
    rows = TemplateVersion.objects.filter(full_day=True, template__establishment=None, template__closed_on=None)
    for row in rows.select_related("template").prefetch_related("items__activity").order_by("template_id"):
        if any(day_type(item.activity.name) == DayType.REST_DAY for item in row.items.all()):
            template: Template = row.template
            return template
    raise Template.DoesNotExist("There is no template for a rest day: run the command seed.")
