"""Which establishment, from which month to which."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from foundation import clock
from foundation.web.offering import offer, offer_rows
from roster.establishment.models import Establishment
from roster.reports.report import Month, Scope
from roster.wording import Worded

BACK, AHEAD, MOST = 24, 3, 12
"""Months before and after this one that can be chosen, and how many at once."""


def months(today: date) -> list[Month]:
    """What can be chosen, the latest first."""
    start = today.year * 12 + today.month - 1 - BACK
    return [Month(number // 12, number % 12 + 1) for number in range(start + BACK + AHEAD, start - 1, -1)]


class ScopeForm(Worded, forms.Form):
    place = forms.ModelChoiceField(
        Establishment.objects.none(), label="Establishment", to_field_name="code", empty_label=None,
        error_messages={"required": "Select an establishment", "invalid_choice": "Select an establishment"},
    )  # fmt: skip
    start = forms.ChoiceField(label="From", error_messages={"invalid_choice": "Select a month"})
    end = forms.ChoiceField(label="To", error_messages={"invalid_choice": "Select a month"})

    def __init__(self, data: Any, *, places: QuerySet[Establishment], **options: Any) -> None:
        super().__init__(data, **options)
        offer_rows(self, "place", places)
        choices = [(str(month), month.words) for month in months(clock.today())]
        offer(self, "start", choices)
        offer(self, "end", choices)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "start" in data and "end" in data:
            scope = Scope(data.get("place") or Establishment(), Month.parse(data["start"]), Month.parse(data["end"]))
            if scope.start > scope.end:
                self.add_error("end", "The last month must not be before the first")
            elif len(scope.months) > MOST:
                self.add_error("end", f"Choose at most {MOST} months")
        return data

    @property
    def scope(self) -> Scope:
        data = self.cleaned_data
        return Scope(data["place"], Month.parse(data["start"]), Month.parse(data["end"]))
