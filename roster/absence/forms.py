"""Forms about sickness."""

from typing import Any

from django import forms

from roster.absence.models import Sickness, SicknessReason
from roster.dates import Day
from roster.demand.forms import seconds


class ReportForm(forms.Form):
    """``reason`` is asked of the person themselves and of their line manager only."""

    first = Day("First day", "Enter the first day")
    from_time = forms.CharField(
        label="Went off sick at (only if they had begun the shift)", required=False,
        help_text="For example, 10:30. What was worked before stays",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip
    last = Day("Last day, if it is known", "", help_text="Empty: until a return is recorded")
    review_on = Day("Review on", "", help_text="Shifts are marked up to this day. Empty: a week, or the last day")
    category = forms.ChoiceField(
        label="Kind", choices=Sickness.Category.choices, initial=Sickness.Category.SICK, widget=forms.RadioSelect,
        error_messages={"required": "Select a kind"},
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Reason", choices=[("", "Not told"), *SicknessReason.Code.choices], required=False,
        help_text="Only the person and their line manager can read it",
    )  # fmt: skip
    note = forms.CharField(label="Note (optional)", max_length=300, required=False)

    def __init__(self, *given: Any, private: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not private:
            del self.fields["reason"], self.fields["note"]

    def clean_from_time(self) -> int | None:
        text = self.cleaned_data["from_time"]
        return seconds(text) if text else None


class ReturnForm(forms.Form):
    last = Day("Last day of illness", "Enter the last day of illness")


class ProlongForm(forms.Form):
    review_on = Day("Review on", "Enter the day", help_text="Shifts up to this day are marked")
    fit_note_until = Day("Fit note until (optional)", "")


class InterviewForm(forms.Form):
    on = Day("Interview held on", "Enter the day")
