"""What staff type about an account. Which fields and roles there are depends on who asks, and about whom."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from foundation.accounts.models import User
from reporting.casework.users.queries import GROUPS
from reporting.people import roles
from reporting.people.forms import EmailLine, Line, NameLine


class UserSearchForm(forms.Form):
    text = forms.CharField(
        required=False, max_length=100, error_messages={"max_length": "Search for 100 characters or less"}
    )
    group = forms.ChoiceField(
        required=False,
        choices=[(name, words) for name, (words, _) in GROUPS.items()],
        error_messages={"invalid_choice": "Select whose accounts to show"},
    )
    clients = forms.BooleanField(required=False)


class Role(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(label="Role")
        self.error_messages |= {"required": "Select a role", "invalid_choice": "Select a role that you may give"}

    def offer(self, given: Iterable[str]) -> None:
        """Only these, in the order of the table."""
        offered = set(given)
        self.choices = [(role, words) for role, words in roles.TITLES.items() if role in offered]


class NewUserForm(forms.Form):
    """A new account: staff or deputy (D-097)."""

    first_name = NameLine("First name", "Enter the first name")
    last_name = NameLine("Last name", "Enter the last name")
    email = EmailLine("Email address", "Enter the email address")
    postcode = Line("Postcode of a deputy (optional)", shortest=2, longest=10, what="Postcode", width="10")
    role = Role()

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(Role, self.fields["role"]).offer(role for role in roles.TITLES if roles.may_give(by, role))

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("postcode") and found.get("role") in roles.STAFF:
            self.add_error("postcode", "Leave the postcode empty: only deputies have one here")
        return found


class UserForm(forms.Form):
    """Corrections to an account (D-100). One's own address is changed under "Your account", with the password."""

    first_name = NameLine("First name", "Enter the first name")
    last_name = NameLine("Last name", "Enter the last name")
    email = EmailLine("Email address", "Enter the email address")
    postcode = Line("Postcode", "Enter a postcode", shortest=2, longest=10, width="10")
    role = Role()

    def __init__(self, *args: Any, by: User, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        if not may_change_email(by, person):
            del self.fields["email"]
        if person.role not in roles.DEPUTIES:
            del self.fields["postcode"]
        given = [role for role in roles.TITLES if role == person.role or roles.may_change_role(by, person, role)]
        cast(Role, self.fields["role"]).offer(given)
        if len(given) < 2:
            del self.fields["role"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email != self.person.email and self.person.stage == User.Stage.DISABLED:
            raise ValidationError("Let this person sign in again before you change their email address")
        return email


def may_change_email(by: User, person: User) -> bool:
    """Super admins may change anybody's, admin managers a deputy's (D-100); nobody their own here."""
    if by.pk == person.pk:
        return False
    return by.role == roles.SUPER_ADMIN or (by.role == roles.ADMIN_MANAGER and person.role in roles.DEPUTIES)
