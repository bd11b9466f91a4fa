"""The feedback form. ``current_address`` is a trap for programs: people neither see nor fill it."""

from typing import Any

from django import forms

from reporting.engine.fields import LineField, ParagraphsField
from reporting.home.feedback.models import PublicFeedback
from reporting.submissions.forms import SCORES

LIMITS = {"page": 500, "name": 100, "phone": 20, "comments": 1200}


class PublicFeedbackForm(forms.Form):
    about = forms.ChoiceField(
        choices=PublicFeedback.About.choices,
        error_messages={"required": "Select what your feedback is about", "invalid_choice": "Select one of the two"},
    )
    page = LineField()
    score = forms.ChoiceField(
        choices=SCORES, required=False, error_messages={"invalid_choice": "Select one of the answers"}
    )
    comments = ParagraphsField()
    name = LineField()
    email = forms.EmailField(
        required=False,
        max_length=60,
        error_messages={
            "invalid": "Enter an email address like name@example.com",
            "max_length": "The email address must be 60 characters or fewer",
        },
    )
    phone = LineField()
    current_address = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for name, limit in LIMITS.items():
            if len(found.get(name) or "") > limit:
                self.add_error(name, f"Enter {limit:,} characters or fewer")
        if found.get("current_address"):
            self.add_error(None, "Your feedback could not be sent. Leave the field for an address empty")
        if not self.errors and not found.get("score") and not found.get("comments"):
            self.add_error("comments", "Tell us what you think, or select how satisfied you are")
        return found
