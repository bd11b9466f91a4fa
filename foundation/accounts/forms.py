"""The forms of accounts. Their fields are drawn by templates/account/fields.html."""

from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from foundation.accounts.models import User
from foundation.accounts.passwords import HELP

ADDRESS_NEEDED = "Enter your email address"
ADDRESS_BAD = "Enter an email address in the correct format, like name@example.com"


class SignInForm(forms.Form):
    """Any text is taken for an address here: what nobody has is answered like a wrong password."""

    email = forms.CharField(label="Email address", max_length=254, error_messages={"required": ADDRESS_NEEDED})
    password = forms.CharField(
        label="Password", max_length=500, strip=False, error_messages={"required": "Enter your password"}
    )


class EmailForm(forms.Form):
    email = forms.EmailField(
        label="Email address",
        max_length=60,
        error_messages={"required": ADDRESS_NEEDED, "invalid": ADDRESS_BAD},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Security code",
        max_length=20,
        error_messages={"required": "Enter the code from your app, or a recovery code"},
    )


class UserForm(forms.Form):
    """A form about one user."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)


class PasswordForm(UserForm):
    """A new password, typed twice."""

    password = forms.CharField(
        label="New password",
        help_text=HELP,
        max_length=500,
        strip=False,
        error_messages={"required": "Enter a new password"},
    )
    password_again = forms.CharField(
        label="New password again",
        max_length=500,
        strip=False,
        error_messages={"required": "Enter the new password again"},
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean_password_again(self) -> str:
        again: str = self.cleaned_data["password_again"]
        if again != self.data.get(self.add_prefix("password")):
            raise ValidationError("The two passwords must be the same")
        return again


class ActivationForm(PasswordForm):
    """The first password; a deputy agrees to the terms with it."""

    terms = forms.BooleanField(
        label="I agree to the terms of use",
        error_messages={"required": "Tick the box to say that you agree to the terms of use"},
    )

    def __init__(self, *args: Any, user: User, ask_terms: bool, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not ask_terms:
            del self.fields["terms"]


class CurrentPassword(UserForm):
    """Asks for the present password before something that a borrowed browser should not be able to do."""

    current_password = forms.CharField(
        label="Your current password",
        max_length=500,
        strip=False,
        error_messages={"required": "Enter your current password"},
    )

    def clean_current_password(self) -> str:
        password: str = self.cleaned_data["current_password"]
        if not check_password(password, self.user.password):
            raise ValidationError("That is not your current password")
        return password


class ChangePasswordForm(CurrentPassword, PasswordForm):
    field_order = ("current_password", "password", "password_again")


class ChangeEmailForm(CurrentPassword):
    email = forms.EmailField(
        label="New email address",
        max_length=60,
        error_messages={"required": "Enter your new email address", "invalid": ADDRESS_BAD},
    )
    field_order = ("email", "current_password")

    def clean_email(self) -> str:
        email = User.objects.normalise(self.cleaned_data["email"])
        if email == self.user.email:
            raise ValidationError("This is your email address already")
        return email


class NameForm(forms.ModelForm):
    first_name = forms.CharField(
        label="First name", min_length=2, max_length=50, error_messages={"required": "Enter your first name"}
    )
    last_name = forms.CharField(
        label="Last name", min_length=2, max_length=50, error_messages={"required": "Enter your last name"}
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name")
