"""The box in which staff type whom they look for."""

from django import forms


class WordsForm(forms.Form):
    text = forms.CharField(
        required=False,
        max_length=200,
        error_messages={
            "max_length": "Search for 200 characters or less",
            "null_characters_not_allowed": "Search for letters and numbers only",
        },
    )
