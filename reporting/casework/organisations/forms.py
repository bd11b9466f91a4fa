"""What staff type about an organisation."""

from typing import Any

from django import forms

from reporting.people.forms import EmailLine, Line

ACTIVE = [("yes", "Yes"), ("no", "No")]
KINDS = [("domain", "The domain of its email addresses"), ("address", "One whole email address")]


class OrganisationSearchForm(forms.Form):
    text = forms.CharField(
        required=False, max_length=100, error_messages={"max_length": "Search for 100 characters or less"}
    )


class OrganisationForm(forms.Form):
    """What can be corrected: name and whether it is active."""

    name = Line("Name of the organisation", "Enter the name of the organisation", longest=256)
    active = forms.ChoiceField(
        label="Is it active?",
        choices=ACTIVE,
        error_messages={
            "required": "Select yes if its members may see its clients",
            "invalid_choice": "Select yes or no",
        },
    )


class NewOrganisationForm(OrganisationForm):
    """Told apart by a domain, or by one whole address where many share the domain."""

    kind = forms.ChoiceField(
        label="What tells it apart?",
        choices=KINDS,
        error_messages={
            "required": "Select what tells the organisation apart",
            "invalid_choice": "Select what tells the organisation apart",
        },
    )
    identifier = Line(
        "Domain or email address", "Enter the domain or the email address", longest=256,
        help_text="For example, example.com or name@example.com",
    )  # fmt: skip
    field_order = ("name", "kind", "identifier", "active")

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("identifier") and found.get("kind"):
            whole = "@" in found["identifier"]
            if whole and found["kind"] == "domain":
                self.add_error("identifier", "Enter only the part after the @")
            if not whole and found["kind"] == "address":
                self.add_error("identifier", "Enter an email address in the correct format, like name@example.com")
        return found


class MemberForm(forms.Form):
    email = EmailLine("Email address of the user", "Enter the email address of the user")
