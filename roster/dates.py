"""A day as people give it: in a form, and in an address."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import register_converter

FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)
"""What a day can be. Weeks can be counted from each of them in both directions."""


def real(day: date) -> date:
    """The day itself. Raises ``ValueError`` for one that nobody has ever worked or will."""
    if not FIRST <= day <= LAST:
        raise ValueError(day)
    return day


def day_of(text: str) -> date:
    """2027-01-04. Raises ``ValueError``."""
    return real(date.fromisoformat(text))


class Day(forms.DateField):
    """A day, with the date picker of the browser; ``27/3/2027`` is understood too.

    ``missing``: what is said when it is left empty; without it the day is optional.
    """

    def __init__(self, label: str, missing: str, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d")
        widget.input_type = "date"
        errors = {"required": missing, "invalid": "Enter a real date, like 27/3/2027"}
        super().__init__(
            label=label, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], error_messages=errors,
            required=bool(missing), **options,
        )  # fmt: skip

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        try:
            return real(day) if day else None
        except ValueError:
            raise ValidationError(f"Enter a day between {FIRST.year} and {LAST.year}", "invalid") from None


class Moment(forms.DateTimeField):
    """A day and a time of day, by the clock in London."""

    def __init__(self, label: str, missing: str, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M")
        widget.input_type = "datetime-local"
        errors = {"required": missing, "invalid": "Enter a real date and time, like 27/3/2027 14:30"}
        formats = ["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"]
        super().__init__(label=label, widget=widget, input_formats=formats, error_messages=errors, **options)


class DayConverter:
    """``<day:day>`` in an address (import this module there): 2027-01-04. What is no real day is not found."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

    def to_python(self, value: str) -> date:
        return day_of(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")
