"""Forms about hours."""

from django import forms

from roster.establishment.forms import day
from roster.hours.models import Adjustment
from roster.rules.forms import reason
from roster.wording import Worded


class PermitForm(Worded, forms.Form):
    reason = reason("It is kept with the breach, and shown wherever the rule is shown")


class AdjustmentForm(Worded, forms.Form):
    day = day("Day")
    kind = forms.ChoiceField(label="Kind", choices=Adjustment.Kind.choices, widget=forms.RadioSelect)
    hours = forms.DecimalField(
        label="Hours", max_digits=6, decimal_places=2, help_text="Below 0 takes hours out. For example, -1.5",
        error_messages={"required": "Enter the hours", "invalid": "Enter a number of hours"},
    )  # fmt: skip
    reason = reason()
