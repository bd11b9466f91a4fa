"""What staff type: what they look for, and the identifier of what has arrived."""

from typing import Any

from django import forms

from reporting.casework.submissions.queries import Trouble
from reporting.clients import contract
from reporting.submissions.models import Submission

REALMS = [("", "All"), ("lay", "Lay deputies"), ("pa", "Public authorities"), ("prof", "Professionals")]
TROUBLES = [("", "All"), *((each.value, each.words.capitalize()) for each in Trouble)]


class SearchForm(forms.Form):
    text = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": "Search for 200 characters or less"}
    )
    realm = forms.ChoiceField(
        required=False, choices=REALMS, error_messages={"invalid_choice": "Select whose submissions to show"}
    )
    trouble = forms.ChoiceField(
        required=False, choices=TROUBLES, error_messages={"invalid_choice": "Select which documents to look for"}
    )


class ConfirmForm(forms.Form):
    """The case system's identifier. What other things are filed under cannot do without."""

    identifier = forms.CharField(required=False, max_length=100)
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, needed: str = "", submission: Submission | None = None, **options: Any) -> None:
        """``needed`` is what to say where there is none; ``submission`` is given for a report."""
        super().__init__(*args, **options)
        self.needed, self.submission = needed, submission

    def clean_identifier(self) -> str:
        value: str = self.cleaned_data["identifier"].strip()
        if not value and self.needed:
            raise forms.ValidationError(self.needed)
        if value and contract.fault("DocumentUuid", value):
            raise forms.ValidationError(
                "Enter the identifier as the case system shows it, like 33ea0382-cfc9-4776-9036-667eeb68fa4b"
            )
        if self.submission is not None and self._taken(value):
            raise forms.ValidationError("This identifier belongs to another report. Check it in the case system")
        return value

    def _taken(self, value: str) -> bool:
        assert self.submission is not None
        return Submission.objects.filter(uuid__iexact=value).exclude(pk=self.submission.pk).exists()
