"""A day as people give it: in a form, and in an address."""

from datetime import date
from typing import Any

from django import forms
from django.urls import register_converter


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


class DayConverter:
    """``<day:day>`` in an address (import this module there): 2027-01-04. What is no real day is not found."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
