"""Forms about sickness."""

from typing import Any

from django import forms

from roster.absence.models import Sickness, SicknessReason
from roster.dates import Day
from roster.demand.forms import seconds
from roster.wording import Worded


class ReportForm(Worded, forms.Form):
    """``reason`` is asked of the person themselves and of their line manager only."""

    first = Day("First day", "Enter the first day")
    from_time = forms.CharField(
        label="Went off sick at (only if they had begun the shift)", required=False,
        help_text="For example, 10:30; of a night also a time after midnight. What was worked before stays",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip
    last = Day(
        "Last day, or when they expect to be well (optional)", "",
        help_text="Shifts are marked up to this day. Of a day still to come the return is recorded when they are back",
    )  # fmt: skip
    review_on = Day(
        "Review on (optional)", "", help_text="Without a last day, shifts are marked up to this day. Empty: a week"
    )
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


class ReturnForm(Worded, forms.Form):
    last = Day("Last day of illness", "Enter the last day of illness")


class ProlongForm(Worded, forms.Form):
    review_on = Day("Review on", "Enter the day", help_text="Shifts up to this day are marked")
    fit_note_until = Day("Fit note until (optional)", "")


class InterviewForm(Worded, forms.Form):
    on = Day("Interview held on", "Enter the day")
