"""How an officer wants to be told, and for how long not to be."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms

from foundation import clock
from roster.diary.models import Preference
from roster.diary.sentences import months_later
from roster.wording import Worded

MOBILE = re.compile(r"07\d{8,9}")


class PreferenceForm(Worded, forms.Form):
    channel = forms.ChoiceField(
        label="How should we tell you about changes of your roster?",
        choices=Preference.Channel.choices,
        error_messages={"required": "Select how we should tell you", "invalid_choice": "Select how we should tell you"},
    )
    email = forms.EmailField(
        label="Email address", required=False, max_length=254,
        error_messages={"invalid": "Enter an email address in the correct format, like name@example.com"},
    )  # fmt: skip
    sms = forms.CharField(label="Mobile number", required=False, max_length=20)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_sms(self) -> str:
        number = re.sub(r"[\s()-]", "", self.cleaned_data["sms"])
        if number and not MOBILE.fullmatch(number):
            raise forms.ValidationError("Enter a mobile number that begins with 07, like 07700 900 982")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wanted = {"EMAIL": ("email", "an email address"), "SMS": ("sms", "a mobile number")}.get(
            data.get("channel", "")
        )
        if wanted and not data.get(wanted[0]) and wanted[0] not in self.errors:
            self.add_error(wanted[0], f"Enter {wanted[1]}, as this is how we should tell you")
        return data


class PauseForm(Worded, forms.Form):
    number = forms.IntegerField(
        label="For how long?", min_value=1, max_value=99,
        error_messages={
            "required": "Enter a number from 1 to 99", "invalid": "Enter a number from 1 to 99",
            "min_value": "Enter a number from 1 to 99", "max_value": "Enter a number from 1 to 99",
        },
    )  # fmt: skip
    unit = forms.ChoiceField(
        label="Days, weeks or months", choices=[("days", "Days"), ("weeks", "Weeks"), ("months", "Months")]
    )

    def until(self) -> date:
        """The last day without messages."""
        number, unit, today = self.cleaned_data["number"], self.cleaned_data["unit"], clock.today()
        if unit == "months":
            return months_later(today, number)
        return today + timedelta(days=number * (7 if unit == "weeks" else 1))
