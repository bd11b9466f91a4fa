"""Forms around submitting: the declaration, and what a deputy may say afterwards (deputy-reports 7.5, 7.9)."""

from typing import Any

from django import forms

from foundation.web.offering import offer
from reporting.engine.fields import ParagraphsField
from reporting.engine.report_types import ReportType
from reporting.submissions.actions import Declaration, agreements
from reporting.submissions.models import Submission


class DeclarationForm(forms.Form):
    agree = forms.BooleanField(required=False)
    agreed = forms.ChoiceField(required=False)
    explanation = ParagraphsField()

    def __init__(self, data: Any = None, *, kind: ReportType) -> None:
        super().__init__(data)
        offer(self, "agreed", [(key.value, words) for key, words in agreements(kind).items()])

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not found.get("agree"):
            self.add_error("agree", "Confirm that you agree with the declaration")
        if not found.get("agreed") and "agreed" not in self.errors:
            self.add_error("agreed", "Select who agrees with this report")
        elif found.get("agreed") == Submission.Agreed.MORE_NOT_BEHALF:
            if not found.get("explanation"):
                self.add_error("explanation", "Explain why not all deputies agree")
        else:
            found["explanation"] = None
        return found

    def declaration(self) -> Declaration:
        return Declaration(self.cleaned_data["agreed"], self.cleaned_data["explanation"] or "")


SCORES = [
    ("5", "Very satisfied"),
    ("4", "Satisfied"),
    ("3", "Neither satisfied nor dissatisfied"),
    ("2", "Dissatisfied"),
    ("1", "Very dissatisfied"),
]
LENGTHS = [
    ("underOne", "Less than 1 year"),
    ("oneToFive", "1 to 5 years"),
    ("sixToTen", "6 to 10 years"),
    ("overTen", "More than 10 years"),
]
RESEARCH = [
    ("surveys", "Surveys"),
    ("videoCall", "Video calls"),
    ("phone", "Phone calls"),
    ("inPerson", "Meeting in person"),
]
YES_NO = [("yes", "Yes"), ("no", "No")]


class FeedbackForm(forms.Form):
    score = forms.ChoiceField(choices=SCORES, error_messages={"required": "Select how satisfied you are"})
    comments = forms.CharField(
        max_length=1200, required=False, widget=forms.Textarea,
        error_messages={"max_length": "Enter 1,200 characters or fewer"},
    )  # fmt: skip


class ResearchForm(forms.Form):
    deputyship_length = forms.ChoiceField(
        choices=LENGTHS, error_messages={"required": "Select how long you have been a deputy"}
    )
    agreed_research = forms.MultipleChoiceField(
        choices=RESEARCH, error_messages={"required": "Select at least one kind of research"}
    )
    has_video_device = forms.ChoiceField(
        choices=YES_NO, error_messages={"required": "Select yes if you have a device for video calls"}
    )
