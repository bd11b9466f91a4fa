"""Who changed a duty, when and why: what was and what is, for planners, managers and auditors (R-094)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import audit, clock
from foundation.access import can, may
from foundation.clock import london
from foundation.csv_cells import to_csv
from foundation.web.paging import pagination
from roster.activities.queries import ABSENT, Confidential
from roster.dates import Day
from roster.establishment.models import Person
from roster.timeline.changes import State, names
from roster.timeline.models import Change, Level
from roster.timeline.words import lines
from roster.wording import Worded

PAGE, MOST = 50, 20_000
RECENT = timedelta(days=7)
COLUMNS = [
    "Changed at", "By", "Name", "Staff number", "Shift date", "Level", "Before", "After", "Reason", "Short notice",
    "Answer",
]  # fmt: skip


class HistoryForm(Worded, forms.Form):
    person = forms.CharField(label="Whose duty: name, staff number or user name", required=False, max_length=100)
    first = Day("Shift date from", "")
    last = Day("Shift date to", "")
    since = Day("Changed from", "")
    until = Day("Changed to", "")
    by = forms.CharField(label="Changed by: name, staff number or user name", required=False, max_length=100)


@dataclass(frozen=True)
class Entry:
    """A change in words. ``hidden``: activities that this reader does not learn by name."""

    change: Change
    hidden: Container[str]

    @property
    def before(self) -> list[str]:
        return self._words(self.change.before)

    @property
    def after(self) -> list[str]:
        return self._words(self.change.after)

    @property
    def level(self) -> str:
        return Level(self.change.level).label

    @property
    def reason(self) -> str:
        hidden = self._hides(self.change.before) or self._hides(self.change.after)
        return "" if hidden else self.change.reason

    @property
    def answer(self) -> str:
        """What the officer said of a change at short notice."""
        asked = getattr(self.change, "acknowledgement", None)
        if asked is None:
            return ""
        if asked.answered_at:
            return "Agrees" if asked.agreed else "Does not agree"
        return "Seen" if asked.seen_at else "Not answered"

    def row(self) -> list[str]:
        one = self.change
        return [
            f"{london(one.at):%Y-%m-%d %H:%M:%S}", one.by.name if one.by else "The system", one.person.name,
            one.person.staff_number, one.shift_date.isoformat(), self.level, "; ".join(self.before),
            "; ".join(self.after), self.reason, "Yes" if one.short_notice else "No", self.answer,
        ]  # fmt: skip

    def _words(self, state: State) -> list[str]:
        return [ABSENT] if self._hides(state) else lines(self.change.shift_date, state)

    def _hides(self, state: State) -> bool:
        return any(name in self.hidden for name in names(state))


def _found(user: Any, wanted: dict[str, Any]) -> QuerySet[Change]:
    """Newest first. Without a person or a day: of the last week."""
    rows = Change.objects.visible_to(user)
    if wanted.get("person"):
        rows = rows.filter(person__in=Person.objects.named(wanted["person"]))
    if wanted.get("by"):
        rows = rows.filter(by__person__in=Person.objects.named(wanted["by"]))
    if first := wanted.get("first"):
        rows = rows.filter(shift_date__gte=first)
    if last := wanted.get("last"):
        rows = rows.filter(shift_date__lte=last)
    if since := wanted.get("since") or _recent(wanted):
        rows = rows.filter(at__date__gte=since)
    if until := wanted.get("until"):
        rows = rows.filter(at__date__lte=until)
    return rows.select_related("person", "by", "acknowledgement").order_by("-at", "-pk")


def _recent(wanted: dict[str, Any]) -> date | None:
    return None if any(wanted.values()) else clock.today() - RECENT


def _entries(user: Any, rows: Iterable[Change]) -> list[Entry]:
    hidden: Container[str] = () if can(user, "day.sick") else Confidential()
    return [Entry(row, hidden) for row in rows]


@may("audit.see")
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_found(request.user, wanted), PAGE).get_page(request.GET.get("page"))
    query = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form, "page": page, "entries": _entries(request.user, page.object_list), "query": query,
        "pagination": pagination(page, request.path, query), "recent": _recent(wanted),
    }  # fmt: skip
    return render(request, "timeline/history.html", context)


@may("audit.see")
@require_safe
def history_file(request: HttpRequest) -> HttpResponse:
    """The same as CSV; that it was taken is kept."""
    form = HistoryForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = _entries(request.user, _found(request.user, wanted)[:MOST])
    audit.record("HISTORY_EXPORTED", by=request.user, after={"rows": len(entries)})
    response = HttpResponse(to_csv([COLUMNS, *(entry.row() for entry in entries)]), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="history.csv"'
    return response
