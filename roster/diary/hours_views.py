"""An officer's own hours: the balance, how it came about, and rest that is owed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.access import may
from optimiser.words import hours as in_hours
from roster.diary.views import me
from roster.hours import rest
from roster.hours.models import RestOwed
from roster.hours.statement import PERIOD, signed, statement
from roster.wording import Worded

RECORDS = 26 * PERIOD
"""So far back one may look: two years, as long as the law has records kept (W11)."""


class UntilForm(Worded, forms.Form):
    until = forms.DateField(required=False)


@may("diary.see")
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Four weeks until yesterday, or an earlier four."""
    person, yesterday = me(request), clock.today() - timedelta(days=1)
    form = UntilForm(request.GET)
    wanted: date | None = form.cleaned_data["until"] if form.is_valid() else None
    earliest = yesterday - RECORDS
    last = min(max(wanted or yesterday, earliest), yesterday)
    owed = RestOwed.objects.open().filter(person=person).first()
    context: dict[str, Any] = {
        "found": statement(person, last), "words": signed, "in_hours": in_hours, "owed": owed,
        "gap": rest.words((owed.assigned.lower, owed.assigned.upper)) if owed and owed.assigned else "",
        "before": last - PERIOD if last - PERIOD >= earliest else None,
        "after": min(last + PERIOD, yesterday) if last < yesterday else None,
    }  # fmt: skip
    return render(request, "diary/hours.html", context)
