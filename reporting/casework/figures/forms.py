"""What staff choose: from when to when, whose, how many months."""

from datetime import date
from typing import Any

from django import forms

from reporting.casework.figures.extract import Extraction
from reporting.casework.figures.metrics import FAMILIES
from reporting.casework.figures.period import FIRST_DAY, WORDS, Period, Span, last_month, period_of
from reporting.engine.fields import DateField

DAY = ("day", "month", "year")


class DatesForm(forms.Form):
    """Two dates, each in three boxes."""

    first, last = DateField(DAY), DateField(DAY)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for name, words in (("first", "first"), ("last", "last")):
            if name not in self.errors and not found.get(name):
                self.add_error(name, f"Enter the {words} day")
        first, last = found.get("first"), found.get("last")
        if first and first < FIRST_DAY:
            self.add_error("first", f"The first day must be {FIRST_DAY:%-d %B %Y} or later")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first")
        return found

    def chosen(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class DashboardForm(DatesForm):
    span = forms.ChoiceField(choices=[(span.value, words) for span, words in WORDS.items()], required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("span") == Span.CUSTOM:
            return super().clean()
        for name in ("first", "last"):
            self.errors.pop(name, None)
        return self.cleaned_data

    def chosen(self) -> Period:
        span = Span(self.cleaned_data.get("span") or Span.MONTH)
        return super().chosen() if span is Span.CUSTOM else period_of(span)


class ExtractForm(DatesForm):
    """Only what this kind of extract asks for."""

    family = forms.ChoiceField(
        choices=[("", "All"), *((family.value, words) for family, words in FAMILIES.items())], required=False
    )
    months = forms.IntegerField(
        min_value=1,
        max_value=120,
        error_messages={
            "required": "Enter a number of months",
            "invalid": "The number of months must be a whole number",
            "min_value": "Enter 1 month or more",
            "max_value": "Enter 120 months or fewer",
        },
    )

    def __init__(self, kind: type[Extraction], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kind = kind
        asked = {"period": ("first", "last"), "family": ("family",), "months": ("months",)}
        wanted = {name for ask in kind.asks for name in asked[ask]}
        for name in set(self.fields) - wanted:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        return super().clean() if "first" in self.fields else self.cleaned_data

    def choices(self) -> dict[str, Any]:
        """As stored: dates in ISO form."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if name in self.fields
        }


def proposed(kind: type[Extraction]) -> dict[str, str]:
    """What stands in the form at first: the last month, or the last 30 days."""
    period = last_month() if kind.by_default_last_month else period_of(Span.MONTH)
    typed = {"months": "3", "family": ""}
    for name, day in (("first", period.first), ("last", period.last)):
        typed |= {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
    return typed
