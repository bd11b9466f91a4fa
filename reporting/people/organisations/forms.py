"""Forms about members of organisations."""

from typing import Any

from django import forms

from foundation.accounts.models import User
from reporting.people.forms import EmailLine, Line, NameLine, PhoneLine
from reporting.people.roles import ORGANISATION

YES_NO = [("yes", "Yes"), ("no", "No")]


class OwnDetailsForm(forms.Form):
    """What a member of an organisation says of themselves."""

    first_name = NameLine("First name", "Enter your first name", "given-name")
    last_name = NameLine("Last name", "Enter your last name", "family-name")
    job_title = Line("Job title", "Enter your job title", longest=150, autocomplete="organization-title")
    phone = PhoneLine("Phone number", "Enter your phone number")


class MemberForm(forms.Form):
    """Who a colleague is, and whether they manage the members of the organisation."""

    first_name = NameLine("First name", "Enter their first name")
    last_name = NameLine("Last name", "Enter their last name")
    email = EmailLine("Email address", "Enter their email address")
    job_title = Line("Job title (optional)", longest=150)
    phone = PhoneLine("Phone number (optional)", autocomplete="off")
    admin = forms.ChoiceField(
        label="Can they add, change and remove members?", choices=YES_NO, widget=forms.RadioSelect,
        error_messages={"required": "Select yes if they can add, change and remove members"},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Any, member: User | None = None) -> None:
        super().__init__(data, initial=shown(member) if member else {})
        self.actor, self.member = actor, member
        if member is not None and member.stage != User.Stage.INVITED:
            del self.fields["email"]
        if member is not None and member.role.endswith("_NAMED"):
            del self.fields["admin"]  # the deputy of record stays that

    def values(self) -> dict[str, Any]:
        """What is to be stored: the answer about managing members is a role."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "admin"}
        if "admin" in self.fields:
            found["role"] = role_of(self.actor, admin=self.cleaned_data["admin"] == "yes")
        return found


def role_of(actor: Any, *, admin: bool) -> str:
    """Admin or team member, of the same kind of organisation as who adds them."""
    realm = actor.role.removeprefix("ROLE_").partition("_")[0]
    role = f"ROLE_{realm}_{'ADMIN' if admin else 'TEAM_MEMBER'}"
    assert role in ORGANISATION
    return role


def shown(member: User) -> dict[str, Any]:
    """What is stored of a member, for the fields of the form."""
    profile = getattr(member, "profile", None)
    return {
        "first_name": member.first_name,
        "last_name": member.last_name,
        "email": member.email,
        "job_title": profile.job_title if profile else "",
        "phone": profile.phone if profile else "",
        "admin": "yes" if member.role.endswith("_ADMIN") else "no",
    }
