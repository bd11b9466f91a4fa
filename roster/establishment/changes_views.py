"""Who changed the record of one person, when and what: contracts, units, roles and the rest (staff-roster 19)."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from foundation.access import may
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.web.paging import pagination
from roster.establishment import queries
from roster.establishment.forms import CHANGES, TITLES, DetailsForm
from roster.establishment.models import Person, PersonalRule, weekdays

PAGE = 50
KINDS = {
    "contract": "Contract", "grade": "Grade", "unit": "Unit", "manager": "Line manager", "skill": "Skill",
    "role": "Role", "rule": "Personal rule",
}  # fmt: skip
WHOLE = {
    "STAFF_ADDED": "Added to the roster", "STAFF_LEFT": "Leaves", "STAFF_STAYED": "Stays after all",
    "STAFF_CAME_BACK": "Came back",
}  # fmt: skip


@may("audit.see")
@require_GET
def changes(request: HttpRequest, person_id: int) -> HttpResponse:
    """The newest first. Why something was agreed with somebody is not in it."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_id)
    if not queries.may_see_changes(request.user, person):
        raise PermissionDenied
    names = [f"{kind.upper()}_{what}" for kind in KINDS for what in ("CHANGED", "ENDED")]
    events = AuditEvent.objects.filter(
        subject=f"{Person._meta.db_table}:{person.pk}", event__in=[*names, *WHOLE, "STAFF_DETAILS_CHANGED"]
    )
    page = Paginator(events.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    people = User.objects.in_bulk({event.actor for event in page})
    context = {
        "person": person, "page": page, "pagination": pagination(page, request.path, {}),
        "rows": [(event.at, people.get(event.actor), in_words(event)) for event in page],
    }  # fmt: skip
    return render(request, "establishment/changes.html", context)


def in_words(event: AuditEvent) -> str:
    """Role from 1 December 2027: role Detail officer, establishment Lindholme."""
    facts = dict(event.after)
    if event.event == "STAFF_DETAILS_CHANGED":
        labels = [_label(DetailsForm.base_fields.get(name), name) for name in facts.get("fields", [])]
        return f"Details: {', '.join(labels) or 'nothing'}"
    first, last = facts.pop("since", ""), facts.pop("last_day", "")
    when = f" from {_day(first)}" if first else f" until {_day(last)}" if last else ""
    if event.event in WHOLE:
        return f"{WHOLE[event.event]}{when.replace(' until', ', last day')}"
    kind, _, _ = event.event.rpartition("_")
    fields = CHANGES[kind.lower()].base_fields
    asked = sorted(facts, key=lambda name: list(fields).index(name) if name in fields else -1)
    said = [f"{_label(fields.get(name), name)} {_value(name, facts[name])}".strip() for name in asked]
    return f"{KINDS[kind.lower()]}{when}{': ' if said else ''}{', '.join(said)}"


def _label(field: Any, name: str) -> str:
    if name == "parameters":
        return ""
    label = str(field.label if field is not None and field.label else name.replace("_", " "))
    label = label.removesuffix(" (optional)")
    return label[:1].lower() + label[1:]


def _value(name: str, value: Any) -> str:
    match name:
        case "role":
            return TITLES.get(value, str(value))
        case "parameters":
            return PersonalRule(parameters=value).words
        case "agreed_days":
            return weekdays(sorted(map(int, value)))
        case "until":
            return _day(value)
        case "manager":
            number = value.removeprefix("person ")
            found = Person.objects.filter(pk=number).first() if number.isdecimal() else None
            return found.name if found else str(value)
    return str(value)


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}"
